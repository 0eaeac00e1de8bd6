"""What the demonstration has to tell: which fictional council shows what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from improve.language import N_

DEFAULT_ORGANISATION = "DW07"
"""Whose member the visitor of a demonstration is at first: Welsh, in all rounds, a mix of words."""


@dataclass(frozen=True, slots=True)
class Story:
    """One thing that one organisation's answers show.

    `text` is a message of the catalogue, to be read through `_`. The rest says how it is planted,
    in points of the scale of priors.yaml:
    `effect` is added to the satisfaction with an aspect, or with every aspect of a category, and
    makes it free of chance between organisations; `shift` is the change in `aspects` from the
    round `since` on; `skipped` names rounds not taken part in. `skills` are added, free of chance
    likewise, to what people can do or to a number, by question, "" being all that they can do.
    `maturity` are the answers to the criteria of a function (yes, no, ?, - does not apply, . none yet),
    level by level, a text for each round and one for an assessment that is open still; who
    `is_half_answered` has such a one.
    """

    organisation: str
    text: str
    aspects: tuple[str, ...] = ()
    effect: Mapping[str, float] = field(default_factory=dict)
    skills: Mapping[str, float] = field(default_factory=dict)
    shift: float = 0.0
    since: str = ""
    skipped: tuple[str, ...] = ()
    missing_rate: float = 0.0
    is_polarised: bool = False
    maturity: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_half_answered: bool = False


STORIES: Mapping[str, Story] = MappingProxyType(
    {
        "mixed": Story(
            DEFAULT_ORGANISATION,
            N_("Support well above the national median, equipment below it, the rest much like it."),
            effect=MappingProxyType(
                {"SYS": 0.0, "EQP": -0.4, "SUP": 0.35, "INF": 0.0, "PAR": -0.05, "INF2": 0.25, "PAR2": -0.3}
            ),
        ),
        "polarised": Story(
            DEFAULT_ORGANISATION,
            N_("Network and Wi-Fi: excellent in some buildings, very poor in others; the mean hides it."),
            aspects=("EQP3",),
            effect=MappingProxyType({"EQP3": 0.0}),
            is_polarised=True,
        ),
        "devices_replaced": Story(
            "DW05",
            N_("Replaced its devices between 2024 and 2025, and rose."),
            aspects=("EQP1", "EQP2"),
            effect=MappingProxyType({"EQP1": 0.0, "EQP2": 0.0}),
            shift=0.8,
            since="2025",
        ),
        "system_changed": Story(
            "DE29",
            N_("Changed its main system between 2025 and 2026, and dipped."),
            aspects=("SYS1", "SYS3"),
            effect=MappingProxyType({"SYS1": 0.0, "SYS3": 0.0}),
            shift=-0.7,
            since="2026",
        ),
        "best": Story("DW03", N_("The best overall score of Wales, 6.06, and still somebody who gave 1.")),
        "lowest": Story("DW04", N_("The only Welsh overall score below 4.9.")),
        "best_response": Story("DW08", N_("The highest response rate, 38%.")),
        "many_missing": Story(
            "DW09",
            N_("Project delivery: more than a quarter had no opinion."),
            aspects=("PAR3",),
            missing_rate=0.32,
        ),
        "little_training": Story(
            DEFAULT_ORGANISATION,
            N_("Less training than elsewhere, and spreadsheets below the national median."),
            skills=MappingProxyType({"": -0.1, "SK07": -0.3, "SK10": 0.35, "SKT1": -0.15, "SKT2": -0.05}),
        ),
        "spreadsheets": Story(
            "DW11",
            N_("Strong in spreadsheets and reports."),
            skills=MappingProxyType({"": 0.15, "SK07": 0.65, "SK08": 0.5}),
        ),
        "do_not_mind": Story(
            "DW10",
            N_("More than one in four does not know much about ICT, and does not mind."),
            skills=MappingProxyType({"": -0.2, "SKA1": -0.55}),
        ),
        "one_answer_away": Story(
            DEFAULT_ORGANISATION,
            N_("One answer from the next level in most functions; half of the next assessment is answered."),
            maturity=MappingProxyType(
                {
                    "LEAD": ("yy yy yn nn nn", "yy yy yy yn nn", "yy yy yy yy nn"),
                    "COMM": ("yy yy nn yn nn", "yy yy ny yn nn", "yy yy yy yn nn"),
                    "CULT": ("yy nn nn nn nn", "yy yn nn nn nn", ".. .. .. .. .."),
                    # Provision is ahead of take-up; what is to be found out would raise the level.
                    "AGIL": ("yy yy yn nn nn", "yy yy y? ny yn", "yy yy yy ny yn"),
                    "BEST": ("yy yy yn nn nn", "yy yn yn nn nn", ".. .. .. .. .."),
                    # Level 4 stands whole above a hole at level 3.
                    "CUST": ("yy yy yn yn nn", "yy yy yn yy nn", "yy yy y. .. .."),
                    "DATA": ("yy nn nn nn nn", "yy ?n nn ?n nn", ".. .. .. .. .."),
                    "TECH": ("yy yy nn nn nn", "yy yy nn nn yn", ".. .. .. .. .."),
                    "SECU": ("yy yy yy yn n-", "yy yy yy yy n-", "yy yy yy yy y-"),
                }
            ),
            is_half_answered=True,
        ),
        "leading": Story(
            "DW03",
            N_("Leadership and security at the highest level."),
            maturity=MappingProxyType(
                {
                    "LEAD": ("yy yy yy yy yn", "yy yy yy yy yy"),
                    "SECU": ("yy yy yy yy yy", "yy yy yy yy yy"),
                }
            ),
        ),
        "half_answered": Story(
            "DW11", N_("Has answered half of its next assessment of digital maturity."), is_half_answered=True
        ),
        "no_staff_list": Story("DW12", N_("Has given no staff list.")),
        "skipped_wales": Story("DW13", N_("Welsh, and skipped 2025."), skipped=("2025",)),
        "skipped_england": Story("DE53", N_("English, and skipped 2025."), skipped=("2025",)),
    }
)

WELSH: Mapping[str, tuple[float, int, float]] = MappingProxyType(
    {
        "DW01": (5.47, 620, 0.27),
        "DW02": (5.02, 410, 0.215),
        "DW03": (6.06, 735, 0.315),
        "DW04": (4.62, 480, 0.18),
        "DW05": (5.34, 560, 0.285),
        "DW06": (5.27, 690, 0.24),
        "DW07": (5.15, 665, 0.33),
        "DW08": (5.63, 905, 0.38),
        "DW09": (5.21, 540, 0.20),
        "DW10": (4.96, 430, 0.26),
        "DW11": (5.55, 610, 0.36),
        "DW12": (5.08, 820, 0.225),
        "DW13": (5.40, 455, 0.25),
        "DW14": (5.74, 380, 0.345),
    }
)
"""The newest round of the Welsh cohort: overall score, responses, response rate (the published shape)."""

SMALL: Mapping[str, int] = MappingProxyType(
    {"DE18": 17, "DE44": 22, "DE49": 13, "DE04": 28, "DE17": 6, "DE45": 8}
)
"""Responses, in the newest round, of those that have too few to say much, or to be shown at all."""
