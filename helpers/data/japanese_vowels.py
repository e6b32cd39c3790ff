"""Japanese Vowels: which of nine speakers says "a-e"?

Nine men spoke two Japanese vowels in a row. Each utterance is a sequence of 7 to 29
frames with 12 linear-prediction coefficients; the class is the speaker.

Reference: M. Kudo, J. Toyama and M. Shimbo (1999), "Multidimensional Curve
Classification Using Passing-Through Regions", Pattern Recognition Letters 20(11-13).
The split into 270 training and 370 test utterances is the authors' own.
"""

from pathlib import Path

import numpy as np

from helpers.data.dataset import SequenceDataset
from helpers.data.fetch import Member, Source, fetch

_FOLDER = "sktime/datasets/data/JapaneseVowels"

SOURCE = Source(
    name="japanese_vowels",
    title="Japanese Vowels",
    distribution="sktime",
    size=8_201_107,
    licence="UCI archive, CC BY 4.0; cite Kudo et al. 1999",
    members={
        "train.ts": Member(
            f"{_FOLDER}/JapaneseVowels_TRAIN.ts",
            "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
        ),
        "test.ts": Member(
            f"{_FOLDER}/JapaneseVowels_TEST.ts",
            "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
        ),
    },
)


def load_japanese_vowels() -> tuple[SequenceDataset, SequenceDataset]:
    """Load the training and the test utterances, fetching them the first time.

    Returns:
        ``(train, test)`` with 270 and 370 utterances. Each sequence is float32
        ``(steps, 12)``; each target is a speaker, 0 to 8.

    Raises:
        DataError: not cached, and not to be had either.
    """
    files = fetch(SOURCE)
    return _read(files["train.ts"]), _read(files["test.ts"])


def _read(path: Path) -> SequenceDataset:
    """Read a ``.ts`` file: after ``@data``, a line is ``feature:...:feature:class``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.split(":") for line in lines[lines.index("@data") + 1 :]]
    # (features, steps) on disk -> (steps, features)
    sequences = [
        np.array([values.split(",") for values in row[:-1]], dtype=np.float32).T
        for row in rows
    ]
    speakers = np.array([int(row[-1]) for row in rows])
    return SequenceDataset(sequences, speakers - 1)
