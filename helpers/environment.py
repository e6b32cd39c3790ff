"""The environment check behind ``python -m helpers.runtime``."""

import re
import sys
from importlib import metadata
from pathlib import Path

from helpers import runtime

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
PYTHONS = ((3, 11), (3, 13))


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
    return 0
