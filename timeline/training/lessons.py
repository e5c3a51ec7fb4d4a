"""What the codebook itself teaches: its verbs and nouns as short plain clauses. Pure, deterministic.

The corpus shows words in the wild and seldom one of them twice; the codebook knows the plain ones. Each of its lines is
said a few times between two parties, so that the trained part starts from what the editors wrote down.
"""

import random
from collections.abc import Iterator

from timeline.tagging.codebook import Codebook, Frame
from timeline.tagging.encoder.marking import mark
from timeline.training.examples import NONE, Example

ACTORS = (
    "The government", "A court in the capital", "Turkey", "Rebel fighters", "The prime minister", "Brazil", "Police",
    "The United Nations", "Kenyan officials", "A regional court", "Vietnam", "The army", "The foreign ministry",
    "Opposition lawmakers", "The European Union", "The Security Council", "Poland", "The president of Peru",
    "State prosecutors", "A union of dockers", "The central bank", "Pakistan", "Local militiamen", "The White House",
)  # fmt: skip
RECIPIENTS = (
    "Serbia", "the opposition", "two foreign journalists", "the rebels", "Ethiopia", "its neighbour",
    "the prime minister", "a former minister", "Japan", "villagers near the border", "the United Nations mission",
    "South Korea", "the ministry", "a student leader", "the Kurdish party", "Nigeria", "the company", "aid workers",
    "the European Commission", "Chile", "the interim government", "Georgia", "human rights activists",
    "the separatists",
)  # fmt: skip
TAILS = (
    "", " on Friday", ", officials said", " after weeks of talks", ", state media reported", " last month",
    " in the disputed region", ", according to a statement", " over the border dispute", " despite criticism abroad",
)  # fmt: skip
IRREGULAR = {
    "arise": "arose", "bring": "brought", "break": "broke", "build": "built", "buy": "bought", "cast": "cast",
    "catch": "caught", "choose": "chose", "come": "came", "cut": "cut", "draw": "drew", "drive": "drove",
    "fall": "fell", "feel": "felt", "fight": "fought", "find": "found", "flee": "fled", "fly": "flew",
    "forbid": "forbade", "freeze": "froze", "get": "got", "give": "gave", "go": "went", "grow": "grew", "have": "had",
    "hear": "heard", "hit": "hit", "hold": "held", "hurt": "hurt", "keep": "kept", "lay": "laid", "lead": "led",
    "leave": "left", "lend": "lent", "let": "let", "lose": "lost", "make": "made", "meet": "met", "pay": "paid",
    "put": "put", "quit": "quit", "read": "read", "ride": "rode", "rise": "rose", "run": "ran", "say": "said",
    "see": "saw", "seek": "sought", "sell": "sold", "send": "sent", "set": "set", "shed": "shed", "shoot": "shot",
    "shut": "shut", "sink": "sank", "speak": "spoke", "spend": "spent", "stand": "stood", "steal": "stole",
    "strike": "struck", "swear": "swore", "take": "took", "teach": "taught", "tear": "tore", "tell": "told",
    "think": "thought", "throw": "threw", "undertake": "undertook", "unfreeze": "unfroze", "withdraw": "withdrew",
    "withhold": "withheld", "wield": "wielded", "win": "won", "write": "wrote", "overthrow": "overthrew",
    "blow": "blew", "bow": "bowed",
}  # fmt: skip
DOUBLED = frozenset(
    {
        "abduct", "abet", "admit", "ban", "bar", "commit", "compel", "control", "expel", "extradit", "gun", "jam",
        "kidnap", "occur", "plan", "refer", "remit", "rig", "scrap", "stab", "step", "stop", "strip", "submit",
        "transfer", "trap",
    }
)  # fmt: skip
PREPOSITIONS = ("on", "against", "of", "for", "from", "to")
SAID_TIMES = 2


def make_lessons(codebook: Codebook, seed: int = 1) -> list[Example]:
    """The examples of every verb and noun of the codebook, the same each time."""
    chance = random.Random(seed)  # noqa: S311  # repeatable, not secret
    made: list[Example] = []
    for frames in codebook.verbs.values():
        for frame in frames:
            if frame.type and "none" not in frame.flags:
                for _ in range(SAID_TIMES):
                    made += _said(_verb_clause(frame, chance), frame, chance)
    for frames in codebook.nouns.values():
        for frame in frames:
            if frame.type:
                for _ in range(SAID_TIMES):
                    made += _said(_noun_clause(frame, chance), frame, chance)
    return made


def past(lemma: str) -> str:
    if lemma in IRREGULAR:
        return IRREGULAR[lemma]
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if lemma in DOUBLED else "") + "ed"


Clause = list[tuple[str, str]]


def _verb_clause(frame: Frame, chance: random.Random) -> Clause:
    """Parts of a clause with what each is: actor, word, recipient or nothing."""
    things = sorted(frame.objects - {"*"})
    preps = sorted(frame.recipient_preps) or sorted(frame.preps)
    thing = f"the {chance.choice(things)}" if things else ""
    particle = "" if frame.particle in ("", "to") or frame.particle.startswith("to-") else f" {frame.particle}"
    infinitive = f" to {frame.particle[3:]}" if frame.particle.startswith("to-") else ""
    actor, recipient = chance.choice(ACTORS), chance.choice(RECIPIENTS)
    if not preps and not infinitive and chance.random() < 0.25 and not particle:
        done = past(frame.lemma)
        subject = recipient[:1].upper() + recipient[1:] + (f"’s {thing[4:]}" if thing else "")
        verb = "were" if recipient.endswith("s") else "was"
        return [(subject, "R"), (f" {verb} ", ""), (done, "V"), (" by ", ""), (_lower(actor), "A")]
    verb = past(frame.lemma) + particle + infinitive
    parts = [(actor, "A"), (" ", ""), (verb, "V"), (f" {thing}" if thing else "", "")]
    if preps:
        return [*parts, (f" {chance.choice(preps)} ", ""), (recipient, "R")]
    if thing:
        return [*parts, (f" {chance.choice(PREPOSITIONS)} ", ""), (recipient, "R")]
    return [*parts, (" ", ""), (recipient, "R")]


def _noun_clause(frame: Frame, chance: random.Random) -> Clause:
    preps = sorted(frame.recipient_preps) or ["on"]
    noun = f"{frame.particle} {frame.lemma}" if frame.particle else frame.lemma
    actor, recipient = chance.choice(ACTORS), chance.choice(RECIPIENTS)
    verb = chance.choice((" drew attention abroad", " continued", " made headlines", " followed"))
    return [
        (f"{actor}", "A"),
        ("’s ", ""),
        (noun, "V"),
        (f" {chance.choice(preps)} ", ""),
        (recipient, "R"),
        (verb, ""),
    ]


def _said(parts: Clause, frame: Frame, chance: random.Random) -> Iterator[Example]:
    text, spans = "", {}
    for words, what in parts:
        if what:
            spans[what] = (len(text), len(text) + len(words))
        text += words
    text += chance.choice(TAILS) + "."
    actor, word, recipient = spans["A"], spans["V"], spans["R"]
    if "swap" in frame.flags:
        actor, recipient = recipient, actor
    yield Example("pair", mark(text, actor=actor, recipient=recipient).text, (frame.type,))
    yield Example(
        "word",
        mark(text, word=word).text,
        (frame.type,),
        f"{frame.type}/{frame.mode}" if frame.mode else NONE,
        "asserted",
    )


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if name.split()[0] in ("The", "A", "Police", "State", "Local", "Rebel") else name
