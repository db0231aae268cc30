"""The days of an agenda, in the order of time and rooms; and a long one is small."""

import gzip
import re

import pytz
from agendas import agenda_of, long_agenda
from conftest import client_of
from pages import AgendaPage, agenda_page

from calsvc.web.grid import days

BERLIN = pytz.timezone("Europe/Berlin")


def test_page_has_the_rows_in_the_order_of_time() -> None:
    client = client_of(agenda_of("early 09:00-10:00 A", "late 11:00-12:00 A", "long 09:00-12:00 B"))

    page = agenda_page(client, "/events/conf/")

    assert page.titles == ["early", "long", "late"]


def test_rooms_that_are_not_listed_stand_in_the_order_of_their_names() -> None:
    schedule = agenda_of("a 09:00-10:00 Room 10", "b 09:00-10:00 Room 2", "c 09:00-10:00 Lab")

    ((day),) = days(schedule.entries, BERLIN, ["Room 10"])

    assert [each.entry.session for each in day.placed] == ["a", "c", "b"]


# --- size ---------------------------------------------------------------------------------


def test_agenda_of_500_sessions_is_small_and_paints_with_one_stylesheet() -> None:
    client = client_of(long_agenda(500))

    response = client.get("/events/conf/days/", headers={"Accept-Encoding": "gzip"})

    assert len(response.data) < 60 * 1024
    html = gzip.decompress(response.data).decode()
    assert len(AgendaPage(html).articles) == 500
    head = html[: html.index("</head>")]
    assert len(re.findall(r'<link rel="stylesheet"', html)) == 1
    assert [each for each in re.findall(r"<script ([^>]*)>", head) if "src" in each] == [
        each for each in re.findall(r"<script ([^>]*)>", head) if each.startswith('type="module"')
    ]
