"""The stars of an agenda: what they post, and which are pressed."""

import pytest
from conftest import client_of, schedule_of
from flask.testing import FlaskClient
from pages import AgendaPage, agenda_page

from calsvc.web.stars import pressed

AGENDA = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: one, title: One, when: 09:00-10:00, room: A}
  - {id: two, title: Two, when: 09:30-10:00}
"""


def test_star_posts_the_session_and_comes_back(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel&tz=Asia/Kolkata").text

    assert '<form method="post" action="/my/add?tz=Asia/Kolkata"' in html
    assert '<input type="hidden" name="event" value="ai-data-2025">' in html
    assert (
        '<input type="hidden" name="back"'
        ' value="/events/ai-data-2025/?kind=panel&amp;tz=Asia/Kolkata">'
    ) in html
    stars = agenda_page(client, "/events/ai-data-2025/?kind=panel").articles
    assert {(each["value"], each["pressed"]) for each in stars} == {
        ("genai-startups", "false"),
        ("agentic-infrastructure", "false"),
    }


def test_star_of_a_session_that_is_on_twice_names_the_time() -> None:
    text = AGENDA.replace("when: 09:00-10:00, room: A", "when: [09:00-10:00, 11:00-12:00]")
    schedule = schedule_of(text)

    page = agenda_page(client_of(schedule), "/events/conf/")

    assert [each["value"] for each in page.articles] == [
        f"one/{schedule.of_session('one')[0].uid}",
        "two",
        f"one/{schedule.of_session('one')[1].uid}",
    ]


TWICE = AGENDA.replace("when: 09:00-10:00, room: A", "when: [09:00-10:00, 11:00-12:00]")


def test_stars_of_what_was_chosen_are_pressed() -> None:
    schedule = schedule_of(TWICE)
    first, second = (str(each.uid) for each in schedule.of_session("one"))
    page = client_of(schedule).get("/events/conf/").data

    def stars(chosen: dict[str | None, set[str | None]]) -> list[tuple[str, str, str]]:
        html = pressed(page, chosen, "/my/remove?lang=de&tz=UTC", 3).decode()
        articles = AgendaPage(html).articles
        return [(each["value"], each["pressed"], each["formaction"]) for each in articles]

    remove = "/my/remove?lang=de&tz=UTC"
    two = ("two", "false", "")
    assert stars({}) == [(f"one/{first}", "false", ""), two, (f"one/{second}", "false", "")]
    assert stars({"one": {None}}) == [("one", "true", remove), two, ("one", "true", remove)]
    assert stars({"one": {second}}) == [
        (f"one/{first}", "false", ""),
        two,
        (f"one/{second}", "true", remove),
    ]
    assert stars({"other": {None}, None: {None}})[1] == two


@pytest.mark.parametrize(("number", "shown"), [(0, ""), (12, "(12)")])
def test_header_says_how_many_sessions_of_all_events_are_chosen(number: int, shown: str) -> None:
    page = client_of(schedule_of(AGENDA)).get("/events/conf/").data

    html = pressed(page, {}, "/my/remove", number).decode()

    assert f'<span data-chosen="{number}">{shown}</span></a>' in html
    assert b'<span data-chosen=""></span></a>' in page


def test_words_that_look_like_a_star_are_not_pressed() -> None:
    title = """'value="two" aria-pressed="false"'"""
    page = client_of(schedule_of(AGENDA.replace("title: One", f"title: {title}")))

    html = pressed(page.get("/events/conf/").data, {"two": {None}}, "/my/remove", 1).decode()

    assert [(each["value"], each["pressed"]) for each in AgendaPage(html).articles] == [
        ("one", "false"),
        ("two", "true"),
    ]
    assert html.count("formaction") == 1
