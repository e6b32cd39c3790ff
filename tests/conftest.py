"""Load both frameworks in the right order before any test module imports one."""

import matplotlib.pyplot as plt
import pytest
from hypothesis import HealthCheck, settings
from matplotlib.text import Text

from helpers import runtime

runtime.load_frameworks()

# A slow or busy machine is no reason to fail.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


def pytest_runtest_setup(item):
    """Random numbers of a test do not hang on the tests before it."""
    runtime.seed_everything(0)


@pytest.fixture
def no_window():
    """Figures are drawn in memory, and closed after the test."""
    plt.switch_backend("Agg")
    yield
    plt.close("all")


@pytest.fixture
def drawn_texts():
    """A function: every text of a figure that is drawn, with its place in pixels."""
    return _drawn_texts


def _drawn_texts(fig):
    fig.draw_without_rendering()
    drawn = {text for text in fig.findobj(Text) if text.get_text().strip()}
    for ax in fig.findobj(plt.Axes):
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in axis.get_major_ticks():
                if not ax.axison or not low <= tick.get_loc() <= high:
                    drawn -= {tick.label1, tick.label2}
    visible = [text for text in drawn if text.get_visible()]
    return [(t, (t.get_bbox_patch() or t).get_window_extent()) for t in visible]
