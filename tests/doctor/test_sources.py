"""Where to read more: RFCs and threads are linked, and nothing of a source is lost."""

import pytest

from calsvc.doctor.rules import ANSWERS, CHANGES, FILES
from calsvc.doctor.sources import Piece, pieces


def test_rfcs_and_threads_have_addresses() -> None:
    assert [*pieces("RFC 5545, 3.3.5; RFC 7986; owner/some.repo#17 and MS-OXCICAL")] == [
        Piece("RFC 5545, 3.3.5", "https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5"),
        Piece("; "),
        Piece("RFC 7986", "https://www.rfc-editor.org/rfc/rfc7986"),
        Piece("; "),
        Piece("owner/some.repo#17", "https://github.com/owner/some.repo/issues/17"),
        Piece(" and MS-OXCICAL"),
    ]


@pytest.mark.parametrize("source", sorted({x.source for x in (*FILES, *ANSWERS, *CHANGES)}))
def test_no_word_of_a_source_is_lost(source: str) -> None:
    assert "".join(each.words for each in pieces(source)) == source
