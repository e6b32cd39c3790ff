"""Drills are found in modules and in packages."""

import sys

import pytest

from helpers import drills, interview


@pytest.fixture
def more_notebooks(tmp_path, monkeypatch):
    """Add a package 97, a module 98, and two names that are no notebook."""
    (tmp_path / "notebook_97").mkdir()
    (tmp_path / "notebook_97" / "__init__.py").write_text("DRILLS = ('97.1', '97.2')")
    (tmp_path / "notebook_98.py").write_text("DRILLS = ('98.1',)")
    for name in ("notebook_999", "notebook_98_old"):
        (tmp_path / f"{name}.py").write_text("DRILLS = ('none',)")
    monkeypatch.setattr(drills, "__path__", [*drills.__path__, str(tmp_path)])
    yield
    for name in ("notebook_97", "notebook_98"):
        sys.modules.pop(f"helpers.drills.{name}", None)
        vars(drills).pop(name, None)


@pytest.mark.usefixtures("more_notebooks")
def test_module_and_package_are_found():
    assert list(interview.drills(97)) == ["97.1", "97.2"]
    assert list(interview.drills(98)) == ["98.1"]
    assert list(interview.drills())[-3:] == ["97.1", "97.2", "98.1"]
    assert list(interview.drills(99)) == []


def test_drills_come_in_the_order_of_their_numbers():
    numbers = [tuple(map(int, drill.id.split("."))) for drill in interview.drills()]
    assert numbers == sorted(numbers)
