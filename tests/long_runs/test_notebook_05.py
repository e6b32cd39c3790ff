"""The long runs of notebook 5, on a handful of pairs: their figures mean what they say."""

import numpy as np
import pytest
import torch

from helpers.data import BucketSampler
from helpers.data.phrases import Pair
from helpers.data.translation import make_corpus
from helpers.long_runs import checkpoints, mistakes, notebook_05, phrases
from helpers.long_runs.recipe import Recipe
from helpers.metrics import bleu
from helpers.metrics.translation import alignment_figures
from helpers.pytorch.forcing import forced_attention, forced_bleu
from helpers.pytorch.translating import translate
from helpers.pytorch.translator import Translator

PAIRS = [
    Pair(
        ("the", "red", "cats", "sleep"),
        ("les", "chats", "rouges", "dorment"),
        frozenset({(0, 0), (1, 2), (2, 1), (3, 3)}),
        frozenset(),
        "present",
        (),
    ),
    Pair(
        ("women", "open", "doors"),
        ("des", "femmes", "ouvrent", "des", "portes"),
        frozenset({(0, 1), (1, 2), (2, 4)}),
        frozenset({(0, 0), (2, 3)}),
        "present",
        (),
    ),
]


@pytest.fixture
def corpus():
    part = [(pair.source, pair.target) for pair in PAIRS] * 10
    return make_corpus(dict.fromkeys(("train", "validation", "test"), part))


def recipe(epochs):
    return Recipe(epochs, 5e-3, num_buckets=16)


@pytest.fixture
def model(corpus):
    torch.manual_seed(0)
    return Translator(**corpus.sizes, attention="dot", hidden_size=8, embedding_dim=6)


@pytest.mark.parametrize("framework", ["pytorch", "keras"])
def test_a_model_learns_the_pairs_and_keeps_its_best_epoch(corpus, framework):
    sizes = {"attention": "dot", "hidden_size": 32, "embedding_dim": 16}
    model, history = phrases.train(framework, corpus, recipe(90), **sizes)
    words = phrases.write(framework, model, corpus, "validation")
    best = max(history.history["val_bleu"])
    assert bleu(words, corpus.references("validation")) == pytest.approx(best)
    assert best > 99
    assert phrases.scores(words, corpus.references("validation"))["exactmatch"] == 1.0


def test_training_takes_as_many_epochs_as_it_is_told_to(corpus):
    sizes = {"attention": "dot", "hidden_size": 8}
    _, history = phrases.train("pytorch", corpus, recipe(2), **sizes)
    assert len(history.history["loss"]) == 2


def test_alignment_figures_count_the_heaviest_word_of_each_row():
    right = [np.eye(4)[[0, 2, 1, 3]], np.eye(3)[[0, 0, 1, 2, 2]]]
    found = alignment_figures(right, PAIRS)
    assert found == {"aer": 0.0, "precision_nouns_adjectives": 1.0}
    straight = [np.eye(4), right[1]]
    found = alignment_figures(straight, PAIRS)
    assert found["precision_nouns_adjectives"] == 0.5
    assert found["aer"] == pytest.approx(1 - (5 + 7) / (9 + 7))


def test_forced_attention_has_a_row_for_each_word_of_the_reference(corpus, model):
    found = forced_attention(model, corpus, "test")
    assert [each.shape for each in found[:2]] == [(4, 4), (5, 3)]
    for each in found:
        assert np.allclose(each.sum(axis=1), 1, atol=1e-5)
    again = model.encode(
        torch.tensor(corpus.encoded["test"].sources[0][None]), torch.tensor([4])
    )
    _, _, weights = model.decode_step(torch.tensor([2]), again.state, again)
    assert np.allclose(found[0][0], weights[0].detach(), atol=1e-5)


def test_a_checkpoint_writes_the_same_words(corpus, model, tmp_path):
    path = checkpoints.save(model, "dot", tmp_path)
    assert path.name == "05_translator_dot.pt"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    again = checkpoints.load("dot", tmp_path)
    assert again.config == model.config
    assert not again.training
    sources = corpus.encoded["test"].sources
    assert translate(again, sources).tokens == translate(model, sources).tokens


def test_a_checkpoint_that_is_not_there_names_its_command(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"helpers\.long_runs phrases"):
        checkpoints.load("dot", tmp_path)


def test_a_checkpoint_that_no_run_leaves_is_refused(tmp_path):
    with pytest.raises(ValueError, match="name must be one of"):
        checkpoints.load("../dot", tmp_path)


def test_a_checkpoint_with_code_in_it_is_refused(tmp_path):
    torch.save({"config": print, "weights": {}}, tmp_path / "05_translator_dot.pt")
    with pytest.raises(Exception, match="weights_only"):
        checkpoints.load("dot", tmp_path)


def test_more_pads_change_nothing_with_a_mask_and_something_without(corpus):
    sources = corpus.encoded["test"].sources
    kinds = {Translator: True, mistakes.Unpacked: False, mistakes.Unmasked: False}
    for kind, same in kinds.items():
        torch.manual_seed(1)
        model = kind(**corpus.sizes, attention="dot", hidden_size=8, embedding_dim=6)
        before = translate(model, sources).log_probs
        mistakes.append_pads(model, 20)
        after = translate(model, sources).log_probs
        assert np.allclose(before, after, atol=1e-4) == same


def test_the_wrong_models_differ_in_what_they_may_look_at(corpus):
    source, lengths = torch.tensor([[5, 6, 0]]), torch.tensor([2])
    masks = {}
    for kind in (Translator, mistakes.Unpacked, mistakes.Unmasked):
        model = kind(**corpus.sizes, attention="dot", hidden_size=8, embedding_dim=6)
        masks[kind] = model.encode(source, lengths).mask.tolist()
    assert masks[Translator] == masks[mistakes.Unpacked] == [[True, True, False]]
    assert masks[mistakes.Unmasked] == [[True, True, True]]


def test_wrong_batches_are_wrong_in_one_way(corpus):
    inputs, wanted = corpus.encoded["train"].collate(
        [corpus.encoded["train"][0]], BucketSampler([5], 1)
    )
    source, lengths, given = map(torch.tensor, inputs)
    wanted = torch.tensor(wanted)
    (_, _, fed), target = mistakes.not_shifted(source, lengths, given, wanted)
    assert torch.equal(fed, wanted)
    assert torch.equal(target, wanted)
    (_, _, fed), target = mistakes.padded(source, lengths, given, wanted)
    assert fed.shape == target.shape == (1, 40)
    assert torch.equal(fed[:, :5], given)
    assert not target[:, 5:].any()


def test_forced_bleu_is_of_words_after_right_beginnings(corpus):
    sizes = {"attention": "dot", "hidden_size": 32, "embedding_dim": 16}
    model, _ = phrases.train("pytorch", corpus, recipe(90), **sizes)
    assert forced_bleu(model, corpus, "validation") > 99


def test_every_run_is_listed():
    names = {"multi30k", "phrases", "kinds_of_attention", "random_phrases"}
    runs = {run.__name__ for run in notebook_05.RUNS}
    assert runs == names | {"mistakes", "teacher_forcing"}
