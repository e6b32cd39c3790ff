"""No network, for what is fetched by address."""

import pytest
import requests


@pytest.fixture
def offline(monkeypatch):
    """Whoever asks the network gets an error, and is counted."""
    asked = []

    def refuse(self, method, url, *args, **kwargs):
        asked.append(url)
        raise requests.ConnectionError("no network")

    monkeypatch.setattr(requests.Session, "request", refuse)
    return asked
