"""The record of the long runs."""

import json
import os
import platform
import re
from datetime import date

import numpy as np
import pytest

from helpers import runtime
from helpers.long_runs.store import read, write


@pytest.fixture
def store(tmp_path):
    return tmp_path / "long_runs.json"


def test_what_was_written_is_read(store):
    write("big", {"accuracy": [0.5, 0.25]}, seeds=range(2), seconds=61.4, store=store)
    record = read("big", store)
    age = date.today() - date.fromisoformat(record.pop("date"))
    assert abs(age.days) <= 1
    assert record == {
        "figures": {"accuracy": [0.5, 0.25]},
        "seeds": [0, 1],
        "versions": runtime.versions(),
        "machine": runtime.machine(),
        "seconds": 61,
        "command": "python -m helpers.long_runs big",
    }


def test_numbers_of_numpy_are_written(store):
    figures = {"accuracy": np.float64(0.5), "mean": float(np.float32(0.25))}
    write("big", figures, seeds=[0], seconds=1, store=store)
    assert read("big", store)["figures"] == {"accuracy": 0.5, "mean": 0.25}


def test_other_records_survive_and_the_same_is_replaced(store):
    for name, value in [("one", 1), ("two", 2), ("one", 3)]:
        write(name, {"x": value}, seeds=[0], seconds=1, store=store)
    assert read("one", store)["figures"] == {"x": 3}
    assert read("two", store)["figures"] == {"x": 2}


@pytest.mark.parametrize("filled", [True, False])
def test_an_unknown_run_names_the_command(store, filled):
    if filled:
        write("one", {"x": 1}, seeds=[0], seconds=1, store=store)
    with pytest.raises(KeyError, match=r"run: python -m helpers\.long_runs big"):
        read("big", store)


def refuse(*arguments):
    raise PermissionError("the file is in use")


@pytest.mark.parametrize(
    ("value", "replace", "error"),
    [
        (float("nan"), os.replace, ValueError),
        (object(), os.replace, TypeError),
        (0.5, refuse, PermissionError),
    ],
    ids=["not a number", "not JSON", "in use"],
)
def test_a_failing_write_leaves_the_old_file(store, monkeypatch, value, replace, error):
    write("one", {"x": 1}, seeds=[0], seconds=1, store=store)
    before = store.read_bytes()
    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(error):
        write("two", {"x": value}, seeds=[0], seconds=1, store=store)
    assert store.read_bytes() == before
    assert list(store.parent.iterdir()) == [store]


def test_the_record_does_not_name_the_machine(store):
    write("one", {"x": 1}, seeds=[0], seconds=1, store=store)
    text = store.read_text(encoding="utf-8")
    assert platform.node() not in re.findall(r'[^\s",]+', text)
    machine = json.loads(text)["one"]["machine"]
    assert re.fullmatch(r"\d+ cores, \w+ \w+", machine)
