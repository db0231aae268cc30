"""Calendars that are wrong, each in its way, and what is meant by each of them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icsfiles import calendar
from readers import Read

EIGHT = datetime(2027, 6, 15, 8, tzinfo=UTC)
"""Ten o'clock in Berlin."""
HOUR = timedelta(hours=1)
TALK = "UID:{uid}\nDTSTART{start}\nDTEND{end}\nSUMMARY:{title}"
FLOATING = {"start": ":20270615T100000", "end": ":20270615T110000"}
BERLIN = "X-WR-CALNAME:Conf\nX-WR-TIMEZONE:Europe/Berlin"
WINDOWS = "W. Europe Standard Time"


@dataclass(frozen=True)
class Meant:
    """An entry that is meant, whatever is wrong with it."""

    title: str
    start: datetime = EIGHT
    end: datetime = EIGHT + HOUR
    uid: str | None = "one@source.example"
    """None if any will do."""

    def is_read(self, each: Read) -> bool:
        """Tell whether a reader has read this, its uid aside if any will do."""
        return (self.title, self.start, self.end) == (each.summary, each.start, each.end) and (
            self.uid in {None, each.uid}
        )


@dataclass(frozen=True)
class Wrong:
    """A calendar that is wrong, and what is meant."""

    octets: bytes
    meant: tuple[Meant, ...] = (Meant("One"),)


def talk(uid: str = "one@source.example", title: str = "One", **times: str) -> str:
    """Return the lines of an entry, by default at ten o'clock with no zone."""
    return TALK.format(uid=uid, title=title, **{**FLOATING, **times})


def in_zone(tzid: str) -> dict[str, str]:
    """Return the times of an entry at ten o'clock in a zone."""
    return {key: f";TZID={tzid}{value}" for key, value in FLOATING.items()}


def zone(tzid: str, summer: str, winter: str) -> str:
    """Return a VTIMEZONE for Berlin, whose halves begin as the given lines say."""
    daylight = f"TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n{summer}"
    standard = f"TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n{winter}"
    halves = f"BEGIN:DAYLIGHT\n{daylight}\nEND:DAYLIGHT\nBEGIN:STANDARD\n{standard}\nEND:STANDARD"
    return f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{halves}\nEND:VTIMEZONE"


RDATES = (
    "DTSTART:20260329T020000\nRDATE:20260329T020000,20270328T020000",
    "DTSTART:20261025T030000\nRDATE:20261025T030000,20271031T030000",
)
RULES = (
    "DTSTART:16010101T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "DTSTART:16010101T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
)
PLAIN = calendar(talk(), head=BERLIN)
COMMAS = "One, two; three: \\ and \\, more"
FEEDS = {
    "floating": Wrong(PLAIN),
    "no-vtimezone": Wrong(calendar(talk(**in_zone("Europe/Berlin")), head="X-WR-CALNAME:Conf")),
    "path-before-the-zone": Wrong(
        calendar(talk(**in_zone("/freeassociation.sourceforge.net/Europe/Berlin")), head=BERLIN)
    ),
    "zone-of-windows": Wrong(
        calendar(talk(**in_zone(WINDOWS)), head=BERLIN, zones=zone(WINDOWS, *RULES))
    ),
    "zone-of-windows-alone": Wrong(calendar(talk(**in_zone(WINDOWS)), head=BERLIN)),
    "zone-of-its-own": Wrong(
        calendar(talk(**in_zone("Our-Clock")), zones=zone("Our-Clock", *RULES))
    ),
    "rdates": Wrong(
        calendar(talk(**in_zone("Europe/Berlin")), zones=zone("Europe/Berlin", *RDATES))
    ),
    "zone-and-utc": Wrong(
        calendar(
            talk(start=";TZID=Europe/Berlin:20270615T080000Z", end=":20270615T090000Z"),
            head=BERLIN,
        )
    ),
    "bare-line-ends": Wrong(PLAIN.replace(b"\r\n", b"\n")),
    "byte-order-mark": Wrong(b"\xef\xbb\xbf" + PLAIN),
    "utf-16": Wrong(PLAIN.decode().encode("utf-16")),
    "folded-within-a-letter": Wrong(
        calendar(talk(title="Größe"), head=BERLIN).replace(b"\xc3\xb6", b"\xc3\r\n \xb6"),
        (Meant("Größe"),),
    ),
    "long-lines": Wrong(calendar(talk(title="é" * 200), head=BERLIN), (Meant("é" * 200),)),
    "commas": Wrong(
        calendar(talk(title=COMMAS), head=BERLIN), (Meant("One, two; three: \\ and , more"),)
    ),
    "dtend-and-duration": Wrong(calendar(f"{talk()}\nDURATION:PT3H", head=BERLIN)),
    "duration-alone": Wrong(
        calendar(talk().replace("DTEND:20270615T110000", "DURATION:PT1H"), head=BERLIN)
    ),
    "request": Wrong(
        calendar(
            f"{talk()}\nORGANIZER;CN=Bo:mailto:bo@source.example"
            "\nATTENDEE;CN=Ada;PARTSTAT=NEEDS-ACTION:mailto:ada@source.example",
            head=f"METHOD:REQUEST\n{BERLIN}",
        )
    ),
    "duplicate-uids": Wrong(
        calendar(talk(), talk(title="Two"), head=BERLIN), (Meant("One"), Meant("Two", uid=None))
    ),
    "no-uid": Wrong(calendar(talk().partition("\n")[2], head=BERLIN), (Meant("One", uid=None),)),
    "uid-with-a-space": Wrong(
        calendar(talk(uid="one two"), head=BERLIN), (Meant("One", uid=None),)
    ),
    "series": Wrong(
        calendar(f"{talk()}\nRRULE:FREQ=DAILY;COUNT=2\nRDATE:20270620T100000", head=BERLIN),
        (
            Meant("One"),
            Meant("One", EIGHT + 24 * HOUR, EIGHT + 25 * HOUR, None),
            Meant("One", EIGHT + 120 * HOUR, EIGHT + 121 * HOUR, None),
        ),
    ),
    "part-of-another": Wrong(
        calendar(
            talk(),
            f"{talk('two@source.example', 'Two')}\nRELATED-TO:one@source.example",
            head=BERLIN,
        ),
        (Meant("One"), Meant("Two", uid="two@source.example")),
    ),
    "end-in-another-zone": Wrong(
        calendar(
            talk(
                start=";TZID=Europe/Berlin:20270615T100000",
                end=";TZID=America/New_York:20270615T050000",
            )
        )
    ),
    "changed-in-a-series": Wrong(
        calendar(
            f"{talk()}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20270616T100000",
            f"{talk(title='Other')}\nRECURRENCE-ID:20270617T100000",
            head=BERLIN,
        ),
        (Meant("One"), Meant("Other", uid=None)),
    ),
}
"""By what is wrong with it."""


DESCRIPTIONS = (
    "2*3*4 and __init__.py",
    "Price: 5 $\n===\nNext\n---\n> quoted\n# Heading\n1. one",
    "![img](https://a.example/q.png), [a](https://a.example/) and <branch-name>",
    "Teams <https://a.example/l_1_>\n* no Markdown *\n\n\n    \\\\server\\file_x_\nC:\\Users",
)
"""Plain texts that are no Markdown, whatever they look like."""


def is_uuid(text: str) -> bool:
    """Tell whether a text is a UUID, as RFC 7986 recommends for uids."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
