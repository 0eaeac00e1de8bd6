"""The message catalogue: complete, and made of sentences that can be translated whole."""

import ast
import re
from string import Formatter

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from improve.config import ROOT
from improve.language import LOCALES, PSEUDO, pseudo, speaking
from improve.register import type_label

TEMPLATE = LOCALES / "improve.pot"


def fresh_messages():
    """Every message that stands in the code now: ids, with the first place of each."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    return {
        message: f"{name}:{line}"
        for name, line, message, _comments, _context in extract_from_dir(
            ROOT, methods, options, keywords=DEFAULT_KEYWORDS
        )
    }


MESSAGES = fresh_messages()
TEXTS = sorted(
    {text for message in MESSAGES for text in ([message] if isinstance(message, str) else message)}
)


def fields(text):
    """The names of a message's {fields}."""
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_the_template_holds_the_messages_of_the_code():
    """If not: run the command that babel.cfg names."""
    with TEMPLATE.open("rb") as file:
        template = {message.id for message in read_po(file) if message.id}
    assert template == set(MESSAGES)
    assert len(template) > 100


def test_a_message_is_one_paragraph_without_space_around_it():
    assert not [text for text in TEXTS if text != text.strip() or "\n" in text or "  " in text]


def test_markup_is_no_part_of_a_message():
    markup = re.compile(r"</?[a-zA-Z!][^>]*>|&[a-z]+;|:material/|\]\(|\*\*|`")
    assert not [text for text in TEXTS if markup.search(text)]


def test_fields_have_names_because_translators_move_them():
    assert not [text for text in TEXTS if not all(name.isidentifier() for name in fields(text))]


def test_plural_forms_have_the_same_fields():
    for message, place in MESSAGES.items():
        if not isinstance(message, str):
            singular, plural = message
            assert fields(singular) <= fields(plural), place


def test_the_made_up_language_says_every_message_with_its_fields():
    for text in TEXTS:
        said = pseudo(text)
        assert fields(said) == fields(text)
        assert len(said) >= len(text) * 4 // 3
        assert said != text
    with speaking(PSEUDO):
        assert type_label("county") == pseudo("County council")


# ── Whole sentences ────────────────────────────────────────────────────────────────────────────

CALLS = ("_", "ngettext")
WORD = re.compile(r"[^\W\d_]{2,}")


def name_of(node):
    """`f` of `f` and of `x.f`."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)


def message_in(node):
    """The message that an expression shows, filled in or not; None where it shows none."""
    if not isinstance(node, ast.Call):
        return None
    if name_of(node.func) in CALLS and isinstance(node.args[0], ast.Constant):
        return node.args[0].value
    if name_of(node.func) == "format" and isinstance(node.func, ast.Attribute):
        return message_in(node.func.value)
    return message_in(node.args[0]) if name_of(node.func) == "plain" else None


def pieces(node):
    """The parts that a text is put together from."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return pieces(node.left) + pieces(node.right)
    if isinstance(node, ast.JoinedStr):
        return [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
    return [node]


def test_no_sentence_is_put_together_from_messages():
    """Beside a message stands an icon or another whole sentence, and none fills another's field."""
    broken = []
    for path in [*(ROOT / "improve").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            parts = pieces(node)
            messages = [text for text in map(message_in, parts) if text is not None]
            literals = [part.value for part in parts if isinstance(part, ast.Constant)]
            if len(parts) > 1 and messages:
                words = [text for text in literals if WORD.search(re.sub(r":material/\w+:", "", str(text)))]
                partial = [text for text in messages if len(parts) > 2 and text[-1] not in ".!?:)"]
                broken += [f"{place} {text!r}" for text in words + partial]
            if isinstance(node, ast.Call) and name_of(node.func) == "format" and message_in(node) is not None:
                broken += [f"{place} {one.arg}" for one in node.keywords if message_in(one.value) is not None]
    assert not broken
