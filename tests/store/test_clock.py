"""Clocks: aware, in UTC, and never backwards."""

from datetime import UTC, datetime, timedelta

import pytest

from service.clock import SHANGHAI, SystemClock, VirtualClock

START = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


def test_a_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START
    assert clock.now().tzinfo == UTC
    clock.advance(timedelta(days=1))
    clock.advance_to(clock.now())
    assert clock.now() == START + timedelta(days=1)


def test_a_virtual_clock_refuses_to_run_backwards() -> None:
    clock = VirtualClock(START)
    with pytest.raises(ValueError, match="the clock stands at"):
        clock.advance_to(START - timedelta(seconds=1))


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(datetime(2026, 3, 2))  # noqa: DTZ001


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().tzinfo == UTC
