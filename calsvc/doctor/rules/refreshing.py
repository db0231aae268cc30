"""How often a calendar is fetched, and how much."""

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Document], ...] = ()
