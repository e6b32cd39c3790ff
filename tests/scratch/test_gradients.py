import numpy as np
import pytest
import torch
from torch import nn

from helpers import scratch


@pytest.mark.parametrize("max_norm", [0.1, 3.0, 1e6])
def test_clipping_equals_torch(max_norm):
    rng = np.random.default_rng(0)
    gradients = [rng.normal(size=shape) for shape in ((3, 4), (5,))]
    parameters = [nn.Parameter(torch.zeros(g.shape).double()) for g in gradients]
    for parameter, gradient in zip(parameters, gradients, strict=True):
        parameter.grad = torch.tensor(gradient)
    expected_norm = nn.utils.clip_grad_norm_(parameters, max_norm)
    clipped, norm = scratch.clip_by_global_norm(gradients, max_norm)
    assert norm == pytest.approx(expected_norm.item())
    for own, parameter in zip(clipped, parameters, strict=True):
        np.testing.assert_allclose(own, parameter.grad, rtol=1e-5)


def test_clipping_leaves_zeros_and_its_input_alone():
    zeros = [np.zeros(3)]
    clipped, norm = scratch.clip_by_global_norm(zeros, 1.0)
    assert norm == 0
    assert (clipped[0] == 0).all()
    ones = [np.ones(4)]
    scratch.clip_by_global_norm(ones, 0.1)
    assert (ones[0] == 1).all()


def test_numerical_gradient_leaves_its_array_alone():
    array = np.array([[1.0, -2.0, 3.0]])
    gradient = scratch.numerical_gradient(lambda: (array**3).sum(), array)
    np.testing.assert_allclose(gradient, [[3.0, 12.0, 27.0]], rtol=1e-8)
    assert array.tolist() == [[1.0, -2.0, 3.0]]
