"""Start-up: frameworks in the right order, quietly; seeds; device; versions.

The first line of every notebook is ``device = runtime.start(seed=0)``. On the command
line, ``python -m helpers.runtime`` checks the environment.
"""

import contextlib
import importlib.util
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_SHOWN = ("torch", "tensorflow", "keras", "numpy", "scikit-learn")
_started = time.perf_counter()
_loaded = False

REQUIREMENTS = Path(__file__).parents[1] / "requirements.txt"
PYTHONS = ((3, 11), (3, 13))
_OPTIMIZER = """
from helpers import runtime
runtime.load_frameworks()
import torch
torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))])
"""


def start(seed: int = 0, threads: int = 1) -> "torch.device":
    """Load both frameworks, set every seed, choose the device, print what is used.

    Args:
        seed: for Python, NumPy, PyTorch and Keras; 0 to 2**32 - 1.
        threads: PyTorch's threads inside one operation. The steps of a small network are
            too short to share: measured on two cores, a second thread made steps up to 1.8
            times faster on an idle machine, and 10 to 25 times slower on a busy one. One
            thread also adds in the same order on every machine.

    Returns:
        PyTorch's device: CUDA where present, else MPS, else the CPU. TensorFlow finds
        its own; its GPUs take memory as they need it.

    Raises:
        ValueError: the seed is out of range, or ``threads`` below 1.
    """
    global _started
    _started = time.perf_counter()
    _check_seed(seed)
    if threads < 1:
        raise ValueError(f"threads must be at least 1; got {threads!r}")
    load_frameworks(threads)
    seed_everything(seed)
    device = _device()
    for name, value in (versions() | {"device": f"{device}, {machine()}"}).items():
        print(f"{name:<13}{value}")
    return device


def load_frameworks(threads: int | None = None) -> None:
    """Import torch, then TensorFlow and Keras, without TensorFlow's start-up chatter.

    The order matters. PyTorch's default build for Linux brings triton, which the first
    optimizer imports; once TensorFlow is loaded, that import ends the process with a
    segmentation fault (seen with triton 3.7.1 and TensorFlow 2.21.0).

    Args:
        threads: see :func:`start`; by default 1 the first time, and unchanged later.

    Raises:
        RuntimeError: TensorFlow was loaded before, and triton, which is installed, was not.
    """
    global _loaded
    os.environ["KERAS_BACKEND"] = "tensorflow"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _quiet_stderr():
        import torch

        if threads is not None or not _loaded:
            torch.set_num_threads(threads or 1)
        _load_triton()
        import tensorflow as tf  # isort: skip
        import keras  # noqa: F401

        for gpu in tf.config.list_physical_devices("GPU"):
            # Fails where the GPU is in use already; then the choice was made before us.
            with contextlib.suppress(RuntimeError):
                tf.config.experimental.set_memory_growth(gpu, True)
    _loaded = True


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy, PyTorch and Keras.

    Raises:
        ValueError: the seed is not a whole number from 0 to 2**32 - 1.
    """
    _check_seed(seed)
    import torch
    import keras  # isort: skip

    keras.utils.set_random_seed(seed)  # Python, NumPy and TensorFlow
    torch.manual_seed(seed)


def elapsed() -> float:
    """Seconds since :func:`start`."""
    return time.perf_counter() - _started


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide a result."""
    packages = {name: metadata.version(name) for name in _SHOWN}
    return {"python": platform.python_version()} | packages


def machine() -> str:
    """The kind of machine, without its name: ``"2 cores, Linux x86_64"``."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _check_seed(seed: int) -> None:
    if type(seed) is not int or not 0 <= seed < 2**32:
        raise ValueError(f"seed must be a whole number from 0 to 2**32 - 1: {seed!r}")


def _load_triton() -> None:
    if importlib.util.find_spec("triton") is None:
        return
    if "tensorflow" in sys.modules and "triton" not in sys.modules:
        raise RuntimeError(
            "TensorFlow was imported before helpers.runtime, and triton cannot be loaded "
            "after it: restart the kernel, and begin with runtime.start()"
        )
    import triton  # noqa: F401


def _device() -> "torch.device":
    import torch

    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Send file descriptor 2 to a file meanwhile; show the text if the block fails.

    TensorFlow's C++ code writes to the descriptor itself, so neither environment
    variables nor ``contextlib.redirect_stderr`` silence it.
    """
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as caught:
        os.dup2(caught.fileno(), 2)
        try:
            yield
        except BaseException:
            caught.seek(0)
            os.write(saved, caught.read())
            raise
        finally:
            os.dup2(saved, 2)
            os.close(saved)


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
    start()
    print("[OK] both frameworks load")
    problem = optimizer_problem()
    print(f"[FAIL] {problem}" if problem else "[OK] an optimizer can be made")
    return int(problem is not None)


if __name__ == "__main__":
    sys.exit(main())
