"""Text on a page: shown as it is, whatever people typed into it."""

import re
from collections.abc import Iterable, Mapping

_MARKUP = frozenset("\\`*_{}[]<>()#+-.!|~$:")
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
"""Where an address that a reader of Markdown makes a link of is cut, by a letter that nobody sees."""

_UNSEEN = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """Text as Markdown that shows it letter by letter: nothing a person typed is markup."""
    cut = _ADDRESS.sub(_UNSEEN, text)
    escaped = "".join("\\" + letter if letter in _MARKUP else letter for letter in cut)
    return escaped.replace("\n", " ")


def plain_rows(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows of a table, headers and cells as `plain` text: st.table reads both as Markdown."""
    return [{plain(name): plain(value) for name, value in row.items()} for row in rows]
