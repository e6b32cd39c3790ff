"""The runs too long for a notebook: ``python -m helpers.long_runs NAME``."""

from helpers.long_runs.store import read

__all__ = ["read"]
