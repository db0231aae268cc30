"""The reference is complete and true: its tables are compared with the program."""

import json
import re
import tomllib
from datetime import date
from typing import Any

import click
import pytest
from click.testing import CliRunner
from conftest import PROJECT, event_of, schedule_of
from feeds import feed
from flask.testing import FlaskClient
from handbook import SITE, YAML, code, column, rows, sections, text_of

from calsvc import errors
from calsvc.agenda import eventfile
from calsvc.agenda.kinds import Kind
from calsvc.answers import Cache
from calsvc.cli import COMMANDS, main
from calsvc.config import Settings
from calsvc.errors import CalsvcError, UnreadSourceError
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.vevent import PROPERTIES
from calsvc.importers.formats import FORMATS
from calsvc.live.events import Live
from calsvc.schedule import selection
from calsvc.schedule.entries import Schedule
from calsvc.web.app import create_app
from calsvc.web.clients import CLIENTS
from calsvc.web.error_handlers import HTTP_STATUS, RETRY_AFTER, TITLES

COMMAND_PAGE = sections(text_of("reference/commands"))
EVENT_FILE = text_of("reference/event-file")
ERROR_PAGE = sections(text_of("reference/errors"))
ADDRESSES = sections(text_of("reference/addresses"))
SCHEMA: dict[str, Any] = json.loads(CliRunner().invoke(main, ["schema"]).stdout)
TABLES = {
    "Event": SCHEMA["properties"],
    "Slot": SCHEMA["$defs"]["Session"]["properties"]["when"]["anyOf"][1]["properties"],
    "Follow": SCHEMA["properties"]["follow"]["properties"],
    "Repair": SCHEMA["properties"]["repair"]["properties"],
    "Link": SCHEMA["$defs"]["Reference"]["properties"],
    **{
        name: SCHEMA["$defs"][name]["properties"]
        for name in ("Dates", "Session", "Person", "Place", "Room", "Track", "Organizer")
    },
}
REQUIRED = {
    "Event": SCHEMA["anyOf"][0]["required"],
    "Slot": ["start"],
    "Follow": ["url"],
    "Repair": ["url"],
    "Link": ["url"],
    **{
        name: SCHEMA["$defs"][name]["required"]
        for name in ("Dates", "Session", "Person", "Place", "Room", "Track", "Organizer")
    },
}
NO_ZONES = re.compile(r"BEGIN:VTIMEZONE.*?END:VTIMEZONE", re.DOTALL)
ERRORS = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, CalsvcError) and each is not CalsvcError
]


# --- commands and settings ----------------------------------------------------------------


def test_every_command_is_told_of_and_has_a_section() -> None:
    listed = [usage.split()[0] for usage in column(COMMAND_PAGE[""])]

    assert sorted(listed) == sorted(COMMANDS)
    assert list(COMMAND_PAGE)[1:] == listed


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_told_of(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command
    options = {
        spelling
        for each in command.params
        if isinstance(each, click.Option) and not each.hidden
        for spelling in each.opts
    }

    told = {
        written.split()[0] for option, _ in rows(COMMAND_PAGE[name]) for written in code(option)
    }

    assert told == options - {"--help", "-h"}


def test_every_setting_and_default_is_told() -> None:
    table = rows(text_of("reference/settings"))
    settings = {
        f"CALSVC_{name.upper()}": "none" if field.default is None else str(field.default)
        for name, field in Settings.model_fields.items()
    }

    assert {name.strip("`"): default.strip("`") for name, default, _ in table} == settings
    assert len(table) == len(settings)


# --- addresses ----------------------------------------------------------------------------


def test_every_address_is_told() -> None:
    app = create_app(Live((), SITE), settings=Settings(doctor=True))
    rules = {
        re.sub(r"<(?:\w+:)?(\w+?)(?:_id)?>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and "GET" in (rule.methods or ())
    }
    # The API has a table of its own.
    rules = {rule for rule in rules if not rule.startswith("/api/")} | {"/api/openapi.json"}

    assert set(column(ADDRESSES["All addresses"].partition("Caches")[0])) == rules


def test_every_call_of_the_api_is_told(client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").get_json()["paths"]
    calls = {
        f"{method.upper()} /api{path}" for path, methods in paths.items() for method in methods
    }

    assert set(column(ADDRESSES["The API"])) == calls | {"GET /api/openapi.json"}


def test_time_that_caches_may_keep_something_is_told() -> None:
    kept = [Cache.FEED, Cache.PERSONAL_FEED, Cache.PAGE, Cache.API, Cache.SCRIPT, Cache.NEVER]
    seconds = [re.findall(r"(?:age|revalidate)=(\d+)", each) for each in kept]
    told = [re.findall(r"\d+", row[-1]) for row in rows(ADDRESSES["All addresses"])[-len(kept) :]]

    assert told == seconds


def test_every_filter_and_option_is_told() -> None:
    assert column(ADDRESSES["Filters"]) == [*selection.FILTERS]
    assert column(ADDRESSES["Options"]) == [*selection.OPTIONS]


def test_addresses_answer(client: FlaskClient) -> None:
    names = {"event": "ai-data-2025", "session": "genai-startups", "day": "2025-06-25"}
    names |= {"filter_name": "kind", "value": "panel"}
    listed = column(ADDRESSES["All addresses"].partition("Caches")[0])
    addresses = [each.format(**names) for each in listed if "_key}" not in each]
    examples = re.findall(rf"{SITE}(/[^\s'`)]*)", ADDRESSES["Examples"])

    answers = {each: client.get(each).status_code for each in addresses + examples}

    assert len(examples) >= 5
    others = {"/metrics": 401, "/doctor": 404}  # for operators, and where it is on
    assert {each: status for each, status in answers.items() if status != 200} == others


# --- the event file -----------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_every_key_of_the_event_file_is_told(name: str) -> None:
    table = rows(sections(EVENT_FILE)[name])
    if name == "Slot":  # the first table there has the short forms
        table = [row for row in table if len(row) == 3]

    told = [code(key)[0] for key, _, _ in table]
    marked = [code(key)[0] for key, _, _ in table if "\\*" in key]

    assert told == list(TABLES[name])
    assert marked == list(REQUIRED[name])


def test_tables_of_the_event_file_are_all_that_the_schema_has() -> None:
    assert set(SCHEMA["$defs"]) - {"Kind", "Reference"} <= set(TABLES)


def test_kinds_are_told() -> None:
    assert code(sections(EVENT_FILE)["Kinds"]) == [*Kind]


def test_event_files_shown_are_right() -> None:
    whole, posters, hack, follow, repair = YAML.findall(EVENT_FILE)

    first, doubts = eventfile.parse(whole + follow, "example-2027", "example-2027.yaml")
    second, others = eventfile.parse(posters, "posters-2027", "posters-2027.yaml")
    third, more = eventfile.parse(hack, "hack-2027", "hack-2027.yaml")

    assert [session.id for session in first.sessions] == ["opening", "party", "closing-panel"]
    assert [session.id for session in second.sessions] == ["posters", "tides"]
    assert [session.when[0].days for session in third.sessions] == [
        (date(2027, 6, 16), date(2027, 6, 16)),
        (date(2027, 6, 15), date(2027, 6, 17)),
    ]
    assert doubts + others + more == []
    with pytest.raises(UnreadSourceError):
        eventfile.parse(repair, "conf", "conf.yaml")


def test_short_times_are_as_told() -> None:
    shorts = [code(short)[0] for short, *_ in rows(sections(EVENT_FILE)["Slot"])[:6]]
    ends = []

    for short in shorts:
        is_of_days = "06-17" in short
        days = "dates: {from: 2027-06-15, to: 2027-06-17}" if is_of_days else "date: 2027-06-15"
        event = event_of(f"""
            name: Conf
            timezone: Europe/Berlin
            {days}
            sessions: [{{id: talk, title: Talk, when: "{short}"}}]
            """)
        ends.append(f"{event.sessions[0].when[0].local_end:%d %H:%M}")

    assert ends == ["15 09:45", "15 09:45", "16 01:30", "16 04:00", "16 00:00", "18 00:00"]


# --- formats and errors -------------------------------------------------------------------


def test_every_format_is_told() -> None:
    page = sections(text_of("reference/formats"))
    written = {code(name)[0]: code(kind)[0] for name, kind, _ in rows(page["What is written"])}

    assert [code(name)[0] for name, _ in rows(page["What is imported"])] == [*FORMATS]
    assert written == {
        name: exporter.format.media_type.partition(";")[0] for name, exporter in EXPORTERS.items()
    }


def test_every_error_is_told_with_what_it_leads_to() -> None:
    table = rows(ERROR_PAGE["What went wrong, and what it leads to"])
    told = {code(name)[0]: (leaves, status) for name, _, leaves, status, _ in table}

    assert set(told) == {each.__name__ for each in ERRORS}
    for each in ERRORS:
        leaves, status = told[each.__name__]
        sent = (HTTP_STATUS[kind] for kind in each.__mro__ if kind in HTTP_STATUS)  # as Flask does
        assert status == str(next(sent, "–")), each
        if leaves != "–":
            assert str(exit_status(each)) == leaves, each


def exit_status(kind: type[CalsvcError]) -> int:
    """Return how a command exits that meets an error."""

    def fail(*_: object) -> None:
        raise kind.__new__(kind, "wrong")

    group = type(main)("calsvc")
    group.get_command = lambda *_: click.Command("fail", callback=fail)  # type: ignore[method-assign]
    return CliRunner().invoke(group, ["fail"]).exit_code


def test_every_status_is_told() -> None:
    table = rows(ERROR_PAGE["Over HTTP"])

    assert [int(status) for status, *_ in table] == [*TITLES]
    waits = {int(status): wait for status, _, wait in table if wait}
    assert waits == {status: f"{wait} seconds" for status, wait in RETRY_AFTER.items()}


# --- calendars ----------------------------------------------------------------------------


def test_every_property_is_told_in_its_order() -> None:
    page = sections(text_of("reference/calendar-standards"))
    event = """
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        description: What it is about.
        color: teal
        """
    header = feed(schedule_of(event)).decode().partition("BEGIN:VEVENT")[0]

    assert column(page["The calendar itself"]) == re.findall(r"^(?!BEGIN)([A-Z-]+)", header, re.M)
    assert column(page["Entries"]) == [name for name, _ in PROPERTIES]


def test_what_is_said_not_to_be_written_is_not(rich: Schedule) -> None:
    parts = rows(sections(text_of("reference/calendar-standards"))["RFC 5545, part by part"])
    left_out = {name for part, written, _ in parts if written[:3] == "no:" for name in code(part)}
    written = feed(rich, "alarm=10&parts=yes").decode()

    assert len(left_out) >= 12
    assert left_out & set(re.findall(r"^([A-Z-]+)", NO_ZONES.sub("", written), re.M)) == set()


def test_every_calendar_program_is_told_with_its_delay() -> None:
    page = sections(text_of("reference/calendar-programs"))
    late = {name: looks for name, looks, _ in rows(page["How late"])}

    assert set(late) == {client.name for client in CLIENTS}
    for client in CLIENTS:
        if client.hours and client.hours[1] > 1 and client.id != "outlook_mac":
            assert str(client.hours[1]) in late[client.name], client


def test_every_library_is_told() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    libraries = project["dependencies"] + project["optional-dependencies"]["postgres"]
    names = [re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", each)[0]).lower() for each in libraries]

    assert column(text_of("why/libraries")) == sorted(names)
