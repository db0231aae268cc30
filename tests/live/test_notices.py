"""What operators are told of what is served."""

from datetime import UTC, datetime, timedelta

from conftest import BASE_URL, event_of

from calsvc.live.events import Live
from calsvc.schedule.publishing import publish

CONF = event_of("""
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions: [{id: one, title: One, when: 09:00-10:00}]
""")


def test_version_from_a_clock_that_was_ahead_is_told() -> None:
    ahead = publish(CONF, None, datetime(2299, 3, 4, 5, 6, tzinfo=UTC))
    (told,) = Live([ahead], BASE_URL).notices
    assert told.startswith("conf: version 1 says that it was published at 2299-03-04 05:06 UTC")


def test_clocks_that_differ_by_seconds_are_not_told() -> None:
    now = datetime.now(UTC)
    served = [publish(CONF, None, now - timedelta(days=1)), publish(CONF, None, now)]
    slightly_ahead = publish(CONF, None, now + timedelta(seconds=30))
    assert [Live([each], BASE_URL).notices for each in (*served, slightly_ahead)] == [()] * 3
