"""Writing and training with a translator is the same in both frameworks."""

import keras
import numpy as np
import pytest
import torch

from helpers import parity
from helpers.data import BucketSampler, Vocabulary
from helpers.data.translation import SPECIALS, TranslationDataset
from helpers.keras import loading as keras_loading
from helpers.keras import training as keras_training
from helpers.keras import translating as keras_translating
from helpers.keras.translator import Translator as KerasTranslator
from helpers.pytorch import loading as torch_loading
from helpers.pytorch import training as torch_training
from helpers.pytorch import translating as torch_translating
from helpers.pytorch.translator import Translator as TorchTranslator

every_kind = pytest.mark.parametrize("attention", ["additive", "dot", None])
WORDS = 12


@pytest.fixture
def sources():
    rng = np.random.default_rng(0)
    return [rng.integers(4, WORDS, n) for n in (5, 1, 3, 7, 2)]


def _pair(attention):
    torch.manual_seed(0)
    arguments = {"embedding_dim": 8, "hidden_size": 16, "attention": attention}
    in_torch = TorchTranslator(WORDS, WORDS, **arguments)
    in_keras = KerasTranslator(WORDS, WORDS, **arguments)
    with torch.no_grad():
        in_torch.output.weight *= 4  # a choice worth searching for
    parity.copy_weights(in_torch, in_keras)
    return in_torch, in_keras


@pytest.mark.parametrize("beam", [1, 3])
@every_kind
def test_both_write_the_same_tokens(attention, beam, sources):
    in_torch, in_keras = _pair(attention)
    options = {"beam": beam, "max_steps": 9, "batch_size": 2}
    first = torch_translating.translate(in_torch, sources, **options)
    second = keras_translating.translate(in_keras, sources, **options)
    assert first.tokens == second.tokens
    np.testing.assert_allclose(first.log_probs, second.log_probs, atol=1e-4)
    if attention is None:
        assert first.attention is second.attention is None
    else:
        for one, other in zip(first.attention, second.attention, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_keras_compiles_once_a_model_and_sees_new_weights(sources, monkeypatch):
    """Validation translates after every epoch: weights change, graphs do not."""
    in_torch, in_keras = _pair("dot")
    traced = []
    for name in ("encode", "decode_step"):
        real = getattr(in_keras, name)

        def counted(*inputs, real=real, name=name):
            traced.append(name)
            return real(*inputs)

        monkeypatch.setattr(in_keras, name, counted)
    before = keras_translating.translate(in_keras, sources, max_steps=9)
    with torch.no_grad():
        in_torch.keys.weight.normal_()
        in_torch.source_embedding.weight.normal_()
    parity.copy_weights(in_torch, in_keras)
    after = keras_translating.translate(in_keras, sources[::-1], max_steps=9, beam=2)
    expected = torch_translating.translate(in_torch, sources[::-1], max_steps=9, beam=2)
    assert after.tokens == expected.tokens != before.tokens[::-1]
    assert sorted(traced) == ["decode_step", "encode"]


def test_an_empty_source_is_refused_in_keras_too(sources):
    _, in_keras = _pair("dot")
    with pytest.raises(ValueError, match="sources must"):
        keras_translating.translate(in_keras, [*sources, np.array([], dtype=np.int64)])


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_the_losses_are_equal_and_pads_do_not_count(label_smoothing):
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2, 4, 6)).astype("float32")
    targets = np.array([[5, 3, 2, 0], [4, 0, 0, 0]])
    in_torch = torch_translating.translation_loss(label_smoothing)
    in_keras = keras_translating.translation_loss(label_smoothing)
    first = in_torch((torch.from_numpy(logits), None), torch.from_numpy(targets))
    assert float(in_keras(targets, logits)) == pytest.approx(float(first), rel=1e-5)
    wider = np.pad(logits, ((0, 0), (0, 3), (0, 0))), np.pad(targets, ((0, 0), (0, 3)))
    assert float(in_keras(*wider[::-1])) == pytest.approx(float(first), rel=1e-5)


@every_kind
def test_both_train_in_step_and_log_the_same_bleu(attention):
    """GRUs have two biases in both, so plain SGD keeps the two together."""
    rng = np.random.default_rng(0)
    sentences = [rng.integers(4, WORDS, rng.integers(1, 6)) for _ in range(60)]
    train = TranslationDataset(sentences, sentences)
    held_out = TranslationDataset(sentences[:8], sentences[:8])
    vocabulary = Vocabulary([str(i) for i in range(4, WORDS)], SPECIALS)
    references = [vocabulary.decode(ids) for ids in held_out.targets]
    in_torch, in_keras = _pair(attention)
    options = {"epochs": 2, "clip_norm": 1.0}
    first = torch_training.fit(
        in_torch,
        torch_loading.loader(train, BucketSampler(train.lengths, 8)),
        loss=torch_translating.translation_loss(0.1),
        optimizer=torch.optim.SGD(in_torch.parameters(), lr=0.3),
        callbacks=[torch_translating.BleuValidation(held_out, vocabulary, references)],
        **options,
    ).history
    second = keras_training.fit(
        in_keras,
        keras_loading.loader(train, BucketSampler(train.lengths, 8)),
        loss=keras_translating.translation_loss(0.1),
        optimizer=keras.optimizers.SGD(0.3),
        callbacks=[keras_translating.BleuValidation(held_out, vocabulary, references)],
        **options,
    ).history
    assert first["loss"][-1] < first["loss"][0]
    np.testing.assert_allclose(first["loss"], second["loss"], atol=1e-4)
    np.testing.assert_allclose(first["val_bleu"], second["val_bleu"], atol=1e-6)
