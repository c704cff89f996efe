"""shapash's part in ``explain_peers``: ``python _peer_shapash.py FOLDER``; needs only that."""

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
first = str(frame.columns[0])
with steps.step("imports"):
    import shapash
    from shapash import SmartExplainer
with steps.step("values", f"all {len(frame):,} rows"):
    explainer = SmartExplainer(model=model)
    explainer.compile(x=frame, y_target=target.to_frame())
    # where this version keeps them: a list with a frame for each class
    held = getattr(explainer, "contributions", None) or getattr(explainer.explainer, "contributions", None)
    if held is not None:
        values = held[1]
        first, _ = first_two(values, frame)
with steps.step("importance"):
    explainer.plot.features_importance()
with steps.step("customer"):
    explainer.plot.local_plot(index=CUSTOMER)
with steps.step("dependence", "up to 2,000 rows"):
    explainer.plot.contribution_plot(first)
with steps.step("interactions", "up to 500 rows"):
    explainer.plot.top_interactions_plot()
steps.write(values, model, frame, f"shapash {getattr(shapash, '__version__', '')}")
