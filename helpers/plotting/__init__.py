"""Every figure of the course: arrays in, a matplotlib ``Figure`` out.

In a notebook, end the call with ``;``.
"""

from helpers.plotting.classification import (
    accuracy_bars,
    accuracy_by_group,
    confusion_matrices,
    reliability_curves,
)
from helpers.plotting.dynamics import (
    compare_final_states,
    visualize_gate_activations,
    visualize_hidden_states,
)
from helpers.plotting.planes import states_in_plane
from helpers.plotting.process import pipeline
from helpers.plotting.readings import eigenvalue_plot, probe_scatter, state_along_time
from helpers.plotting.recommending import item_map, ranking_bars
from helpers.plotting.style import COLOURS
from helpers.plotting.training import learning_curves, lines, wrong_and_right
from helpers.plotting.trajectories import visualize_hidden_state_pca
from helpers.plotting.translating import attention_maps
