import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from helpers.store_notebook import main


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
