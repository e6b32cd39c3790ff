"""Trained translators that a long run leaves for its notebook.

The weights are kept in half precision, which halves the file and changes no word.
"""

from pathlib import Path

import torch

from helpers.arguments import check_choice
from helpers.long_runs.store import STORE, replacing
from helpers.pytorch.translator import Translator

#: Attention -> the long run that leaves its checkpoint.
RUNS = {"dot": "phrases", "additive": "kinds_of_attention"}


def save(model: Translator, name: str, folder: Path = STORE.parent) -> Path:
    """Write the arguments and the weights of a model.

    Args:
        model: in PyTorch; a Keras model gets its weights through ``parity``.
        name: of the attention, a key of ``RUNS``.
        folder: where to.

    Returns:
        The file.
    """
    path = _path(name, folder)
    weights = {key: value.half().cpu() for key, value in model.state_dict().items()}
    with replacing(path) as scratch:
        torch.save({"config": model.config, "weights": weights}, scratch)
    return path


def load(name: str, folder: Path = STORE.parent) -> Translator:
    """The model that a long run has left, ready to translate.

    Args:
        name: of the attention, a key of ``RUNS``.
        folder: where from.

    Raises:
        FileNotFoundError: there is none; the message names the command.
        ValueError: ``name`` is none of these.
    """
    check_choice("name", name, tuple(RUNS))
    path = _path(name, folder)
    if not path.exists():
        raise FileNotFoundError(
            f"there is no {path.name} in {folder.name}; it is left by: "
            f"python -m helpers.long_runs {RUNS[name]}"
        )
    saved = torch.load(path, weights_only=True)
    model = Translator(**saved["config"])
    model.load_state_dict(saved["weights"])
    return model.eval()


def _path(name: str, folder: Path) -> Path:
    return folder / f"05_translator_{name}.pt"
