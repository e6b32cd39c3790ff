"""Explore hidden states in JupyterLab: type a sentence, move through it, pick units.

It knows no framework: it is given a function that reads a text. What it draws is a plain
figure, ``helpers.page.explorer_figure``.
"""

import io
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from helpers.page.explorer_figure import MOST_UNITS, Reading, explorer_figure
from helpers.plotting.dynamics import liveliest

#: What a page shows that cannot run: the stored notebook, GitHub, a test's log.
PLAIN = (
    "Explorer: run this cell in JupyterLab to type a sentence, move through its steps "
    "and pick units."
)
_LOUD = "color:var(--jp-error-color1, #B00020); line-height:1.4"


class Explorer:
    """A text field, a slider over its steps, a choice of units, and their picture.

    The slider starts at the last step. A text that ``read`` refuses leaves the picture as
    it is, and the reason stands under the text field.

    Attributes:
        reading: of the last text that was accepted.
        text: the text field; it reads at Enter, or when it is left.
        message: what was refused, in HTML; empty where nothing was.
        step: the slider.
        units: those picked; by default the three of largest variance.
        picture: the figure as a PNG.
        widget: all of them, laid out.
    """

    def __init__(
        self,
        read: Callable[[str], Reading],
        text: str,
        backdrop: np.ndarray | None = None,
        title: str = "",
    ) -> None:
        """Read the first text and draw it.

        Args:
            read: a text -> what the model makes of it; a ``ValueError`` refuses the text.
            text: the first one.
            backdrop: ``(points, 2)``, states of other texts, in the plane of the paths.
            title: of the whole.

        Raises:
            ValueError: ``read`` refuses the first text, or backdrop is not ``(points, 2)``.
        """
        self._read, self._backdrop = read, backdrop
        self._refused, self._settling = "", False
        self.reading = read(text)
        self.text = widgets.Text(text, description="Text", continuous_update=False)
        self.message = widgets.HTML()
        self.step = widgets.IntSlider(description="Step", min=0, max=0)
        self.units = widgets.SelectMultiple(
            description="Units", rows=5, tooltip="Ctrl or Cmd and a click picks several"
        )
        self.picture = widgets.Image(format="png")
        self.widget = self._laid_out(title)
        self._settle()
        self._draw()
        self.text.observe(self._on_text, "value")
        self.step.observe(self._on_pick, "value")
        self.units.observe(self._on_pick, "value")

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The widget where it can live, one sentence where it cannot."""
        return self.widget._repr_mimebundle_(**kwargs) | {"text/plain": PLAIN}

    def _laid_out(self, title: str) -> widgets.VBox:
        self.text.layout = self.step.layout = widgets.Layout(width="98%")
        self.message.layout = widgets.Layout(margin="0 0 0 90px")  # below the field
        self.units.layout = widgets.Layout(width="220px", flex="0 0 auto")
        # At its own size, which is sharp, or smaller where there is less room.
        self.picture.layout = widgets.Layout(max_width="100%", align_self="flex-start")
        fields = [self.text, self.message, self.step]
        left = widgets.VBox(fields, layout=widgets.Layout(flex="1 1 auto"))
        parts = [widgets.HBox([left, self.units]), self.picture]
        if title:
            parts.insert(0, widgets.HTML(f"<b>{escape(title)}</b>"))
        return widgets.VBox(parts, layout=widgets.Layout(max_width="960px"))

    def _on_text(self, change: dict[str, Any]) -> None:
        try:
            self.reading = self._read(change["new"])
        except ValueError as error:
            why = str(error).rstrip(".")
            self._refused = f"{why}. The picture still shows the text before."
            self._say()
            return
        self._refused = ""
        self._settle()
        self._draw()

    def _on_pick(self, change: dict[str, Any]) -> None:
        if not self._settling:
            self._draw()

    def _settle(self) -> None:
        """Let slider and units follow the reading, and draw nothing on the way."""
        self._settling = True
        steps, hidden_size = self.reading.states.shape
        self.step.max = self.step.value = steps - 1  # max first: no value lies above it
        if len(self.units.options) != hidden_size:
            kept = [unit for unit in self.units.value if unit < hidden_size]
            self.units.options = [(f"unit {i}", i) for i in range(hidden_size)]
            self.units.value = kept or liveliest(self.reading.states, 3)
        self._settling = False

    def _draw(self) -> None:
        if self._picked_well():
            chosen = self.reading, self.step.value, self.units.value
            self.picture.value = _png(explorer_figure(*chosen, self._backdrop))
        self._say()

    def _picked_well(self) -> bool:
        return 1 <= len(self.units.value) <= MOST_UNITS

    def _say(self) -> None:
        units = "" if self._picked_well() else f"Pick 1 to {MOST_UNITS} units."
        said = escape(f"{self._refused} {units}".strip())
        self.message.value = said and f'<div role="alert" style="{_LOUD}">{said}</div>'


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    try:
        figure.savefig(buffer, format="png")
    finally:
        plt.close(figure)  # else the notebook would show it a second time
    return buffer.getvalue()
