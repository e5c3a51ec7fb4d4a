"""The trained part: word pieces, marks, weights, and that it reads the same each time."""

import numpy as np
import pytest

from timeline.tagging.encoder import weights
from timeline.tagging.encoder.coding import code_sentence
from timeline.tagging.encoder.marking import mark
from timeline.tagging.encoder.network import Network
from timeline.tagging.encoder.reading import load_reader, load_vocabulary
from timeline.tagging.encoder.weights import LAYERS, PARTS, WIDTH, load_arrays
from timeline.tagging.encoder.wordpiece import WordPiece
from timeline.training.joining import join

TEXT = "The army shelled Tyre on Monday, killing at least nine people, medics said."


@pytest.fixture(scope="module")
def pieces() -> WordPiece:
    return WordPiece(load_vocabulary())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Iran's envoy", ["iran", "'", "s", "envoy"]),
        ("Téhéran\u200b\u0000", ["te", "##her", "##an"]),
        ("U.S.", ["u", ".", "s", "."]),
        ("re-coding", ["re", "-", "coding"]),
        ("x" * 200, ["[UNK]"]),
    ],
)
def test_it_splits_as_the_vocabulary_was_made(pieces: WordPiece, text: str, expected: list[str]) -> None:
    names = load_vocabulary()
    found = pieces.split(text, 160)
    assert [names[i] for i in found.ids[1:-1]] == expected


def test_places_of_pieces_cut_out_their_words(pieces: WordPiece) -> None:
    text = "Le président français a “condamné” Téhéran."
    found = pieces.split(text, 160)
    names = load_vocabulary()
    for id_, (begin, end) in zip(found.ids[1:-1], found.spans[1:-1], strict=True):
        piece = names[id_].removeprefix("##")
        assert len(text[begin:end]) == len(piece) or not piece.isascii()


def test_a_long_text_is_cut_and_still_closed(pieces: WordPiece) -> None:
    found = pieces.split("war " * 1000, 20)
    assert len(found.ids) == 20
    assert found.ids[-1] == pieces.ids["[SEP]"]


def test_marks_move_places_there_and_back() -> None:
    text = "[Iran] struck Israel on Friday."
    marked = mark(text, word=(7, 13), actor=(1, 5), recipient=(14, 20))
    assert marked.text == "([ Iran ]) < struck > { Israel } on Friday."
    for begin, end in ((1, 5), (7, 13), (14, 20), (24, 30)):
        there = marked.moved(begin), marked.moved(end, is_end=True)
        assert marked.text[slice(*there)] == text[begin:end]
        assert (marked.back(there[0]), marked.back(there[1] - 1) + 1) == (begin, end)


def test_other_weights_than_the_trained_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHA256", "0" * 64)
    with pytest.raises(weights.WrongWeights, match=r"requirements\.txt"):
        load_arrays.__wrapped__()


def test_an_adapter_changes_what_is_read() -> None:
    arrays = load_arrays()
    adapters = {}
    for layer in range(LAYERS):
        for part in PARTS:
            inputs, outputs = arrays[f"{layer}.{part}"].shape
            adapters[f"{layer}.{part}.down"] = np.full((inputs, 1), 0.01, np.float32)
            adapters[f"{layer}.{part}.up"] = np.zeros((1, outputs), np.float32)
    plain = Network(arrays, adapters).read([[101, 2162, 102]])[0]
    adapters["3.value.up"] = np.ones_like(adapters["3.value.up"])
    changed = Network(arrays, adapters).read([[101, 2162, 102]])[0]
    assert plain.shape == changed.shape == (3, WIDTH)
    assert not np.allclose(plain, changed)


def test_it_reads_the_same_twice_and_in_any_order() -> None:
    reader = load_reader()
    first = reader.read_plain([TEXT])
    reader.read_plain(["Something else was read in between."])
    assert reader.read_plain([TEXT]) == first


def test_events_and_sides_are_cut_out_of_the_sentence() -> None:
    for guess in code_sentence(load_reader(), TEXT, least=0.0):
        assert TEXT[guess.begin : guess.end].strip()
        for role in (*guess.actors, *guess.recipients):
            assert 0 <= role.begin < role.end <= len(TEXT)


@pytest.mark.parametrize("text", ["", " ", "\n", "﷽", "a" * 5000, "<<<>>>[]{}", "word " * 400])
def test_no_text_breaks_it(text: str) -> None:
    reader = load_reader()
    assert sum(reader.read_plain([text])[0].types.values()) == pytest.approx(1, abs=1e-4)
    code_sentence(reader, text)


def test_joined_trainings_change_a_matrix_by_the_mean_of_their_changes() -> None:
    chance = np.random.default_rng(1)
    members = [
        {"0.query.down": chance.normal(size=(6, 2)), "0.query.up": chance.normal(size=(2, 4)), "word.type.bias": bias}
        for bias in (np.array([1.0, 3.0]), np.array([3.0, 5.0]))
    ]
    joined = join(members)
    mean = sum(m["0.query.down"] @ m["0.query.up"] for m in members) / 2
    product = joined["0.query.down"].astype(np.float32) @ joined["0.query.up"].astype(np.float32)
    np.testing.assert_allclose(product, mean, atol=0.02)
    assert joined["word.type.bias"].tolist() == [2.0, 4.0]
    with pytest.raises(ValueError, match="no training"):
        join([])
