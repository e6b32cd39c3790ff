"""What to beat: answers that need no neural network."""

from helpers.baselines.next_item import Markov, Popularity, RepeatLast
from helpers.baselines.text import majority, tfidf_logistic_regression, vader_scores
