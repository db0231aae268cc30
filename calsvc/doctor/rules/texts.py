"""The words of entries."""

from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule

RULES: tuple[Rule[Document], ...] = ()
