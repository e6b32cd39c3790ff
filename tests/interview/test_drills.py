"""Every drill of the registry keeps its promises."""

import inspect
import subprocess
import sys
import warnings
from importlib.util import find_spec

import numpy as np
import pytest

from helpers import interview
from helpers.interview.comparing import difference, settle
from helpers.interview.sources import solution_source

DRILLS = list(interview.drills())
MISTAKES = [(drill, mistake) for drill in DRILLS for mistake in drill.mistakes]

every_drill = pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.id)


def _formatted(source):
    command = [sys.executable, "-m", "ruff", "format", "--line-length", "88", "-"]
    result = subprocess.run(
        command, input=source.encode(), capture_output=True, check=True
    )
    return result.stdout.decode().replace("\r\n", "\n")


def test_ids_are_unique():
    assert len({drill.id for drill in DRILLS}) == len(DRILLS) > 0


@every_drill
def test_drill_stands_in_its_own_notebook(drill):
    assert drill in interview.drills(int(drill.id.partition(".")[0]))
    assert interview.get(drill.id) is drill


@every_drill
def test_solution_passes(drill, capsys):
    assert interview.check(drill.id, drill.solution)
    fixed = len(drill.cases)
    expected = f"{drill.id} passed: {fixed} fixed and 25 random cases.\n"
    assert capsys.readouterr().out == expected


@pytest.mark.parametrize(("drill", "mistake"), MISTAKES)
def test_mistake_is_caught_and_named(drill, mistake, capsys):
    assert not interview.check(drill.id, mistake.function)
    assert capsys.readouterr().out == f"{drill.id} not yet: {mistake.sentence}\n"


@every_drill
def test_specification_equals_solution(drill):
    rng = np.random.default_rng(1)
    for _ in range(100):
        case = drill.random_case(rng)
        got, expected = drill.solution(*case), drill.specification(*case)
        assert difference(settle(got), settle(expected), drill.tolerance) is None


@every_drill
def test_solution_has_types_and_enough_company(drill):
    assert len(drill.mistakes) >= 4
    assert len(drill.hints) == 3
    annotations = drill.solution.__annotations__
    assert {*drill.parameters, "return"} <= annotations.keys()


@every_drill
def test_stub_has_the_signature_and_is_not_attempted(drill, capsys):
    namespace = dict(drill.solution.__globals__)
    exec(compile(interview.stub(drill.id), "stub", "exec"), namespace)
    learner = namespace[drill.solution.__name__]
    assert inspect.signature(learner) == inspect.signature(drill.solution)
    assert inspect.getdoc(learner) == inspect.getdoc(drill.solution)
    assert not interview.check(drill.id, learner)
    assert capsys.readouterr().out.startswith(f"{drill.id} not attempted")


@every_drill
def test_stub_ends_in_a_to_do_line_or_in_code_to_be_repaired(drill):
    to_do = '    raise NotImplementedError("your turn")'
    last_line = interview.stub(drill.id).splitlines()[-1]
    assert (last_line == to_do) == (drill.buggy is None)
    wanted = "This code runs, and is wrong." if drill.buggy else ""
    assert wanted in drill.prompt


@every_drill
@pytest.mark.skipif(find_spec("ruff") is None, reason="ruff is not installed")
def test_solution_and_stub_are_formatted(drill):
    for source in (solution_source(drill), interview.stub(drill.id)):
        assert _formatted(source + "\n") == source + "\n"


@every_drill
def test_stub_is_short_and_needs_numpy_alone(drill):
    stub = interview.stub(drill.id)
    assert len(stub.splitlines()) <= 14
    namespace = {"np": np}  # all that a notebook's cell may rely on
    exec(stub, namespace)
    docstring = inspect.getdoc(namespace[drill.solution.__name__])
    assert len(docstring.splitlines()) <= 8


@every_drill
def test_solution_needs_numpy_alone(drill):
    namespace = {"np": np}
    exec(inspect.getsource(drill.solution), namespace)
    assert interview.check(drill.id, namespace[drill.solution.__name__])


@every_drill
def test_solution_warns_of_nothing(drill):
    rng = np.random.default_rng(2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for case in (*drill.cases, *(drill.random_case(rng) for _ in range(50))):
            drill.solution(*case)
