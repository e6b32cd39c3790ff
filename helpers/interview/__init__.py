"""Interview drills: a card poses the task, a check answers at once.

In a notebook, ``interview.card("1.1")`` shows the question and
``interview.check("1.1", last_valid_state)`` tests the learner's function.
"""

from helpers.interview.card import card
from helpers.interview.checking import check
from helpers.interview.drill import Drill, Mistake
from helpers.interview.registry import drills, get
from helpers.interview.sources import stub

__all__ = ["Drill", "Mistake", "card", "check", "drills", "get", "stub"]
