"""Text on a page: shown as it is, whatever people typed into it."""

_MARKUP = frozenset("\\`*_{}[]<>()#+-.!|~$:")


def plain(text: str) -> str:
    """Text as Markdown that shows it letter by letter: nothing a person typed is markup."""
    escaped = "".join("\\" + letter if letter in _MARKUP else letter for letter in text)
    return escaped.replace("\n", " ")
