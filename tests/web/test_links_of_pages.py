"""Every link of the real site leads somewhere."""

from urllib.parse import urljoin, urlsplit

import pytest
from conftest import BASE_URL
from flask.testing import FlaskClient
from pages import Elements
from realsite import EVENT, EVENT_PAGE, SESSION, SESSION_PAGE


@pytest.mark.slow
def test_every_link_of_the_site_leads_somewhere(client: FlaskClient) -> None:
    waiting, seen = ["/"], {"/"}

    broken = []
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        links = Elements(response.text).links if response.mimetype == "text/html" else []
        response.close()
        if response.status_code != 200:
            broken.append((path, response.status))
        for link in links:
            target = urljoin(f"{BASE_URL}{path}", link.replace("webcal://", "https://"))
            parts = urlsplit(target)
            local = parts._replace(scheme="", netloc="", fragment="").geturl()
            if target.startswith(BASE_URL) and local not in seen:
                seen.add(local)
                waiting.append(local)

    assert broken == []
    assert {"/", "/events.ics", EVENT, EVENT_PAGE, SESSION, SESSION_PAGE} <= seen
