"""The names that the standards have for what calendars hold (RFC 5545, 7986, 9073, 9074, 9253)."""

CALENDAR_ONLY = frozenset(
    """
    CALSCALE METHOD NAME PRODID REFRESH-INTERVAL SOURCE VERSION
    X-PUBLISHED-TTL X-WR-CALDESC X-WR-CALNAME X-WR-TIMEZONE
    """.split()
) - {"NAME"}  # which a VLOCATION and a VRESOURCE have too
"""Properties that mean something in a VCALENDAR alone."""
CALENDAR_ONCE = CALENDAR_ONLY | {"COLOR", "LAST-MODIFIED", "UID", "URL"}
"""Properties that a VCALENDAR may have once: all but those that have one for each language."""
ENTRY_ONLY = frozenset(
    """
    ATTACH ATTENDEE CLASS COMPLETED CONTACT CREATED DTEND DTSTAMP DTSTART DUE DURATION EXDATE
    EXRULE GEO LOCATION ORGANIZER PERCENT-COMPLETE PRIORITY RDATE RECURRENCE-ID REQUEST-STATUS
    RESOURCES RRULE SEQUENCE STATUS SUMMARY TRANSP TRIGGER TZID TZNAME TZOFFSETFROM TZOFFSETTO
    """.split()
)
"""Properties that mean nothing in a VCALENDAR itself."""
PROPERTIES = (
    CALENDAR_ONLY
    | ENTRY_ONLY
    | frozenset(
        """
        ACKNOWLEDGED ACTION BUSYTYPE CALENDAR-ADDRESS CATEGORIES COLOR COMMENT CONCEPT CONFERENCE
        DESCRIPTION ESTIMATED-DURATION FREEBUSY IMAGE LAST-MODIFIED LINK LOCATION-TYPE NAME
        PARTICIPANT-TYPE PROXIMITY REASON REFID RELATED-TO REPEAT RESOURCE-TYPE STRUCTURED-DATA
        STYLED-DESCRIPTION SUBSTATE TASK-MODE TZID-ALIAS-OF TZUNTIL TZURL UID URL
        COORDINATES
        """.split()
    )
)
"""All properties, without X- but for those that many programs read."""
WORDS = frozenset(
    """
    CATEGORIES COMMENT CONTACT DESCRIPTION LOCATION NAME RESOURCES SUMMARY X-ALT-DESC
    X-WR-CALDESC X-WR-CALNAME
    """.split()
)
"""Properties whose values people write, so that line breaks get into them."""
PARENTS: dict[str, frozenset[str]] = {
    "VEVENT": frozenset({"VCALENDAR"}),
    "VTODO": frozenset({"VCALENDAR"}),
    "VJOURNAL": frozenset({"VCALENDAR"}),
    "VFREEBUSY": frozenset({"VCALENDAR"}),
    "VTIMEZONE": frozenset({"VCALENDAR"}),
    "VAVAILABILITY": frozenset({"VCALENDAR"}),
    "AVAILABLE": frozenset({"VAVAILABILITY"}),
    "STANDARD": frozenset({"VTIMEZONE"}),
    "DAYLIGHT": frozenset({"VTIMEZONE"}),
    "VALARM": frozenset({"VEVENT", "VTODO", "VAVAILABILITY", "AVAILABLE"}),
    "PARTICIPANT": frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"}),
    "VLOCATION": frozenset(
        {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "PARTICIPANT", "VALARM", "AVAILABLE"}
    ),
    "VRESOURCE": frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "PARTICIPANT"}),
}
"""A component → those in which it may stand."""
ADDRESS_PARAMETERS = frozenset(
    {"ALTREP", "DIR", "SENT-BY", "MEMBER", "DELEGATED-FROM", "DELEGATED-TO"}
)
"""Parameters whose values are addresses, and so need quotation marks (RFC 5545, 3.2)."""
SINGLE_PARAMETERS = frozenset({"CN", "LABEL", "LANGUAGE", "TZID", "VALUE"})
"""Parameters of one value, in which a comma needs quotation marks."""
