"""The options of My calendar: kept, shown, and refused with a word."""

import re

import pytest
from pages import Page
from people import Browser, MySite
from readers import read_vobject

from calsvc.storage.calendars import Calendars


def test_options_are_kept_and_shown(person: Browser) -> None:
    person.choose("talk")
    form = person.page().form("/my/options")

    response = person.send(form, name="Ann's days", alarm="15", busy=None, cancelled="mark")

    after = person.page().form("/my/options")
    shown = {"name": "My calendar", "alarm": "", "busy": "on", "cancelled": "status"}
    assert dict(form.fields) == shown
    assert response.status_code == 303
    assert dict(after.fields) == {"name": "Ann's days", "alarm": "15", "cancelled": "mark"}
    body = person.feed()
    assert b"\r\nX-WR-CALNAME:Ann's days\r\n" in body
    assert b"\r\nTRIGGER:-PT15M\r\n" in body
    assert [entry.transp for entry in read_vobject(body)] == ["TRANSPARENT"]


def test_options_sent_as_they_stand_change_nothing(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="A  & B", alarm="0", cancelled="drop")
    calendars = Calendars(my_site.storage.database)
    before = calendars.of_editor(person.key)

    person.send(person.page().form("/my/options"))

    assert calendars.of_editor(person.key) == before
    assert before.options.alarm == 0


NUMBER_WORDS = "Please write a number of minutes, up to four weeks of them"
NAME_WORDS = "Please write a name on one line, of 100 characters at most"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"alarm": "soon"}, [NUMBER_WORDS]),
        ({"alarm": "-1"}, [NUMBER_WORDS]),
        ({"alarm": "99999"}, [NUMBER_WORDS]),
        ({"name": "x" * 101}, [NAME_WORDS]),
        ({"name": "a\x00b"}, [NAME_WORDS]),
        ({"cancelled": "hide"}, ["Please choose one of these"]),
        ({"name": "x" * 101, "alarm": "0x10"}, [NAME_WORDS, NUMBER_WORDS]),
    ],
)
def test_options_that_cannot_be_change_nothing(
    my_site: MySite, person: Browser, changed: dict[str, str], words: list[str]
) -> None:
    person.choose("talk")
    before = Calendars(my_site.storage.database).of_editor(person.key)

    response = person.send(person.page().form("/my/options"), **changed)

    page = Page(response)
    assert response.status_code == 400
    assert re.findall("Please [^.]+", page.words) == words
    typed = {"name": "My calendar", "alarm": "", "busy": "on", "cancelled": "status"} | changed
    offered = {name: value for name, value in typed.items() if value != "hide"}
    assert dict(page.form("/my/options").fields) == offered
    assert Calendars(my_site.storage.database).of_editor(person.key) == before


def test_answer_to_a_wrong_form_leads_to_the_page_in_another_language(person: Browser) -> None:
    person.choose("talk")

    response = person.send(person.page().form("/my/options"), alarm="soon")

    ((address,),) = [re.findall(r'href="([^"]+)"[^>]*>Deutsch</a>', response.text)]
    assert address == "/my/?lang=de"
    assert person.get(address).status_code == 200
    assert '<form class="filters" method="get" action="/my/"' in response.text


def test_calendar_without_a_name_has_the_usual_one(person: Browser) -> None:
    person.choose("talk")

    person.send(person.page().form("/my/options"), name="")

    assert dict(person.page().form("/my/options").fields)["name"] == "My calendar"
