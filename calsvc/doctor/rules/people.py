"""Attendees and organizers, in a calendar that is published."""

import re

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Rule, Severity, where
from calsvc.translations import N_

SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:\S", re.ASCII)


def _has_address(each: Property) -> bool:
    """Tell whether there is an address, even behind a name that lacks its quotation marks."""
    value = each.value.strip()
    return SCHEME.match(value) is not None or ":mailto:" in value.lower()


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "attendees-in-public",
        Severity.WARNING,
        N_("{value} names somebody who takes part."),
        N_("It is for invitations: here all who subscribe read the address, and none is invited."),
        (),
        "RFC 5546, 3.2.1; dotnet-foundation/wg-maintainers#64",
        N_("Name speakers in DESCRIPTION, and leave ATTENDEE and RSVP to invitations."),
        where(_has_address, "ATTENDEE"),
        Example(
            Frame.ENTRY,
            fails="ATTENDEE;CN=Ada;RSVP=TRUE:mailto:ada@river.example",
            holds="DESCRIPTION:Speaker: Ada",
        ),
    ),
    Rule(
        "organizer-in-public",
        Severity.NOTE,
        N_("{value} names the organizer."),
        N_("Programs that know invitations take the entry for one of that person."),
        (Effect(Client.OUTLOOK, N_("shows the organizer as the sender"), Shows.ODD),),
        "RFC 5545, 3.8.4.3; betagouv/rdv-service-public#1662",
        N_("Leave it out, or give an address that may be public."),
        where(_has_address, "ORGANIZER"),
        Example(
            Frame.ENTRY,
            fails="ORGANIZER;CN=River Club:mailto:club@river.example",
            holds="CONTACT:River Club",
        ),
    ),
    Rule(
        "person-without-address",
        Severity.WARNING,
        N_("{value} is no address of a person."),
        N_("Who takes part or organizes is told by an address, such as mailto:, not by a name."),
        (),
        "RFC 5545, 3.3.3",
        N_("Write the name in CONTACT or DESCRIPTION."),
        where(lambda each: not _has_address(each), "ATTENDEE", "ORGANIZER"),
        Example(Frame.ENTRY, fails="ORGANIZER:River Club", holds="CONTACT:River Club"),
    ),
)
