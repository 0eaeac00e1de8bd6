"""What people type, as it is kept: on one line, and without letters that nobody sees."""


def one_line(text: str) -> str:
    """What was typed, on one line, without letters that nobody sees or no file can hold."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable()).strip()
