"""Addresses as they come back from newsletters, portals and other hands, and those below a path."""

from urllib.parse import unquote

import pytest
from conftest import client_of, schedule_of
from flask.testing import FlaskClient

from calsvc.errors import SettingsError
from calsvc.exporters.table import EXPORTERS
from calsvc.live.events import Live
from calsvc.schedule.query import is_ignored
from calsvc.schedule.selection import FILTERS, OPTIONS
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: one, title: One, kind: panel, when: 09:00-10:00}
      - {id: two, title: Two, when: 10:00-11:00}
    """
PAGES = [
    "/",
    "/events/conf/",
    "/events/conf/subscribe/",
    "/events/conf/changes/",
    "/events/conf/sessions/one/",
    "/events/conf/embed/",
    "/events/conf/embed/days/",
    "/events/conf/embed/subscribe/",
    "/events/conf/embed/sessions/one/",
    "/events/conf/embed/help",
    "/my/",
]
FEEDS = [
    "/events.ics",
    *(f"/events/conf.{suffix}" for suffix in EXPORTERS),
    "/events/conf/sessions/one.ics",
]
ADDED = """
    utm_source=x _hsenc=x _hsmi=1 __hssc=1 __hstc=1 __hsfp=1 hsCtaTracking=x hsa_acc=1 mkt_tok=x
    _kx=x _ke=x ck_subscriber_id=1 vero_id=1 vero_conv=1 oly_enc_id=1 oly_anon_id=1 elqTrackId=1
    elqaid=1 elqat=1 sfmc_id=1 sfmc_sub=1 et_rid=1 srsltid=x gclsrc=x gclid=x gad_source=1
    gad_campaignid=1 _gl=x _ga=x fbclid=x mibextid=x fb_source=x msclkid=x ocid=x trk=x
    trk_contact=x lipi=x li_fat_id=x epik=x rdt_cid=x ref=x ref_src=x ref_url=x source=x
    matomo_campaign=x mtm_source=x piwik_campaign=x pk_campaign=x at_medium=x at_custom1=x
    wt_zmc=x wt.mc_id=x s_cid=x s_kwcid=x _branch_match_id=1 _branch_referrer=x mc_cid=x mc_eid=x
    si=x spm=x via=x wickedid=x cmpid=x wpcc=x ved=x gs_l=x zanpid=x share=x guccounter=1
    rb_clickid=x ns_campaign=x sfnsn=x soc_src=x ss_email_id=x
    hsLang=en mj_campaign=x dm_t=0 mkwid=x pcrid=x cf_chl_tk=x __cf_chl_rt_tk=x amp;utm_source=x
    v=2 _=17 cb=1 nocache=1 t=1 ts=1 timestamp=1 UTM_SOURCE=x
    """.split()


@pytest.fixture(scope="module")
def site() -> FlaskClient:
    """A site with one event."""
    return client_of(schedule_of(AGENDA))


@pytest.mark.parametrize("path", FEEDS)
def test_feed_is_the_same_with_what_others_add(site: FlaskClient, path: str) -> None:
    plain = site.get(path)
    answers = {added: site.get(f"{path}?{added}") for added in ADDED}

    assert {each for each, answer in answers.items() if answer.data != plain.data} == set()
    assert site.get(f"{path}?{'&'.join(ADDED)}").headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", PAGES)
def test_page_ignores_what_it_does_not_know(site: FlaskClient, path: str) -> None:
    for added in (*ADDED, "colour=red", "kinds=panel", "=x", "x%00y=1", "anything"):
        assert site.get(f"{path}?{added}").status_code == 200, added


def test_page_still_has_its_filters_beside_what_it_ignores(site: FlaskClient) -> None:
    page = site.get("/events/conf/?colour=red&kind=panel&fbclid=1").text

    assert 'id="s-one"' in page
    assert 'id="s-two"' not in page
    assert "conf.ics?kind=panel" in page
    assert "colour" not in page


@pytest.mark.parametrize("query", ["alarm=soon", "busy=perhaps", "kind=%00"])
def test_page_refuses_a_value_that_cannot_be(site: FlaskClient, query: str) -> None:
    assert site.get(f"/events/conf/?{query}").status_code == 400


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    "name",
    ["colour", "tracks", "kinds", "rooms", "speakers", "lang", "tz", "levle", "alarms", "amp;day"],
)
def test_feed_refuses_what_may_be_a_filter_and_names_the_known(
    site: FlaskClient, path: str, name: str
) -> None:
    answer = site.get(f"{path}?{name}=x")

    assert answer.status_code == 400
    assert answer.text.startswith(f"Unknown parameter {name!r}.")
    if path != "/events/conf.atom":  # which has no filters
        assert "The parameters are: " in answer.text


def test_no_filter_and_no_slip_in_one_is_taken_for_a_tracker() -> None:
    known = {*FILTERS, *OPTIONS, "series", "download"} - {"q"}
    letters = "abcdefghijklmnopqrstuvwxyz"
    slips = {name[:at] + name[at + 1 :] for name in known for at in range(len(name))}
    slips |= {
        name[:at] + letter + name[end:]
        for name in known
        for at in range(len(name) + 1)
        for end in (at, at + 1)
        for letter in letters
    }

    assert {name for name in known | slips if is_ignored(name)} == set()


@pytest.mark.parametrize("path", FEEDS[:1] + FEEDS[1:2])
@pytest.mark.parametrize(
    "value",
    [
        "%00",
        "talk%00",
        "%01",
        "%0D%0ABEGIN:VALARM",
        "%7F",
        "%C2%85",
        "%E2%80%A8",
        "%E2%80%A9",
        "%E2%80%AE",
        "%EF%BB%BF",
        "%ED%A0%80",
        "%FF",
    ],
)
def test_value_with_a_character_that_does_harm_is_refused(
    site: FlaskClient, path: str, value: str
) -> None:
    name = "series" if path == "/events.ics" else "kind"

    answer = site.get(f"{path}?{name}={value}")

    assert answer.status_code == 400
    assert f"{name} has U+" in answer.text or "which is not UTF-8" in answer.text


@pytest.mark.parametrize(
    "value", ["Gr%C3%B6%C3%9Fe", "%E6%97%A5%E6%9C%AC", "%F0%9F%8E%89", "%E2%81%A8x%E2%81%A9", "+x+"]
)
def test_value_in_any_language_is_taken(site: FlaskClient, value: str) -> None:
    assert site.get(f"/events/conf.ics?room={value}").status_code == 200


# --- below a path -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    "/events /my /api /static /embed.js /oembed /healthz /readyz /events.ics /events/2027".split(),
)
def test_base_address_like_an_address_of_the_site_is_refused(path: str) -> None:
    with pytest.raises(SettingsError) as caught:
        create_app(Live([schedule_of(AGENDA)], f"https://conf.example.org{path}"))

    first = path.split("/")[1]
    assert str(caught.value) == (
        f"setting base_url (CALSVC_BASE_URL): 'https://conf.example.org{path}' cannot be used;"
        f" /{first} is the beginning of addresses of calsvc's own: take another path,"
        " such as /calendar"
    )


@pytest.mark.parametrize("path", ["/cal", "/a/events", "/event", "/events-2027", "/caf%C3%A9"])
@pytest.mark.parametrize("is_left_in", [True, False])
def test_site_below_a_path_answers_whatever_the_proxy_does(path: str, is_left_in: bool) -> None:
    client = create_app(
        Live([schedule_of(AGENDA)], f"https://conf.example.org{path}")
    ).test_client()
    prefix = path if is_left_in else ""

    for address in ("/", "/events.ics", "/events/conf/", "/events/conf.ics", "/my/", "/healthz"):
        assert client.get(prefix + address).status_code == 200, address
    assert f'href="{unquote(path)}/events/conf/"' in client.get(f"{prefix}/").text


def test_site_below_a_path_answers_without_the_last_stroke_and_no_near_miss() -> None:
    client = create_app(Live([schedule_of(AGENDA)], "https://conf.example.org/cal")).test_client()

    bare = client.get("/cal", follow_redirects=True)

    assert bare.status_code == 200
    assert 'href="/cal/events/conf/"' in bare.text
    for address in ("/calendar", "/cals/events/conf.ics", "/calevents/conf.ics", "/cal.ics", "/ca"):
        assert client.get(address).status_code == 404, address
