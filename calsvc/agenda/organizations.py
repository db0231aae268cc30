"""Names that read like those of organizations: ``Acme GmbH``, ``University of Example``."""

import re

from calsvc.agenda.people import Person

LEGAL_FORMS = frozenset(
    """
    AB AG A/S AS ASA ApS BV CIC Co. Corp Corporation GbR GmbH Inc Incorporated KG KGaA LLC LLP LP
    Limited Ltd NV OHG OY Oy PBC PLC Plc Pte Pty Pvt SA SARL SAS SE SL SRL SpA Srl UG e.V eG eV
    gGmbH mbH plc
    """.split()
)
"""What stands behind the name of an organization, with these capitals."""
WORDS = frozenset(
    """
    agency association college company consortium council federation foundation hochschule
    institut institute instituto laboratories laboratory labs ministry museum stiftung
    technologies universidad universidade università université universität university
    universiteit verein
    """.split()
)
"""Words that few persons are called, in small letters."""
ENDINGS = ("大学", "大學", "株式会社", "公司", "研究所", "学院")
"""University, corporation, company, institute and college, in Chinese and Japanese."""


def reads_like_one(name: str) -> bool:
    """Tell whether a name is more likely that of an organization than of a person."""
    words = re.split(r"[\s,]+", name)
    last = words[-1].removesuffix(".")
    is_form = not LEGAL_FORMS.isdisjoint((words[-1], last, last.replace(".", "")))
    has_word = any(word.casefold().strip(".()") in WORDS for word in words)
    return (is_form and len(words) > 1) or has_word or name.endswith(ENDINGS)


def taken_apart(people: tuple[Person, ...]) -> list[int]:
    """Return the places of organizations that a list has as if they were persons.

    So ``[Ann One, Acme GmbH, Bob Two, Beta]`` is read: commas part a list.  An organization is
    no doubt by itself, without a person before it.
    """
    found = [
        place
        for place, person in enumerate(people)
        if place and person.organization is None and reads_like_one(person.name)
    ]
    persons, others = people[::2], people[1::2]
    is_paired = len(persons) == len(others) > 1 and not any(each.organization for each in people)
    # Of persons there is more than a first name, of many organizations one word.
    if is_paired and all(map(_has_one_word, others)) and not any(map(_has_one_word, persons)):
        return [*range(1, len(people), 2)]
    return [each for each in found if not reads_like_one(people[each - 1].name)]


def _has_one_word(person: Person) -> bool:
    return len(person.name.split()) == 1
