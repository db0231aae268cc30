"""What the columns of agendas are called, in English, German, French and Spanish.

``meanings`` tells which fields a name can stand for: ``Session`` is a title, or else a track.
"""

import re
from collections import defaultdict
from functools import lru_cache

from calsvc.importers.tables.dates import plain

FIELDS = {
    "title": (
        "title|titel|titre|titulo|subject|headline|intitule|betreff",
        "talk|vortrag|programmpunkt|agenda item|item|charla|ponencia|activity|aktivitat"
        "|activite|actividad|what|presentation|beitrag|lecture|veranstaltung",
        "session|event|sesion|seance|sitzung|paper|name|nombre|nom|bezeichnung|summary|thema"
        "|sujet|tema|topic|slot title",
        "description|details|content|text|programm|programme|program|agenda",
    ),
    "subtitle": ("subtitle|untertitel|sous titre|subtitulo",),
    "date": (
        "date|datum|fecha|start date|startdate|date start|date debut|startdatum|fecha inicio"
        "|day date|begin date|tag datum|date day|day of conference|iso date|readable date"
        "|date readable|on",
    ),
    "day": (
        "day|tag|jour|dia|weekday|wochentag|day number|conference day|day of week|day index"
        "|day name",
    ),
    "start": (
        "start|starts|start time|starttime|begin|begins|begin time|beginning|from|time start"
        "|beginn|anfang|von|startzeit|beginnzeit|debut|heure debut|inicio|hora inicio"
        "|hora de inicio|heure de debut|starts at|start at|startsat|dtstart|start datetime"
        "|startdatetime|datetime start|from hour|scheduled at|start date time"
        "|start date and time|begins at|desde|starting time|starting|time from|start uhrzeit"
        "|uhrzeit start|time begin|start hour",
        "time|zeit|uhrzeit|heure|hora|horaire|horario|when|wann|date time|date and time"
        "|day and time|datetime|time slot|timeslot|clock|hour|hours|uhr|timing|times|zeitraum"
        "|schedule time|readable time|time readable",
        "slot|schedule|termin|date|datum|fecha",
    ),
    "end": (
        "end|ends|end time|endtime|finish|finishes|until|till|to|time end|ende|bis|endzeit|fin"
        "|hora fin|heure fin|heure de fin|hora de fin|ends at|end at|endsat|dtend|end datetime"
        "|enddatetime|datetime end|to hour|end date time|end date and time|hasta|stop|stop time"
        "|finish time|ending time|ending|time to|end uhrzeit|uhrzeit ende|time finish|end hour"
        "|close|a",
    ),
    "end_date": ("end date|enddate|date end|enddatum|fecha fin|date fin",),
    "duration": (
        "duration|length|dauer|duree|duracion|minutes|minuten|mins|min|lange|time needed"
        "|talk length|duration minutes|duration in minutes|session length|runtime",
        "time|zeit",
    ),
    "room": (
        "room|raum|salle|sala|zimmer|rooms|hall|saal|stage|buhne|auditorium|room name"
        "|room location|microlocation|raumlichkeit|horsaal|scene|escenario|room title",
        "location|ort|venue|place|lugar|lieu|where|wo|standort|site|building room|espacio|aula",
    ),
    "people": (
        "speakers|speaker|presenters|presenter|vortragende|vortragender|vortragenden|referent"
        "|referenten|referentin|referentinnen|referent in|redner|rednerin|sprecher|sprecherin"
        "|orateur|orateurs|intervenant|intervenants|intervenante|conferencier|ponente|ponentes"
        "|orador|oradores|facilitators|facilitator|instructor|instructors|artist|artists"
        "|teacher|speaker names|speaker name|speakername|lecturer|trainer|presented by|led by"
        "|people|persons|talk by|vortragsperson|presenter names|leitung|performer"
        "|speaker details",
        "co speakers|co speaker|coauthors|co authors|second speaker|additional speakers",
        "authors|author|autor|autoren|autores|auteur|auteurs|who|by|wer|von wem|person"
        "|full name|fullname|contributors|contributor|quien|qui|autor in",
        "name|names|nombre|nom",
    ),
    "moderators": (
        "moderator|moderators|moderation|moderated by|chair|chairs|session chair|moderador"
        "|moderateur|host|hosts|hosted by|animateur",
    ),
    "panelists": ("panelists|panelist|panellists|panel|podium|panelistas",),
    "first_name": (
        "first name|firstname|vorname|prenom|given name|nombre de pila|speaker first name",
    ),
    "last_name": (
        "last name|lastname|surname|nachname|nom de famille|apellido|apellidos|family name"
        "|speaker last name",
    ),
    "organization": (
        "organization|organisation|company|affiliation|affiliations|firma|unternehmen"
        "|institution|employer|societe|entreprise|empresa|organizacion|org|institute|university"
        "|speaker company|speaker organization|speaker organisation|speaker affiliation"
        "|arbeitgeber|einrichtung",
    ),
    "kind": (
        "type|kind|session type|format|art|typ|tipo|veranstaltungsart|session format|talk type"
        "|talk format|event type|vortragsart|submission type|presentation type|formato",
        "category|kategorie|categorie|categoria|session category",
    ),
    "track": (
        "track|schedule track|strand|stream name|parcours|schiene|linea|session track|tracks"
        "|themenfeld|themenbereich|tematica|thematique|area|track name|themenblock",
        "theme|topic|thema|session|section|stream|category|kategorie|categorie|subject area"
        "|tema|session name|sujet|block",
    ),
    "description": (
        "description|beschreibung|descripcion|long description|session description|descriptif"
        "|talk description|full description|description long|event description",
        "details|summary|desc|text|content|inhalt|body|zusammenfassung|resumen|detail|overview|info"
        "|about|synopsis|blurb|inhaltsangabe",
    ),
    "abstract": (
        "abstract|resume|kurzbeschreibung|short abstract|talk abstract|short description|teaser"
        "|description short|kurzfassung|extracto|session abstract|abstracts",
    ),
    "language": ("language|sprache|langue|idioma|lang|session language|talk language",),
    "level": (
        "level|niveau|nivel|difficulty|audience level|session level|skill level|schwierigkeit",
    ),
    "tags": (
        "tags|tag list|keywords|schlagworte|stichworte|mots cles|etiquetas|labels|schlagworter",
    ),
    "url": (
        "url|link|website|webseite|session url|permalink|talk url|page|web|href|lien|enlace"
        "|event url",
        "path|more info|homepage",
    ),
    "stream": (
        "stream url|livestream|live stream|stream link|zoom|zoom link|online link|webcast|live",
    ),
    "links": (
        "slides|slides url|video|video url|recording|recording url|file url|presentation url"
        "|folien|youtube|video link|slides link|slide|videourl|material|materials|download",
    ),
    "key": (
        "id|uid|guid|uuid|session id|talk id|event id|code|proposal id|submission id|kennung|nr"
        "|slug|key|paper id|identifier",
        "number|nummer|no|num",
    ),
    "part_of": ("part of|partof|parent|parent id|belongs to",),
    "status": ("status|state|zustand|etat|estado|cancelled|canceled",),
    "zone": ("timezone|time zone|zeitzone|tz|fuseau horaire|zona horaria",),
}
"""Each field of a row with the names that its column has, the surest first."""
UNSAID = re.compile(
    r"\b(?:optional|required|obligatoire|pflicht|local|please|the|your|full|proposed|final|scheduled"
    r"|planned|public|primary|main|official|s|en|de|actual|conference|of)\b"
)
QUALIFIERS = re.compile(r"\b(?:session|talk|event|presentation|proposal|schedule|vortrag)s?\b")
UNITS = {
    word: unit
    for unit, words in {
        "min": "m min mins minutes minuten minutos",
        "h": "h hours hrs stunden std heures horas",
        "s": "s sec seconds",
    }.items()
    for word in words.split()
}
"""Units of lengths of time, by the words for them in a column's name."""


@lru_cache(maxsize=10_000)
def normal(name: str) -> str:
    """Return the words of a column's name in small letters: ``startTime`` → ``start time``."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name)[:200])
    parted = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", parted)
    words = " ".join(re.findall(r"[^\W\d_]+", plain(parted)))
    return words if words in _RANKS else " ".join(UNSAID.sub(" ", words).split()) or words


def _ranks() -> dict[str, dict[str, int]]:
    ranks: dict[str, dict[str, int]] = defaultdict(dict)
    for name, levels in FIELDS.items():
        for rank, names in enumerate(levels):
            for each in names.split("|"):
                ranks[each].setdefault(name, rank)
    return dict(ranks)


_RANKS = _ranks()
"""Each known name of a column with the fields that it may be, and how surely (0 is best)."""


@lru_cache(maxsize=10_000)
def meanings(name: str) -> dict[str, int]:
    """Return the fields that a column may hold by its name, with 0 for the surest."""
    words = normal(name)
    for tried in (words, re.sub(r"s$", "", words), " ".join(QUALIFIERS.sub(" ", words).split())):
        if tried in _RANKS:
            return _RANKS[tried]
    return {}


@lru_cache(maxsize=10_000)
def unit(name: str) -> str:
    """Return the unit of time that a column's name has: ``Duration (min)``."""
    found = [UNITS[word] for word in re.findall(r"[a-z]+", plain(str(name)[:200])) if word in UNITS]
    return found[0] if found else ""
