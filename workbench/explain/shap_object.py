"""An explanation as shap's own object, for those who want shap's plots."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.contracts import Explanation


def to_shap(explanation: Explanation) -> Any:
    """``shap.Explanation`` with values of shape (rows, columns), or (rows, columns, outputs) for several outputs."""
    import shap  # takes seconds to import

    values, base = explanation.values, explanation.base
    many = len(explanation.outputs) > 1
    rows = values.shape[0]
    return shap.Explanation(
        values=values if many else values[:, :, 0],
        base_values=np.tile(base, (rows, 1)) if many else np.full(rows, base[0]),
        data=explanation.data.to_numpy(dtype=object),
        feature_names=list(explanation.columns),
        output_names=list(explanation.outputs) if many else None,
    )
