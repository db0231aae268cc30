"""Clock times as people write them: ``9:00-9:45``, ``1030a``, ``9–10 Uhr``, ``~noon``.

``whole``, ``leading`` and ``trailing`` find the hours that a cell or a line has; ``Hours``
says only what stands there, and 1:00 may still be 13:00: ``halves`` decides that.

What only looks like a time is none: years, addresses, rooms, versions and dates.  A number
alone is a time only beside one that is: ``9`` in ``9–10am``.
"""

import re
from datetime import datetime
from typing import NamedTuple

from calsvc.zone_names import ABBREVIATIONS

DAY = 24 * 60
NOON = 12 * 60
LONGEST_TIME = 120
"""Characters that hours can take, with all that stands around them."""
ZONES = sorted(
    {"UTC", "GMT", "CET", "EET", "WET", "EST", "MST", "HST"}
    | {each for names in ABBREVIATIONS for each in names.split() if len(each) < 6},
    key=len,
    reverse=True,
)
"""What stands behind a time and is a zone."""

_SIGN = r"-{2,3}|[-‐‑‒–—―−~〜→]|->|=>"
_SEPARATOR = re.compile(rf"(?:{_SIGN}|[:|,;@])\Z")
_ZONE = (
    r"(?:(?:UTC|GMT)\s?[+\-−±]\s?\d{1,2}(?::?\d\d)?|(?:" + "|".join(ZONES) + r")(?![A-Za-z])"
    r"|(?i:pacific|mountain|central|eastern)(?i: standard| daylight)?(?i: time))"
)
_LETTER = r"[ap](?!\w)\.?(?!\w)"
"""Of ``9:00a``; a space before it would make it a word."""
_HALF = (
    r"(?:[ap]\.?\s?m\b\.?|(?:uhr\s|du\s|de\sl['’]|de\sla\s)?(?:matin|après-midi|soir"
    r"|morgens|vormittags?|nachmittags?|abends|mañana|tarde|noche)\b)"
)
_CLOCK = rf"""(?x:
    (?:(?P<hour_N>[01]?\d|2[0-4])
        (?: \s?[:h.](?!\s\d\d?[:.]\d)\s?(?P<minute_N>[0-5]\d)(?:[:.][0-5]\d)?(?!\d|[:.]\d)
            (?P<half_N>\s?(?i:{_HALF})|(?i:{_LETTER}))? (?:\s?(?i:uhr|hrs?|h)\b)?
          | (?P<bare_half_N>\s?(?i:{_HALF})|(?i:{_LETTER}))
          | \s?(?P<word_N>(?i:uhr|o['’]clock|hrs|heures?|h))(?!\w)
          | (?P<bare_N>(?!\w|:\S|[.,]\d))
        )
        (?:\s?(?i:noon)\b)?
    | (?P<packed_N>(?:[01]\d|2[0-4]|\d)[0-5]\d)(?!\d)
        (?:(?P<packed_half_N>\s?(?i:{_HALF})|(?i:{_LETTER}))|\s?(?P<packed_word_N>(?i:hrs?|hours|h|uhr))\b)?(?!\w)
    | (?P<name_N>(?i:12\s)?(?i:noon|midday|midnight|mittags?|mitternacht|midi|minuit
        |mediod[ií]a|medianoche))\b
    )(?:\s?-?ish\b)?)"""


def _clock(number: int) -> str:
    return _CLOCK.replace("_N", f"_{number}")


_ABOUT = r"(?:(?P<about>~|≈|(?i:ca?\.|circa|about|approx\.?|approximately|around|gegen|etwa))\s*)?"
_BEFORE = (
    r"(?:(?i:from|after|von|ab|nach|um|at|de|à|après|desde|kl\.?|starting at|starts at|@)\s+)?"
)
_TO = rf"(?:\s*(?:{_SIGN})\s*|\s+(?i:to|until|till?|bis|thru|through|à|a|hasta|and)\s+)"
_OPEN = (
    rf"(?P<open>\s*(?:{_SIGN})\s*(?:(?i:late|open end|open|end|close|ende|\?+|…|\.\.\.)(?!\w))?"
    r"(?=\s*(?:$|[|)\]:]))|\s*(?:{_SIGN})\s*(?i:onwards?)\b|\s*\+(?!\w)|\s+(?i:onwards?)\b|\s+-\s+\?"
    r"|\s+(?i:until|till?|bis)\s+(?i:late|open end|close|ende)\b)"
)
_BEHIND = rf"(?:\s*[\[(]?(?P<zone>{_ZONE})[\])]?)?"
_AGAIN = rf"(?:\s*[/|·(]\s*(?:{_clock(3)})(?:{_TO}(?:{_clock(4)}))?\s*{_ZONE}\)?)*"
HOURS = re.compile(
    rf"(?:(?P<until>(?i:until|till?|bis|hasta)\s+)|{_BEFORE}){_ABOUT}(?:{_clock(1)})"
    rf"(?:\s?{_ZONE}(?={_TO}))?"
    rf"(?:{_TO}{_ABOUT.replace('about', 'about_end')}(?:{_clock(2)})|{_OPEN})?{_BEHIND}{_AGAIN}"
)
ONLY_START = re.compile(
    rf"(?P<until>(?!))?{_BEFORE}{_ABOUT}(?:{_clock(1)})(?P<about_end>(?!))?{_BEHIND}"
)
"""A time behind which a number stands that is no end: ``9:00 - 5 ways to begin``."""
NUMBERED = re.compile(r"[^\W\d]\s+\d{1,2}:\s")
"""The number of what a line is about: ``Session 2: 10:30``."""
NAMES = {"midnight": 0, "mitternacht": 0, "minuit": 0, "medianoche": 0}
"""The names of midnight; all others are noon's."""
AFTERNOON = re.compile(r"^p|après|soir|nachm|abend|tarde|noche", re.IGNORECASE)
DURATION = re.compile(
    r"(?:(\d{1,3}(?:[.,]\d{1,2})?)\s*(?:hours?|hrs?|h|stunden?|std\.?|heures?|horas?)(?![a-z])\.?)?"
    r"\s*(?:and|und|,)?\s*(?:(\d{1,4})\s*(?:minutes?|minuten|minutos|mins?|m|['′])?\.?)?",
    re.IGNORECASE,
)


class Clock(NamedTuple):
    """A time as it is written, which may be in either half of the day."""

    minutes: int
    """Since midnight: of 1:00, 60."""
    is_sure: bool
    """a.m. or p.m. is said, or the hour is one of 24."""
    is_24: bool = False
    """Only a clock with 24 hours shows that time."""
    is_padded: bool = False
    """``09:00``"""
    is_twelve_am: bool = False
    """``12:30 am``, by which many mean the afternoon."""


class Hours(NamedTuple):
    """From when to when, as it is written."""

    start: Clock | None
    """None of what only ends: ``until 5``."""
    end: Clock | None = None
    zone: str | None = None
    """As it stands behind: ``PT``, ``UTC+2``."""
    is_about: bool = False
    """``~12:00-ish``"""
    text: str = ""
    moment: datetime | None = None
    """The start itself, with its day, where a page marks that; and ``until`` the end."""
    until: datetime | None = None


def whole(text: str) -> Hours | None:
    """Return the hours that a text is, and nothing else; None if it is none."""
    text = _plain(text)
    if len(text) > LONGEST_TIME or not (match := HOURS.fullmatch(text.rstrip(" :"))):
        return None
    return _hours(match, is_alone=True)


def leading(text: str) -> tuple[Hours, str] | None:
    """Return the hours with which a text begins, and what follows; None without."""
    begin = re.match(r"[\s\[(*]*", text)
    offset = begin.end() if begin else 0
    match = HOURS.match(text[offset : offset + LONGEST_TIME])
    is_open = match and _kind(match, 2) in {"bare", "packed"} and not match["bare_half_2"]
    if match and is_open and _kind(match, 1) == "full":
        behind = text[offset + match.end() :]
        if _kind(match, 2) == "packed" or re.match(r"\s*[\w(\"'“]", behind):
            match = ONLY_START.match(text[offset : offset + LONGEST_TIME])
    found = match and _hours(match, is_alone=False)
    if not match or not found:
        return None
    rest = text[offset + match.end() :]
    if rest[:1].isalnum() or re.match(r"[%€$°]|[/.,:]\d", rest):
        return None
    return found, re.sub(rf"^[\s*\])]*(?:(?:{_SIGN}|[:|,;•·])(?=\D|\s)\s*)*", "", rest).strip()


def trailing(text: str) -> tuple[Hours, str] | None:
    """Return the hours with which a text ends, and what stands before; None without.

    A time with nothing around it must be a range, or say a.m. or p.m.: ``in Room 9.30`` ends
    with none.
    """
    offset = max(0, len(text) - LONGEST_TIME)
    tail = text[offset:].rstrip(" .)]*")
    numbered = max((each.end() for each in NUMBERED.finditer(tail)), default=0)
    for match in HOURS.finditer(tail, numbered):
        if match.end() != len(tail) or match.start() + offset == 0:
            continue
        before = text[: match.start() + offset]
        if re.search(r"(?:UTC|GMT)\s?[+\-−±]\s?$", before):
            continue
        found = None if before[-1].isalnum() else _hours(match, is_alone=False)
        if found and (found.end or re.search(r"[ap]\.?m|uhr|\d:\d\d", match[0], re.IGNORECASE)):
            return found, _bare_end(_SEPARATOR.sub("", _bare_end(before)))
    return None


def _bare_end(text: str) -> str:
    """Return a text without the space and brackets at its end, of which there may be very many."""
    end = len(text)
    while end and (text[end - 1].isspace() or text[end - 1] in "([*"):
        end -= 1
    return text[:end]


def duration(text: str) -> int | None:
    """Return the minutes that a length of time has: ``1h 30m``, ``45 min``, ``1:30``, ``PT1H``."""
    text = re.sub(r"^P?T(?=\d)", "", text.strip())
    if match := re.fullmatch(r"(\d{1,2}):([0-5]\d)(?::00)?", text):
        return int(match[1]) * 60 + int(match[2]) or None
    match = DURATION.fullmatch(text[:LONGEST_TIME])
    if not match or not any(match.groups()):
        return None
    minutes = float((match[1] or "0").replace(",", ".")) * 60 + int(match[2] or 0)
    return round(minutes) if 0 < minutes <= 14 * DAY else None


def length(text: str) -> int | None:
    """Return the minutes of a text that is nothing but a length of time: ``(45 min)``."""
    text = text.strip("()[] ·|-–—")
    return duration(text) if re.search(r"\d\s*[^\W\d]", text) and not whole(text) else None


def shown(minutes: int) -> str:
    """Return the time that so many minutes are after a midnight, for people: ``9:05``."""
    return f"{minutes // 60 % 24}:{minutes % 60:02}"


def _plain(text: str) -> str:
    return " ".join(text.replace("*", " ").split()).strip("[]() ")


def _hours(match: re.Match[str], is_alone: bool) -> Hours | None:
    """Return what a match says; None if it only looks like a time.

    ``is_alone`` is what nothing stands beside, so that ``0900`` and ``9-10`` can be times.
    """
    kinds = [_kind(match, number) for number in (1, 2)]
    if not kinds[1]:
        is_time = kinds[0] in {"full", "word"} or (kinds[0] == "packed" and _is_clear(match))
        is_time = (
            is_time or match["bare_half_1"] == "p"
        )  # 6p is none but a time; 1a can be a list's
        if not is_time and not (match["until"] and kinds[0] == "bare"):
            return None
    elif set(kinds) == {"bare"} and not is_alone and not match["bare_half_2"]:
        return None
    elif set(kinds) == {"packed"} and not _is_clear(match, is_alone):
        return None
    elif set(kinds) == {"bare", "packed"}:
        return None
    first, second = _read(match, 1), _read(match, 2) if kinds[1] else None
    if first is None or (kinds[1] and second is None):
        return None
    is_about = bool(match["about"] or match["about_end"]) or "ish" in match[0].lower()
    zone = match["zone"]
    if match["until"]:
        return Hours(None, first, zone, is_about, match[0])
    return Hours(first, second, zone, is_about, match[0])


def _kind(match: re.Match[str], number: int) -> str:
    """Return how a time is written; empty if there is none."""
    if f"hour_{number}" not in match.re.groupindex:
        return ""
    if match[f"hour_{number}"]:
        is_letter = len((match[f"bare_half_{number}"] or "").strip(" .")) == 1
        return "bare" if is_letter or match[f"bare_{number}"] is not None else "full"
    if match[f"packed_{number}"]:
        said = match[f"packed_half_{number}"] or match[f"packed_word_{number}"]
        return "full" if said else "packed"
    return "word" if match[f"name_{number}"] else ""


def _is_clear(match: re.Match[str], is_alone: bool = False) -> bool:
    """Tell whether digits in a row are times and no years or house numbers: ``0900-1030``."""
    digits = [each for each in (match["packed_1"], match["packed_2"]) if each]
    if any(len(each) != 4 or int(each) % 5 for each in digits):
        return False
    if len(digits) == 1:
        return digits[0].startswith("0")
    if all(1900 <= int(each) <= 2100 for each in digits):
        return is_alone and not any(int(each) % 100 % 15 for each in digits)
    return True


def _read(match: re.Match[str], number: int) -> Clock | None:
    """Return one time of a match; None for hours that no clock has."""
    if name := match[f"name_{number}"]:
        minutes = NAMES.get(name.lower().removeprefix("12 "), NOON)
        return Clock(minutes, is_sure=True)
    if packed := match[f"packed_{number}"]:
        hour, minute, half = int(packed[:-2]), int(packed[-2:]), match[f"packed_half_{number}"]
        is_padded = packed.startswith("0")
    else:
        half = match[f"half_{number}"] or match[f"bare_half_{number}"]
        hour, minute = int(match[f"hour_{number}"]), int(match[f"minute_{number}"] or 0)
        is_padded = match[f"hour_{number}"].startswith("0")
    if hour > 24 or (hour == 24 and minute) or (half and hour > 12):
        if not half or hour > 23:
            return None
        half = None  # 13:30 PM, as some write
    if half:
        is_late = AFTERNOON.search(half.strip()) is not None
        minutes = (hour % 12 + (12 if is_late else 0)) * 60 + minute
        return Clock(minutes, is_sure=True, is_twelve_am=minutes < 60)
    is_24 = hour == 0 or hour > 12
    return Clock(hour * 60 + minute, is_24, is_24, is_padded)
