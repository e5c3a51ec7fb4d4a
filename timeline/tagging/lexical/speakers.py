"""Who says so: "a déclaré X", "قال X إن", "X گفت که", "заявил X", "לדברי X". Pure."""

from timeline.tagging.lexical.clauses import Clauses, Verb
from timeline.tagging.lexical.line import Line
from timeline.tagging.records import UNNAMED, Document, SpeakerMention

LONGEST_NAME = 12  # tokens
FOLLOWS = 25  # characters behind a verb of saying that make what follows the statement


def find_speaker(document: Document, line: Line, clauses: Clauses) -> SpeakerMention | None:
    """The speaker of a sentence, with the stretch that is attributed; None when nobody is named."""
    for index, token in enumerate(line.tokens):
        if "according" in token.lists and not token.is_inner:
            found = _according(document, line, clauses, index)
            if found is not None:
                return found
    for verb in clauses.verbs:
        if "reporting" in verb.cues and verb.group.modality:
            found = _said(document, line, verb)
            if found is not None:
                return found
    return None


def _according(document: Document, line: Line, clauses: Clauses, index: int) -> SpeakerMention | None:
    begin = index + 1
    while begin < len(line) and line.tokens[begin].is_inner:
        begin += 1
    end = begin
    while end < min(len(line), begin + LONGEST_NAME):
        token = line.tokens[end]
        if token.is_stop or token.is_comma or token.lists & {"subordinators", "relatives"} or token.is_verb:
            break
        end += 1
    if begin >= end:
        return None
    actor, text = _who(document, line, begin, end)
    who = line.tokens[begin].begin, line.tokens[end - 1].end
    cue = line.tokens[index].begin, line.tokens[begin - 1].end
    return SpeakerMention(*who, text, actor, *cue, ((line.sentence.begin, line.sentence.end),))


def _said(document: Document, line: Line, verb: Verb) -> SpeakerMention | None:
    cue_begin, cue_end = line.tokens[verb.group.begin].begin, line.tokens[verb.group.end - 1].end
    near = range(max(0, verb.at - 4), min(len(line), verb.at + 4))
    unnamed = next((i for i in near if line.is_in(i, "unnamed")), None)
    if verb.subject is not None:
        begin, end = verb.subject.begin, verb.subject.end
        actor, text = _who(document, line, begin, end)
    elif unnamed is not None:
        begin, end = unnamed, unnamed + 1
        actor, text = "", UNNAMED
    else:
        return None
    who = line.tokens[begin].begin, line.tokens[end - 1].end
    after = max(cue_end, who[1] if verb.subject else cue_end)
    told = (line.sentence.begin, cue_begin)
    if len(document.text[after : line.sentence.end].strip(" .,،")) > FOLLOWS:
        told = (after, line.sentence.end)
    return SpeakerMention(*who, text, actor, cue_begin, cue_end, (told,))


def _who(document: Document, line: Line, begin: int, end: int) -> tuple[str, str]:
    text = document.text[line.tokens[begin].begin : line.tokens[end - 1].end]
    actor = next((t.actor for t in line.tokens[begin:end] if t.actor and t.actor.rule != "attributive"), None)
    if actor is None and any("unnamed" in token.lists for token in line.tokens[begin:end]):
        return "", UNNAMED
    return (actor.actor if actor else ""), text
