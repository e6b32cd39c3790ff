"""What the translators of the course are worth, against the textbook's form of one."""

import itertools
import time

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader

from helpers.data import BucketSampler, multi30k, pad
from helpers.data.fetch import is_cached
from helpers.data.translation import END_ID, START_ID, TranslationDataset, make_corpus
from helpers.pytorch.loading import loader
from helpers.pytorch.training import fit
from helpers.pytorch.translating import translation_loss
from helpers.pytorch.translator import Translator

STEPS, BATCH, EMBEDDING, HIDDEN = 40, 64, 64, 128
# Where Multi30k is not cached: how many of its sentences have 4, 5, 6 ... English words, and
# how many of its pairs have 3 French words fewer, 2 fewer, and so on.
PAIRS, VOCABULARIES = 29_000, (6_000, 6_400)
ENGLISH = (
    *(8, 34, 211, 783, 1747, 2476, 3087, 3370, 3248, 2873, 2514, 2103, 1551, 1292),
    *(957, 755, 553, 417, 288, 196, 159, 105, 82, 49, 41, 24, 16, 14, 11, 9, 6),
)
MORE = (472, 1523, 3705, 6247, 6014, 4491, 2954, 1631, 906, 469, 215, 125)
# The batches of a turn.
TURNS, BATCHES = 3, {"textbook": 1, "stacked": 1, "dot": 10, "additive": 6}


class Textbook(nn.Module):
    """Question 5 as it is often answered: everything again at every step.

    Called as our translators are; every word is given, which spares it the guessing.
    """

    def __init__(self, source_vocab_size, target_vocab_size):
        super().__init__()
        self.source_embedding = nn.Embedding(source_vocab_size, EMBEDDING)
        self.target_embedding = nn.Embedding(target_vocab_size, EMBEDDING)
        self.encoder = nn.LSTM(
            EMBEDDING, HIDDEN // 2, bidirectional=True, batch_first=True
        )
        self.energy = nn.Linear(2 * HIDDEN, HIDDEN)
        self.score = nn.Linear(HIDDEN, 1, bias=False)
        self.decoder = nn.LSTMCell(EMBEDDING + HIDDEN, HIDDEN)
        self.output = nn.Linear(HIDDEN + HIDDEN + EMBEDDING, target_vocab_size)

    def forward(self, source, lengths, target_in):
        memory, state = self.encoder(self.source_embedding(source))
        # (2, batch, hidden / 2) -> (batch, hidden)
        state = tuple(torch.cat([part[0], part[1]], dim=1) for part in state)
        steps = []
        for t in range(target_in.shape[1]):
            logits, state = self.step(target_in[:, t], state, memory)
            steps.append(logits)
        return self.joined(steps), None

    def joined(self, steps):
        """Written into one tensor, which the way back then copies once a step."""
        logits = torch.zeros(len(steps[0]), len(steps), steps[0].shape[1])
        for t, step in enumerate(steps):
            logits[:, t] = step
        return logits

    def step(self, tokens, state, memory):
        embedded = self.target_embedding(tokens)
        repeated = state[0][:, None].repeat(1, memory.shape[1], 1)
        energy = torch.tanh(self.energy(torch.cat([repeated, memory], dim=2)))
        weights = self.score(energy)[..., 0].softmax(dim=1)
        context = torch.bmm(weights[:, None], memory)[:, 0]
        state = self.decoder(torch.cat([embedded, context], dim=1), state)
        return self.output(torch.cat([state[0], context, embedded], dim=1)), state


class Stacked(Textbook):
    """The same without those copies: shown, to tell what each is worth."""

    def joined(self, steps):
        return torch.stack(steps, dim=1)


def corpus():
    """``(dataset, source_vocab_size, target_vocab_size)``; nothing is fetched."""
    if not is_cached(multi30k.SOURCE):
        return drawn(), *VOCABULARIES
    made = make_corpus(vars(multi30k.load_multi30k()), min_count=2)
    return made.encoded["train"], *made.sizes.values()


def drawn():
    """Random words, in sentences as long as those of Multi30k."""
    rng = np.random.default_rng(0)
    english, more = (np.array(counts) / sum(counts) for counts in (ENGLISH, MORE))
    lengths = 4 + rng.choice(len(english), PAIRS, p=english)
    french = lengths - 3 + rng.choice(len(more), PAIRS, p=more)
    sides = zip((lengths, french), VOCABULARIES, strict=True)
    sentences = [[rng.integers(4, size, n) for n in side] for side, size in sides]
    return TranslationDataset(*sentences)


def unbucketed(dataset):
    """Batches of any lengths, every sentence padded to the same."""

    def collate(examples):
        sources, targets = zip(*examples, strict=True)
        given = [np.concatenate([[START_ID], target])[:STEPS] for target in targets]
        wanted = [np.concatenate([target, [END_ID]])[:STEPS] for target in targets]
        source, lengths = pad([source[:STEPS] for source in sources], STEPS)
        inputs = source, lengths, pad(given, STEPS)[0]
        wanted = torch.from_numpy(pad(wanted, STEPS)[0])
        return tuple(map(torch.from_numpy, inputs)), wanted

    return DataLoader(dataset, BATCH, shuffle=True, collate_fn=collate)


def make_step(model, batches):
    """A function that trains on so many batches, and returns tokens and seconds."""
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    options = {"loss": translation_loss(), "optimizer": optimizer, "epochs": 1}
    batches = itertools.chain.from_iterable(itertools.repeat(batches))

    def train(count):
        some = list(itertools.islice(batches, count))
        start = time.process_time()  # unlike the clock, deaf to what else is running
        fit(model, some, clip_norm=1.0, **options)
        seconds = time.process_time() - start
        return sum(int((wanted != 0).sum()) for _, wanted in some), seconds

    return train


def test_attention_trains_fifteen_times_as_fast_as_the_textbook(capsys):
    torch.manual_seed(0)
    dataset, *sizes = corpus()
    buckets = loader(dataset, BucketSampler(dataset.lengths, BATCH, num_buckets=16))
    train = {
        "textbook": make_step(Textbook(*sizes), unbucketed(dataset)),
        "stacked": make_step(Stacked(*sizes), unbucketed(dataset)),
    }
    for attention in ("dot", "additive"):
        model = Translator(*sizes, EMBEDDING, HIDDEN, attention=attention)
        train[attention] = make_step(model, buckets)
    # In turns: a slow moment of the machine meets all. The first, in which memory has yet to
    # be had for batches of most lengths, does not count.
    turns = [{n: train[n](BATCHES[n]) for n in train} for _ in range(1 + TURNS)][1:]
    rate = {}
    for name in train:
        tokens, seconds = map(sum, zip(*(turn[name] for turn in turns), strict=True))
        rate[name] = tokens / seconds
    with capsys.disabled():
        shown = ", ".join(f"{name} {value:,.0f}" for name, value in rate.items())
        print(f"\ntarget tokens a second: {shown}; vocabularies of {sizes}")
        for name in ("stacked", "dot", "additive"):
            print(f"{name}: {rate[name] / rate['textbook']:.1f}x the textbook")
    assert rate["dot"] >= 15 * rate["textbook"]
    assert rate["additive"] >= 6 * rate["textbook"]
