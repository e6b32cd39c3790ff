"""Sentences as no training has them: empty, unknown, too long; vocabularies without an end."""

import numpy as np
import pytest
import tensorflow as tf
import torch

from helpers import parity
from helpers.data import Vocabulary, pad
from helpers.data.translation import SPECIALS, TranslationDataset, encode_pairs
from helpers.data.vocabulary import UNKNOWN_ID
from helpers.keras import translating as keras_translating
from helpers.keras.translator import Translator as KerasTranslator
from helpers.pytorch import translating as torch_translating
from helpers.pytorch.translator import Translator as TorchTranslator

ENGLISH = Vocabulary(["i", "love", "cats", "the", "dog", "sees", "you"])
FRENCH = Vocabulary(["j'", "aime", "les", "chats", "le", "chien", "voit"], SPECIALS)
ORDINARY = ENGLISH.encode(["i", "love", "cats"])
EMPTY = ENGLISH.encode([])
UNKNOWN = ENGLISH.encode(["we", "adore", "hedgehogs", "!"])
LONG = np.random.default_rng(0).integers(2, len(ENGLISH), 200)
SENTENCES = [ORDINARY, EMPTY, UNKNOWN, LONG]

every_kind = pytest.mark.parametrize("attention", ["additive", "dot", None])
both_halves = pytest.mark.parametrize("name", ["pytorch", "keras"])
TRANSLATING = {"pytorch": torch_translating, "keras": keras_translating}


@pytest.fixture(scope="module")
def models():
    """Both halves of every kind, with equal weights."""
    torch.manual_seed(0)
    made = {}
    for attention in ("additive", "dot", None):
        sizes = (len(ENGLISH), len(FRENCH), 8, 16, attention)
        pair = {"pytorch": TorchTranslator(*sizes), "keras": KerasTranslator(*sizes)}
        with torch.no_grad():
            pair["pytorch"].output.weight *= 4  # so that words differ in likelihood
        parity.copy_weights(pair["pytorch"], pair["keras"])
        made[attention] = pair
    return made


@pytest.fixture(scope="module")
def written(models):
    """``written(name, attention, beam)``: what is written of all four sentences."""
    known = {}

    def translate(name, attention, beam=1):
        key = name, attention, beam
        if key not in known:
            options = {"beam": beam, "max_steps": 12, "batch_size": 3}
            model = models[attention][name]
            known[key] = TRANSLATING[name].translate(model, SENTENCES, **options)
        return known[key]

    return translate


def test_an_empty_sentence_is_one_unknown_word():
    made = encode_pairs([([], ["le"]), (["i"], ["j'"])], ENGLISH, FRENCH)
    assert made.sources[0].tolist() == EMPTY.tolist() == [UNKNOWN_ID]
    assert (UNKNOWN == UNKNOWN_ID).all()
    assert len(UNKNOWN) == 4


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize(
    "none", [[], np.zeros((0, 4), np.int64)], ids=["list", "array"]
)
@both_halves
def test_no_sentence_at_all_is_refused_by_name(name, none, beam, models):
    with pytest.raises(
        ValueError, match=r"^sources must hold at least one .* got none$"
    ):
        TRANSLATING[name].translate(models["dot"][name], none, beam=beam)


@pytest.mark.parametrize("beam", [1, 3])
@every_kind
@both_halves
def test_every_sentence_gets_a_translation(name, attention, beam, written):
    found = written(name, attention, beam)
    assert len(found.tokens) == len(SENTENCES)
    assert np.isfinite(found.log_probs).all()
    assert max(found.log_probs) < 0
    for tokens in found.tokens:
        assert len(tokens) <= 12
        assert FRENCH.tokens.index("</s>") not in tokens
        FRENCH.decode(tokens)  # every id has a word


@every_kind
@both_halves
def test_each_is_written_as_if_alone(name, attention, models, written):
    """A sentence of 200 words beside it, and 199 pads behind it, change nothing."""
    found = written(name, attention)
    for row, source in enumerate(SENTENCES):
        model = models[attention][name]
        alone = TRANSLATING[name].translate(model, [source], max_steps=12)
        assert alone.tokens[0] == found.tokens[row]
        assert alone.log_probs[0] == pytest.approx(found.log_probs[row], abs=1e-4)


@pytest.mark.parametrize("beam", [1, 3])
@every_kind
def test_both_frameworks_write_the_same(attention, beam, written):
    first, second = (written(name, attention, beam) for name in TRANSLATING)
    assert first.tokens == second.tokens
    np.testing.assert_allclose(first.log_probs, second.log_probs, atol=1e-4)


@pytest.mark.parametrize("attention", ["additive", "dot"])
@both_halves
def test_attention_of_what_is_written_sums_to_1(name, attention, written):
    found = written(name, attention)
    assert any(found.tokens)
    cases = zip(SENTENCES, found.tokens, found.attention, strict=True)
    for source, tokens, weights in cases:
        assert len(weights) == len(tokens)
        assert weights.shape[1] >= len(source)
        assert (weights[:, len(source) :] == 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


@every_kind
@both_halves
def test_all_four_can_be_learned_from_in_one_batch(name, attention, models):
    """Teacher forcing, 200 words beside one; attention sums to 1 in every row."""
    source, lengths = pad(SENTENCES)
    given, _ = pad([[2, 4, 5], [2], [2, 6], [2, *[7] * 99]])
    model, inputs = models[attention][name], (source, lengths, given)
    if name == "pytorch":
        logits, *weights = parity.outputs(model, *inputs)
    else:  # as a graph: eager, so many steps take seconds
        outputs = tf.function(model)(inputs)
        logits, *weights = [np.asarray(part) for part in outputs if part is not None]
    assert logits.shape == (4, 100, len(FRENCH))
    assert np.isfinite(logits).all()
    for rows in weights:
        assert rows.shape == (4, 100, 200)
        np.testing.assert_allclose(rows.sum(axis=-1), 1, atol=1e-5)
        assert (rows * (np.arange(200) >= lengths[:, None])[:, None] == 0).all()
    assert len(weights) == (attention is not None)


WITHOUT_END = {
    "none": Vocabulary(["le", "chat"]),
    "start only": Vocabulary(["le", "chat"], ["<s>"]),
    "other order": Vocabulary(["le", "chat"], ["</s>", "<s>"]),
    "elsewhere": Vocabulary(["le", "chat"], ["<copy>", "<s>", "</s>"]),
    "as words": Vocabulary(["le", "<s>", "</s>"]),
}


@pytest.mark.parametrize("vocabulary", WITHOUT_END.values(), ids=WITHOUT_END)
def test_a_vocabulary_without_its_end_is_refused(vocabulary):
    message = r"vocabulary must be built with specials=\('<s>', '</s>'\); it has \("
    with pytest.raises(ValueError, match=f"target_{message}"):
        encode_pairs([(["i"], ["le"])], ENGLISH, vocabulary)
    held_out = TranslationDataset([ORDINARY], [np.array([2])])
    for half in TRANSLATING.values():
        with pytest.raises(ValueError, match=f"^{message}"):
            half.BleuValidation(held_out, vocabulary, [["le"]])


def test_more_specials_may_follow_the_end():
    vocabulary = Vocabulary(["le"], [*SPECIALS, "<copy>"])
    made = encode_pairs([(["i"], ["le"])], ENGLISH, vocabulary)
    assert made.targets[0].tolist() == [5]
    for half in TRANSLATING.values():
        half.BleuValidation(made, vocabulary, [["le"]])
