"""What is told of files that are no calendars, of their lines, and of what is in what."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import CALENDAR, OTHER_VEVENT, VEVENT, whole, with_lines
from calsvc.doctor.findings import Finding

SOUND = whole()
AGAIN = VEVENT.replace("2e01", "2e02").replace("20270615", "20270616")


def findings(file: str | bytes) -> list[Finding]:
    octets = file if isinstance(file, bytes) else file.replace("\n", "\r\n").encode()
    return examination.of_file(Document(octets))


def names(file: str | bytes) -> list[str]:
    return [each.rule.name for each in findings(file)]


@pytest.mark.parametrize(
    ("octets", "name"),
    [
        (b"", "empty-file"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty-file"),
        (b"\n  <?xml version='1.0'?><feed/>", "web-page"),
        (b'["vcalendar", [], []]', "json-file"),
        (b"PK\x03\x04\x14\x00", "packed-file"),
        (b"404", "no-calendar"),
        (b"\x89PNG\r\n\x1a\n", "no-calendar"),
        (SOUND.encode("utf-16-be"), "utf-16"),
        (SOUND.encode("utf-32"), "utf-16"),
    ],
)
def test_what_is_no_calendar_is_told_as_what_it_is_and_no_more(octets: bytes, name: str) -> None:
    assert names(octets) == [name]


def test_small_letters_and_blanks_at_the_ends_of_names_of_components_are_sound() -> None:
    assert names(SOUND.replace("BEGIN:VEVENT", "begin:vevent ")) == []


def test_torn_text_is_told_once_with_the_line_before_it() -> None:
    torn = "LOCATION:Hall A\nfirst floor\nhttps://river.example/map\nNote: no lift\n"

    (found,) = findings(SOUND.replace("LOCATION:Hall A\n", torn))

    assert (found.rule.name, found.times) == ("torn-text", 1)
    assert found.places[0].value == "LOCATION:Hall A ↵ first floor"


def test_what_a_template_prints_before_an_entry_is_no_text_of_it() -> None:
    assert names(SOUND.replace("BEGIN:VEVENT", "None\nBEGIN:VEVENT")) == ["line-without-property"]


def test_what_is_in_a_component_of_somebodys_own_is_theirs() -> None:
    own = "BEGIN:X-TALK\nLEVEL:1\nBEGIN:X-ROOM\nFLOOR:2\nEND:X-ROOM\nSTAGE:3\nEND:X-TALK\n"

    assert names(SOUND.replace("STATUS:CONFIRMED\n", own)) == []
    assert names(SOUND.replace("STATUS:CONFIRMED\n", f"{own}LEVEL:1\n")) == ["unknown-property"]


@pytest.mark.parametrize("name", ["A: B", "River: the club"])
def test_name_of_a_person_with_a_colon_needs_quotation_marks(name: str) -> None:
    organizer = "ORGANIZER;CN={}:mailto:club@river.example\nSTATUS:CONFIRMED\n"
    bare, quoted = (
        findings(SOUND.replace("STATUS:CONFIRMED\n", organizer.format(each)))
        for each in (name, f'"{name}"')
    )

    assert [each.rule.name for each in quoted] == ["organizer-in-public"]
    assert {each.rule.name: each.places[0].value for each in bare} == {
        "parameter-without-quotation-marks": f"CN={name}",
        "organizer-in-public": bare[-1].places[0].value,
    }


def test_underscore_is_told_in_the_name_of_a_parameter() -> None:
    (found,) = findings(SOUND.replace("LOCATION:", "LOCATION;X_FLOOR=2;X-A_B=3:"))

    assert (found.rule.name, found.times) == ("underscore-in-name", 2)
    assert [each.value for each in found.places] == ["X_FLOOR", "X-A_B"]


def test_backslash_that_is_escaped_before_a_fold_escapes_nothing() -> None:
    whole_one = SOUND.replace("Hall A", "C:\\\\\n nothing")
    apart = SOUND.replace("Hall A", "C:\\\\\\\n nothing")

    assert names(whole_one) == []
    assert names(apart) == ["folded-escape"]


def test_entry_in_an_entry_is_told_once() -> None:
    nested = VEVENT.replace("END:VEVENT\n", f"{OTHER_VEVENT}END:VEVENT\n")

    assert names(whole(body=nested)) == ["component-without-end"]


def test_cut_off_file_is_told_with_the_component_in_which_it_ends() -> None:
    (found,) = findings(SOUND[: SOUND.index("STATUS")])

    assert found.rule.name == "cut-off"
    assert found.places[0].component
    assert found.places[0].component.title == "Bridges that bend"


def test_latin_1_is_no_folded_character() -> None:
    octets = SOUND.replace("Hall A", "\xfc\n \xb5").replace("\n", "\r\n").encode("latin-1")

    assert names(octets) == ["not-utf-8"]


@pytest.mark.parametrize("entries", [VEVENT, VEVENT + AGAIN])
def test_download_of_one_talk_needs_neither_name_nor_interval(entries: str) -> None:
    calendar = with_lines(CALENDAR, "-NAME\n-X-WR-CALNAME\n-REFRESH-INTERVAL\n-X-PUBLISHED-TTL")

    assert names(whole(calendar, entries)) == []
    assert {"no-name", "no-refresh-interval"} <= {*names(whole(calendar, VEVENT + OTHER_VEVENT))}


def test_many_entries_of_one_title_are_a_feed() -> None:
    calendar = with_lines(CALENDAR, "-REFRESH-INTERVAL\n-X-PUBLISHED-TTL")
    entries = (
        AGAIN.replace("2e02", f"2e{day}").replace("0616", f"06{day}") for day in range(11, 30)
    )
    several = [*entries]

    assert names(whole(calendar, "".join(several[:10]))) == []
    assert names(whole(calendar, "".join(several[:11]))) == ["no-refresh-interval"]


@pytest.mark.parametrize(
    ("sign", "name"),
    [
        *((each, "control-character") for each in "\x00\x1b\x7f"),
        *((each, "line-separator") for each in "\x0b\x1e\u2028"),
    ],
)
def test_control_characters_are_errors_but_for_those_that_divide_lines(
    sign: str, name: str
) -> None:
    assert names(SOUND.replace("bend", f"be{sign}nd")) == [name]


@pytest.mark.parametrize("interval", ["P", "PT", "PT0S", "-PT15M", "15M", "P1H", ""])
def test_what_is_no_time_to_wait_is_no_interval(interval: str) -> None:
    file = SOUND.replace("X-PUBLISHED-TTL:PT15M", f"X-PUBLISHED-TTL:{interval}")

    assert names(file) == ["ttl-without-length"]


@pytest.mark.parametrize(
    ("interval", "name"),
    [
        *((each, "interval-of-nothing") for each in ("P", "PT", "PT0S", "-PT15M")),
        *((each, "interval-without-length") for each in ("", "15M", "P1H", "P1W1H")),
    ],
)
def test_interval_that_home_assistant_refuses_is_told_apart(interval: str, name: str) -> None:
    line = "REFRESH-INTERVAL;VALUE=DURATION:"
    file = SOUND.replace(f"{line}PT15M", f"{line}{interval}")

    assert names(file) == [name]


@pytest.mark.parametrize("parameter", ['CN="Arch, Ada"', "X-TEAM=ropes,knots", "CN=Ada"])
def test_parameters_that_need_no_more_quotation_marks(parameter: str) -> None:
    file = SOUND.replace("LOCATION:", f"CONTACT;{parameter}:Desk, Hall A\nLOCATION:")

    assert "parameter-without-quotation-marks" not in names(file)


def test_file_that_is_cut_off_anywhere_is_told_as_that_and_no_more() -> None:
    octets = SOUND.replace("Hall A", "Grüner Saal").replace("\n", "\r\n").encode()
    first, last = len("BEGIN:VCALENDAR\r\n"), len(octets) - len("\r\n")

    assert {tuple(names(octets[:place])) for place in range(first, last)} == {("cut-off",)}
