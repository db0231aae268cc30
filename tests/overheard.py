"""Pages that tell a test what they write to the console, for an engine that does not.

A site that is overheard gives WebKit a script more, the first on each page: it tells errors,
warnings, promises that nobody kept, scripts and pictures that do not come, and violations of
the Content-Security-Policy, which also refuses what is of other sites.  What the site itself
refuses to give is noted as it goes out.  It does not tell what WebKit writes of its own accord
besides, such as advice on what is out of date; the other engines do.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

PATH = "/overheard"
SCRIPT = """
const {src} = document.currentScript;
function tell(...words) {
  const call = new XMLHttpRequest();
  call.open("POST", src, false); // it is told before the page is left
  try {
    call.send(`${location.href} ${words.join(" ")}`);
  } catch {
    // The site is away, and the test knows that.
  }
}
for (const name of ["error", "warn"]) {
  const write = console[name];
  console[name] = (...words) => {
    tell("writes", ...words);
    write.apply(console, words);
  };
}
addEventListener("error", ({target, message}) =>
  message ? tell("fails:", message) : tell("does not get", target.src ?? target.href), true);
addEventListener("unhandledrejection", ({reason}) => tell("fails:", reason));
addEventListener("securitypolicyviolation", ({blockedURI, effectiveDirective}) =>
  blockedURI === src || tell("breaks its policy:", effectiveDirective, blockedURI));
"""


@dataclass
class Ears:
    """What pages of some sites do that they should not."""

    heard: list[str] = field(default_factory=list)
    pages: int = 0
    """How many were listened to."""

    def listen(self, app: Flask, site: str) -> None:
        """Overhear an application from now on; ``site``, which is overheard, has the script."""
        answered = app.wsgi_app

        def overheard(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            request = Request(environ)
            if not _is_webkit(request):
                return answered(environ, start_response)
            answer = self._told(request) or self._noted(request, answered, site)
            return answer(environ, start_response)

        app.wsgi_app = overheard  # type: ignore[method-assign]

    def _told(self, request: Request) -> Response | None:
        if request.path != PATH:
            return None
        if request.method == "POST":
            self.heard.append(request.get_data(as_text=True))
        return Response(SCRIPT, mimetype="text/javascript")

    def _noted(self, request: Request, answered: WSGIApplication, site: str) -> Response:
        environ = {**request.environ, "HTTP_ACCEPT_ENCODING": "identity"}
        body, status, headers = run_wsgi_app(answered, environ, buffered=True)
        answer = Response(body, status, headers)
        is_page = request.headers.get("Sec-Fetch-Mode") == "navigate"
        if is_page and answer.mimetype == "text/html":
            script = f'<script src="{site}{PATH}"></script>'
            answer.set_data(answer.get_data(as_text=True).replace("<head>", f"<head>{script}", 1))
            self.pages += 1
        elif answer.status_code >= 400 and not is_page and not _is_for_a_copy(request, answer):
            self.heard.append(f"{request.referrer} asks for {request.url}: {answer.status_code}")
        return answer


def _is_for_a_copy(request: Request, answer: Response) -> bool:
    """Tell whether the keeper of copies looks after a page that is gone, as its copy must go."""
    return (request.referrer or "").endswith("/offline.js") and answer.status_code in {404, 410}


def _is_webkit(request: Request) -> bool:
    agent = request.user_agent.string
    return "AppleWebKit" in agent and "Chrome" not in agent


@pytest.fixture(scope="session")
def ears() -> Ears:
    """What listens to the sites of tests."""
    return Ears()
