"""Entries that repeat."""

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Document], ...] = ()
