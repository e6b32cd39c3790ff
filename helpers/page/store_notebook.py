"""Run notebooks from top to bottom and store their outputs, free of timings.

``python -m helpers.page.store_notebook notebooks/01_implement_an_rnn.ipynb``
"""

import argparse
import base64
import io
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

_WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def store(path: Path) -> None:
    """Execute one notebook in a fresh kernel; write it back only if every cell ran.

    Args:
        path: the notebook.

    Raises:
        CellExecutionError: a cell failed; the file is left as it was.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        record_timing=False,  # timings would change the file on every run
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute()
    # The kernel also notes its exact version here: the same noise.
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            _thin(output.get("data", {}))
    scratch = path.with_suffix(".ipynb.partial")
    nbformat.write(notebook, scratch)
    scratch.replace(path)


def _thin(data: dict[str, str]) -> None:
    """Keep of a widget its plain text, and store a figure in a third of the bytes.

    Args:
        data: what an output shows, by mime type; changed in place.
    """
    data.pop(_WIDGET_VIEW, None)  # without a kernel it is a random id
    if "image/png" in data:
        data["image/png"] = _with_palette(data["image/png"])


def _with_palette(png: str) -> str:
    """The picture in 256 colours, or as it is where that does not make it smaller."""
    picture = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    opaque = Image.alpha_composite(paper, picture).convert("RGB")
    small = io.BytesIO()
    # Without dithering: a grain of other colours is worse than a step between two.
    opaque.quantize(256, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    encoded = base64.b64encode(small.getvalue()).decode()
    return min(encoded, png, key=len)


def main(arguments: list[str] | None = None) -> None:
    """Store every notebook named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    for path in parser.parse_args(arguments).notebooks:
        print(f"running {path}", flush=True)
        store(path)


if __name__ == "__main__":
    main()
