"""Answers and pages, as those who get them see them."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def headers_of(response: TestResponse) -> dict[str, str]:
    """Return a response's headers, without the date, which is the clock's."""
    return {name: value for name, value in response.headers if name != "Date"}


def words_of(response: TestResponse) -> str:
    """Return what a text says, or what a page says below its heading."""
    if response.mimetype == "text/html":
        main = response.text[response.text.index("</h1>") :]
        words = [unescape(each) for each in re.findall(r"<p[^>]*>([^<]*)</p>", main)]
        return " ".join(words)
    return response.text.removesuffix("\n")


# --- pages --------------------------------------------------------------------------------


@dataclass
class Form:
    """A form of a page, with what it sends as it stands there; each named button is one more."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


INLINE = {"a", "code", "small", "span", "strong", "time"}
HEADINGS = {"h1", "h2", "h3", "h4"}


class Page(HTMLParser):
    """What a person sees of a page."""

    def __init__(self, response: TestResponse) -> None:
        assert response.mimetype == "text/html"
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.codes: list[str] = []
        self.headings: list[str] = []
        self.values: dict[str, str] = {}
        """What stands in the fields, by their ids."""
        self._form = Form("", "")
        self._texts: list[str] = []
        self._open: list[str] = []
        self._select = ""
        self.feed(response.text)
        self.headings = [" ".join(each.split()) for each in self.headings]

    @property
    def words(self) -> str:
        """Return the text of the page, with single spaces."""
        return " ".join("".join(self._texts).split())

    def form(self, action: str, **fields: str) -> Form:
        """Return the first form that leads to an address, and sends these fields."""
        return next(
            form
            for form in self.forms
            if form.action == action and set(fields.items()) <= set(form.fields)
        )

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        assert tag not in {"iframe", "object", "style"}
        assert not [name for name in given if name == "style" or name.startswith("on")]
        self._open.append(tag)
        if tag not in INLINE:
            self._texts.append(" ")
        if tag in HEADINGS:
            self.headings.append("")
        if tag == "script" and given.get("type") != "application/ld+json":
            assert (given.get("type", "module"), given["src"][:8]) == ("module", "/static/")
        elif tag == "form":
            self._form = Form(given.get("action", ""), given["method"])
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        else:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        is_box = given.get("type") == "checkbox"
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._form.fields.append((self._select, given["value"]))
        elif tag == "input" and "id" in given:
            self.values[given["id"]] = given.get("value", "")
        if tag == "input" and "name" in given and (not is_box or "checked" in given):
            value = given.get("value", "on" if is_box else "")
            self._form.fields.append((given["name"], value))
        elif tag == "button" and "name" in given:
            fields = [*self._form.fields, (given["name"], given["value"])]
            action = given.get("formaction", self._form.action)
            self.forms.append(Form(action, self._form.method, fields))

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self._texts.append(data)
        if self._open and self._open[-1] == "code":
            self.codes.append(data)
        if HEADINGS & set(self._open):
            self.headings[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._texts.append(" ")
        while self._open and self._open.pop() != tag:
            pass


class Elements(HTMLParser):
    """The elements of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, but not a script that is a file of the site, or no program."""
        given = dict(attrs)
        is_file = (given.get("src") or "").startswith("/")
        if tag != "script" or not (is_file or given.get("type") == "application/ld+json"):
            self.elements.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


# --- agendas ------------------------------------------------------------------------------


class AgendaPage(HTMLParser):
    """The articles of an agenda, by their sessions, with their classes and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.articles: list[dict[str, str]] = []
        self._is_open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an article, or note what stands in it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "article":
            self._is_open = True
            self.articles.append({"class": given.get("class", ""), "text": ""})
        elif self._is_open and tag == "button":
            self.articles[-1] |= {name: given.get(name, "") for name in ("value", "formaction")}
            self.articles[-1]["pressed"] = given.get("aria-pressed", "")

    def handle_endtag(self, tag: str) -> None:
        """End an article."""
        self._is_open = self._is_open and tag != "article"

    def handle_data(self, data: str) -> None:
        """Note the words of an article."""
        if self._is_open:
            self.articles[-1]["text"] += data

    @property
    def titles(self) -> list[str]:
        """Return the titles, in their order."""
        return [each["text"].split("\n")[1].strip() for each in self.articles]


def agenda_page(client: FlaskClient, address: str) -> AgendaPage:
    """Return what an agenda page shows."""
    response = client.get(address)
    assert response.status_code == 200
    return AgendaPage(response.text)


def structured(html: str) -> list[dict[str, object]]:
    """Return the JSON-LD of a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(each) for each in found]
