import base64
import io

import nbformat
import numpy as np
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image

from helpers.page.store_notebook import main


def write(path, *sources):
    nbformat.write(new_notebook(cells=[new_code_cell(s) for s in sources]), path)


def test_outputs_are_stored_without_timings(tmp_path):
    path = tmp_path / "good.ipynb"
    write(path, "x = 2", "print(x)\nprint(x + 1)")
    main([str(path)])
    notebook = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in notebook.cells] == [1, 2]
    (output,) = notebook.cells[1].outputs
    assert output.text == "2\n3\n"
    assert all("execution" not in cell.metadata for cell in notebook.cells)
    assert notebook.metadata.language_info == {"name": "python"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_notebook_stays_as_it_was(tmp_path):
    path = tmp_path / "bad.ipynb"
    write(path, "print(1)", "1 / 0")
    before = path.read_bytes()
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        main([str(path)])
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


WIDGET = """import ipywidgets

class Slider:
    def _repr_mimebundle_(self, **kwargs):
        return ipywidgets.IntSlider()._repr_mimebundle_() | {"text/plain": "A slider."}

Slider()"""
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def test_of_a_widget_its_plain_text_alone_is_stored(tmp_path):
    path = tmp_path / "widget.ipynb"
    notebook = new_notebook(cells=[new_markdown_cell("# A"), new_code_cell(WIDGET)])
    # What JupyterLab leaves when it saves a notebook that ran there.
    notebook.metadata["widgets"] = {STATE: {"state": {}, "version_major": 2}}
    nbformat.write(notebook, path)
    main([str(path)])
    stored = nbformat.read(path, as_version=4)
    [output] = stored.cells[1].outputs
    assert output.data == {"text/plain": "A slider."}
    assert "widgets" not in stored.metadata
    first = path.read_bytes()
    main([str(path)])
    # Cells keep their ids, and nothing else is random.
    assert path.read_bytes() == first
    assert VIEW not in first.decode()


PICTURE = """import io
import numpy as np
from IPython.display import Image as Shown
from PIL import Image

pixels = np.load("pixels.npy")
file = io.BytesIO()
Image.fromarray(pixels).save(file, "PNG")
Shown(file.getvalue())"""


def test_a_figure_is_stored_with_a_palette_and_looks_the_same(tmp_path):
    rng = np.random.default_rng(0)
    blocks = rng.integers(20, 230, (10, 15, 4)).repeat(20, axis=0).repeat(20, axis=1)
    pixels = (blocks + rng.integers(0, 4, blocks.shape)).astype(np.uint8)
    pixels[..., 3] = 255
    pixels[:, :20, 3] = 0  # a transparent margin
    np.save(tmp_path / "pixels.npy", pixels)
    path = tmp_path / "figure.ipynb"
    write(path, PICTURE)
    main([str(path)])
    [output] = nbformat.read(path, as_version=4).cells[0].outputs
    picture = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"])))
    assert picture.mode == "P"
    got = np.asarray(picture.convert("RGB")).astype(int)
    assert np.abs(got[:, 20:] - pixels[:, 20:, :3]).mean() < 4
    assert (got[:, :20] > 250).all()  # what was transparent is paper
