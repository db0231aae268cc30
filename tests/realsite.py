"""Addresses of the site of ``events/``, and what is common to their answers."""

EVENT = "/events/ai-data-2025.ics"
EVENT_PAGE = "/events/ai-data-2025/"
SESSION = "/events/ai-data-2025/sessions/metamate.ics"
SESSION_PAGE = "/events/ai-data-2025/sessions/metamate/"
FEEDS = ["/events.ics", "/events.ics?series=@Scale", EVENT, f"{EVENT}?kind=poster", SESSION]
PAGES = ["/", EVENT_PAGE, SESSION_PAGE]
TEXTS = ["/healthz", "/robots.txt"]
VARY = {
    "/": "Accept-Language, Accept-Encoding",
    EVENT_PAGE: "Accept-Language, Accept-Encoding, Cookie",  # one's own stars
    SESSION_PAGE: "Accept-Language, Accept-Encoding, Cookie",
}
