"""What people type, as it is kept and as it leaves in a file."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet takes for a formula."""

_TEXT = "'"


def one_line(text: str) -> str:
    """What was typed, on one line, without letters that nobody sees or no file can hold."""
    words = ("".join(letter for letter in word if letter.isprintable()) for word in text.split())
    return " ".join(word for word in words if word)


def as_text_cell(text: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula: what looks like one is marked as text."""
    return _TEXT + text if _looks_like_formula(text) else text


def from_text_cell(text: str) -> str:
    """What a cell said before `as_text_cell` marked it."""
    is_marked = text.startswith(_TEXT) and _looks_like_formula(text[len(_TEXT) :])
    return text.removeprefix(_TEXT) if is_marked else text


def _looks_like_formula(text: str) -> bool:
    # What begins with the mark already gets a second one, so that taking one off always gives it back.
    return text.lstrip(_TEXT).startswith(FORMULA)
