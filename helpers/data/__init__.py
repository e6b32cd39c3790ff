"""Sources turned into clean NumPy arrays and Python lists; knows no framework.

``python -m helpers.data`` lists every data set and fetches those not yet cached.
"""

from helpers.data.batching import BucketSampler, collate, pad
from helpers.data.dataset import SequenceDataset, standardise, stratified_split
from helpers.data.fetch import DataError, cache_folder
from helpers.data.japanese_vowels import load_japanese_vowels

__all__ = [
    "BucketSampler",
    "DataError",
    "SequenceDataset",
    "cache_folder",
    "collate",
    "load_japanese_vowels",
    "pad",
    "standardise",
    "stratified_split",
]
