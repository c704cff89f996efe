"""explainerdashboard's part in ``explain_peers``: ``python _peer_explainerdashboard.py FOLDER``; needs only that."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

from _peer_steps import CUSTOMER, Steps, first_two, given

warnings.filterwarnings("ignore")
steps = Steps(Path(sys.argv[1]))
frame, target, model = given(steps.folder)
explainer: Any = None
values: Any = None
first, second = str(frame.columns[0]), str(frame.columns[1])
with steps.step("imports"):
    import explainerdashboard
    from explainerdashboard import ClassifierExplainer
# of boosting only the log-odds have interactions there; of forests the output is the probability
output = "probability" if hasattr(model, "estimators_") else "logodds"
with steps.step("values", f"all {len(frame):,} rows, model_output='{output}'"):
    explainer = ClassifierExplainer(model, frame, target, model_output=output)
    values = explainer.get_shap_values_df()
    first, second = first_two(values, frame)
with steps.step("importance"):
    explainer.get_mean_abs_shap_df()
    explainer.plot_importances()
with steps.step("customer"):
    explainer.get_contrib_df(CUSTOMER)
    explainer.plot_contributions(CUSTOMER)
with steps.step("dependence"):
    explainer.plot_dependence(first)
with steps.step("interactions", f"all {len(frame):,} rows"):
    explainer.shap_interaction_values()
    explainer.get_interactions_df(first)
    explainer.plot_interaction(first, second)
steps.write(values, model, frame, f"explainerdashboard {getattr(explainerdashboard, '__version__', '')}")
