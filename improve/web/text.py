"""Text on a page: shown as it is, whatever people typed into it."""

import re
from collections.abc import Iterable, Mapping

_MARKUP = frozenset("\\`*_{}[]<>()#+-.!|~$:")
_ADDRESS = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
"""Where an address that a reader of Markdown makes a link of is cut, by a letter that nobody sees."""

_IN_LABELS = re.compile(r"[\\`*_\[\]~$<>]|:(?=\S)")
"""What a label reads as markup."""

_UNSEEN = "\N{WORD JOINER}"


def plain(text: str) -> str:
    """Text as Markdown that shows it letter by letter: nothing a person typed is markup."""
    cut = _ADDRESS.sub(_UNSEEN, text)
    escaped = "".join("\\" + letter if letter in _MARKUP else letter for letter in cut)
    return escaped.replace("\n", " ")


def label(text: str) -> str:
    """A widget's label that shows its text letter by letter.

    Screen readers hear a label as it was written, escapes included. Little is markup in a label, so
    only that is escaped.
    """
    cut = _ADDRESS.sub(_UNSEEN, text)
    return _IN_LABELS.sub(r"\\\g<0>", cut).replace("\n", " ")


def plain_rows(rows: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The rows of a table, headers and cells as `plain` text: st.table reads both as Markdown."""
    return [{plain(name): plain(value) for name, value in row.items()} for row in rows]
