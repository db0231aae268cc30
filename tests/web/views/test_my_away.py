"""My calendar while storage is away: nobody's is emptied."""

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
