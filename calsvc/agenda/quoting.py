"""Values of an agenda as messages have them: short, and in one line whatever they are."""

LONGEST_VALUE = 60  # characters
LONGEST_WORDS = 500  # characters of what a parser says
LONGEST_NAME = 100  # characters: an id of the greatest length is whole


def shown(value: object) -> str:
    """Return a value in the author's terms: ``empty``, ``the number 7``, ``a list``."""
    match value:
        case None:
            return "empty"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {brief(str(value))}"
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
    return repr(_shortened(str(value), LONGEST_VALUE))


def brief(text: str) -> str:
    """Return a name as it stands in a message, without quotes."""
    short = _shortened(text, LONGEST_NAME)
    return short if short.isprintable() else repr(short)[1:-1]


def said(error: Exception) -> str:
    """Return the words of a parser, of which those that are long are shortened."""
    words = (_shortened(word, LONGEST_VALUE) for word in str(error).split(" "))
    return _shortened(" ".join(words), LONGEST_WORDS)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 3] + "…"
