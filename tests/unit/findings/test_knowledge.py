"""Row by row: what the article and the studies say reaches the person whom it concerns."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from personas import ACHILLES, BOUNCY, FAR, FEW, KNEE, PERSONAS, STIFF, difference
from visits import visit

from gait.findings.assess import assess


@dataclass(frozen=True)
class Row:
    name: str
    told: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    part: str = ""


def strings(node: Any) -> list[str]:
    if isinstance(node, str):
        return [node]
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else ()
    return [text for one in inner for text in strings(one)]


def said(told: dict[str, Any], given: dict[str, Any], part: str = "") -> str:
    found = asdict(assess(visit(told, **given)))
    return "\n".join(strings(found[part] if part else found))


def condition(name: str, told: dict[str, Any], *says: str) -> Row:
    return Row(name, told, {}, says, "conditions")


def background(name: str, told: dict[str, Any], *says: str) -> Row:
    return Row(name, told, {}, says, "background")


def flag(name: str, told: dict[str, Any], *says: str) -> Row:
    return Row(name, told, {}, says, "red_flags")


SPRAIN = {"pain": "right outer ankle", "onset": "twist"}
OUTER = {"pain": "outer ankle", "onset": "gradual"}
BONE = {"pain": "shin", "pain-kind": ["dull"]}
SOLE = {"pain": "heel"}
REAR = {"rear": {"rearfoot_excursion_deg": (24.0, 5.0)}}

ROWS = (
    background(
        "why ankles",
        {},
        *("Shin bone, calf bone and ankle bone form the joint", "ligaments hold it", "tendons move it"),
        *("Achilles tendon joins calf and heel", "takes the shock of landing", "carries your weight", "pushes off"),
        *("strength, flexibility", "proprioception", "knees, hips and back"),
    ),
    condition(
        "sprain",
        SPRAIN,
        *("Ligaments stretched too far or torn", "outer side (most often)", "inner side", "between the two shin bones"),
        *("About 2 million", "Twisting, rolling or a bad landing", "Uneven ground", "Swelling", "Bruising"),
        *("Moves less than usual", "Sharp pain at once", "Hard to put weight on it", "A pop was heard or felt"),
        *("Pain at the outer, inner or front side",),
    ),
    condition(
        "sprain likely", SPRAIN, "put weight on it", "swollen or bruised", "popped", "unsteady", "walking hurts a lot"
    ),
    condition(
        "Achilles tendinitis",
        {"pain": "left achilles"},
        *(
            "joins calf and heel",
            "load that repeats without enough recovery between runs",
            "Tender along the tendon",
            "Stiff",
        ),
        *("Worst in the morning and after rest", "Worse with activity", "Pain at the back of the ankle"),
    ),
    condition(
        "peroneal tendonitis",
        OUTER,
        *("tendons at the outer ankle that steady the foot", "Overuse", "Shoes that do not suit", "high or low arch"),
        *("Pain at the outer ankle", "Swelling", "Warmth", "repeated movement or pressure"),
    ),
    condition(
        "stress fracture",
        BONE,
        *("Small cracks in a bone", "force that repeats", "Long distances", "A fast rise in distance", "Hard ground"),
        *("A hard landing", "A dull ache", "Grows with activity", "Swelling at the site", "Tender at the site"),
        *("attention early",),
    ),
    condition(
        "plantar fasciitis",
        SOLE,
        *(
            "from heel to toes",
            "Tight calves",
            "A high arch",
            "Hard ground",
            "Sharp pain",
            "first steps in the morning",
        ),
        *("after sitting", "Eases while moving", "come back after rest"),
    ),
    background(
        "diagnosis",
        KNEE,
        *("how it began", "examines", "X-ray, MRI or ultrasound", "if the pain stays", "a week of rest brings nothing"),
    ),
    background(
        "treatment, and where guidance differs",
        KNEE,
        *("rest, ice, compression and elevation", "physical therapy", "ankle exercises, stretching"),
        *("strength, flexibility and function", "without prescription as the pack says", "anti-inflammatory"),
        *("surgery", "severe or nothing else helps", "2018 does not recommend", "brace and exercise from early on"),
        *("Ask your clinician before you take pain relief", "Vuurberg et al. 2018"),
    ),
    background("a clinic offers", {}, "exercise programme for you", "looks at how you run", "explains"),
    background(
        "serious when",
        {},
        *("persists despite rest and home care", "limits your movement a lot", "severe swelling or bruising"),
        *("a changed shape", "gets worse over time", "At once with numbness or tingling"),
        *("put weight on it", "a pop", "unsteady", "cannot walk without a lot of pain", "may be a sprain"),
    ),
    background("ignored", KNEE, "stays unsteady", "pain that stays", "arthritis", "injuries elsewhere"),
    background("ignored, after an old sprain", {"past-ankle-injury": "sprain"}, "stays unsteady"),
    background(
        "shoes by foot type, both",
        {"arch": "high"},
        "suit the type of your foot",
        "927 new runners",
        "never choose a shoe",
    ),
    Row("prevention: footwear", {}, {}, ("fit, cushion and support your foot", "replace them regularly"), "plan"),
    Row("prevention: strength", {}, {}, ("Calf raises", "Ankle circles", "Towel stretch", "before you run"), "plan"),
    Row("prevention: form", {}, {}, ("Land softly", "avoid overstriding", "coach or therapist"), "plan"),
    Row("prevention: progression", {}, {}, ("Raise distance and effort gradually", "on a plan"), "plan"),
    flag("serious: persists", KNEE | {"rest-week": "no change"}, "A week of rest did not help", "within a few days"),
    flag("serious: limits motion", {"pain": "heel", "signs": ["limited motion"]}, "within a few days"),
    flag("serious: swelling", {"pain": "heel", "signs": ["severe swelling"]}, "today"),
    flag("serious: bruising", {"pain": "heel", "signs": ["severe bruising"]}, "today"),
    flag("serious: deformity", {"pain": "heel", "signs": ["deformity"]}, "now"),
    flag("serious: worse", KNEE | {"trend": "worse"}, "gets worse"),
    flag("at once: numbness", {"signs": ["numbness"]}, "See a doctor now", "Numbness or tingling"),
    flag("cannot walk", {"pain": "heel", "four-steps": False}, "cannot take four steps"),
    flag("Ottawa: four steps", SPRAIN | {"four-steps": False}, "Ottawa ankle rules", "X-ray"),
    *(
        flag(f"Ottawa: {bone}", SPRAIN | {"bone-tender": [bone]}, "Ottawa ankle rules")
        for bone in ("outer ankle bone", "inner ankle bone", "navicular", "fifth metatarsal")
    ),
    flag("sudden kick", {"pain": "calf", "onset": "sudden kick"}, "calf-squeeze test", "now"),
    flag("gap in the tendon", {"signs": ["tendon gap"]}, "gap in the tendon"),
    flag("hot joint with fever", {"signs": ["warmth", "fever"]}, "fever"),
    flag("swollen joint with fever", {"signs": ["severe swelling", "fever"]}, "warmth or swelling together with fever"),
    flag("night pain", {"pain": "shin", "pain-when": ["night"]}, "Stop running"),
    flag("hop pain", {"pain": "shin", "pain-when": ["hopping"]}, "Stop running"),
    flag("clot", {"pain": "left calf", "signs": ["swelling", "warmth"]}, "blood clot", "now"),
    flag("bone stress, dull ache", BONE | {"grows-with-load": True, "signs": ["tenderness"]}, "Stop running"),
    flag("bone stress, tender bone", {"pain": "shin", "bone-tender": ["other bone"]}, "Stop running"),
    flag("tender bone and nothing else told", {"bone-tender": ["navicular"]}, "Stop running"),
    flag("quinolone", {"quinolone": True}, "antibiotic"),
    Row(
        "overstride",
        KNEE,
        {"side": FAR | FEW},
        (
            *("brakes", "more injuries in women", "not been shown for the ankle itself", "5 % more", "metronome"),
            *(
                "158 beats",
                "161 to 165 steps",
                "6 % for 5 steps a minute",
                "load on knee and ankle",
                "hip muscles work harder",
            ),
            *("To avoid overstriding is also what the article advises", "at the same speed"),
        ),
    ),
    Row("low cadence", KNEE, {"side": FEW}, ("180 is not a target", "158 beats", "load on knee and ankle")),
    Row(
        "hard landing",
        {"pain": "shin"},
        {"side": STIFF},
        (
            "62 %",
            "320 new runners",
            "two weeks",
            "Achilles and calf injuries",
            "larger share",
            "The article advises to land softly",
        ),
    ),
    Row("hard landing with Achilles", ACHILLES, {"side": BOUNCY}, ("do not try to land softer",)),
    Row(
        "no softness with calf pain",
        {"pain": "calf"},
        {},
        ("larger share of Achilles and calf injuries", "we leave it out"),
        "plan",
    ),
    *(
        Row(
            f"not heel first, {place}",
            {"pain": place},
            {"strike": "non-rearfoot"},
            (
                "most load with a forefoot landing",
                "less with a midfoot",
                "least with a heel",
                "never advise to move",
                "Talk to a therapist",
            ),
        )
        for place in ("achilles", "calf", "sole", "heel", "forefoot")
    ),
    Row(
        "rolls in",
        ACHILLES,
        REAR,
        (
            "looked back",
            "Achilles trouble",
            "did not lead to more injuries",
            "Calf raises",
            "Check that your shoes fit",
            "nothing about which shoe",
        ),
    ),
    Row(
        "pelvic drop",
        {"pain": "hip"},
        {"rear": {"pelvic_drop_deg": (10.0, 2.0)}},
        ("several kinds of injury", "filmed after the injury", "Strong hips"),
    ),
    Row(
        "thigh leans in",
        {"pain": "hip"},
        {"rear": {"hip_adduction_peak_deg": (16.0, 3.0)}},
        ("filmed after the injury", "Strong hips"),
    ),
    Row(
        "trunk lean",
        {"pain": "back"},
        {"side": {"trunk_lean_deg": (15.0, 2.0)}},
        ("several kinds of injury", "filmed after", "A steady trunk"),
    ),
    Row(
        "knee straight, foot pulled up",
        KNEE,
        {"side": {"knee_flexion_ic_deg": (0.0, 2.5), "ankle_dorsiflexion_ic_deg": (25.0, 3.0)}},
        ("Injured runners landed like this", "quicker steps"),
    ),
    Row(
        "crossover",
        {"past-ankle-injury": "sprain"},
        {"crossover": "crossing"},
        ("After a sprain, people walk with the foot turned in", "expert opinion", "A slightly wider step"),
    ),
    Row(
        "left and right",
        KNEE,
        {"more": (difference(8.0, 3.0),)},
        ("more than measuring can miss", "Film both sides again", "pain or an old injury", "weaker"),
    ),
    Row(
        "rapid rise",
        {"weekly-km": [20, 24, 28]},
        {},
        ("40 %", "more than 30 % within two weeks", "gradual progression"),
    ),
    Row(
        "worn shoes",
        {"shoe-wear": "visible"},
        {},
        ("replace running shoes regularly", "800 km is a rule of thumb of ours"),
    ),
    Row("new shoes", {"shoe-age": "1 week"}, {}, ("Give new shoes time",)),
    Row(
        "sprain history",
        {"past-ankle-injury": "sprain"},
        {},
        ("Balance training and a brace lower the risk", "proprioception", "2018"),
    ),
    Row("tight calves", {"calf-tight": True}, {}, ("towel stretches before", "tight calves as a risk")),
    Row("poor fit", {"shoe-fit": "poor"}, {}, ("tendons at the outer ankle", "fit of your shoes checked")),
    Row(
        "no finding",
        {},
        {},
        ("Nothing that we looked at needs changing", "do not support changing the form", "Doyle et al. 2022"),
        "plan",
    ),
    Row("no finding with pain", KNEE, {}, ("nothing in your form that needs changing", "see a professional"), "plan"),
    Row(
        "stands out, without symptoms",
        {},
        {"side": FAR | STIFF},
        ("you told us of no complaint, and of no goal", "optional", "avoid overstriding", "Land softly"),
    ),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_of_the_knowledge_reaches_the_person(row: Row) -> None:
    words = said(row.told, row.given, row.part)
    assert [part for part in row.says if part.lower() not in words.lower()] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row.part == "red_flags"], ids=lambda row: row.name)
def test_a_red_flag_hides_cadence_exercises_distance_and_ways_of_landing(row: Row) -> None:
    told = row.told | {"weekly-km": [20, 20, 30], "calf-tight": True, "past-ankle-injury": "sprain"}
    words = said(told, {"side": FAR | FEW | STIFF}).lower()

    for hidden in (
        "metronome",
        "quicker",
        "softer",
        "land softly",
        "calf raises",
        "sets of",
        "towel",
        "a brace",
        "exercise from",
    ):
        assert hidden not in words
    assert "first have looked at" in words


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
def test_what_is_not_advised_is_advised_to_nobody(persona: Any) -> None:
    found = assess(visit(persona.told, **persona.given))
    advice = " ".join(strings(asdict(found)["plan"]))
    sentences = [one.lower() for one in advice.replace("!", ".").split(".")]

    for sentence in sentences:
        if any(words in sentence for words in ("forefoot", "front of the foot", "further forward", "ball of the foot")):
            assert any(word in sentence for word in ("not", "never", "towel")), sentence
        for shoe in ("stability", "motion control", "pronat", "arch support", "minimalist", "barefoot"):
            assert shoe not in sentence
        assert "180" not in sentence
        assert "10 % rule" not in sentence
    form = {"overstride", "low_cadence", "hard_landing", "pelvic_drop", "trunk_lean", "crossover", "eversion"}
    if not persona.told.get("pain") and not persona.told.get("goal"):
        assert not {item.rule for item in found.plan.priorities} & form
