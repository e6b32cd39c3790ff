"""Schedules begin, peak and end where they should."""

import pytest

from helpers.schedules import cosine, one_cycle


def test_a_cosine_falls_from_the_rate_to_zero():
    rates = [cosine(0.4, 100)(step) for step in range(101)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(0.4)
    assert rates[50] == pytest.approx(0.2)
    assert rates[100] == pytest.approx(0)


def test_one_cycle_rises_and_falls():
    rate_at = one_cycle(0.5, 100, warm_up=0.3)
    rates = [rate_at(step) for step in range(101)]
    assert rates[0] == pytest.approx(0.02)
    assert rates[30] == max(rates) == pytest.approx(0.5)
    assert rates[:31] == sorted(rates[:31])
    assert rates[30:] == sorted(rates[30:], reverse=True)
    assert rates[100] == pytest.approx(0)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_a_few_steps_are_enough(steps):
    rate_at = one_cycle(1.0, steps)
    assert all(0 <= rate_at(step) <= 1 for step in range(steps))
