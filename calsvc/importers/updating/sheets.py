"""The mapping of an event file → YAML that a person likes to read.

By the rules of ``agenda/yamlfile``: only what that would read as a number or a word of YAML
is put in quotes.  What was guessed stands as a comment beside what it was guessed for.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from calsvc.importers.drawing import texts

GUESSED = "guessed: "
SESSIONS = "sessions:\n"
INDENT = "  "


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Writes YAML 1.2: dates and clock times are texts as any other."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML has it


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), [*"~nN", ""]
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), [*"tTfF"]
)
_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?\d{1,15}(?:\.\d{1,15})?$"), [*"-0123456789"]
)


def _text(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


class OneLine(str):
    """A text of several lines that is written in one, in quotes."""


def _one_line(dumper: Any, value: str) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:str", str(value), style='"')


def _number(dumper: Any, value: float) -> Any:
    plain = f"{value:.7f}".rstrip("0").rstrip(".")  # no exponent, which is text to YAML 1.2
    return dumper.represent_scalar("tag:yaml.org,2002:float", plain)


def _list(dumper: Any, value: list[Any]) -> Any:
    is_short = all(isinstance(each, float | int) for each in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(OneLine, _one_line)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(int, _number)
_Dumper.add_representer(list, _list)


def written(value: Any) -> str:
    """Return a value as YAML, each key on a line of its own."""
    return str(
        yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, indent=2)
    )


def flow(fields: Mapping[str, Any]) -> str:
    """Return a mapping as YAML in one line: ``{id: one, title: One}``."""
    text = yaml.dump(
        dict(fields),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10**6,
        default_flow_style=True,
    )
    return " ".join(str(text).split("\n")).strip()


def sheet(
    mapping: Mapping[str, Any], guesses: Mapping[str, Iterable[str]], head: Iterable[str] = ()
) -> str:
    """Return a whole event file; ``head`` are lines of comment at its top.

    ``guesses`` are those of each session, by its id, and of the event under an empty id.
    """
    own = {key: value for key, value in mapping.items() if key != "sessions"}
    notes = [*head, *(f"{GUESSED}{told}" for told in guesses.get("", ()))]
    comments = "".join(f"# {line}\n" for note in notes if (line := texts.line(note)))
    sessions = (
        session_block(session, guesses.get(session["id"], ())) for session in mapping["sessions"]
    )
    return f"{comments}{written(own)}{SESSIONS}{''.join(sessions)}"


def session_block(session: Mapping[str, Any], guesses: Iterable[str]) -> str:
    """Return a session as an item of the list of sessions, with what was guessed of it."""
    text = written(dict(session))
    if comment := guess_comment(guesses):
        key = "when" if isinstance(session.get("when"), str) else "title"
        text = re.sub(rf"(?m)^({key}: .*)$", lambda found: f"{found[1]}  {comment}", text, count=1)
    first, *rest = text.splitlines()
    below = (f"{INDENT}  {each}\n" if each.strip() else "\n" for each in rest)
    return "".join([f"{INDENT}- {first}\n", *below])


def guess_comment(guesses: Iterable[str]) -> str:
    """Return the comment that tells what was guessed; nothing if nothing was."""
    told = texts.line("; ".join(guesses))
    return f"# {GUESSED}{told}" if told else ""
