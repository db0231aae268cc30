"""The mapping of an event file → YAML that a person likes to read.

By the rules of ``agenda/yamlfile``: only what that would read as a number or a word of YAML
is put in quotes.  What was guessed stands as a comment beside what it was guessed for.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

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


def _number(dumper: Any, value: float) -> Any:
    return dumper.represent_scalar("tag:yaml.org,2002:float", str(value))


def _list(dumper: Any, value: list[Any]) -> Any:
    is_short = all(isinstance(each, float | int) for each in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_short)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)
_Dumper.add_representer(int, _number)
_Dumper.add_representer(list, _list)


def written(value: Any) -> str:
    """Return a value as YAML, each key on a line of its own."""
    return str(
        yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6, indent=2)
    )


def sheet(
    mapping: Mapping[str, Any], guesses: Mapping[str, Iterable[str]], head: Iterable[str] = ()
) -> str:
    """Return a whole event file; ``head`` are lines of comment at its top.

    ``guesses`` are those of each session, by its id, and of the event under an empty id.
    """
    own = {key: value for key, value in mapping.items() if key != "sessions"}
    notes = [*head, *(f"{GUESSED}{told}" for told in guesses.get("", ()))]
    comments = "".join(f"# {' '.join(note.split())}\n" for note in notes)
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
    lines = text.splitlines()
    first, *rest = lines
    return "".join(
        [f"{INDENT}- {first}\n", *(f"{INDENT}  {each}".rstrip() + "\n" for each in rest)]
    )


def guess_comment(guesses: Iterable[str]) -> str:
    """Return the comment that tells what was guessed; nothing if nothing was."""
    told = "; ".join(" ".join(each.split()) for each in guesses)
    return f"# {GUESSED}{told}" if told else ""
