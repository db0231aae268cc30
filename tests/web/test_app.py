"""The application: a site below a path."""

import pytest
from conftest import schedule_of
from pages import Elements

from calsvc.live.events import Live
from calsvc.web.app import create_app

AGENDA = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: talk, title: Talk, when: 09:00-10:00}
"""


@pytest.mark.parametrize("prefix", ["", "/cal"], ids=["proxy takes the path off", "it does not"])
def test_site_below_a_path_stays_below_it(prefix: str) -> None:
    base_url = "https://example.org/cal"
    client = create_app(Live([schedule_of(AGENDA)], base_url)).test_client()

    page = client.get(f"{prefix}/events/conf/").text

    links = [each for each in Elements(page).links if not each.startswith(("?", "#", "https:"))]
    assert links and all(each.startswith("/cal/") for each in links)
    assert '<form method="post" action="/cal/my/add"' in page
    assert 'name="back" value="/cal/events/conf/"' in page
    assert client.get(f"{prefix}/events/conf.ics").status_code == 200
    moved = client.get(f"{prefix}/events/conf")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/cal/events/conf/")
