"""What is answered where there is no time to answer: made beforehand, so that it takes none."""

from flask import Flask

from calsvc.addresses import PATHS
from calsvc.translations import LANGUAGES
from calsvc.web.error_handlers import is_file, unavailable
from calsvc.web.locale import accepted_language
from calsvc.web.sent import STATUS_LINES, Sent

PROGRAM, API, PAGE = PATHS.feed("any"), PATHS.api_event("any"), PATHS.events
"""Addresses of each kind: the answer for one of them does for all."""


class Busy:
    """Answers that tell whoever asked to come again: a page, a short text or problem details."""

    def __init__(self, app: Flask) -> None:
        """Make them, as the application answers them itself."""
        self._of_programs = _made(app, PROGRAM)
        self._of_api = _made(app, API)
        self._pages = {tag: _made(app, PAGE, tag) for tag in LANGUAGES}

    def answer(self, path: str, languages: str) -> Sent:
        """Return the answer for a path of the application and an Accept-Language."""
        if PATHS.is_of_api(path):
            return self._of_api
        if is_file(path) or PATHS.is_of_health(path):
            return self._of_programs
        return self._pages[accepted_language(languages)]


def _made(app: Flask, address: str, language: str = "") -> Sent:
    with app.test_request_context(address, headers={"Accept-Language": language}):
        response = app.process_response(unavailable())
        headers = response.get_wsgi_headers({}).to_wsgi_list()
        return Sent(STATUS_LINES[response.status_code], headers, [response.get_data()])
