"""How a server answers."""

from calsvc.doctor.findings import Rule
from calsvc.doctor.visits import Visit

RULES: tuple[Rule[Visit], ...] = ()
