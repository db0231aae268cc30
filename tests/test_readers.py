"""The readers of the tests find what is broken."""

import pytest
from conftest import schedule_of
from feeds import feed
from readers import faults


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"\r\n", b"\n", "does not end with CRLF"),
        (b"VERSION:2.0\r\n", b"", "VERSION is there 0 times"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nVERSION:2.0\r\n", "VERSION is there 2 times"),
        (b"PRODID:", b"X-PRODID:", "PRODID is there 0 times"),
        (b"CALSCALE:GREGORIAN", b"METHOD:PUBLISH", "has a METHOD"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk\r\nSUMMARY:Talk", "SUMMARY is there 2 times"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk, and more", "is not escaped: 'SUMMARY:Talk, and more'"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk\\N", r"is not escaped: 'SUMMARY:Talk\\N'"),
        (b"SUMMARY:Talk", b"SUMMARY:Ta\x00lk", "has a control character"),
        (b"SUMMARY:Talk", b"SUMMARY:" + b"x" * 80, "has 88 octets"),
        (
            b"SUMMARY:Talk",
            b"SUMMARY:\xc3\r\n \xa9",
            "splits a character",
        ),
        (b"SUMMARY:Talk", b'SUMMARY;X=a"b:Talk', "is no content line"),
        (b"SUMMARY:Talk", b"\r\nSUMMARY:Talk", "is empty"),
        (b"DTSTART;TZID=Europe/Berlin:", b"DTSTART:", "DTSTART and DTEND are not alike"),
        (b"20260625T090000", b"20260625T100000", "does not end after it starts"),
        (b"20260625T090000", b"20260625T090000Z", "is no time"),
        (b"TZID:Europe/Berlin", b"TZID:Europe/Paris", "uses the zones"),
        (b"TZOFFSETTO:+0200", b"TZOFFSETTO:0200", "is not as Outlook wants it"),
        (b"BYDAY=-1SU", b"BYDAY=-1SU;COUNT=2", "is not as Outlook wants it"),
        (b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE", "disagree"),
        (b"STATUS:CONFIRMED", b"STATUS:MOVED", "has no such STATUS"),
        (b"DTSTAMP:2025", b"DTSTAMP:2024", "DTSTAMP is not the last revision"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_checker_of_feeds_finds_what_is_broken(right: bytes, wrong: bytes, fault: str) -> None:
    body = feed(
        schedule_of("""
            name: Conf
            timezone: Europe/Berlin
            date: 2026-06-25
            sessions:
              - {id: talk, title: Talk, when: "09:00-10:00"}
            """),
        "banner=no",
    )
    assert faults(body) == []

    broken = body.replace(right, wrong)

    assert [each for each in faults(broken) if fault in each]
