"""Some sentences go on from the model's own words; which ones is drawn once a sentence."""

import pytest
import torch

from helpers.data.translation import END_ID, START_ID
from helpers.pytorch.forcing import OwnWords, own_words
from helpers.pytorch.translating import translate
from helpers.pytorch.translator import Translator


@pytest.fixture
def model():
    torch.manual_seed(0)
    made = Translator(
        12, 14, embedding_dim=6, hidden_size=8, attention="dot", dropout=0.5
    )
    return made.train()


def _batch(rows=200):
    source = torch.randint(4, 12, (rows, 5))
    given = torch.randint(4, 14, (rows, 6))
    given[:, 0] = START_ID
    wanted = torch.cat([given[:, 1:], torch.full((rows, 1), END_ID)], dim=1)
    return (source, torch.full((rows,), 5), given), wanted


def _changed(before, after):
    return (before != after).any(dim=1)


def test_with_a_ratio_of_one_nothing_changes(model):
    batch = _batch()
    (((source, lengths, given), wanted),) = OwnWords([batch], model, lambda step: 1.0)
    assert torch.equal(given, batch[0][2])
    assert torch.equal(source, batch[0][0])
    assert torch.equal(lengths, batch[0][1])
    assert torch.equal(wanted, batch[1])


def test_with_a_ratio_of_zero_every_sentence_is_the_models_own(model):
    batch = _batch()
    (((source, lengths, given), wanted),) = OwnWords([batch], model, lambda step: 0.0)
    assert torch.equal(given, own_words(model, source, lengths, 6))
    assert torch.equal(wanted, batch[1])  # the right words stay what is wanted


def test_sentences_are_changed_as_a_whole_and_the_batch_is_left_as_it_was(model):
    batch = _batch()
    before = batch[0][2].clone()
    (((source, lengths, given), _),) = OwnWords([batch], model, lambda step: 0.5)
    own = own_words(model, source, lengths, 6)
    changed = _changed(given, before)
    assert 0.35 < changed.float().mean() < 0.65
    assert torch.equal(given[changed], own[changed])
    assert torch.equal(batch[0][2], before)


def test_the_ratio_is_asked_once_a_batch_over_all_epochs(model):
    asked = []
    batches = OwnWords(
        [_batch(3), _batch(3)], model, lambda step: asked.append(step) or 1
    )
    assert len(batches) == 2
    for _ in range(2):
        list(batches)
    assert asked == [0, 1, 2, 3]


def test_own_words_are_those_of_greedy_search(model):
    (source, lengths, _), _ = _batch(20)
    given = own_words(model, source, lengths, 7)
    assert model.training  # left as it was
    written = translate(model, list(source.numpy()), max_steps=6).tokens
    for row, tokens in zip(given.tolist(), written, strict=True):
        assert row[0] == START_ID
        assert row[1 : 1 + len(tokens)] == tokens
