"""The environment check, and the files that describe the environment."""

import re
import tomllib
from importlib import metadata
from types import SimpleNamespace

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers import runtime
from helpers.runtime import PYTHONS, REQUIREMENTS, main, pins, problems

ROOT = REQUIREMENTS.parent


def pinned_lines():
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "==" in line.partition("#")[0]]


@pytest.fixture
def install(monkeypatch):
    """Return a function that makes these versions the installed ones."""

    def pretend(**versions):
        def version(name):
            if name not in versions:
                raise metadata.PackageNotFoundError(name)
            return versions[name]

        monkeypatch.setattr(metadata, "version", version)

    return pretend


def test_pins_reads_the_pinned_lines_only(tmp_path):
    file = tmp_path / "requirements.txt"
    file.write_text(
        "# old==0.1 was slower\n\n-e .\n"
        "torch==2.13.0   # a reason, better than torch==2.12\n"
        "scikit-learn==1.9.1\nrange>=3\nlast==4.0.post1",
        encoding="utf-8",
    )
    assert pins(file) == {
        "torch": "2.13.0",
        "scikit-learn": "1.9.1",
        "last": "4.0.post1",
    }


def test_pins_reads_every_pin_of_the_course():
    expected = [line.split("#")[0].strip() for line in pinned_lines()]
    assert [f"{name}=={version}" for name, version in pins().items()] == expected
    assert expected


@pytest.mark.parametrize(
    ("installed", "found"),
    [
        ({"torch": "2.13.0"}, []),
        ({"torch": "2.13.0+cpu"}, []),
        ({"torch": "2.12.0"}, ["torch 2.13.0 is pinned, 2.12.0 is installed"]),
        ({"torch": "2.13.0.1"}, ["torch 2.13.0 is pinned, 2.13.0.1 is installed"]),
        ({}, ["torch 2.13.0 is not installed"]),
    ],
    ids=["right", "local build", "older", "newer", "missing"],
)
def test_problems_names_what_is_wrong(install, installed, found):
    install(**installed)
    assert problems({"torch": "2.13.0"}) == found


def test_problems_names_every_package_that_is_wrong(install):
    install(keras="1.0", numpy="2.0")
    found = problems({"torch": "1.0", "keras": "2.0", "numpy": "2.0"})
    assert [line.split()[0] for line in found] == ["torch", "keras"]


@pytest.mark.parametrize(
    ("minor", "fits"), [(10, False), (11, True), (12, True), (13, True), (14, False)]
)
def test_problems_names_a_python_that_is_wrong(monkeypatch, minor, fits):
    fake = SimpleNamespace(version_info=(3, minor, 4), version=f"3.{minor}.4 (main)")
    monkeypatch.setattr(runtime, "sys", fake)
    wrong = f"Python 3.11 to 3.13 is needed, this is 3.{minor}.4"
    assert problems({}) == ([] if fits else [wrong])


def test_the_check_prints_what_is_wrong_and_loads_nothing(install, monkeypatch, capsys):
    install(**pins() | {"numpy": "1.0"})
    monkeypatch.setattr(runtime, "start", pytest.fail)
    assert main() == 1
    printed = capsys.readouterr().out
    assert "[FAIL] numpy" in printed
    assert printed.count("[FAIL]") == 1
    assert "python -m pip install -r requirements.txt" in printed


def test_the_check_loads_both_frameworks_where_all_is_well(
    install, monkeypatch, capsys
):
    starts = []
    install(**pins())
    monkeypatch.setattr(runtime, "start", lambda: starts.append(1))
    assert main() == 0
    assert starts == [1]
    printed = capsys.readouterr().out
    assert "[FAIL]" not in printed
    assert "[OK] an optimizer can be made" in printed


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", "it said nothing"),
        ("raise ImportError('no such build')", "ImportError: no such build"),
    ],
    ids=["killed", "error"],
)
def test_the_check_says_where_no_optimizer_can_be_made(
    install, monkeypatch, capsys, script, reason
):
    install(**pins())
    monkeypatch.setattr(runtime, "start", lambda: None)
    monkeypatch.setattr(runtime, "_OPTIMIZER", script)
    assert main() == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("[FAIL] PyTorch makes no optimizer")
    assert reason in last


@pytest.mark.parametrize("line", pinned_lines(), ids=lambda line: line.split("=")[0])
def test_every_pin_gives_its_reason(line):
    assert re.fullmatch(r"\S+==\S+\s+# \w.{7,}", line)


def test_the_project_asks_for_the_same_pythons():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (_, first), (_, last) = PYTHONS
    assert project["project"]["requires-python"] == f">=3.{first},<3.{last + 1}"


def locked():
    """Package -> the version or versions that the lock names."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            name, version = re.fullmatch(r"([\w-]+)==(\S+)( ;.*| +#.*)?", line).group(
                1, 2
            )
            found.setdefault(canonicalize_name(name), []).append(version)
    return found


def test_the_lock_holds_every_pin():
    for name, version in pins().items():
        assert locked()[canonicalize_name(name)] == [version]


def test_the_lock_holds_what_the_pins_need():
    if problems(pins()):
        pytest.skip("other versions are installed: they may need other packages")
    versions = locked()
    todo = [canonicalize_name(name) for name in pins()]
    seen = set(todo)
    while todo:
        for line in metadata.requires(todo.pop()) or []:
            needed = Requirement(line)
            name = canonicalize_name(needed.name)
            if name not in seen and (not needed.marker or needed.marker.evaluate()):
                seen.add(name)
                todo.append(name)
    assert len(seen) > len(pins())
    assert seen <= set(versions)


def test_the_lock_is_named_as_constraints():
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    assert "-c requirements.lock" in lines


def test_readme_has_the_same_two_commands_for_both_builds():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^```bash\n(python3 -m venv .*)\n```$", text, re.M)
    assert len(commands) == 4
    install = "pip install -r requirements.txt"
    cpu = "pip install --no-deps --index-url https://download.pytorch.org/whl/cpu "
    cpu += f"-c requirements.lock torch && .venv/bin/python -m {install}"
    assert commands[2:] == [each.replace(install, cpu) for each in commands[:2]]
    assert [each.split()[-1] for each in commands[:2]] == ["notebooks", "pytest"]


def test_the_build_tool_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [tool] = project["build-system"]["requires"]
    assert tool == f"setuptools=={locked()['setuptools'][0]}"


@pytest.fixture
def conda():
    """What conda installs: its own packages, and pip's."""
    file = ROOT / "environment.yml"
    packages = yaml.safe_load(file.read_text(encoding="utf-8"))["dependencies"]
    return SimpleNamespace(
        own=[package for package in packages if isinstance(package, str)],
        by_pip=[package for package in packages if not isinstance(package, str)],
    )


def test_conda_installs_a_python_of_the_course(conda):
    [python] = [p for p in conda.own if re.match(r"python\b", p)]
    wanted = python.removeprefix("python").replace(" ", "")
    if re.match(r"=\d", wanted):
        wanted = f"={wanted.removesuffix('.*')}.*"
    allowed = SpecifierSet(wanted)
    minors = {m for m in range(30) if any(f"3.{m}.{p}" in allowed for p in range(30))}
    (_, first), (_, last) = PYTHONS
    assert minors
    assert minors <= set(range(first, last + 1))


def test_conda_leaves_the_packages_to_pip_and_requirements(conda):
    assert any(re.match(r"pip\b", package) for package in conda.own)
    assert conda.by_pip == [{"pip": ["-r requirements.txt"]}]
