"""Text in, tags out. Pure: no Django, no network, no clock."""

from timeline.tagging.codebook import Codebook, load_codebook
from timeline.tagging.records import Document, Sentence, Tags
from timeline.tagging.sentences import SentenceFinder
from timeline.tagging.tagger import Tagger


def find_sentences(document: Document) -> tuple[Sentence, ...]:
    return SentenceFinder().find(document)


__all__ = ["Codebook", "Document", "Sentence", "Tagger", "Tags", "find_sentences", "load_codebook"]
