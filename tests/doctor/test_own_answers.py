"""The doctor finds nothing in how calsvc serves its feeds: neither now, nor a second later."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import schedule_of
from feeds import RICH
from people import my_site_of
from servers import answering, caller

from calsvc.doctor.patients import Patient
from calsvc.doctor.report import text
from calsvc.schedule.entries import Schedule
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app

PATHS = (
    "/events/conf.ics",
    "/events/conf.ics?track=main&alarm=10&cancelled=mark",
    "/events/conf/sessions/night.ics",
    "/events/conf/sessions/posters.ics?alarm=10",
    "/events/ai-data-2025.ics",
    "/events.ics",
)


@pytest.fixture(name="port", scope="module")
def _port(tmp_path_factory: pytest.TempPathFactory, ai_data: Schedule) -> Iterator[int]:
    """The port of a site with an event of everything, and a real one."""
    site = my_site_of(tmp_path_factory.mktemp("site"), schedule_of(RICH), ai_data)
    app = create_app(site.live, Calendars(site.storage.database), site.settings)
    with answering(app) as port:
        yield port


def told(address: str) -> list[str]:
    """Return what the doctor tells of a calendar that it sees twice."""
    patient = Patient(address, private=True)
    patient.look()
    patient.look()
    assert patient.report.entries
    return [*text(patient.report)][:-1]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_wrong_with_how_feeds_are_served(port: int, path: str) -> None:
    assert told(f"http://127.0.0.1:{port}{path}") == []


@pytest.mark.parametrize("sessions", [["opening", "posters", "cancelled"], ["night"]])
def test_nothing_is_wrong_with_how_personal_calendars_are_served(
    port: int, sessions: list[str]
) -> None:
    chosen = [{"event": "conf", "session": each} for each in sessions]
    made = caller(port)("POST", "/api/calendars", body={"name": "Mine", "sessions": chosen})
    path = urlsplit(made.json["feed"]).path

    assert made.status == 201
    assert told(f"http://127.0.0.1:{port}{path}") == []
