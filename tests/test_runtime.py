"""Start-up: which frameworks are loaded, in which order, and how quietly."""

import json
import os
import subprocess
import sys

import pytest

from helpers import runtime

MODULES_WITHOUT_FRAMEWORK = (
    "helpers, helpers.data, helpers.metrics, helpers.arguments, helpers.runtime, "
    "helpers.data.phrases, helpers.interview, helpers.long_runs.store"
)

START = """
import json, random, sys
from unittest import mock
from helpers import runtime

device = str(runtime.start(0))

import keras, numpy, tensorflow, torch

def draw(seed):
    runtime.seed_everything(seed)
    return {
        "python": random.random(),
        "numpy": numpy.random.random(),
        "torch": torch.rand(()).item(),
        "tensorflow": float(tensorflow.random.uniform(())),
        "keras": float(keras.random.uniform(())),
    }

def device_where(cuda, mps):
    with (
        mock.patch("torch.cuda.is_available", return_value=cuda),
        mock.patch("torch.backends.mps.is_available", return_value=mps),
    ):
        return str(runtime._device())

print(json.dumps({
    "device": device,
    "devices": [device_where(*has) for has in [(1, 1), (1, 0), (0, 1), (0, 0)]],
    "backend": keras.backend.backend(),
    "modules": [name for name in sys.modules if name in ("torch", "tensorflow")],
    "seed 7": draw(7), "seed 7 again": draw(7), "seed 8": draw(8),
    "elapsed": runtime.elapsed(),
}))
"""


#: Records which of these packages is looked for first; triton need not be installed.
ORDER = """
import importlib.machinery, json, sys

order = []

class StandIn:
    def find_spec(self, name, path=None, target=None):
        if name in ("torch", "triton", "tensorflow") and name not in order:
            order.append(name)
        if name == "triton":
            return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec):
        print("triton", "tensorflow" in sys.modules)

    def exec_module(self, module):
        pass

sys.meta_path.insert(0, StandIn())
"""

#: Makes the process an environment where TensorFlow came first.
TOO_LATE = """
import types
sys.modules["tensorflow"] = types.ModuleType("tensorflow")
from helpers import runtime
try:
    runtime.load_frameworks()
except RuntimeError as error:
    print(error)
"""


def run(script, **environment):
    """Run a script in a fresh Python; return what it wrote to stdout and stderr."""
    inherited = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=inherited | environment,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


@pytest.fixture(scope="module")
def started():
    """What ``runtime.start`` printed, the facts about it, and stderr."""
    out, err = run(START, KERAS_BACKEND="torch")
    *table, facts = out.splitlines()
    return table, json.loads(facts), err


def test_helpers_load_no_framework():
    out, _ = run(
        f"import sys, {MODULES_WITHOUT_FRAMEWORK}\n"
        "assert len(list(helpers.interview.drills())) > 30\n"
        "heavy = {'torch', 'tensorflow', 'keras', 'matplotlib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert out.strip() == "[]"


def test_start_prints_versions_and_device(started):
    table, facts, _ = started
    rows = dict(line.split(maxsplit=1) for line in table)
    device = f"{facts['device']}, {runtime.machine()}"
    assert rows == runtime.versions() | {"device": device}


def test_start_writes_nothing_to_stderr(started):
    _, _, err = started
    assert err == ""


def test_torch_is_loaded_before_tensorflow(started):
    _, facts, _ = started
    assert facts["modules"] == ["torch", "tensorflow"]


def test_triton_is_loaded_before_tensorflow_where_it_is_installed():
    load = "from helpers import runtime\nruntime.load_frameworks()\nprint(order)"
    out, _ = run(ORDER + load)
    assert out.splitlines() == [
        "triton False",
        "['torch', 'triton', 'tensorflow']",
    ]


def test_triton_after_tensorflow_is_refused_before_it_kills_the_process():
    out, _ = run(ORDER + TOO_LATE)
    assert "restart the kernel" in out
    assert "triton" not in out.splitlines()[0].split()[:1]


def test_keras_runs_on_tensorflow_whatever_the_environment_says(started):
    _, facts, _ = started
    assert facts["backend"] == "tensorflow"


def test_cuda_goes_before_mps_and_mps_before_the_cpu(started):
    _, facts, _ = started
    assert facts["devices"] == ["cuda", "cuda", "mps", "cpu"]


@pytest.mark.parametrize("library", ["python", "numpy", "torch", "tensorflow", "keras"])
def test_the_seed_decides_the_random_numbers(started, library):
    _, facts, _ = started
    draws = [facts[key][library] for key in ("seed 7", "seed 7 again", "seed 8")]
    assert draws[0] == draws[1] != draws[2]


def test_elapsed_counts_from_start(started, monkeypatch):
    _, facts, _ = started
    assert facts["elapsed"] > 0
    monkeypatch.setattr(runtime, "_started", 40.0)
    monkeypatch.setattr(runtime.time, "perf_counter", lambda: 100.5)
    assert runtime.elapsed() == 60.5


@pytest.mark.parametrize("seed", [-1, 2**32, "0", 1.5, None])
def test_a_wrong_seed_is_an_error(seed):
    with pytest.raises(ValueError, match=r"seed must be a whole number from 0 to 2\*"):
        runtime.seed_everything(seed)


def test_stderr_is_hidden_meanwhile_and_comes_back(capfd):
    with runtime._quiet_stderr():
        os.write(2, b"chatter\n")
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "later\n"


def test_stderr_is_shown_where_the_block_fails(capfd):
    def fail():
        with runtime._quiet_stderr():
            os.write(2, b"the reason\n")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    os.write(2, b"later\n")
    assert capfd.readouterr().err == "the reason\nlater\n"


def test_a_framework_that_fails_to_load_says_why(capfd, monkeypatch, tmp_path):
    broken = "import os\nos.write(2, b'no such library')\nraise ImportError('torch')\n"
    (tmp_path / "torch.py").write_text(broken, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    for name in ("KERAS_BACKEND", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    with pytest.raises(ImportError, match="torch"):
        runtime.load_frameworks()
    assert capfd.readouterr().err == "no such library"
