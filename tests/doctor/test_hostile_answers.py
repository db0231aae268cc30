"""Nothing that a server answers makes the doctor fail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strangers import CALENDAR

from calsvc.doctor import examination
from calsvc.doctor.visits import Answer, Visit

ADDRESS = "https://river.example/agenda.ics"
NAMES = (
    *("content-type", "content-encoding", "content-disposition", "cache-control", "set-cookie"),
    *("etag", "last-modified", "location", "retry-after", "vary"),
)
WORDS = st.sampled_from(
    ["text/calendar", "; charset=", "; method=", "max-age=", "9" * 30, "https://[", "//", '"', "="]
)
VALUES = st.lists(WORDS | st.text(max_size=5), max_size=5).map("".join)
ANSWERS = st.builds(
    Answer,
    address=st.just(ADDRESS),
    status=st.sampled_from([0, 200, 204, 301, 304, 404, 503, 999]),
    headers=st.dictionaries(st.sampled_from(NAMES), VALUES),
    octets=st.sampled_from([CALENDAR, b"", b"BEGIN:VCALENDAR\xff"]) | st.binary(max_size=20),
    is_cut=st.booleans(),
)
VISITS = st.builds(
    Visit,
    given=st.just(ADDRESS),
    address=st.just(ADDRESS),
    answer=ANSWERS,
    redirects=st.lists(ANSWERS, max_size=7).map(tuple),
    **dict.fromkeys(("head", "again", "packed", "google", "port_80"), st.none() | ANSWERS),
    robots=st.text(max_size=50) | st.just("User-agent: *\nDisallow: /*$*\nAllow:"),
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(VISITS)
def test_rules_take_whatever_is_answered(visit: Visit) -> None:
    for each in examination.of_answers(visit):
        assert each.rule.what.format(value=each.places[0].value)
