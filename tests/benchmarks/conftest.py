"""Times can only be compared on an idle machine: not while another process tests."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config, items):
    """Skip benchmarks in a process of pytest-xdist; ``-n 0`` runs them, as CI does."""
    if hasattr(config, "workerinput"):
        reason = "needs an idle machine: pytest tests/benchmarks -n 0"
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason=reason))
