"""Runners and what the design's knowledge says of them: which findings, which referral, which priorities, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from visits import metric

from gait.model import MetricValue

FAR = {"shank_angle_ic_deg": (13.0, 1.5), "overstride_cm": (25.0, 2.0)}
FEW = {"cadence_spm": (150.0, 0.5)}
STIFF = {"knee_flexion_ic_deg": (0.0, 2.5)}
BOUNCY = {"vertical_oscillation_cm": (11.5, 0.8)}


def difference(value: float, half: float) -> MetricValue:
    found = metric("symmetry_shank_angle_ic_deg", value, half)
    return MetricValue(**{**vars(found), "reference": {"threshold": 4.8}})


@dataclass(frozen=True)
class Persona:
    name: str
    told: dict[str, Any]
    given: dict[str, Any] = field(default_factory=dict)
    raised: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    borderline: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()


KNEE = {"pain": "left knee", "onset": "gradual", "pain-level": 4}
ACHILLES = {"pain": "right achilles", "onset": "gradual", "pain-when": ["morning"], "signs": ["stiffness"]}

PERSONAS = (
    Persona(
        "overstrider with few steps and a sore knee",
        KNEE,
        {"side": FAR | FEW},
        raised=("overstride",),
        priorities=("cadence",),
    ),
    Persona("the same without symptoms", {}, {"side": FAR | FEW}, optional=("overstride",)),
    Persona(
        "the same without symptoms, with a goal",
        {"goal": "a faster 10 km"},
        {"side": FAR | FEW},
        raised=("overstride",),
        priorities=("cadence",),
    ),
    Persona("few steps only, sore knee", KNEE, {"side": FEW}, raised=("low_cadence",), priorities=("cadence",)),
    Persona(
        "stiff landing, sore shin",
        {"pain": "shin"},
        {"side": STIFF},
        raised=("hard_landing",),
        priorities=("land_softly",),
    ),
    Persona(
        "bouncy overstrider with Achilles pain: quicker steps once, not twice",
        ACHILLES,
        {"side": FAR | BOUNCY},
        raised=("hard_landing", "overstride"),
        priorities=("cadence_instead_of_softness",),
        conditions=("achilles_tendinitis",),
    ),
    Persona("stiff landing, no symptoms", {}, {"side": STIFF}, optional=("hard_landing",)),
    Persona(
        "bouncy landing with Achilles pain: cadence, no softness",
        ACHILLES,
        {"side": BOUNCY},
        raised=("hard_landing",),
        priorities=("cadence_instead_of_softness",),
        conditions=("achilles_tendinitis",),
    ),
    Persona(
        "forefoot striker with Achilles pain",
        ACHILLES,
        {"strike": "non-rearfoot"},
        raised=("strike_load",),
        priorities=("ease_load",),
        conditions=("achilles_tendinitis",),
    ),
    Persona("forefoot striker without symptoms: no finding", {}, {"strike": "non-rearfoot"}),
    Persona("forefoot striker with a sore knee: no finding", KNEE, {"strike": "non-rearfoot"}),
    Persona(
        "forefoot striker with heel pain at the first steps",
        {
            "pain": "left heel",
            "pain-when": ["morning", "after sitting", "eases moving"],
            "pain-kind": ["sharp"],
            "calf-tight": True,
        },
        {"strike": "non-rearfoot"},
        raised=("strike_load", "tight_calves"),
        priorities=("ease_load", "calf_stretch"),
        conditions=("plantar_fasciitis",),
    ),
    Persona(
        "numbness: referral only",
        {"pain": "sole", "signs": ["numbness"]},
        {"side": FAR},
        raised=("overstride",),
        flags=("numbness",),
        conditions=("plantar_fasciitis",),
    ),
    Persona(
        "suspected bone stress: stop running",
        {
            "pain": "left shin",
            "pain-kind": ["dull"],
            "grows-with-load": True,
            "bone-tender": ["other bone"],
            "onset": "gradual",
        },
        flags=("bone_stress",),
        conditions=("stress_fracture",),
    ),
    Persona("pain at night", {"pain": "hip", "pain-when": ["night"]}, flags=("night_or_hop_pain",)),
    Persona("pain when hopping", {"pain": "forefoot", "pain-when": ["hopping"]}, flags=("night_or_hop_pain",)),
    Persona(
        "twisted, cannot take four steps",
        {
            "pain": "right outer ankle",
            "onset": "twist",
            "four-steps": False,
            "signs": ["swelling", "pop"],
            "pain-kind": ["sharp"],
        },
        flags=("ottawa",),
        conditions=("ankle_sprain", "peroneal_tendonitis"),
    ),
    Persona(
        "twisted, fifth metatarsal tender",
        {"pain": "outer ankle", "onset": "twist", "bone-tender": ["fifth metatarsal"]},
        flags=("ottawa",),
        conditions=("ankle_sprain",),
    ),
    Persona("sudden kick in the calf", {"pain": "calf", "onset": "sudden kick"}, flags=("tendon_rupture",)),
    Persona(
        "gap in the tendon",
        {"pain": "achilles", "signs": ["tendon gap"]},
        flags=("tendon_rupture",),
        conditions=("achilles_tendinitis",),
    ),
    Persona("hot joint with fever", {"pain": "knee", "signs": ["warmth", "fever"]}, flags=("hot_joint_with_fever",)),
    Persona("swollen warm calf", {"pain": "calf", "signs": ["swelling", "warmth"]}, flags=("possible_clot",)),
    Persona(
        "quinolone and Achilles pain",
        ACHILLES | {"quinolone": True},
        flags=("quinolone",),
        conditions=("achilles_tendinitis",),
    ),
    Persona(
        "a week of rest brought nothing",
        KNEE | {"rest-week": "no change"},
        {"side": FAR},
        raised=("overstride",),
        flags=("rest_did_not_help",),
    ),
    Persona("getting worse", KNEE | {"trend": "worse"}, flags=("worsening",)),
    Persona(
        "can hardly move it",
        {"pain": "front of ankle", "signs": ["limited motion"]},
        flags=("limited_motion",),
        conditions=("ankle_sprain",),
    ),
    Persona(
        "severe swelling",
        {"pain": "outer ankle", "signs": ["severe swelling"]},
        flags=("severe_swelling_or_bruising",),
        conditions=("ankle_sprain", "peroneal_tendonitis"),
    ),
    Persona(
        "out of shape",
        {"pain": "inner ankle", "signs": ["deformity"], "onset": "twist"},
        flags=("deformity",),
        conditions=("ankle_sprain",),
    ),
    Persona("nothing to change", {"pain": "none"}),
    Persona(
        "sprain history with crossover",
        {"past-ankle-injury": "sprain", "pain": "right outer ankle", "onset": "gradual"},
        {"crossover": "crossing", "rear": {"step_width_cm": (-3.0, 1.5)}},
        raised=("crossover", "sprain_history"),
        priorities=("balance", "wider_step"),
        conditions=("peroneal_tendonitis",),
    ),
    Persona(
        "crossover without symptoms: no finding", {}, {"crossover": "crossing", "rear": {"step_width_cm": (-3.0, 1.5)}}
    ),
    Persona(
        "worn shoes and 40 % more distance",
        {"shoe-km": 950, "weekly-km": [20, 24, 28]},
        raised=("rapid_rise", "worn_shoes"),
        priorities=("hold_distance", "replace_shoes"),
    ),
    Persona(
        "new shoes that do not fit",
        {"shoe-age": "1 week", "shoe-fit": "poor"},
        raised=("new_shoes", "poor_fit"),
        priorities=("check_fit", "break_in_shoes"),
    ),
    Persona(
        "a plan that is a big step",
        {"weekly-km": [20, 20, 20], "planned-km": 40},
        raised=("rapid_plan",),
        priorities=("gradual_plan",),
    ),
    Persona(
        "no rear view",
        KNEE,
        {"views": ("left",)},
        unseen=("eversion", "hip_adduction", "pelvic_drop"),
    ),
    Persona(
        "rear view only",
        KNEE,
        {"views": ("rear",)},
        unseen=("hard_landing", "overstride", "straight_leg_landing", "trunk_lean"),
    ),
    Persona(
        "intervals that straddle the limits",
        KNEE,
        {"side": {"shank_angle_ic_deg": (9.0, 2.0), "knee_flexion_ic_deg": (4.0, 3.0)}},
        borderline=("hard_landing", "overstride"),
    ),
    Persona(
        "heel rolls in far, Achilles pain",
        ACHILLES,
        {"rear": {"rearfoot_excursion_deg": (24.0, 5.0)}},
        raised=("eversion",),
        priorities=("foot_strength",),
        conditions=("achilles_tendinitis",),
    ),
    Persona(
        "heel rolls in far, no symptoms", {}, {"rear": {"rearfoot_excursion_deg": (24.0, 5.0)}}, optional=("eversion",)
    ),
    Persona(
        "pelvis drops, sore hip",
        {"pain": "right hip"},
        {"rear": {"pelvic_drop_deg": (10.0, 2.0), "hip_adduction_peak_deg": (16.0, 3.0)}},
        raised=("pelvic_drop",),
        priorities=("hip_strength",),
    ),
    Persona(
        "leans far forward, sore back",
        {"pain": "back"},
        {"side": {"trunk_lean_deg": (15.0, 2.0)}},
        raised=("trunk_lean",),
        priorities=("trunk_strength",),
    ),
    Persona(
        "left and right differ, sore knee",
        KNEE,
        {"more": (difference(8.0, 3.0),)},
        raised=("left_right",),
        priorities=("both_sides",),
    ),
    Persona(
        "left and right perhaps differ",
        KNEE,
        {"more": (difference(6.0, 7.0),)},
        borderline=("left_right",),
    ),
    Persona(
        "more than three things: the three with most effect",
        KNEE | {"weekly-km": [20, 24, 30], "shoe-km": 900, "calf-tight": True},
        {"side": FAR | STIFF},
        raised=("hard_landing", "overstride", "rapid_rise", "tight_calves", "worn_shoes"),
        priorities=("land_softly", "cadence", "hold_distance"),
    ),
    Persona(
        "no belt speed: bands do not apply, limits do",
        KNEE,
        {"side": FAR | STIFF, "belt_speed_m_s": None},
        raised=("hard_landing",),
        priorities=("land_softly",),
        unseen=("low_cadence", "overstride"),
    ),
    Persona(
        "unusable recording",
        KNEE | {"shoe-km": 900},
        {"side": FAR, "quality": "unusable"},
        raised=("worn_shoes",),
        priorities=("replace_shoes",),
        unseen=(
            "eversion",
            "hard_landing",
            "hip_adduction",
            "left_right",
            "low_cadence",
            "overstride",
            "pelvic_drop",
            "straight_leg_landing",
            "trunk_lean",
        ),
    ),
)
