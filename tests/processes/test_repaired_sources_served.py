"""A server whose event file repairs a calendar: what changes there, calendars have, rightly."""

from pathlib import Path

import pytest
from commands import GOOD
from icsfiles import calendar
from origins import Answer, Origin
from readers import faults, read_vobject
from servers import free_port, get, serving
from waiting import eventually
from wrongfeeds import BERLIN, talk

AT_TEN = {"start": ":20350615T100000", "end": ":20350615T110000"}
TWO = [talk("1", "One", **AT_TEN), talk("2", "Two", **AT_TEN)]


@pytest.mark.slow  # a source is looked at once a minute at most
def test_server_puts_a_right_feed_in_front_of_a_wrong_one(tmp_path: Path, origin: Origin) -> None:
    events = tmp_path / "events"
    events.mkdir()
    (events / "other.yaml").write_text(GOOD)  # of which the server has something to say
    (events / "conf.yaml").write_text(f"repair: {{url: {origin.url}, every: 1m, private: true}}\n")

    def feed(address: str) -> bytes:
        return get(f"{address}/events/conf.ics")[1]

    with serving(events, free_port()) as address:
        eventually(lambda: b"cannot repair" in get(f"{address}/readyz")[1])
        origin.answer = Answer(calendar(*TWO, head=BERLIN), media_type="text/calendar")
        eventually(lambda: b"SUMMARY:Two" in feed(address), within=120)
        assert faults(feed(address)) == []
        origin.answer = Answer(calendar(TWO[0], head=BERLIN), media_type="text/calendar")
        eventually(lambda: b"SUMMARY:Cancelled: Two" in feed(address), within=120)
        one, two = read_vobject(feed(address))
        assert (one.uid, one.sequence, one.status) == ("1", 0, "CONFIRMED")
        assert (two.uid, two.sequence, two.status) == ("2", 1, "CANCELLED")
