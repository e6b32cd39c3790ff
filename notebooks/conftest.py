"""Data comes before the notebooks: what they store says nothing of fetching it."""

import pytest

from helpers.data.__main__ import main


def pytest_sessionstart(session: pytest.Session) -> None:
    """Fetch what is not cached, once, before notebooks are shared out among processes.

    Offline it only says so; a notebook whose data is missing fails by itself.
    """
    if not hasattr(session.config, "workerinput"):
        main([])
