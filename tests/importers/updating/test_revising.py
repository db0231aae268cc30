"""Changes in the text of an event file: in whatever style it is, each other line stays."""

import difflib
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsvc.agenda.yamlfile import Document
from calsvc.importers.updating.merging import Added, Merge
from calsvc.importers.updating.revising import applied, revised

PLAIN = """\
# The agenda of Conf.
name: Conf   # as people call it
timezone: Europe/Berlin

# ours
date: 2027-06-15
sessions:
  # Morning
  - id: one
    title: One   # a guess
    when: 09:00-10:00  # may move
    room: "A"  # the big one
    description: |
      First.

      # no comment
    people:
      # who knows
      - Ada Example
      - Bo Example

  # Noon
  # and later
  - id: two
    title: Two
    when: 10:00-11:00

  - id: three
    title: Three
    # to be checked
"""


def lines_of(old: str, new: str) -> list[str]:
    """Return the lines that differ, with - and + before them."""
    differ = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in differ if line[:1] in "-+"]


def added(name: str, after: str | None, **fields: Any) -> Added:
    return Added({"id": name, "title": name.title(), **fields}, (), after)


@pytest.mark.parametrize(
    ("merge", "lines"),
    [
        (
            Merge(changed={"one": {"when": "09:30-10:00"}}),
            ["-     when: 09:00-10:00  # may move", "+     when: 09:30-10:00  # may move"],
        ),
        (
            Merge(changed={"one": {"when": "09:30-10:00"}}, guesses={"one": ("its end",)}),
            [
                "-     when: 09:00-10:00  # may move",
                "+     when: 09:30-10:00  # may move  # guessed: its end",
            ],
        ),
        (
            Merge(changed={"one": {"room": "B: small"}}),
            ['-     room: "A"  # the big one', "+     room: 'B: small'  # the big one"],
        ),
        (Merge(changed={"one": {"room": None}}), ['-     room: "A"  # the big one']),
        (
            Merge(changed={"one": {"title": "Uno"}}),
            ["-     title: One   # a guess", "+     title: Uno   # a guess"],
        ),
        (
            Merge(changed={"one": {"description": "Other.\nLines."}}),
            [
                "-     description: |",
                "+     description: |-",
                "-       First.",
                "+       Other.",
                "- ",
                "-       # no comment",
                "+       Lines.",
            ],
        ),
        (Merge(changed={"one": {"track": "Data"}}), ["+     track: Data"]),
        (
            Merge(changed={"three": {"when": "12:00-13:00", "tags": ["x"]}}),
            ["+     when: 12:00-13:00", "+     tags:", "+     - x"],
        ),
        (
            Merge(changed={"one": {"people": ["Cy Example"]}}),
            [
                "-       # who knows",
                "-       - Ada Example",
                "-       - Bo Example",
                "+     - Cy Example",
            ],
        ),
        (
            Merge(gone=["two"]),
            [
                "-   # Noon",
                "-   # and later",
                "-   - id: two",
                "-     title: Two",
                "-     when: 10:00-11:00",
                "- ",
            ],
        ),
        (Merge(event={"timezone": "UTC"}), ["- timezone: Europe/Berlin", "+ timezone: UTC"]),
        (
            Merge(event={"name": "C"}),
            ["- name: Conf   # as people call it", "+ name: C   # as people call it"],
        ),
        (
            Merge(event={"date": None, "dates": {"from": "2027-06-15", "to": "2027-06-16"}}),
            ["- date: 2027-06-15", "+ dates:", "+   from: 2027-06-15", "+   to: 2027-06-16"],
        ),
        (Merge(event={"venue": "Zentrum"}), ["+ venue: Zentrum"]),
        (
            Merge(event={"follow": {"url": "https://example.org", "private": True}}),
            ["+ follow:", "+   url: https://example.org", "+   private: true"],
        ),
        (Merge(added=[added("new", "two")]), ["+ ", "+   - id: new", "+     title: New"]),
        (Merge(added=[added("new", "three")]), ["+ ", "+   - id: new", "+     title: New"]),
        (Merge(added=[added("new", None)]), ["+   - id: new", "+     title: New", "+ "]),
        (Merge(), []),
    ],
)
def test_only_lines_of_what_changes_are_written(merge: Merge, lines: list[str]) -> None:
    new = revised("conf.yaml", PLAIN, merge)

    assert sorted(lines_of(PLAIN, new)) == sorted(lines)
    assert Document("", new).root == applied(Document("", PLAIN).root, merge)


ALL = Merge(
    event={"name": "New", "url": "https://example.org/"},
    changed={"one": {"when": "09:30-10:00", "room": "B"}, "three": {"description": "a\nb"}},
    gone=["two"],
    added=[added("zero", None, when="08:00-09:00"), added("four", "one"), added("five", "four")],
)
AFTER = {
    "name": "New",
    "timezone": "UTC",
    "date": "2027-06-15",
    "url": "https://example.org/",
    "sessions": [
        {"id": "zero", "title": "Zero", "when": "08:00-09:00"},
        {"id": "one", "title": "One", "when": "09:30-10:00", "room": "B"},
        {"id": "four", "title": "Four"},
        {"id": "five", "title": "Five"},
        {"id": "three", "title": "Three", "description": "a\nb"},
    ],
}
HEAD = "name: Old  # keep a\ntimezone: UTC\ndate: 2027-06-15\n"
STYLES = {
    "flow items": HEAD
    + """sessions:  # keep b
  - {id: one, title: One, when: 09:00-10:00}  # keep c
  - {id: two, title: Two}
  # keep d
  - {id: three, title: Three}
""",
    "no indent": HEAD
    + """sessions:
- id: one
  title: One  # keep b
  when: 09:00-10:00
- id: two
  title: Two
- id: three
  title: Three
# keep c
""",
    "deep indents": HEAD
    + """sessions:
      -     id: one
            title: One
            when: 09:00-10:00
      # gone
      -     id: two
            title: Two
      -     id: three
            title: Three   # keep b
""",
    "dashes alone": HEAD
    + """sessions:
  -
    # keep b
    id: one
    title: One
    when: 09:00-10:00
  -
    id: two
    title: Two
  -

    title: Three
    id: three
""",
    "keys behind": """# keep a
sessions:
  - when: 09:00-10:00  # keep b
    id: one
    title: One
  - title: Two
    id: two
  - id: three
    title: Three

# keep c
name: Old
timezone: UTC  # keep d

date: 2027-06-15
# keep e
""",
    "quoted keys": """'name': "Old"   # keep a
"timezone": UTC
date: "2027-06-15"
"sessions":   # keep b
  - "id": "one"
    'title': 'One'
    "when": "09:00-10:00"  # keep c
  - "id": two
    title: Two
  - id: three
    "title": "Three"
""",
    "one line": HEAD
    + """# keep b
sessions: [{id: one, title: One, when: 09:00-10:00}, {id: two, title: T},
  {id: three, title: Three}] # lost
# keep d
""",
    "all in one line": "{name: Old, timezone: UTC, date: 2027-06-15, sessions: ["
    "{id: one, title: One, when: 09:00-10:00}, {id: two, title: T}, {id: three, title: Three}]}",
    "flow over lines": HEAD
    + """sessions:
  - {
      id: one,  # lost
      title: One,
      when: 09:00-10:00,
    }
  - {id: two,
     title: Two}
  - {id: three,
     title: Three}
# keep b
""",
    "document marks": "%YAML 1.2\n---\n# keep a\n"
    + HEAD
    + """sessions:
  - id: one
    title: One
    when: 09:00-10:00
  - id: two
    title: Two
  - id: three
    title: >-
      Three
...
# keep b
""",
    "texts with hashes": HEAD
    + """sessions:
  - id: one
    title: One
    when: 09:00-10:00
  - id: two
    title: Two
    description: |
      text
      # no comment
  - id: three
    title: |-
      Three
# keep b
""",
    "empty keys": HEAD
    + """venue:
sessions:
  - id: one
    title: One
    when: 09:00-10:00
    room:   # keep b
    track:
  - id: two
    title: Two
  - id: three
    title: Three
    description:
""",
}


def comments(text: str) -> list[str]:
    """Return the comments that are to be kept, by their order."""
    return [f"keep {part[0]}" for part in text.split("# keep ")[1:]]


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES.keys())
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("is_cut", [False, True], ids=["whole", "cut"])
def test_file_of_any_style_is_changed(text: str, mark: str, end: str, is_cut: bool) -> None:
    old = mark + (text.rstrip("\n") if is_cut else text).replace("\n", end)

    new = revised("conf.yaml", old, ALL)

    assert new.startswith(mark) and new.count("\ufeff") == len(mark)
    assert new.count("\n") == new.count(end if end in old else "\n")
    assert Document("", new.removeprefix(mark)).root == AFTER
    assert comments(new) == comments(text)
    last = text.rstrip("\n").rpartition("\n")[2]
    assert is_cut is False or not last.startswith("#") or not new.endswith("\n")


def test_list_without_sessions_gets_some() -> None:
    for tail in ("", "sessions:\n", "sessions: []\n", "sessions:   # none yet\n"):
        new = revised("", HEAD + tail, Merge(added=[added("one", None), added("two", "one")]))

        assert [each["id"] for each in Document("", new).root["sessions"]] == ["one", "two"]
        assert new.startswith(HEAD)
        assert ("# none yet" in tail) == ("# none yet" in new)


def test_list_whose_sessions_are_all_gone_is_empty() -> None:
    text = HEAD + "sessions:\n  - id: one\n    title: One\nurl: https://example.org\n"

    new = revised("", text, Merge(gone=["one"]))

    assert new == HEAD + "sessions:\nurl: https://example.org\n"


def test_aliases_are_written_out_where_they_change() -> None:
    text = HEAD + (
        "sessions:\n"
        "  - id: one\n    title: One\n    room: &hall Hall A\n"
        "  - id: two\n    title: Two\n    room: *hall  # the same\n"
    )

    other = revised("", text, Merge(changed={"two": {"room": "B"}}))
    first = revised("", text, Merge(changed={"one": {"room": "B"}}))

    assert other == text.replace("*hall", "B")
    assert [each["room"] for each in Document("", first).root["sessions"]] == ["B", "Hall A"]


# --- by chance ----------------------------------------------------------------------------

VALUES = st.sampled_from(
    ["x", "a: b", "# c", "a\nb", "- a\n# b\n  c", "12", "null", "'", '"a" # b']
)
FIELDS = st.fixed_dictionaries(
    {"title": VALUES},
    optional={
        "when": st.just("09:00-10:00"),
        "room": VALUES,
        "description": VALUES,
        "tags": st.lists(VALUES, min_size=1, max_size=2),
    },
)
CHANGES = st.dictionaries(
    st.sampled_from(["when", "room", "description", "level"]), VALUES | st.none()
)


@st.composite
def written_files(draw: st.DrawFn) -> str:
    """Draw an event file as people write them: each session in a style of its own."""
    names = draw(st.lists(st.sampled_from("abcdef"), max_size=5, unique=True))
    margin = " " * draw(st.integers(0, 3))
    text = "name: Conf # keep n\ntimezone: UTC\ndate: 2027-06-15\nsessions:\n"
    for name in names:
        text += draw(st.sampled_from(["", "\n", f"{margin}# above\n", "\n\n# far\n\n"]))
        fields = {"id": name, **draw(FIELDS)}
        text += textwrap.indent(draw(st.sampled_from([block, compact, flowing]))(fields), margin)
        text += draw(st.sampled_from(["", "", f"{margin}    # inside\n"]))
    return text + draw(st.sampled_from(["", "# end\n", "url: https://example.org # keep u\n"]))


def block(fields: dict[str, Any]) -> str:
    lines = [f"{key}: {quoted(value)}  # of {key}" for key, value in fields.items()]
    return "- " + "\n  ".join(lines) + "\n"


def compact(fields: dict[str, Any]) -> str:
    lines = []
    for key, value in fields.items():
        if isinstance(value, str) and "\n" in value:
            lines.append(f"{key}: |-\n" + textwrap.indent(value, " " * 7))
        else:
            lines.append(f"{key}: {quoted(value)}")
    return "-\n   " + "\n   ".join(lines) + "\n"


def flowing(fields: dict[str, Any]) -> str:
    return "- {" + ", ".join(f"{key}: {quoted(value)}" for key, value in fields.items()) + "} # f\n"


def quoted(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(quoted, value)) + "]"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@given(text=written_files(), data=st.data())
def test_file_says_what_the_merge_does_and_keeps_the_rest(text: str, data: st.DataObject) -> None:
    root = Document("", text).root
    names = [each["id"] for each in root.get("sessions", [])]
    gone = data.draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    left = [name for name in names if name not in gone]
    changed = {name: data.draw(CHANGES) for name in left if data.draw(st.booleans())}
    merge = Merge(
        event=data.draw(st.sampled_from([{}, {"name": "B"}, {"url": None}, {"venue": "Z"}])),
        changed=changed,
        gone=gone,
        added=[
            added(f"new-{number}", after)
            for number, after in enumerate(
                data.draw(st.lists(st.sampled_from([None, *left]), unique=True))
            )
        ],
    )

    new = revised("", text, merge)

    assert Document("", new).root == applied(root, merge)
    assert Document("", new).problems == []
    untouched = [line for line in text.splitlines() if "# far" in line or "# end" in line]
    assert [line for line in new.splitlines() if line in untouched] == untouched
    if not merge:
        assert new == text


@pytest.mark.parametrize(
    "item",
    [
        "- id: e\n  title: E\n    # inside\n",
        "- {id: e, title: E, tags: [a, b], room: A, url: 'https://example.org/long'} # f\n"
        "    # inside\n",
    ],
)
def test_text_in_lines_takes_in_no_comment(item: str) -> None:
    text = f"name: Conf # keep\nsessions:\n{item}"

    new = revised("", text, Merge(changed={"e": {"level": "one\ntwo"}}))

    assert Document("", new).root["sessions"][0]["level"] == "one\ntwo"
    assert new.startswith("name: Conf # keep\n")
    assert new.endswith("    # inside\n")
