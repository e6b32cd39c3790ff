"""Run notebooks from top to bottom and store their outputs, free of timings.

``python -m helpers.store_notebook notebooks/01_implement_an_rnn.ipynb``
"""

import argparse
import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient


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
    scratch = path.with_suffix(".ipynb.partial")
    nbformat.write(notebook, scratch)
    os.replace(scratch, path)


def main(arguments: list[str] | None = None) -> None:
    """Store every notebook named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="+", type=Path)
    for path in parser.parse_args(arguments).notebooks:
        print(f"running {path}", flush=True)
        store(path)


if __name__ == "__main__":
    main()
