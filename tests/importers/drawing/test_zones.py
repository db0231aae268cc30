"""In which zone a foreign agenda is, and where that is asked for instead of guessed."""

import pytest
from foreign import SOURCE, draft_of, talk

from calsvc.errors import SourceError
from calsvc.importers.drafts import DraftSession, Wishes
from calsvc.importers.drawing.zones import zone_of

LOCAL = talk("One", "2027-06-15 09:00")
SUMMER = talk("One", "2027-06-15 09:00+02:00")
WINTER = talk("Two", "2027-12-15 09:00+01:00")
UTC = talk("One", "2027-06-15 07:00+00:00")
TOKYO = talk("One", "2027-06-15 09:00", timezone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("named", "sessions", "zone"),
    [
        ("Europe/Berlin", [LOCAL], "Europe/Berlin"),
        (" europe/berlin ", [LOCAL], "Europe/Berlin"),
        ("Europe/Berlin", [SUMMER, WINTER], "Europe/Berlin"),
        ("Europe/Berlin", [UTC], "Europe/Berlin"),  # instants, written in UTC
        ("America/New_York", [UTC, LOCAL], "America/New_York"),
        ("Europe/Berlin", [], "Europe/Berlin"),
        ("Asia/Tokyo", [TOKYO, LOCAL], "Asia/Tokyo"),
        (None, [TOKYO], "Asia/Tokyo"),
    ],
)
def test_zone_that_a_source_has_is_taken(
    named: str | None, sessions: list[DraftSession], zone: str
) -> None:
    draft = draft_of(*sessions, timezone=named)

    assert zone_of(draft, Wishes(), SOURCE) == (zone, "")


@pytest.mark.parametrize(
    ("named", "sessions", "zone", "guessed"),
    [
        ("PT", [LOCAL], "America/Los_Angeles", "PT is taken for America/Los_Angeles"),
        ("CEST", [LOCAL], "Europe/Berlin", "CEST is taken for Europe/Berlin"),
        ("est", [LOCAL], "America/New_York", "est is taken for America/New_York"),
        ("CST", [UTC], "America/Chicago", "CST is taken for America/Chicago"),
        (
            "UTC",
            [SUMMER],
            "Etc/GMT-2",
            "the agenda names UTC, but its times have +02:00, so they are shown in Etc/GMT-2;"
            " --timezone names a better one",
        ),
        (
            "Europe/London",
            [SUMMER, WINTER],
            "Africa/Ceuta",  # the first one, by its name, with these clocks
            "the agenda names Europe/London, but its times have +02:00, so they are shown in"
            " Africa/Ceuta; --timezone names a better one",
        ),
        (
            None,
            [UTC],
            "Etc/UTC",
            "no zone is named, so times are shown in Etc/UTC; --timezone names a better one",
        ),
        (
            None,
            [talk("One", "2027-06-15 09:00+05:30")],
            "Asia/Colombo",
            "no zone is named, so times are shown in Asia/Colombo; --timezone names a better one",
        ),
        (
            None,
            [TOKYO, TOKYO, talk("Two", "2027-06-15 09:00", timezone="Europe/Paris")],
            "Asia/Tokyo",
            "it has several zones; most sessions are in Asia/Tokyo",
        ),
    ],
)
def test_zone_that_is_guessed_is_told(
    named: str | None, sessions: list[DraftSession], zone: str, guessed: str
) -> None:
    draft = draft_of(*sessions, timezone=named)

    assert zone_of(draft, Wishes(), SOURCE) == (zone, guessed)


@pytest.mark.parametrize(
    ("place", "zone", "city"),
    [
        ({"address": "Street 1, 12345 Berlin, Germany"}, "Europe/Berlin", "Berlin"),
        ({"address": "10115 Berlin"}, "Europe/Berlin", "Berlin"),
        ({"venue": "Messe – Wien"}, "Europe/Vienna", "Wien"),
        ({"venue": "Boston", "address": "Somewhere"}, "America/New_York", "Boston"),
    ],
)
def test_city_of_an_agenda_tells_the_zone(place: dict[str, str], zone: str, city: str) -> None:
    draft = draft_of(LOCAL, timezone=None, **place)

    assert zone_of(draft, Wishes(), SOURCE) == (zone, f"no zone is named; {city} is in {zone}")


@pytest.mark.parametrize(
    ("named", "sessions", "told"),
    [
        (None, [LOCAL], "does not say in which time zone its times are"),
        (None, [], "does not say in which time zone its times are"),
        (None, [TOKYO, LOCAL], "does not say in which time zone its times are"),
        ("CST", [LOCAL], "which may be America/Chicago or Asia/Shanghai"),
        ("UTC+2", [LOCAL], "names the zone UTC+2, which is none"),
        ("UTC", [SUMMER, LOCAL], "the agenda names UTC, but its times have +02:00"),
        (None, [SUMMER, talk("Two", "2027-06-15 09:00+13:45")], "has times of several zones"),
    ],
)
def test_zone_that_cannot_be_known_is_asked_for(
    named: str | None, sessions: list[DraftSession], told: str
) -> None:
    draft = draft_of(*sessions, timezone=named)

    with pytest.raises(SourceError, match="give --timezone") as refused:
        zone_of(draft, Wishes(), SOURCE)

    assert told in refused.value.what


def test_instants_of_a_calendar_that_is_repaired_need_no_zone() -> None:
    draft = draft_of(SUMMER, talk("Two", "2027-06-15 09:00+13:45"), timezone=None)

    assert zone_of(draft, Wishes(entry_for_entry=True), SOURCE).name == "Etc/UTC"


def test_zone_that_is_asked_for_wins() -> None:
    draft = draft_of(SUMMER, LOCAL, timezone="UTC")

    assert zone_of(draft, Wishes(timezone="asia/tokyo"), SOURCE) == ("Asia/Tokyo", "")


def test_unknown_zone_that_is_asked_for_is_refused() -> None:
    with pytest.raises(SourceError, match="did you mean Europe/Berlin"):
        zone_of(draft_of(LOCAL), Wishes(timezone="Europe/Berln"), SOURCE)


@pytest.mark.parametrize("year", [1, 1972, 2037, 9999])
def test_years_without_known_clocks_tell_nothing(year: int) -> None:
    odd = talk("Odd", f"{year:04}-01-01 00:00-14:00")

    assert zone_of(draft_of(odd, UTC), Wishes(), SOURCE).name == "Europe/Berlin"
