"""Content lines as icalendar writes them, and blocks with what is put into them later."""

from types import SimpleNamespace

import icalendar
import pytest
from conftest import BASE_URL, schedule_of
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar.parser import Contentline, Parameters
from markdown_it import MarkdownIt

from calsvc.addresses import Addresses
from calsvc.agenda.plaintext import MARKS, PERHAPS
from calsvc.ical.blocks import Blocks
from calsvc.ical.contentline import Raw, folded, line
from calsvc.schedule.display import Display

VALUES = st.text(st.sampled_from('aé日😀\\^",:; \t'), max_size=400)


@given(value=VALUES)
@example(value="x" * 72)
@example(value="x" * 73)
@example(value="x" * 71 + "\\\\" * 80)
@example(value="x" * 70 + "é" * 80)
@example(value="^" * 300)
def test_line_is_folded_as_icalendar_folds_it(value: str) -> None:
    expected = Contentline(f"X:{value}").to_ical().decode()

    assert folded(f"X:{value}\r\n") == f"{expected}\r\n"


@given(value=VALUES.filter(bool), title=VALUES)
@example(value="19970101", title='"')
def test_parameters_are_written_as_icalendar_writes_them(value: str, title: str) -> None:
    named = Parameters({"VALUE": "URI", "X-TITLE": title})
    as_written = SimpleNamespace(to_ical=value.encode)
    expected = Contentline.from_parts("X", named, as_written, sorted=False)

    written = line("X", Raw(value, VALUE="URI", X_TITLE=title))

    assert written == f"{expected.to_ical().decode()}\r\n"


PIECES = "# - + * _ ~ ` < > [ ] ( ) ! | : = 1. 2) & \\ a b c ~~ ** --- === \n \n\n".split(" ")


@given(st.lists(st.sampled_from([*PIECES, " ", "    ", "\t"]), max_size=14).map("".join))
@example("a\n|-\n| b")
@example("a|b\n-|-\nc|d")
@example("\N{NO-BREAK SPACE}# a")
def test_text_that_is_not_parsed_has_no_marks(text: str) -> None:
    tokens = MarkdownIt("js-default", {"linkify": False}).parse(text)
    types = {each.type for token in tokens for each in (token, *(token.children or ()))}

    assert PERHAPS.search(text) or types.isdisjoint(MARKS)


AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2025-06-25
    sessions:
      - {id: one, title: "One, of a title too long for a line, and of more", when: "09:00-10:00"}
      - {id: two, title: Two, when: "10:00-11:00", status: cancelled}
      - {id: three, title: Three}
    """


@pytest.mark.parametrize("minutes", [0, 10, 40320])
def test_reminder_is_as_icalendar_writes_it(minutes: int) -> None:
    schedule = schedule_of(AGENDA)
    blocks = Blocks(schedule, Addresses(BASE_URL))

    plain = blocks.of_all(schedule.entries, Display())
    reminding = blocks.of_all(schedule.entries, Display(alarm=minutes))

    (one,) = schedule.of_session("one")
    alarm = icalendar.Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("DESCRIPTION", one.content.title)
    alarm["TRIGGER"] = icalendar.vText(f"-PT{minutes}M")
    end = b"END:VEVENT\r\n"
    expected = [
        block.body.removesuffix(end) + alarm.to_ical() + end if entry is one else block.body
        for entry, block in zip(schedule.entries, plain, strict=True)
    ]
    assert [block.body for block in reminding] == expected
    assert blocks.of(one, Display()).body == plain[schedule.entries.index(one)].body
