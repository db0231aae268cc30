"""My calendar while storage is away: nobody's is emptied."""

import pytest
from pages import headers_of
from people import Browser, MySite, settled, shared_by
from readers import read_vobject


def test_storage_that_is_away_empties_no_calendar(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    address, shared = person.address, shared_by(person)
    before = settled(person, address)
    form = person.page().form("/my/remove")

    with my_site.away():
        my_site.follow()
        answers = [person.get(each) for each in (address, f"{address}?download=1", shared, "/my/")]
        answers += [person.send(form), person.post("/my/add", form.fields)]

    words = "This cannot be read or stored now; please try again in a moment."
    for response in answers:
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert response.headers["Cache-Control"] == "no-store"
        shown = words if response.mimetype == "text/plain" else "Please try again in a moment."
        assert shown in response.text
    assert answers[0].text == f"{words}\n"
    my_site.follow()  # which finds that it is back
    after = person.get(address)
    assert (after.data, headers_of(after)) == (before.data, headers_of(before))


@pytest.mark.parametrize("is_known", [False, True])
def test_agenda_without_its_stars_is_kept_by_nobody(
    my_site: MySite, person: Browser, is_known: bool
) -> None:
    person.choose("talk")
    page = "/events/conf/"
    before = person.get(page)

    with my_site.away():
        if is_known:
            my_site.follow()
        away = person.get(page)
        stranger = my_site.browser().get(page)

    assert ('aria-pressed="true"' in before.text, "X-Stars" in before.headers) == (True, False)
    assert (away.status_code, 'aria-pressed="true"' in away.text) == (200, False)
    assert (away.headers["Cache-Control"], away.headers["X-Stars"]) == ("no-store", "away")
    assert stranger.headers["Cache-Control"] == "public, max-age=300"
    assert "X-Stars" not in stranger.headers


def test_event_that_may_be_missing_only_now_empties_no_calendar(
    my_site: MySite, person: Browser
) -> None:
    person.choose("talk")
    address = person.address
    with my_site.away():
        my_site.follow()
    my_site.live.forget()  # as a worker does that starts without storage

    answers = [person.get(each) for each in (address, "/my/")]

    assert [each.status_code for each in answers] == [503, 503]
    my_site.follow()
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk"]
