"""The words of entries: what is a fault, and what only looks like one."""

import pytest

from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.rules import details

SOUND = [
    "SUMMARY:Why we <3 types where a<b and c > d",
    "SUMMARY:The <b> tag",
    "SUMMARY:The <br> tag considered harmful",
    "DESCRIPTION:Use <b> and </b> tags?",
    "DESCRIPTION:Match \\\\d+\\\\n with \\\\w",
    "SUMMARY:AT&T\\; R&D",
    "SUMMARY:None of the above",
    "SUMMARY:C:\\\\New\\\\temp and \\\\node",
    "SUMMARY:Ünïcode: “Ã” and “Â”\\, MAÇÃ»",
    "SUMMARY:a=1 and b=C3",
    "DESCRIPTION:One\\nTwo\\NThree \\\\ four\\, five\\; six",
    "DESCRIPTION:https://river.example/?a=1&b=2&copy=3",
    "LOCATION:Hall A\\nRiver Street 1",
    "SUMMARY:Templates with {{ name }} in Jinja",
]
FAULTY = [
    ("SUMMARY:Line<br/>break", "html-in-text"),
    ("DESCRIPTION:One <br> two <br> three", "html-in-text"),
    ("DESCRIPTION:Gr\ufffd\ufffdner Saal", "text-lost"),
    ("DESCRIPTION:See <a href='https://river.example/'>here</a>", "html-in-text"),
    ("DESCRIPTION:Fish &amp\\; chips", "html-entities"),
    ("LOCATION:[object Object]", "words-of-a-program"),
    ("SUMMARY:{{ session.title }}", "words-of-a-program"),
    ("DESCRIPTION:One\\\\n\\\\nTwo", "text-escaped-twice"),
    ("SUMMARY:A \\x", "escape-unknown"),
    ("SUMMARY:at the end \\", "escape-unknown"),
    ("SUMMARY:itâ€™s", "text-misread"),
    ("SUMMARY:GrÃ¶ÃŸe", "text-misread"),
    ("DESCRIPTION:Gr=C3=B6=C3=9Fe", "text-quoted-printable"),
]
OFF = [
    "Cancelled: Bridges",
    "Bridges [CANCELED]",
    "Verschoben: Brücken",
    "Fällt aus: Brücken",
    "Bridges (moved to Friday)",
    "Annulé : Ponts",
    "Annuleret: Broer",
    "Ponts : reportés",
    "Cancelado: Puentes",
    "Odwołane: Mosty",
    "中止：橋",
    "❌ Bridges",
]


ON = [
    "Removed dams",
    "Reported from the field",
    "An annular eclipse",
]


def found(lines: str) -> list[str]:
    findings = examination.of_file(Document(document(Frame.ENTRY, lines)))
    return [each.rule.name for each in findings]


@pytest.mark.parametrize("line", SOUND)
def test_what_only_looks_like_a_fault_is_sound(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(("line", "name"), FAULTY)
def test_fault_is_told(line: str, name: str) -> None:
    assert found(line) == [name]


@pytest.mark.parametrize("title", OFF)
def test_title_says_in_many_languages_that_it_is_off(title: str) -> None:
    assert found(f"SUMMARY:{title}\nSTATUS:CANCELLED\nTRANSP:TRANSPARENT") == []


@pytest.mark.parametrize("title", ON)
def test_words_that_look_like_those_of_cancelled_entries_are_none(title: str) -> None:
    lines = f"SUMMARY:{title}\nSTATUS:CANCELLED\nTRANSP:TRANSPARENT"

    assert found(lines) == ["cancelled-in-status-alone"]


def test_letters_of_no_utf8_are_not_taken_for_lost_ones() -> None:
    octets = document(Frame.ENTRY, "SUMMARY:Brücken").replace("ü".encode(), b"\xfc")

    assert "text-lost" not in {each.rule.name for each in examination.of_file(Document(octets))}


def test_cancelled_entries_pile_up_in_calendars_that_go_on() -> None:
    rule = next(each for each in details.RULES if each.name == "cancelled-long-ago")
    pile = rule.example.fails
    over = pile.replace("20270614T120000Z", "20270616T120000Z")

    assert len([*rule.find(Document(document(Frame.BODY, pile)))]) == 3
    assert not [*rule.find(Document(document(Frame.BODY, over)))]


def test_map_has_the_name_of_the_place_however_it_is_divided() -> None:
    apple = "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS={};X-TITLE={}:geo:52.5,13.4"
    address, two = '"River Street 1\\nRiver"', "LOCATION:Hall A\\nRiver Street 1\\nRiver\n"

    assert found(two + apple.format(address, "Hall A")) == []
    assert found(two + apple.format(address, "Hall B")) == ["map-of-another-name"]
    assert found("-LOCATION\n" + apple.format(address, "Hall A")) == ["map-of-another-name"]
