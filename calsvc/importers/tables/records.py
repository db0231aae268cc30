"""Data files of site generators: YAML, JSON, TOML, JavaScript and XML with lists of sessions.

Also the front matter of a page, and the program files of devopsdays.
"""

import json
import re
import tomllib
from typing import Any

from lxml import etree

from calsvc.agenda.quoting import said
from calsvc.agenda.yamlfile import Document
from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import trees
from calsvc.importers.habits.elements import root_of
from calsvc.importers.tables import cells, rows
from calsvc.importers.tables.nests import Nest

YAML = frozenset({".yml", ".yaml"})
SCRIPTS = frozenset({".js", ".mjs", ".cjs", ".ts", ".jsonp"})
PAGES = frozenset({".md", ".markdown", ".html", ".htm"})
_ASSIGNED = re.compile(
    r"(?:^|\n)\s*(?:export\s+default\s+|(?:export\s+)?(?:var|let|const)\s+[\w$]+(?:\s*:\s*[^=\n]{1,80})?\s*="
    r"|(?:module\.)?exports(?:\.\w+)?\s*=|window\.[\w.]+\s*=|[\w.$]+\s*\()\s*(?=[\[{])"
)
"""What stands before the value in a script."""
_FRONT = re.compile(r"(?s)\A(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)")


def recognises(source: Source) -> bool:
    """Tell whether a source has lists of sessions with times, as data."""
    if source.members:
        return bool(_tables(_of_members(source)))
    if source.suffix in YAML | {".toml"} or "yaml" in source.media_type:
        return True
    try:
        if source.suffix in PAGES:
            return bool(_FRONT.match(source.text) and _tables(_value(source)))
        value = _value(source)
    except SourceError:
        return False
    return value is not None and bool(_tables(value))


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the sessions of a data file.  Raises ``SourceError`` where there are none."""
    draft = Draft()
    value = _of_members(source) if source.members else _value(source, draft)
    nest = Nest(value, wishes.columns)
    _describe(draft, value)
    if not (tables := nest.tables or list(nest.untimed.values())):
        what = "has no list of sessions, with a title and a time each"
        raise SourceError(source.name, what, "name the keys, such as --column title=topic")
    if unknown := nest.known.unknown:
        told = f"titles are ids, such as {unknown[0]}, whose sessions are in another file"
        draft.guessed.append(f"{told} ({len(unknown)})")
    if nest.tables:
        draft.left_out.extend(
            f"the list {name or 'of sessions'}, which has no times ({len(table.rows)})"
            for name, table in nest.untimed.items()
        )
    return rows.draft_of(tables, wishes, source.name, draft)


def _tables(value: Any) -> list[rows.Table]:
    return [each for each in Nest(value).tables if len(each.rows) > 1]


def _of_members(source: Source) -> dict[str, Any]:
    """Return the values of all data files of a folder, by their names."""
    found: dict[str, Any] = {}
    for path, member in source.members.items():
        if member.suffix in YAML | {".json", ".toml"}:
            try:
                found[path.rpartition("/")[2].rpartition(".")[0]] = _value(member)
            except SourceError:
                continue  # a folder of a site has files of every kind
    return found


def _value(source: Source, draft: Draft | None = None) -> Any:
    """Return what a file holds, as lists, mappings and texts; None for no data.

    Raises ``SourceError`` for data that is broken.
    """
    if source.suffix in YAML or "yaml" in source.media_type:
        return _yaml(source, source.text, draft)
    if source.suffix == ".toml":
        return _toml(source, source.text)
    if source.suffix in PAGES and (front := _FRONT.match(source.text)):
        read = _yaml if front[1] == "---" else _toml
        return read(source, front[2])
    if source.suffix in SCRIPTS:
        return _script(source)
    if (value := source.json) is not None:
        return value
    root = root_of(source)
    return None if root is None else _element(root)


def _yaml(source: Source, text: str, draft: Draft | None = None) -> Any:
    document = Document(source.name, text)
    if document.root is None and document.problems:
        problem = document.problems[0]
        place = f"{source.name}:{problem.line}:{problem.column}"
        raise SourceError(place, problem.what, problem.advice)
    if draft is not None:
        draft.guessed.extend(
            f"line {each.line}: {each.what}, which is read as it stands"
            for each in document.problems[:5]
        )
    return document.root


def _toml(source: Source, text: str, draft: Draft | None = None) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise SourceError(source.name, f"is broken TOML: {said(error)}", "correct it") from error


def _script(source: Source) -> Any:
    """Return the first value of a script that is a list or mapping with sessions in it.

    It is read as JSON or else as YAML, which knows keys without quotes and last commas.
    """
    text = source.text
    decoder = json.JSONDecoder()
    found: dict[str, Any] = {}
    for match in [*_ASSIGNED.finditer(text)][:20]:
        try:
            found[str(len(found))], _ = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            end = text.find("\n" + ("]" if text[match.end()] == "[" else "}"), match.end())
            document = Document(source.name, _without_comments(text[match.end() : end + 2]))
            if document.root is not None:
                found[str(len(found))] = document.root
    return found or None


def _without_comments(script: str) -> str:
    lines = (re.sub(r"(?:^|\s)//[^'\"`]*$", "", line) for line in script.splitlines())
    return "\n".join(line.replace("\t", "  ") for line in lines)


def _element(element: etree._Element) -> Any:
    """Return an element as a mapping of its attributes and elements, or as its text."""
    inner = [each for each in element if isinstance(each.tag, str)]
    if not inner and not element.attrib:
        return element.text or ""
    found: dict[str, Any] = {
        etree.QName(key).localname: value for key, value in element.attrib.items()
    }
    for each in inner:
        name, value = etree.QName(each).localname, _element(each)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    if not inner and element.text and element.text.strip():
        found.setdefault("text", element.text)
    return found


def _describe(draft: Draft, value: Any) -> None:
    """Give a draft what a data file says of the event itself."""
    root = trees.mapping(value)
    about = next(
        (
            inner
            for name in ("conference", "event", "info", "site")
            if (inner := trees.mapping(root.get(name)))
        ),
        root,
    )
    name = trees.line(trees.first(about, "name", "title", "event_name", "conference"))
    city, year = trees.line(about.get("city")), trees.line(about.get("year"))
    if city and year and "program" in about:
        name = f"devopsdays {city} {year}"  # whose "name" is a key: 2019-geneva
    draft.name = name
    draft.timezone = trees.line(trees.first(about, "timezone", "time_zone", "tz"))
    draft.first_day = _day(about, "startdate", "start_date", "startDate", "dateStart", "from")
    draft.last_day = _day(about, "enddate", "end_date", "endDate", "dateEnd", "to")
    draft.venue = trees.line(trees.first(about, "venue", "location"))
    draft.address = trees.line(trees.first(about, "location_address", "address"))
    draft.url = trees.link(trees.first(about, "url", "website"))
    if isinstance(about.get("description"), str):
        draft.description = cells.prose(about["description"])


def _day(about: dict[str, Any], *names: str) -> Any:
    found = cells.moment(trees.first(about, *names))
    if found.instant:
        return found.instant.date()
    return found.said.on(None) if found.said and not found.said.may_swap else None
