"""The doctor: anybody has a calendar examined, by its address or as a text.

What is given is kept nowhere: it is no part of an address, of the log, or of storage.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from calsvc.answers import Cache
from calsvc.doctor import consultation
from calsvc.doctor.consultation import Consultation
from calsvc.errors import FaultError, SourceError, TooManyCallsError
from calsvc.web.auth import refuse_other_sites
from calsvc.web.bounds import MAX_PASTED
from calsvc.web.caching import Page
from calsvc.web.diagnoses import Diagnosis, cell, when
from calsvc.web.error_handlers import RETRY_AFTER
from calsvc.web.site import get_site
from calsvc.web.troubles import (
    ALL_BUSY,
    NOTHING_GIVEN,
    TOO_MANY,
    Trouble,
    translated,
    trouble_of,
)

bp = Blueprint("doctor", __name__)

PARTS = "multipart/form-data"
MOST_PARTS = 4  # of a form
MOST_REPEATED = 64 * 1024  # characters of a text that the form holds again if there was trouble

log = logging.getLogger(__name__)


@bp.route("/doctor", methods=["GET", "POST"])
def doctor_page() -> Response:
    """Return the form, and below what is wrong with what it was sent with."""
    if request.method != "POST":
        return Page(_page()).response()
    refuse_other_sites()
    text = address = ""
    try:
        with _place():  # before the form is read, which takes time, too
            text, address = _given(MAX_PASTED)
            found = _consulted(text, address)
    except TooManyCallsError:
        trouble, (text, address) = translated(TOO_MANY), _given_in_short()
    except ServiceUnavailable:
        trouble, (text, address) = translated(ALL_BUSY), _given_in_short()
    except SourceError as error:
        if isinstance(error, FaultError):  # the rest of its words may be the calendar's
            log.error("An examination failed: %s", error.fault.partition(":")[0])
        trouble = trouble_of(error)
    else:
        if found:
            return _answer(_page(diagnosis=Diagnosis(found), address=address))
        trouble = translated(NOTHING_GIVEN)
    return _answer(_page(trouble=trouble, text=text, address=address), trouble)


def _consulted(text: str, address: str) -> Consultation | None:
    """Return what came of examining a text, else what is at an address; None without both.

    Raises ``SourceError``, and ``TooManyCallsError`` if its host was asked too often.
    """
    if text.strip():
        return consultation.of_text(text.encode())
    if not address:
        return None
    if host := consultation.host_of(address):
        get_site().examinations_of.count(host)
    return consultation.of_address(address)


@contextmanager
def _place() -> Iterator[None]:
    """Take one of the places, while the block runs, and count that.

    Raises ``ServiceUnavailable`` if all are taken, or one by the same client, and
    ``TooManyCallsError``.
    """
    site, client = get_site(), request.remote_addr or ""
    if not site.examining.take(client):
        raise ServiceUnavailable
    try:
        site.examinations.count(client)  # who finds no place has not been examined
        yield
    finally:
        site.examining.give_back(client)


def _given(most: int) -> tuple[str, str]:
    """Return text and address of a form of so many octets.

    Raises ``RequestEntityTooLarge``.  Forms in parts, as the page's is, may be larger than
    others: a part is read fast, however large it is.
    """
    if request.mimetype == PARTS:
        request.max_content_length = request.max_form_memory_size = most
        request.max_form_parts = MOST_PARTS
    return request.form.get("text", ""), request.form.get("address", "").strip()


def _given_in_short() -> tuple[str, str]:
    """Return the same of a form that was refused; nothing if reading that takes time."""
    if request.mimetype != PARTS:
        return "", ""
    try:
        return _given(MOST_REPEATED)
    except RequestEntityTooLarge:
        return "", ""


def _page(**variables: Any) -> str:
    text = variables.pop("text", "")
    is_short = len(text) <= MOST_REPEATED
    return render_template(
        "doctor_page.html", cell=cell, when=when, text=text if is_short else "", **variables
    )


def _answer(page: str, trouble: Trouble | None = None) -> Response:
    response = Response(page, trouble.status if trouble else 200)
    response.headers["Cache-Control"] = Cache.NEVER
    response.headers["X-Robots-Tag"] = "noindex"
    if trouble and (wait := RETRY_AFTER.get(trouble.status)):
        response.headers["Retry-After"] = str(wait)
    return response
