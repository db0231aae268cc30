"""The texts, links and ids that an agenda is made of, and what they refuse.

A text that one of these types accepts reaches every calendar program unchanged.  Any
other is refused with a clear message, never silently altered: control characters end
lines in some readers, and icalendar drops U+FEFF at the start of a value.
"""

import re
import unicodedata
from datetime import date
from types import GenericAlias
from typing import Annotated, Any
from urllib.parse import quote, urlsplit, urlunsplit

import idna
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from calsvc import timezones
from calsvc.agenda.quoting import shown
from calsvc.errors import UnknownZoneError

ID_LENGTH = 80  # characters
ID_PATTERN = r"[a-z0-9]+(?:[-_.][a-z0-9]+)*"
LINE_LENGTH = 500  # characters
TEXT_LENGTH = 20_000  # characters
LINK_LENGTH = 1_000  # characters
COMMA = re.compile(r"\s*[,，،、､﹐﹑]\s*")
"""A comma of Latin, Chinese, Japanese or Arabic script."""
SEPARATOR = re.compile(r"\s*[,，،、､﹐﹑;；؛﹔]\s*")
"""A comma or a semicolon of any script."""
TEXT_CONTROLS = "\n\t"
UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)  # controls, line ends of some readers, and characters that XML does not allow

STORED = "stored"
"""The validation context of what was published once: rules that came later do not hold for it."""

OVERRIDES = re.compile("[\u202a-\u202e]")
"""Turn the order of letters round, so that a text reads as another one; isolates
(U+2066 to U+2069) keep it within bounds, and are fine."""
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters that are drawn as nothing."""


class Value(BaseModel):
    """An immutable part of an agenda that refuses unknown keys."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, validate_by_name=True
    )


def wrong(what: str, advice: str) -> PydanticCustomError:
    """Return the validation error that says what is wrong with a value and what to do."""
    return PydanticCustomError("agenda", "{what}; {advice}", {"what": what, "advice": advice})


def slug(text: str) -> str:
    """Return a text as lower-case words joined by hyphens: ``Hall A`` gives ``hall-a``.

    Letters of any script are kept with their combining marks; Latin and Greek letters
    lose their accents.
    """
    if text.isascii():
        return "-".join(re.findall("[a-z0-9]+", text.casefold()))
    kept, keeps_marks = "", False
    for character in unicodedata.normalize("NFKD", text.casefold()):
        kind = unicodedata.category(character)[0]
        if kind != "M":
            name = unicodedata.name(character, "")
            keeps_marks = kind == "L" and not name.startswith(("LATIN", "GREEK"))
            kept += character if kind in "LN" else " "
        elif keeps_marks:
            kept += character
    return "-".join(unicodedata.normalize("NFC", kept.casefold()).split())


def suggested_id(title: object) -> str:
    """Return an id derived from a title: ``Zero-Copy Cloning`` gives ``zero-copy-cloning``."""
    words = slug(str(title)).encode("ascii", "ignore").decode().split("-")
    return "-".join(filter(None, words[:5])) or "opening-keynote"


def _refuse_unsafe(text: str, allowed: str = "") -> None:
    if text.isprintable():  # which nothing unsafe is
        return
    for found in UNSAFE.finditer(text):
        character, position = found[0], found.start()
        if character in allowed:
            continue
        code, at = f"U+{ord(character):04X}", f"at character {position + 1}"
        if character == "\n":
            raise wrong(f"has {code} (a line break) {at}", "write it on one line")
        name = unicodedata.name(character, "a control character")
        raise wrong(f"has {code} ({name}) {at}", "take it out")


def _refuse_unseen(text: str) -> None:
    """Raise what is wrong with a text that reads as another one, or that nobody can see."""
    if found := OVERRIDES.search(text):
        name = unicodedata.name(found[0])
        what = f"has U+{ord(found[0]):04X} ({name}) at character {found.start() + 1}"
        raise wrong(what, "take it out; the isolates U+2066 to U+2069 are fine")
    if text and not any(map(_is_seen, text)):
        codes = ", ".join(dict.fromkeys(f"U+{ord(each):04X}" for each in text[:5]))
        raise wrong(f"has only characters that nobody can see ({codes})", "write some that show")


def _is_seen(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind[0] != "Z" and kind not in {"Cc", "Cf"} and character not in BLANK_LETTERS


def _line(value: Any) -> Any:
    # `room: 101` means the room called 101; yamlfile returns a number only if str()
    # gives back its text.
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def _checked_line(text: str, info: ValidationInfo) -> str:
    if not text:
        raise wrong("is empty", "write something, or take the key out")
    _refuse_unsafe(text)
    if info.context != STORED:
        _refuse_unseen(text)
    return text


def _checked_text(text: str, info: ValidationInfo) -> str:
    _refuse_unsafe(text, allowed=TEXT_CONTROLS)
    if info.context != STORED:
        _refuse_unseen(text)
    return text


def _checked_id(text: str) -> str:
    if not re.fullmatch(ID_PATTERN, text):
        suggestion = slug(text).encode("ascii", "ignore").decode().strip("-")
        advice = f"write {suggestion}" if suggestion else "use a-z, 0-9 and hyphens"
        raise wrong(f"{text!r} cannot stand in an address", advice)
    return text


def ascii_host(name: str) -> str:
    """Return the name of a host in ASCII, as browsers ask for it.

    That is IDNA 2008 by UTS #46, non-transitional: ``straße`` is ``xn--strae-oqa``, which is
    another host than ``strasse``.  Raises ``ValueError`` for no name of a host.
    """
    if name.isascii():
        return name.encode("idna").decode("ascii")  # sees to the lengths, and lets _ be
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        reason = str(error).rstrip(".")
        raise wrong(
            f"{name!r} cannot be the name of a host ({reason})",
            "correct it, or write it with xn--, as browsers copy it from their address line",
        ) from error


def _checked_link(text: str) -> str:
    _refuse_unsafe(text)
    try:
        parts = urlsplit(text)
        host = ascii_host(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except PydanticCustomError:  # which is a ValueError too, and says more
        raise
    except ValueError:
        parts, host, port = urlsplit(""), "", ""
    if parts.scheme not in {"http", "https"} or not host or re.search(r"[\s<>\"]", text):
        raise wrong(
            f"{text!r} is not a web address", "write one that starts with https:// or http://"
        )
    if parts.username or parts.password:
        # Error messages end up in logs, so they do not repeat a password.
        raise wrong("holds a name or a password", "take it out: feeds are public")
    host = f"[{host}]" if ":" in host else host
    path, query, fragment = (
        quote(part, safe="/%:@!$&'()*+,;=~?[]")
        for part in (parts.path, parts.query, parts.fragment)
    )
    return urlunsplit((parts.scheme, host + port, path, query, fragment))


def _checked_email(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>\",;:]+@[^\s@<>\",;:]+\.[^\s@<>\",;:]+", text):
        raise wrong(f"{text!r} is not an e-mail address", "write one such as team@example.org")
    return text


def _checked_zone(text: str) -> str:
    try:
        return timezones.zone(text).zone or text
    except UnknownZoneError as error:
        raise wrong(error.what, error.advice) from error


def _checked_language(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", text):
        raise wrong(f"{text!r} is not a language tag", "write one such as en or pt-BR")
    return text


def _checked_day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            day = date.fromisoformat(value)
            if timezones.FIRST_YEAR <= day.year <= timezones.LAST_YEAR:
                return day
    except ValueError:
        pass
    raise wrong(
        f"{shown(value)} is not a day between {timezones.FIRST_YEAR} and {timezones.LAST_YEAR}",
        "write one such as 2025-06-25",
    )


def one_or_many(kind: Any) -> BeforeValidator:
    """Return a validator that accepts one value as a list of one."""
    return BeforeValidator(
        lambda value: value if isinstance(value, list | tuple) else [value],
        json_schema_input_type=kind | GenericAlias(tuple, (kind, ...)),
    )


def comma_separated(kind: Any) -> BeforeValidator:
    """Let a text with commas or semicolons stand for a list of what is between them."""

    def separated(value: Any) -> Any:
        if isinstance(value, str):
            return list(dict.fromkeys(filter(None, SEPARATOR.split(value.strip())))) or [value]
        return value if isinstance(value, list | tuple) else [value]

    return BeforeValidator(
        separated, json_schema_input_type=kind | GenericAlias(tuple, (kind, ...))
    )


def named(kind: type[Value], key: str = "name") -> BeforeValidator:
    """Return a validator that accepts a text or a number as a mapping with only that key."""
    return BeforeValidator(
        lambda value: {key: value} if isinstance(value, str | int | float) else value,
        json_schema_input_type=kind | str | float,
    )


def _once(values: tuple[str, ...]) -> tuple[str, ...]:
    seen = set[str]()
    for value in values:
        if value in seen:
            raise wrong(f"names {value!r} twice", "keep one of them")
        seen.add(value)
    return values


def _plain(length: int) -> BeforeValidator:
    """Return a validator that turns a number into text and strips white space."""
    written = Annotated[str, Field(max_length=length)] | float
    return BeforeValidator(_line, json_schema_input_type=written)


def _pair(value: Any) -> Any:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise wrong("is not two numbers", "write latitude and longitude: [37.404, -121.975]")
    return value


Line = Annotated[
    str, Field(max_length=LINE_LENGTH), _plain(LINE_LENGTH), AfterValidator(_checked_line)
]
"""Text on one line, not empty, without white space at its ends."""
Text = Annotated[
    str, Field(max_length=TEXT_LENGTH), _plain(TEXT_LENGTH), AfterValidator(_checked_text)
]
"""Text on any number of lines, without white space at its ends."""
Id = Annotated[
    str,
    Field(max_length=ID_LENGTH),
    _plain(ID_LENGTH),
    AfterValidator(_checked_line),
    AfterValidator(_checked_id),
]
"""A name for use in addresses: a-z and 0-9, with single hyphens, underscores or dots between."""
Link = Annotated[
    str,
    Field(max_length=LINK_LENGTH),
    BeforeValidator(_line),
    AfterValidator(_checked_line),
    AfterValidator(_checked_link),
]
"""An http or https address, in ASCII."""
Email = Annotated[Line, AfterValidator(_checked_email)]
ZoneName = Annotated[Line, AfterValidator(_checked_zone)]
"""A zone name in the tz database's own spelling."""
Language = Annotated[Line, AfterValidator(_checked_language)]
"""A language tag (RFC 5646)."""
Date = Annotated[date, BeforeValidator(_checked_day)]
Geo = Annotated[
    tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]],
    BeforeValidator(_pair),
    Field(description="Latitude and longitude in degrees: [37.404, -121.975]"),
]
Once = AfterValidator(_once)
"""Refuses a list that holds the same value twice."""
