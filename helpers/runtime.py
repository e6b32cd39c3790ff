"""Start-up: frameworks in the right order, quietly; seeds; device; versions.

The first line of every notebook is ``device = runtime.start(seed=0)``. On the command
line, ``python -m helpers.runtime`` checks the environment.
"""

import contextlib
import importlib.util
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

_SHOWN = ("torch", "tensorflow", "keras", "numpy", "scikit-learn")
_started = time.perf_counter()
_loaded = False


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


if __name__ == "__main__":
    from helpers.environment import main

    sys.exit(main())
