"""A consultation is the same as an examination here, and over in time whatever it is about."""

import pytest
from origins import Answer, Origin
from strangers import Asked, Reply, sound, stranger

from calsvc.doctor import consultation, examination
from calsvc.doctor.consultation import of_address, of_text
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import Frame, document
from calsvc.doctor.picture import pictured
from calsvc.doctor.report import Report, as_json
from calsvc.errors import FetchError, SourceError

OCTETS = document(Frame.ENTRY, "DTSTART:20270615T090000\nDTEND:20270615T094500")


def test_it_is_what_an_examination_here_gives() -> None:
    doc = Document(OCTETS)
    findings = examination.of_file(doc)

    found = of_text(OCTETS)

    assert found.report == as_json([Report("", findings, 1)])[0]
    assert found.picture == pictured(doc, findings)


def test_address_is_visited(origin: Origin) -> None:
    origin.answer = Answer(OCTETS, media_type="text/calendar")

    found = of_address(f" {origin.url}?token=secret ", is_private=True)

    assert found.report["calendar"] == f"{origin.url}?token=…"
    assert found.report["entries"] == 1


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1/a.ics", "is in a private network"),
        ("http://[::1]/", "is in a private network"),
        ("file:///etc/passwd", "is no web address"),
        ("/etc/passwd", "is no web address"),
        ("-", "is not known"),
    ],
)
def test_what_is_not_of_the_open_web_is_refused(address: str, words: str) -> None:
    with pytest.raises(FetchError) as raised:
        of_address(address)

    assert words in raised.value.what


def test_no_request_goes_to_a_private_network(origin: Origin) -> None:
    with pytest.raises(FetchError, match="private network"):
        of_address(origin.url)

    assert origin.requests == 0


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consultation, "BOUNDS", consultation.BOUNDS._replace(patience=0.01))

    with pytest.raises(SourceError, match="takes too long to read"):
        of_text(OCTETS)


@pytest.mark.slow
def test_second_look_that_fails_is_told() -> None:
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        if sum(each.path == "/" and each.headers.get("Accept") == "*/*" for each in asked) > 4:
            raise ConnectionError
        return sound(each)

    with stranger(answer) as address:
        found = of_address(address, is_private=True)

    assert found.failure and found.failure.what == "breaks off its answer"
    assert found.report["entries"] == 1
