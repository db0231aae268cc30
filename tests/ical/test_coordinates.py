"""Coordinates in calendars and pages: no exponent, and no more than readers take."""

import json
import re

import pytest
from conftest import client_of, event_of, schedule_of
from hypothesis import given
from hypothesis import strategies as st

from calsvc.errors import EventFileError
from calsvc.ical.contentline import degrees_value

EVENT = """
    name: Conf
    timezone: Europe/London
    date: 2027-06-15
    venue: {{name: Observatory, geo: [{0}, {1}]}}
    rooms: [{{name: Dome, geo: [{1}, {0}]}}]
    sessions:
      - {{id: one, title: One, when: 09:00-10:00}}
      - {{id: two, title: Two, when: 09:00-10:00, room: Dome}}
    """


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (0.00005, "0.00005"),
        (-0.00005, "-0.00005"),
        (5e-324, "0.0"),
        (-0.0, "0.0"),
        (-1e-9, "0.0"),
        (1e-7, "0.0000001"),
        (37.404, "37.404"),
        (-121.975, "-121.975"),
        (52.0, "52.0"),
        (52.520006599999988, "52.5200066"),
        (-179.99999999, "-180.0"),
    ],
)
def test_degrees_have_no_exponent(degrees: float, text: str) -> None:
    assert degrees_value(degrees) == text


@given(st.floats(-180, 180))
def test_any_degrees_fit_readers_and_stay_where_they_are(degrees: float) -> None:
    text = degrees_value(degrees)

    assert re.fullmatch(r"-?\d{1,3}\.\d{1,7}", text)
    assert len(text) <= 15
    assert not text.startswith("-0.0") or float(text) != 0
    assert abs(float(text) - degrees) <= 5.1e-8


def test_place_near_zero_is_the_same_in_all_that_is_written() -> None:
    client = client_of(schedule_of(EVENT.format("51.47722", "0.00005")))

    feed = client.get("/events/conf.ics").text.replace("\r\n ", "")
    page = client.get("/events/conf/sessions/one/").text
    script = re.search(r'<script type="application/ld\+json">(.+?)</script>', page, re.DOTALL)

    assert "GEO:51.47722;0.00005\r\n" in feed
    assert ":geo:51.47722,0.00005\r\n" in feed
    assert "GEO:0.00005;51.47722\r\n" in feed
    assert "e-05" not in feed
    assert script
    assert "e-05" not in script[1]
    geo = json.loads(script[1])["location"]["geo"]
    assert (geo["latitude"], geo["longitude"]) == (51.47722, "0.00005")


@pytest.mark.parametrize("value", [".nan", ".inf", "91", "-91"])
def test_place_that_is_nowhere_is_refused(value: str) -> None:
    with pytest.raises(EventFileError):
        event_of(EVENT.format(value, "0"))
