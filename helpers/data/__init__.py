"""Sources turned into clean NumPy arrays and Python lists; knows no framework.

``python -m helpers.data`` lists every data set and fetches those not yet cached.
"""

from helpers.data.batching import BucketSampler, collate, pad
from helpers.data.dataset import SequenceDataset, standardise, stratified_split
from helpers.data.fetch import DataError, cache_folder
from helpers.data.japanese_vowels import load_japanese_vowels
from helpers.data.movielens import load_movielens
from helpers.data.next_item import every_prefix, leave_one_out, sliding_windows
from helpers.data.phrases import load_phrases
from helpers.data.rated_texts import load_rated_texts
from helpers.data.sentiment import load_sentiment
from helpers.data.tokenising import tokenise
from helpers.data.vocabulary import Vocabulary
