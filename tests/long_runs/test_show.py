import json

import pytest

from helpers import long_runs
from helpers.long_runs import __main__ as command
from helpers.long_runs import store


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """One run on record, in a store of its own."""
    path = tmp_path / "long_runs.json"
    figures = {"test_accuracy_pytorch": {"mean": 0.98765, "each": [0.98, 0.99]}}
    store.write("made_up", figures, seeds=(0, 1), seconds=125.0, store=path)
    monkeypatch.setattr(long_runs, "read", lambda name: store.read(name, path))
    return path


def test_the_table_shows_means_and_says_where_they_come_from(recorded, capsys):
    rows = {"the model": ["test_accuracy_pytorch"]}
    long_runs.show("made_up", ["PyTorch"], rows)
    shown = capsys.readouterr().out
    assert "0.988" in shown
    assert "python -m helpers.long_runs made_up" in shown
    assert "mean of 2 seeds" in shown
    assert "2 min" in shown


def test_a_figure_that_is_not_on_record_is_an_error(recorded):
    with pytest.raises(KeyError, match="test_accuracy_keras"):
        long_runs.show("made_up", ["Keras"], {"the model": ["test_accuracy_keras"]})


def test_the_command_runs_and_records(recorded, monkeypatch):
    monkeypatch.setattr(command, "registry", lambda: {"tiny": (lambda: {"a": 1}, (7,))})
    monkeypatch.setattr(
        command, "write", lambda *args: store.write(*args, store=recorded)
    )
    command.main(["tiny"])
    record = json.loads(recorded.read_text())["tiny"]
    assert record["figures"] == {"a": 1}
    assert record["seeds"] == [7]
    with pytest.raises(SystemExit):
        command.main(["unknown"])


def test_every_record_belongs_to_a_run_that_exists():
    known = command.registry()
    assert "vowels" in known
    if store.STORE.exists():
        assert json.loads(store.STORE.read_text()).keys() <= known.keys()


def test_one_seed_is_no_mean_and_digits_are_asked_for(recorded, capsys):
    figures = {"test_bleu_pytorch": {"mean": 86.966, "each": [86.966]}}
    store.write("alone", figures, seeds=(0,), seconds=9.0, store=recorded)
    long_runs.show("alone", ["PyTorch"], {"dot": ["test_bleu_pytorch"]}, digits=1)
    shown = capsys.readouterr().out
    assert "87.0" in shown
    assert "86.966" not in shown
    assert "one seed;" in shown
