"""Every page as people get it: where links lead, valid HTML, and nothing of another site.

Pages are found by following links from ``/``, so that a new page is judged without a
word here.  Of each kind the longest and the shortest are looked at.
"""

import pytest
from fullsite import ERRORS, FullSite, refuse
from readers import ask
from tiers import slow


def test_every_link_leads_somewhere(full_site: FullSite) -> None:
    answers = full_site.walked

    assert {path: each.status for path, each in answers.items() if each.status_code != 200} == {}
    assert {"/my/", "/events/ai-data-2025/", "/events/extremes/sessions/long/"} <= answers.keys()


def test_samples_are_of_every_kind_of_page(full_site: FullSite) -> None:
    addresses = full_site.app.url_map.bind("")
    looked_at = {
        addresses.match(each.path.partition("?")[0])[0]
        for each in full_site.samples
        if each.path not in ERRORS
    }
    pages = {
        rule.endpoint
        for rule in full_site.app.url_map.iter_rules()
        if rule.endpoint.endswith("_page") and "GET" in (rule.methods or ())
    }

    assert pages - looked_at == set()


@pytest.mark.parametrize("language", ["en", slow("de")])
def test_page_is_valid_html(full_site: FullSite, language: str) -> None:
    answers = {sample: full_site.get(sample, language) for sample in full_site.samples}
    faults = {
        sample: ask("validate.mjs", {"html": answer.text})["faults"]
        for sample, answer in answers.items()
    }

    refuse(faults)
    for sample, answer in answers.items():
        assert f'<html lang="{language}"' in answer.text, sample
    assert {
        sample.path: answer.status_code
        for sample, answer in answers.items()
        if answer.status_code != 200
    } == ERRORS


def test_page_allows_no_script_or_style_in_its_text(full_site: FullSite) -> None:
    for sample in full_site.samples:
        policy = full_site.get(sample).headers["Content-Security-Policy"]

        assert policy.startswith("default-src 'none';"), sample
        assert "unsafe-" not in policy, sample
