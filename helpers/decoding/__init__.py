"""Write sentences token by token, from any model: greedy search, beam search, whole lists."""

from helpers.decoding.search import Decoded, beam_search, greedy
from helpers.decoding.writing import write_all
