"""Each address of the contract leads to its view, and nothing else makes addresses."""

import ast
import re
from itertools import pairwise
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from conftest import BASE_URL, PROJECT
from flask.testing import FlaskClient
from jinja2 import Environment, nodes

from calsvc.addresses import PATHS, Addresses
from calsvc.exporters.table import EXPORTERS

ADDRESSES = Addresses(BASE_URL)
STATIC = PROJECT / "calsvc" / "web" / "static"
CONF, TALK = {"event_id": "conf"}, {"event_id": "conf", "session_id": "talk"}
DAY = "2027-06-15"
PART = {"event_id": "conf", "filter_name": "room", "value": "a"}
FEED = {"feed_key": "k", "name": "a b"}


LEADING = [
    ("site", ADDRESSES.site, "pages.site_page", {}),
    ("events_feed", ADDRESSES.events_feed(), "feeds.site_feed", {}),
    ("event", ADDRESSES.event("conf"), "pages.event_page", CONF),
    ("days", ADDRESSES.days("conf"), "pages.days_page", CONF),
    ("days", ADDRESSES.days("conf", DAY), "pages.day_page", {**CONF, "day": DAY}),
    ("entry", ADDRESSES.entry("conf", None), "pages.event_page", CONF),
    ("entry", ADDRESSES.entry("conf", "talk"), "pages.session_page", TALK),
    ("feed", ADDRESSES.feed("conf"), "feeds.ics", CONF),
    *(("feed", ADDRESSES.feed("conf", suffix), f"feeds.{suffix}", CONF) for suffix in EXPORTERS),
    ("part", ADDRESSES.part("conf", "room", "a"), "feeds.part_feed", PART),
    ("changes", ADDRESSES.changes("conf"), "pages.changes_page", CONF),
    ("changes", ADDRESSES.changes("conf", "version-3"), "pages.changes_page", CONF),
    ("subscribe", ADDRESSES.subscribe("conf"), "subscribe.subscribe_page", CONF),
    ("embed", ADDRESSES.embed("conf"), "embed.embed_page", CONF),
    ("embed_days", ADDRESSES.embed_days("conf"), "embed.embed_days_page", CONF),
    ("embed_days", ADDRESSES.embed_days("conf", DAY), "embed.embed_day_page", {**CONF, "day": DAY}),
    ("embed_subscribe", ADDRESSES.embed_subscribe("conf"), "embed.embed_subscribe_page", CONF),
    ("embed_session", ADDRESSES.embed_session("conf", "talk"), "embed.embed_session_page", TALK),
    ("embed_help", ADDRESSES.embed_help("conf"), "embed.embed_help_page", CONF),
    ("session", ADDRESSES.session("conf", "talk"), "pages.session_page", TALK),
    ("session_feed", ADDRESSES.session_feed("conf", "talk"), "feeds.session_feed", TALK),
    ("embed_script", ADDRESSES.embed_script, "embed.embed_script", {}),
    ("oembed", ADDRESSES.oembed(ADDRESSES.site, "xml"), "embed.oembed", {}),
    ("api", f"{ADDRESSES.api}/openapi.json", "api.openapi", {}),
    ("api_event", ADDRESSES.api_event("conf"), "api.get_event", {"event": "conf"}),
    ("of_path", ADDRESSES.of_path("/events/conf/"), "pages.event_page", CONF),
    ("my", ADDRESSES.my(), "my.my_page", {}),
    ("my", ADDRESSES.my("key"), "my.my_page", {}),
    ("personal_feed", ADDRESSES.personal_feed("k", "a b"), "my.personal_feed", FEED),
    ("shared", ADDRESSES.shared("k"), "my.shared_page", {"share_key": "k"}),
]
"""What makes an address, the address, and the view with what it is given."""


@pytest.mark.parametrize(("maker", "address", "endpoint", "names"), LEADING)
def test_address_leads_to_its_view(
    client: FlaskClient, maker: str, address: str, endpoint: str, names: dict[str, str]
) -> None:
    path = unquote(urlsplit(address).path)

    assert address.startswith(BASE_URL)
    assert client.application.url_map.bind("").match(path) == (endpoint, names)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        (ADDRESSES.personal_feed("k-_1", "a b"), "k-_1"),
        (ADDRESSES.shared("k"), None),
        (ADDRESSES.my(), None),
        (f"{ADDRESSES.my()}k/a/b.ics", None),
        (f"{ADDRESSES.my()}k/.ics", None),
    ],
)
def test_key_of_a_personal_feed_is_found_in_its_address(address: str, key: str | None) -> None:
    assert ADDRESSES.feed_key(address) == key


def test_part_is_known_by_its_address() -> None:
    assert ADDRESSES.part_of(ADDRESSES.part("conf", "room", "a")) == ("conf", "room")
    assert ADDRESSES.part_of(ADDRESSES.feed("conf")) is None
    assert ADDRESSES.part_of(ADDRESSES.days("conf", DAY)) is None


def test_every_address_is_tried() -> None:
    public = {name for name in vars(Addresses) if name[0] != "_"}

    tellers = {"is_of_api", "is_of_health", "is_of_doctor", "is_personal", "feed_key", "part_of"}
    assert public - tellers - {"base_url", "origin", "events"} == {maker for maker, *_ in LEADING}


def test_paths_tell_what_they_are_of() -> None:
    assert ADDRESSES.event("conf").startswith(ADDRESSES.events)
    paths = [urlsplit(ADDRESSES.api_event("conf")).path, "/api", "/api/", "/apis/", "/"]
    assert [PATHS.is_of_api(each) for each in paths] == [True, False, True, False, False]
    forms = ["/doctor", "/doctor/", "/"]
    assert [PATHS.is_of_doctor(each) for each in forms] == [True, False, False]
    probes = ["/healthz", "/readyz", "/metrics", "/healthz/", "/"]
    assert [PATHS.is_of_health(each) for each in probes] == [True, True, True, False, False]
    paths = ["/my/", "/my/key/x.ics", "/api/calendars/me", "/my", "/events/conf.ics", "/api/events"]
    assert [PATHS.is_personal(each) for each in paths] == [True, True, True, False, False, False]


def test_address_of_oembed_has_that_of_a_page_with_its_parameters() -> None:
    oembed = ADDRESSES.oembed("https://x.example/?a=1&b=2", "xml")

    asked = {"url": "https://x.example/?a=1&b=2", "format": "xml"}
    assert dict(parse_qsl(urlsplit(oembed).query)) == asked


def test_scripts_ask_for_addresses_of_the_contract() -> None:
    elements = (STATIC / "elements.js").read_text("utf-8")
    calendar = (STATIC / "calendar.js").read_text("utf-8")
    event = '${encodeURIComponent(this.getAttribute("event") || "-")}'

    assert f"`{relative(ADDRESSES.event(event))}${{path}}`" in elements
    below = ADDRESSES.event("conf")
    frames = ADDRESSES.embed("conf"), ADDRESSES.embed_subscribe("conf")
    sessions = ADDRESSES.embed_session("conf", "").removesuffix("/")
    pages = {each.removeprefix(below) for each in (*frames, sessions)}
    assert set(re.findall(r"[`\"](embed/[a-z/]*)", elements)) == pages
    assert f"`{relative(ADDRESSES.api)}/calendars${{path}}`" in calendar
    assert f"`{relative(ADDRESSES.my('${this.#key}'))}`" in calendar


def relative(address: str) -> str:
    """Return an address from the home of the site on."""
    return address.removeprefix(ADDRESSES.site)


# --- nothing else makes addresses -----------------------------------------------------------

PART = re.compile(
    r"\b(events|my|embed|api)/|/(events|my|api)\b|oembed|\.(ics|atom|csv|xml|json|jcal)$"
)
NO_WORD = re.compile(r"[\s\"'`<>()=,]+")
MAKERS = {"addresses", "base_url", "PATHS", "Addresses"}
EXCEPTIONS = {
    ("answers.py", "calendar.ics"): "the name of a file",
    ("cli/following.py", "events/conf.yaml."): "the name of a file",
    ("cli/importing.py", "events/conf.yaml"): "the name of a file",
    ("cli/repairing.py", "conf.ics"): "a file, in an example",
    ("exporters/atom.py", ".atom"): "the name of a file",
    ("exporters/frabjson.py", "https://c3voc.de/schedule/schema.json"): "what others publish",
    ("exporters/table.py", "schedule.json"): "the name of a format",
    ("exporters/table.py", "schedule.xml"): "the name of a format",
    ("ical/feeds.py", ".ics"): "the name of a file",
    ("ical/feeds.py", "events.ics"): "the name of a file",
    ("ical/feeds.py", "//my"): "a name from which a uid is made",
    ("ical/feeds.py", "//events"): "a name from which a uid is made",
    ("web/error_handlers.py", "embed.oembed"): "an endpoint",
    ("web/near_misses.py", ".ics"): "an ending that others write otherwise",
    ("web/views/api.py", "/events"): "a rule of the API, as OpenAPI writes it",
    ("web/views/api.py", "/events/{event}"): "a rule of the API, as OpenAPI writes it",
    ("web/views/embed.py", "oembed"): "an element of XML",
    ("web/templates/event_page.html", "oembed_links.html"): "a template",
    ("web/templates/my_page.html", ".ics"): "the ending of a file, in words",
    ("web/templates/session_page.html", "oembed_links.html"): "a template",
    ("web/templates/subscribe_page.html", ".ics"): "the ending of a file, in words",
    ("web/templates/oembed_links.html", "+oembed"): "a media type",
    ("web/static/calendar.js", "answer.json"): "a call that reads JSON",
    ("web/static/stars.js", "answer.json"): "a call that reads JSON",
    ("web/static/calendar.js", "api/calendars${path}"): "compared with the contract above",
    ("web/static/calendar.js", "my/#${this.#key}"): "compared with the contract above",
    ("web/static/elements.js", "events/${encodeURIComponent"): "compared with the contract above",
    ("web/static/elements.js", "embed/"): "compared with the contract above",
    ("web/static/elements.js", "embed/subscribe/"): "compared with the contract above",
    ("web/static/elements.js", "embed/sessions/${encodeURIComponent"): "compared above",
}
"""Words that look like parts of addresses, by file, and why they may stand there."""


def words_in(text: str) -> set[str]:
    """Return the words of a text that look like parts of addresses."""
    return {word for word in NO_WORD.split(text) if PART.search(word)}


def made_in_python(source: str) -> set[str]:
    """Return what looks like parts of addresses in Python, besides rules and docstrings."""
    tree = ast.parse(source)
    spared: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                spared |= set(ast.walk(node))
            case ast.FunctionDef(decorator_list=decorators):
                spared |= {each for call in decorators for each in ast.walk(call)}
            case ast.keyword(arg="url_prefix"):
                spared |= set(ast.walk(node))
            case ast.Call(func=ast.Attribute(attr="add_url_rule"), args=[rule, *_]):
                spared |= set(ast.walk(rule))
    found: set[str] = set()
    for node in set(ast.walk(tree)) - spared:
        match node:
            case ast.Constant(value=str(text)):
                found |= words_in(text)
            case ast.BinOp(left=left) if has_maker(left):
                found.add(ast.unparse(node))
            case ast.AugAssign(target=target) if has_maker(target):
                found.add(ast.unparse(node))
            case ast.JoinedStr(values=parts):
                found |= {
                    ast.unparse(node)
                    for part, behind in pairwise(parts)
                    if isinstance(part, ast.FormattedValue) and has_maker(part)
                    if not (isinstance(behind, ast.Constant) and str(behind.value)[0].isspace())
                }
    return found


def has_maker(node: ast.AST) -> bool:
    """Tell whether an expression asks ``Addresses`` for anything."""
    return any(
        (isinstance(each, ast.Name) and each.id in MAKERS)
        or (isinstance(each, ast.Attribute) and each.attr in MAKERS)
        for each in ast.walk(node)
    )


def made_in_template(source: str) -> set[str]:
    """Return what looks like parts of addresses in a template."""
    tree = Environment(extensions=["jinja2.ext.i18n"], autoescape=True).parse(source)
    found: set[str] = set()
    for text in tree.find_all((nodes.TemplateData, nodes.Const)):
        value = text.data if isinstance(text, nodes.TemplateData) else text.value
        found |= words_in(value) if isinstance(value, str) else set()
    for joined in tree.find_all((nodes.Concat, nodes.Add)):
        found |= names_of_makers(joined)
    for output in tree.find_all(nodes.Output):
        for part, behind in pairwise(output.nodes):
            is_end = isinstance(behind, nodes.TemplateData) and behind.data[0] in "\"'<; \n"
            if not is_end:
                found |= names_of_makers(part)
    return found


def names_of_makers(node: nodes.Node) -> set[str]:
    """Return which of the objects that make addresses an expression of a template uses."""
    found = {node} if isinstance(node, nodes.Name) else set(node.find_all(nodes.Name))
    return {each.name for each in found if each.name in MAKERS}


def made_in_script(source: str) -> set[str]:
    """Return what looks like parts of addresses in a script, besides comments."""
    return words_in(re.sub(r"(?m)(^|\s)//.*", "", source))


FINDERS = {".py": made_in_python, ".html": made_in_template, ".js": made_in_script}


def test_nothing_else_puts_an_address_together() -> None:
    folder = PROJECT / "calsvc"
    found = {
        (str(path.relative_to(folder)), words)
        for path in folder.rglob("*.*")
        if path.suffix in FINDERS and path != folder / "addresses.py"
        # These read addresses of other sites.
        if not {folder / "importers", folder / "doctor"} & {*path.parents}
        for words in FINDERS[path.suffix](path.read_text("utf-8"))
    }

    assert found == EXCEPTIONS.keys()


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".py", 'feed = selection.on(f"{get_site().addresses.site}events/{event_id}.ics")'),
        (".py", 'f"{get_site().addresses.event(event_id)}{name}"'),
        (".py", 'f"{self.base_url}{path}"'),
        (".py", 'page = addresses.event("conf") + name'),
        (".py", 'page = addresses.event("conf") + "#changes"'),
        (".py", 'back = f"{request.script_root}/my/"'),
        (".py", 'name = f"{home}{event_id}.ics"'),
        (".html", "{{ addresses.site }}api/events/{{ event.id }}"),
        (".html", "{{ addresses.site }}{{ path }}"),
        (".html", "{{ addresses.event(event.id) }}?day=2027-06-15"),
        (".html", '{% set day = addresses.embed(event.id) ~ "?day=" ~ example.day %}'),
        (".html", '<a href="/my/">My calendar</a>'),
        (".html", '<a href="{{ home }}{{ event.id }}.atom">What changed</a>'),
        (".js", 'fetch("/my/nowhere");'),
        (".js", "fetch(`${home}oembed?url=${page}`); // as programs do"),
    ],
)
def test_address_that_is_put_together_is_found(suffix: str, source: str) -> None:
    assert FINDERS[suffix](source)


@pytest.mark.parametrize(
    ("suffix", "source"),
    [
        (".py", '"""Answers at /api/events."""'),
        (".py", '@bp.get("/events/<event_id>/")\ndef page(): pass'),
        (".py", 'bp = Blueprint("my", __name__, url_prefix="/my")'),
        (".py", 'echo(f"calsvc serves at {live.addresses.site}")'),
        (".py", 'selection.on(addresses.feed("conf"))'),
        (".html", '{# As /my/add does. #}<a href="{{ addresses.my() }}">My calendar</a>'),
        (".html", "script-src {{ addresses.origin }}; frame-src {{ addresses.origin }}"),
        (".js", "// The page at /my/ does the same.\nfetch(form.action);"),
    ],
)
def test_address_that_is_only_used_is_not_found(suffix: str, source: str) -> None:
    assert FINDERS[suffix](source) == set()
