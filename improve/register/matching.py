"""Finding an organisation by its code or its name, in English or Welsh.

Only what an organisation is certainly called is taken: every way of saying its name is spelled out
(`spoken_names`) and compared whole. Anything else, and a name that two share, is asked back with
the likeliest organisations (rapidfuzz), never taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from improve.errors import RegisterError
from improve.language import _
from improve.model import Organisation

SUGGESTIONS = 5
LIKENESS = 75
"""rapidfuzz's WRatio (0 to 100) from which a name is worth asking about."""

_TOLERANCE = 15
"""How much less alike than the likest name a name may be to be worth asking about."""

_LONGEST = 200

_KINDS = (
    r"metropolitan borough|metropolitan district|county borough|city and district|"
    r"borough|district|county|city"
)
_OFFICIAL = re.compile(
    rf"(?:(?P<before>london borough|royal borough|city and county|city|borough|borough council) of )?"
    rf"(?:council of (?:the )?)?(?P<stem>.+?)(?: (?P<after>{_KINDS}))?(?: council)?"
)
_WELSH = re.compile(
    r"(?P<before>(?:cyngor (?:bwrdeistref sirol |dinas a sir |dinas |sir )?)|(?:dinas a sir ))(?P<stem>.+)"
)

_LEGAL_KINDS: Mapping[str, tuple[str, ...]] = {
    "county": ("county",),
    "district": ("district", "borough"),
    "metropolitan borough": ("metropolitan borough", "metropolitan district", "borough"),
    "London borough": ("london borough", "borough"),
    "NI district": ("district", "borough"),
    "Welsh unitary": ("county", "county borough"),
}
"""What else a council of a type may be called than it calls itself.

English unitary councils are not here: "Leicester County Council" would be taken for the city.
"""

_ALSO: Mapping[str, str] = {
    "bournemouth christchurch and poole": "bcp",
    "isle of anglesey": "anglesey",
    "na h eileanan siar": "western isles",
    "sir benfro": "sir penfro",
    "sir gaerfyrddin": "sir gar",
}
"""Names in use that no rule yields."""

_GENERIC = frozenset(
    {
        *("council", "county", "city", "borough", "district", "metropolitan", "london", "royal"),
        *("of", "and", "the"),
        *("cyngor", "sir", "dinas", "bwrdeistref", "sirol"),
    }
)
"""Words that tell no organisation from another, left out where names are likened."""


def find_organisation(register: Iterable[Organisation], wanted: str) -> Organisation:
    """The organisation with this code, former code or name.

    RegisterError: nothing has that name for certain; the message asks "did you mean A or B?".
    """
    wanted = wanted.strip()
    index = _index(tuple(register))
    code = wanted.upper()
    if code in index.by_code:
        return index.by_code[code]
    if re.fullmatch(r"[A-Z][0-9]{8}", code):
        raise RegisterError(_("No organisation of the register has the code {code}.").format(code=code))
    name = normalised(wanted)
    if not name:
        raise RegisterError(_("Say which organisation by its code or its name."))
    found = index.by_name.get(name, ())
    if len(found) == 1:
        return found[0]
    shown = wanted if len(wanted) <= _LONGEST else wanted[:_LONGEST] + "…"
    quoted = " ".join("".join(letter if letter.isprintable() else " " for letter in shown).split())
    likely = found or _likely(index, name[:_LONGEST])
    if not likely:
        raise RegisterError(
            _('No organisation of the register is called "{wanted}", and none has a name like it.').format(
                wanted=quoted
            )
        )
    raise RegisterError(
        _('No single organisation is certainly meant by "{wanted}"; did you mean {organisations}?').format(
            wanted=quoted, organisations=_listed(likely)
        )
    )


def normalised(text: str) -> str:
    """A name as it is compared: lower case, no accents or punctuation, "and" for "&", no leading "the"."""
    text = unicodedata.normalize("NFKD", text.casefold()).casefold().replace("&", " and ")
    letters = (
        letter if letter.isalnum() else " "
        for letter in text
        if not (unicodedata.combining(letter) or letter in "'’‘`´")
    )
    words = ["st" if word == "saint" else word for word in "".join(letters).split()]
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def spoken_names(organisation: Organisation) -> frozenset[str]:
    """Every name that the organisation certainly goes by, normalised."""
    name, official = normalised(organisation.name), normalised(organisation.official_name)
    names = {name, official}
    match = _OFFICIAL.fullmatch(official)
    if match is None or organisation.type == "City corporation":
        return frozenset(names)
    said = {kind for kind in (match["before"], match["after"]) if kind}
    said |= {word for kind in said for word in ("city", "county") if word in kind.split()}
    said -= {"borough council"}
    names |= _with_kinds(match["stem"], said)
    names |= _with_kinds(name, {*said, *_LEGAL_KINDS.get(organisation.type, ())})
    if name in _ALSO:
        names |= _with_kinds(_ALSO[name], said)
    if organisation.type == "unitary" and not said:
        names.add(f"{name} county of")  # as the ONS writes "Herefordshire, County of"
    if organisation.welsh_name:
        names |= _welsh_names(normalised(organisation.welsh_name), is_city="city" in said)
    return frozenset(names)


def _with_kinds(stem: str, kinds: Iterable[str]) -> set[str]:
    names = {stem, f"{stem} council", f"council of {stem}"}
    for kind in kinds:
        # The last one is the ONS's "Bristol, City of".
        names |= {
            f"{stem} {kind}",
            f"{stem} {kind} council",
            f"{kind} of {stem}",
            f"{kind} of {stem} council",
            f"{kind} council of {stem}",
            f"{stem} {kind} of",
        }
    return names


def _welsh_names(welsh: str, *, is_city: bool) -> set[str]:
    match = _WELSH.fullmatch(welsh)
    stem = match["stem"] if match else welsh
    names = {welsh}
    for name in (stem, *([_ALSO[stem]] if stem in _ALSO else [])):
        names |= {name, f"cyngor {name}", f"cyngor sir {name}", f"cyngor bwrdeistref sirol {name}"}
        if is_city:
            names |= {f"{which} {name}" for which in ("cyngor dinas", "cyngor dinas a sir", "dinas a sir")}
    return names


@dataclass(frozen=True, slots=True)
class _Index:
    """Organisations by code (former ones too), by every name, and the names to liken others to."""

    by_code: Mapping[str, Organisation]
    by_name: Mapping[str, Sequence[Organisation]]
    likenable: Sequence[tuple[str, Organisation]]


@lru_cache(maxsize=4)
def _index(register: tuple[Organisation, ...]) -> _Index:
    by_code: dict[str, Organisation] = {}
    for organisation in register:
        by_code |= {code.upper(): organisation for code in organisation.former_codes}
    by_code |= {organisation.code.upper(): organisation for organisation in register}

    full = [(normalised(one.name), one) for one in register]
    begun: dict[str, set[str]] = defaultdict(set)
    for name, organisation in full:
        words = name.split()
        for end in range(1, len(words)):
            begun[" ".join(words[:end])].add(organisation.code)

    by_name: dict[str, list[Organisation]] = defaultdict(list)
    for organisation in register:
        own = {normalised(organisation.name), normalised(organisation.welsh_name)}
        for name in spoken_names(organisation):
            bare = name.removesuffix(" council")
            # "Newcastle" alone is what Newcastle City Council calls itself, but may mean the other one.
            if bare in own or begun.get(bare, set()) <= {organisation.code}:
                by_name[name].append(organisation)
    likenable = full + [(normalised(one.welsh_name), one) for one in register if one.welsh_name]
    likenable += [(also, one) for name, one in likenable for also in [_ALSO.get(name)] if also]
    return _Index(by_code, dict(by_name), likenable)


def _likely(index: _Index, name: str) -> list[Organisation]:
    """The organisations with the names most like this one, the likest first."""
    telling = " ".join(word for word in name.split() if word not in _GENERIC) or name
    names = [known for known, _one in index.likenable]
    found: list[tuple[str, float, int]] = []
    for query in (telling, name):
        found = found or process.extract(query, names, scorer=fuzz.WRatio, score_cutoff=LIKENESS, limit=20)
    best: dict[str, tuple[float, Organisation]] = {}
    for _known, likeness, place in found:
        organisation = index.likenable[place][1]
        if likeness > found[0][1] - _TOLERANCE and organisation.code not in best:
            best[organisation.code] = (likeness, organisation)
    ranked = sorted(best.values(), key=lambda one: (-one[0], one[1].name, one[1].code))
    return [organisation for _likeness, organisation in ranked[:SUGGESTIONS]]


def _listed(organisations: Sequence[Organisation]) -> str:
    names = [f"{one.official_name} ({one.code})" for one in organisations]
    if len(names) == 1:
        return names[0]
    return _("{several} or {last}").format(several=", ".join(names[:-1]), last=names[-1])
