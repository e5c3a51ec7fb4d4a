"""Which line of the codebook fits a word where it stands: its objects, particles and prepositions decide. Pure."""

from __future__ import annotations  # spaCy's types are named, never needed, when this runs

from typing import TYPE_CHECKING

from timeline.tagging.clauses import Clauses
from timeline.tagging.codebook import Codebook, Frame

if TYPE_CHECKING:
    from spacy.tokens import Token


def frame_of(codebook: Codebook, clauses: Clauses, word: Token) -> Frame | None:
    """What the codebook says of the word where it stands; None when it says nothing, or that it is no event."""
    if is_predicate(word) and word.lower_ in codebook.adjectives:
        return codebook.adjectives[word.lower_][0]
    frame = None
    if word.pos_ == "VERB" and word.dep_ != "amod":
        frame = verb_frame(codebook, clauses, word)
    elif word.pos_ in ("NOUN", "PROPN") and word.lemma_.lower() in codebook.nouns:
        frame = _noun_frame(codebook, word)
    return frame if frame and frame.type and "none" not in frame.flags else None


def verb_frame(codebook: Codebook, clauses: Clauses, verb: Token) -> Frame | None:
    lemma = verb.lemma_.lower()
    objects = {o.lemma_.lower() for o in clauses.objects(verb)} | {
        c.lemma_.lower() for o in clauses.objects(verb) for c in o.conjuncts
    }
    if (passive := clauses.passive_subject(verb)) is not None:
        objects |= {passive.lemma_.lower(), *(c.lemma_.lower() for c in passive.conjuncts)}
    particles = {c.lower_ for c in verb.children if c.dep_ in ("prt", "advmod")}
    preps = {c.lower_ for c in verb.children if c.dep_ == "prep"} | {
        c.lower_ for o in clauses.objects(verb) for c in o.children if c.dep_ == "prep"
    }
    infinitives = {
        f"to-{c.lemma_}"
        for c in verb.children
        if c.dep_ in ("xcomp", "ccomp") and any(a.lower_ == "to" for a in c.children)
    }
    if any(c.dep_ == "prt" and c.lower_ != "back" for c in verb.children):
        lines = [f for f in codebook.verbs.get(lemma, ()) if f.particle in particles]
    else:
        lines = list(codebook.verbs.get(lemma, ()))
    behind = {o.lemma_.lower() for c in verb.children if c.dep_ == "prep" for o in c.children}
    for frame in lines:
        if frame.particle == "to" and not infinitives:
            continue
        if "other" in frame.flags and not any(o.dep_ == "nsubj" for o in clauses.objects(verb)):
            continue
        if frame.particle and frame.particle != "to" and frame.particle not in particles | infinitives:
            continue
        if frame.objects and not frame.objects & (objects | behind if frame.preps else objects):
            continue
        if (
            ("*" in frame.not_objects and objects)
            or frame.not_objects & objects
            or (frame.preps and not frame.preps & preps)
        ):
            continue
        return frame
    return None


def _noun_frame(codebook: Codebook, noun: Token) -> Frame | None:
    before = {c.lemma_.lower() for c in noun.children if c.i < noun.i}
    behind = [c for c in noun.children if c.dep_ == "prep" and c.i > noun.i]
    things = {o.lemma_.lower() for prep in behind for p in prep.children for o in (p, *p.conjuncts)}
    for frame in codebook.nouns[noun.lemma_.lower()]:
        if frame.particle and frame.particle not in before:
            continue
        if frame.objects and not frame.objects & things:
            continue
        if frame.preps and not frame.preps & {c.lower_ for c in behind}:
            continue
        return frame
    return None


def is_predicate(word: Token) -> bool:
    return word.pos_ in ("ADJ", "VERB") and word.dep_ == "acomp"
