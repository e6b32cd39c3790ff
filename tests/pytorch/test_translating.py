"""Training and writing with a translator: what counts, and what comes out."""

import numpy as np
import pytest
import torch

from helpers.data import BucketSampler, Vocabulary
from helpers.data.translation import END_ID, SPECIALS, START_ID, TranslationDataset
from helpers.metrics import bleu
from helpers.pytorch.loading import loader
from helpers.pytorch.training import fit
from helpers.pytorch.translating import BleuValidation, translate, translation_loss
from helpers.pytorch.translator import Translator

KINDS = ("additive", "dot", None)
every_kind = pytest.mark.parametrize("attention", KINDS)
WORDS = 12


def _model(attention, seed=0):
    torch.manual_seed(seed)
    return Translator(WORDS, WORDS, 8, 16, attention=attention).eval()


@pytest.fixture
def sources():
    rng = np.random.default_rng(0)
    return [rng.integers(4, WORDS, n) for n in (5, 1, 3, 7, 2)]


@pytest.mark.parametrize("label_smoothing", [0.0, 0.1])
def test_the_loss_is_the_mean_over_real_tokens(label_smoothing):
    torch.manual_seed(0)
    logits, targets = torch.randn(2, 3, 6), torch.tensor([[5, 3, 0], [4, 0, 0]])
    found = translation_loss(label_smoothing)((logits, None), targets)
    log_probs = logits.log_softmax(dim=-1)
    each = [
        -(1 - label_smoothing) * log_probs[i, t, targets[i, t]]
        - label_smoothing * log_probs[i, t].mean()
        for i, t in ((0, 0), (0, 1), (1, 0))
    ]
    torch.testing.assert_close(found, torch.stack(each).mean())


@torch.no_grad()
def _by_hand(model, source, max_steps):
    memory = model.encode(torch.from_numpy(source)[None], torch.tensor([len(source)]))
    token, state, tokens = START_ID, memory.state, []
    while len(tokens) < max_steps:
        log_probs, state, _ = model.decode_step(torch.tensor([token]), state, memory)
        token = int(log_probs.argmax())
        if token == END_ID:
            break
        tokens.append(token)
    return tokens


@every_kind
def test_greedy_translations_are_those_by_hand_in_the_order_given(attention, sources):
    model = _model(attention)
    with torch.no_grad():
        model.output.bias[END_ID] += 0.3  # so that some sentences end early
    written = translate(model, sources, max_steps=9, batch_size=2)
    assert written.tokens == [_by_hand(model, source, 9) for source in sources]


@every_kind
def test_attention_has_a_row_a_token_and_nothing_on_pads(attention, sources):
    written = translate(_model(attention), sources, max_steps=6)
    if attention is None:
        assert written.attention is None
        return
    for source, tokens, weights in zip(
        sources, written.tokens, written.attention, strict=True
    ):
        assert len(weights) == len(tokens)
        assert (weights[:, len(source) :] == 0).all()
        np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


@every_kind
def test_a_beam_finds_the_same_alone_and_beside_others(attention, sources):
    """Rows of a beam are repeated and dropped; each must keep its own source."""
    model = _model(attention)
    with torch.no_grad():
        model.output.weight *= 4  # a choice worth searching for
    together = translate(model, sources, max_steps=7, beam=3)
    greedy = translate(model, sources, max_steps=7)
    for row, source in enumerate(sources):
        alone = translate(model, [source], max_steps=7, beam=3)
        assert together.tokens[row] == alone.tokens[0]
        assert together.log_probs[row] == pytest.approx(alone.log_probs[0], abs=1e-4)
    assert together.tokens != greedy.tokens


def test_a_trained_translator_is_validated_by_its_translations():
    """A toy language: every word has one translation, in the same order."""
    rng = np.random.default_rng(0)
    sentences = [rng.integers(4, WORDS, rng.integers(2, 5)) for _ in range(300)]
    train = TranslationDataset(sentences[:250], sentences[:250])
    held_out = TranslationDataset(sentences[250:], sentences[250:])
    vocabulary = Vocabulary([str(i) for i in range(4, WORDS)], SPECIALS)
    references = [vocabulary.decode(ids) for ids in held_out.targets]
    model = _model("dot")
    history = fit(
        model,
        loader(train, BucketSampler(train.lengths, 16)),
        loss=translation_loss(),
        optimizer=torch.optim.Adam(model.parameters(), lr=2e-2),
        epochs=12,
        clip_norm=1.0,
        callbacks=[BleuValidation(held_out, vocabulary, references)],
    ).history
    assert history["val_bleu"][-1] > 50 > history["val_bleu"][0]
    written = translate(model, held_out.sources)
    words = [vocabulary.decode(tokens) for tokens in written.tokens]
    assert history["val_bleu"][-1] == bleu(words, references)


def test_dropout_does_not_act_while_writing(sources):
    torch.manual_seed(0)
    model = Translator(WORDS, WORDS, 8, 16, attention="dot", dropout=0.5).train()
    first, second = (translate(model, sources, max_steps=5) for _ in range(2))
    assert first.log_probs == second.log_probs


def test_an_empty_source_is_refused():
    with pytest.raises(ValueError, match="sources must"):
        translate(_model("dot"), [np.array([5]), np.array([], dtype=np.int64)])
