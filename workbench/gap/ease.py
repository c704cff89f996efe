"""Which categories go together: EASE in closed form."""

from __future__ import annotations

import numpy as np
from scipy import linalg

from workbench.gap.matrix import Floats

LAMBDA_BINARY = 200.0
LAMBDA_MONEY = 500.0
"""Ridge penalties that did best on the bundled data (method notes, section 2.3)."""


def ease_weights(X: Floats, penalty: float) -> Floats:
    """Item-item weights with a zero diagonal, shape (categories, categories).

    Each category is explained by all others in a ridge regression that may not use the category itself; with
    P = (XᵀX + λI)⁻¹ the answer is B = I - P / diag(P), column by column. Steck, "Embarrassingly Shallow Autoencoders
    for Sparse Data", WWW 2019. ``X @ weights`` says how much a customer's purchases speak for each category.

    Args:
        X: shape (customers, categories), finite.
        penalty: λ, above zero.
    """
    gram = X.T @ X
    gram[np.diag_indices_from(gram)] += penalty
    precision = linalg.cho_solve(linalg.cho_factor(gram, check_finite=False), np.eye(len(gram)), check_finite=False)
    weights: Floats = -precision / np.diag(precision)[None, :]
    np.fill_diagonal(weights, 0.0)
    return weights
