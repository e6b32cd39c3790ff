"""What hidden states do, measured: arrays in, arrays and numbers out; no framework needed.

A figure of hidden states suggests; the functions here test. Paths are compared in one
basis, a probe stands beside its control, a direction is taken out to see whether anything
hangs on it, and the Jacobian tells how far a step still acts.
"""

from helpers.dynamics.ablation import remove_direction
from helpers.dynamics.cells import next_state, state_size
from helpers.dynamics.fixed_points import FixedPoints, fixed_points
from helpers.dynamics.gates import memory_length, saturation
from helpers.dynamics.jacobians import jacobian_norms, step_jacobian
from helpers.dynamics.paths import SharedBasis, shared_pca
from helpers.dynamics.patterns import linear_pattern
from helpers.dynamics.probes import Probe, linear_probe
