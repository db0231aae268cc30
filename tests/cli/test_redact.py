"""The command that takes a text out of stored versions."""

import pytest
from commands import GOOD, WriteEvent, run, said

pytestmark = pytest.mark.usefixtures("elsewhere")
NAMED = GOOD.replace("title: Opening", "title: Opening by Ada Example")


def test_it_is_shown_done_and_told(write_event: WriteEvent) -> None:
    for text in (NAMED, GOOD):
        write_event(text)
        run("publish")

    dry = said(run("redact", "conf", "Ada Example", "--dry-run"))
    done = said(run("redact", "conf", "Ada Example"))
    again = said(run("redact", "conf", "Ada Example"))
    history = run("history", "conf").stdout

    # The session's title, its entry's, and the title before in the change of version 2.
    where = "taken out of 2 versions, at 3 places\n"
    told = "Something was taken out of earlier versions\n"
    assert dry == (0, f"conf: it would be {where}", "")
    assert done == (0, f"conf: it was {where}conf version 3\n  {told}", "")
    assert again == (0, "conf: no stored version has this text\n", "")
    assert "Ada" not in history
    assert told in history
    assert "Opening: renamed, was Opening by …" in history


def test_it_is_not_brought_back_unless_that_is_said(write_event: WriteEvent) -> None:
    for text in (NAMED, GOOD):
        write_event(text)
        run("publish")
    run("redact", "conf", "Ada Example")
    write_event(NAMED)

    refused, shown = said(run("publish")), said(run("publish", "--dry-run"))
    other = said(run("redact", "conf", "Bob Example", "--allow"))
    allowed = said(run("redact", "conf", "Ada Example", "--allow"))
    code, told, _ = said(run("publish"))

    words = (
        "events/conf.yaml: session opening: has a text that was taken out of all versions of conf;"
        " take it out of the file; or, if it may stand there again,"
        " run calsvc redact conf TEXT --allow\n"
    )
    assert refused == shown == (1, "", words)
    assert other == (0, "conf: it was never taken out\n", "")
    assert allowed == (0, "conf: event files may have it again\n", "")
    assert (code, "conf version 4" in told) == (0, True)


def test_agenda_that_has_it_is_an_error(write_event: WriteEvent) -> None:
    write_event(NAMED)
    run("publish")

    assert said(run("redact", "conf", "Ada Example")) == (
        1,
        "",
        "conf version 1: session opening: the agenda itself has this text;"
        " take it out of conf.yaml and publish that first\n",
    )


@pytest.mark.parametrize("text", ["", "ab", "   "])
def test_text_that_is_too_short_is_misuse(write_event: WriteEvent, text: str) -> None:
    write_event(NAMED)
    run("publish")

    result = run("redact", "conf", text)

    assert result.exit_code == 2
    assert "give 3 characters or more" in result.stderr


def test_event_that_is_unknown_is_an_error(write_event: WriteEvent) -> None:
    write_event(NAMED)
    run("publish")

    code, _, errors = said(run("redact", "nothing", "Ada Example"))

    assert code == 1
    assert "There is no event 'nothing'" in errors
