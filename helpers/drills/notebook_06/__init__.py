"""The drills of notebook 6, one module each."""

from helpers.drills.notebook_06 import (
    compare_final_states,
    gates_from_weights,
    jacobian_norms,
    probe_with_control,
    shared_plane,
)

DRILLS = (
    gates_from_weights.DRILL,
    shared_plane.DRILL,
    jacobian_norms.DRILL,
    probe_with_control.DRILL,
    compare_final_states.DRILL,
)
