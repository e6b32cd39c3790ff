"""The environment check behind ``python -m helpers.runtime``."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from helpers import runtime

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
PYTHONS = ((3, 11), (3, 13))
_OPTIMIZER = """
from helpers import runtime
runtime.load_frameworks()
import torch
torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
"""


def pins(requirements: Path = REQUIREMENTS) -> dict[str, str]:
    """Package -> pinned version, as ``requirements.txt`` has them."""
    lines = requirements.read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w-]+)==([\w.]+)", lines, re.MULTILINE))


def problems(pinned: dict[str, str]) -> list[str]:
    """What is wrong with the installed packages and this Python, a line each."""
    found = []
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        found.append(f"Python 3.11 to 3.13 is needed, this is {sys.version.split()[0]}")
    for name, wanted in pinned.items():
        try:
            # A build tag, as in 2.13.0+cpu, is the same release.
            installed = metadata.version(name).split("+")[0]
        except metadata.PackageNotFoundError:
            found.append(f"{name} {wanted} is not installed")
            continue
        if installed != wanted:
            found.append(f"{name} {wanted} is pinned, {installed} is installed")
    return found


def optimizer_problem() -> str | None:
    """What keeps PyTorch from making an optimizer beside TensorFlow; None if nothing does.

    Tried in a process of its own, since a build that does not fit ends the process.
    """
    tried = subprocess.run(
        [sys.executable, "-c", _OPTIMIZER],
        cwd=REQUIREMENTS.parent,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if tried.returncode == 0:
        return None
    last = (tried.stderr.strip().splitlines() or ["it said nothing"])[-1]
    return (
        "PyTorch makes no optimizer beside TensorFlow: "
        f"the process ended with code {tried.returncode} ({last})"
    )


def main() -> int:
    """Check Python, packages and frameworks; returns 0 where all is well, else 1."""
    pinned = pins()
    found = problems(pinned)
    for line in found:
        print(f"[FAIL] {line}")
    if found:
        print("Install again:  python -m pip install -r requirements.txt")
        return 1
    print(f"[OK] Python and {len(pinned)} pinned packages")
    runtime.start()
    print("[OK] both frameworks load")
    problem = optimizer_problem()
    print(f"[FAIL] {problem}" if problem else "[OK] an optimizer can be made")
    return int(problem is not None)
