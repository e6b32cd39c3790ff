"""Run notebooks from top to bottom and store their outputs, free of timings.

``python -m helpers.page.store_notebook notebooks/01_implement_an_rnn.ipynb``
"""

import argparse
import base64
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
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
    _drop_widgets(notebook)
    _shrink_figures(notebook)
    scratch = path.with_suffix(".ipynb.partial")
    nbformat.write(notebook, scratch)
    os.replace(scratch, path)


def _drop_widgets(notebook: NotebookNode) -> None:
    """Leave of each widget its plain text: without a kernel its view is a random id."""
    notebook.metadata.pop("widgets", None)
    for data in _bundles(notebook):
        data.pop(_WIDGET_VIEW, None)


def _shrink_figures(notebook: NotebookNode) -> None:
    """Store each figure with a palette of 256 colours: a third of the bytes."""
    for data in _bundles(notebook):
        if "image/png" in data:
            data["image/png"] = _with_palette(data["image/png"])


def _bundles(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """What each output shows, by mime type."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def _with_palette(png: str) -> str:
    """The same picture, or the picture itself where a palette does not make it smaller."""
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
