"""The contract of a family: how a kind of model wants its data, how it is built, fitted in time and explained."""

from __future__ import annotations

import copy
import importlib
import importlib.util
import warnings
from abc import ABC, abstractmethod
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.exceptions import ConvergenceWarning

from workbench.budget import Budget
from workbench.contracts.table import Task
from workbench.pipelines.derived import Derived, Prepared
from workbench.pipelines.encoders import Encoder
from workbench.pipelines.rare_rows import with_rare
from workbench.pipelines.row_facts import RowFacts

Params = Mapping[str, Any]
"""Hyperparameters by name, as the search space in ``search_spaces/`` calls them."""

ExplainerKind = Literal["linear", "forest", "lightgbm", "own", "sampled", "constant", "none"]
"""How the last step is explained: in closed form, by its trees in probability or target units, by LightGBM's or by its
own contributions in log-odds or target units, by sampling in probability or target units, by zeros, or not at all."""


@dataclass(frozen=True, eq=False)
class Fold:
    """One division of the rows, with everything that a fit on it needs.

    Attributes:
        prepared: all rows.
        target: shape (rows,): class codes 0 … classes − 1, or numbers.
        weight: shape (rows,), ``None`` when all rows count alike.
        train, test: row positions.
        objective: metric that is optimised, such as ``roc_auc``; boosters stop early on it.
        groups: code per row of what stays together, ``None`` without groups.
        cache: kept between fits on this fold by whoever runs them (binned data, encoded matrices).
    """

    prepared: Prepared
    target: np.ndarray
    weight: np.ndarray | None
    train: np.ndarray
    test: np.ndarray
    task: Task
    classes: int
    objective: str
    groups: np.ndarray | None = None
    cache: MutableMapping[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> RowFacts:
        """Weights and groups of all rows."""
        return RowFacts(self.weight, self.groups)


@dataclass(frozen=True, eq=False)
class FoldFit:
    """What a fit on a fold gives.

    Attributes:
        prediction: for the test rows: shape (test rows,) for regression, else (test rows, classes).
        rounds: boosting rounds or trees used, ``None`` for other models.
        complete: whether the fit ended by itself and not at its deadline.
        encoder, estimator: what was fitted, the estimator on numbers or class codes.
    """

    prediction: np.ndarray
    rounds: int | None
    complete: bool
    encoder: Encoder
    estimator: Any


_KEPT_BYTES = 40_000_000
"""Encoded training rows above this size are made anew for every fit: there are as many as folds."""


_BRIEF = 20
"""Rounds times rate of a brief fit."""
_BLOCK_ROWS = 50_000
Encoded = tuple[Encoder, np.ndarray, np.ndarray, np.ndarray | None]
"""Encoder, encoded training rows, their positions, and the encoded test rows, ``None`` where they would be large."""


class Family(ABC):
    """A kind of pipeline. A new one is a file in ``families/`` like its neighbours and a search space, nothing else.

    Attributes:
        name: as in ``--families`` and of its TOML file in ``search_spaces/``.
        title: for people.
        tasks: what it can be used for.
        explainer: how its last step is explained; ``sampled`` works for whatever predicts.
        place: where it stands among the others: they are listed by place, then by name.
        default: whether it is searched without being named.
        searchable: whether it can be searched at all.
        quantiles: whether it can be fitted to a quantile, which the parameter ``quantile`` then tells.
        light: whether fitted models are small enough to keep those of all folds, as a blend does.
        boosts: whether fits on folds stop early, so that a fit on all rows is told how many rounds to take.
        interruptible: whether a fit ends at its deadline with a valid model.
        library: module that its fits import, so that it can be loaded ahead and missed in time; empty for none.
        requires: packages on the index that fits and predictions need beside scikit-learn.
        extra: what installs them with the program; empty where they always are.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    tasks: ClassVar[frozenset[Task]]
    explainer: ClassVar[ExplainerKind]
    place: ClassVar[int] = 100
    default: ClassVar[bool] = False
    searchable: ClassVar[bool] = True
    light: ClassVar[bool] = True
    quantiles: ClassVar[bool] = False
    boosts: ClassVar[bool] = False
    interruptible: ClassVar[bool] = False
    library: ClassVar[str] = ""
    requires: ClassVar[tuple[str, ...]] = ()
    extra: ClassVar[str] = ""

    @property
    def missing(self) -> str:
        """What is to be done before it can be used, in one sentence; empty where nothing is."""
        if not self.library or importlib.util.find_spec(self.library.partition(".")[0]) is not None:
            return ""
        packages = " and ".join(self.requires)
        called = f"package{'s' if len(self.requires) > 1 else ''} {packages}"
        install = f"segment-workbench[{self.extra}]" if self.extra else packages
        return f"The family '{self.name}' needs the {called}: install it with `pip install '{install}'`."

    def load(self) -> None:
        """Import what its fits need, so that the first of them isn't timed with it.

        Raises:
            ImportError: it is not installed.
        """
        if self.library:
            importlib.import_module(self.library)

    @abstractmethod
    def encoder(self, params: Params, names: Sequence[str] | None = None) -> Encoder:
        """The unfitted second step. ``names`` pins the derived columns that it takes."""

    @abstractmethod
    def estimator(
        self,
        task: Task,
        params: Params,
        derived: Sequence[Derived],
        *,
        seed: int,
        threads: int = 1,
        rounds: int | None = None,
    ) -> BaseEstimator:
        """The unfitted last step.

        Args:
            derived: columns of the prepared matrix.
            rounds: boosting rounds to use instead of early stopping; families without rounds ignore it.
        """

    def width(self, derived: Sequence[Derived]) -> int:
        """Columns that ``work`` counts, as the family sees them."""
        return len(derived)

    @abstractmethod
    def work(self, task: Task, params: Params, rows: int, columns: int, classes: int) -> float:
        """Expected seconds of one fit on one core: a first guess that the search corrects by what it measures.

        Depends on nothing but its arguments, so that decisions made with it can be repeated.
        """

    def size(self, params: Params, rows: int, classes: int) -> float:
        """Expected bytes of a fitted model, where it grows with the rows; 0 for those that are always small."""
        return 0.0

    def leaves(self, params: Params) -> int:
        """Of each tree, about: what keeping a boosted model and asking it is forecast by."""
        return 31

    def has_lines(self, params: Params) -> bool:
        """Whether leaves hold a line and not a number."""
        return False

    def kind(self, params: Params) -> str:
        """What sets models of one family apart so much that a blend should look at the best of each kind."""
        return ""

    def shorter(self, params: Params, rounds: int) -> Params | None:
        """Parameters under which a fit that was ended after ``rounds`` would have been complete.

        ``None`` for families whose unfinished fits are of no use.
        """
        return None

    def hastened(self, params: Params, factor: float) -> Params | None:
        """Parameters under which boosting learns about as much in ``factor`` times fewer rounds.

        ``None`` for families that don't boost, and for those that were not told how fast they learn.
        """
        if not self.boosts or "learning_rate" not in params:
            return None
        return {**params, "learning_rate": factor * float(params["learning_rate"])}

    def briefly(self, params: Params) -> Params:
        """Parameters for a fit on a few of the rows, which is only to be compared with others of its kind.

        Boosting has the rounds in which a prediction can be moved all the way many times, and no more: on few rows the
        held-out ones may gain a little for thousands.
        """
        if not self.boosts or "learning_rate" not in params:
            return params
        most = round(_BRIEF / float(params["learning_rate"]))
        return self.shorter(params, min(int(params.get("rounds", most)), most)) or params

    def truncated(self, estimator: Any, rounds: int) -> Any:
        """A model of only the first ``rounds`` of a fitted one, which stays as it is; ``None`` where there is none."""
        return None

    def in_codes(self, estimator: Any, codes: np.ndarray) -> Any:
        """A fitted model that says class codes in place of its labels; the one given stays as it is.

        Args:
            codes: of its classes, in their order.
        """
        said = copy.copy(estimator)
        said.classes_ = codes
        return said

    def fit(
        self,
        estimator: BaseEstimator,
        matrix: np.ndarray,
        target: np.ndarray,
        *,
        weight: np.ndarray | None = None,
        budget: Budget | None = None,
    ) -> bool:
        """Fit the last step in place.

        Args:
            budget: when it ends, the fit ends with a valid model, where the family can.

        Returns:
            whether the fit ended by itself and not at its deadline.
        """
        with warnings.catch_warnings():
            # iteration caps are meant: they are how these fits keep to their time
            warnings.simplefilter("ignore", ConvergenceWarning)
            estimator.fit(matrix, target, sample_weight=weight)
        return True

    def fit_fold(
        self, fold: Fold, params: Params, *, seed: int, threads: int = 1, budget: Budget | None = None
    ) -> FoldFit:
        """Fit on the training rows of a fold and predict its test rows."""
        encoder, train, rows, held_out = self._encoded(fold, params)
        estimator = self.estimator(fold.task, params, fold.prepared.derived, seed=seed, threads=threads)
        weight = None if fold.weight is None else fold.weight[rows]
        complete = self.fit(estimator, train, fold.target[rows], weight=weight, budget=budget)
        if held_out is not None:
            prediction = predicted(estimator, held_out, fold.task, fold.classes)
        else:
            parts = np.array_split(fold.test, -(-fold.test.size // _BLOCK_ROWS))
            blocks = (encoder.transform(fold.prepared.bare.take(part)) for part in parts)
            prediction = np.concatenate([predicted(estimator, block, fold.task, fold.classes) for block in blocks])
        return FoldFit(prediction, self._rounds(estimator), complete, encoder, estimator)

    def _rounds(self, estimator: Any) -> int | None:
        return None

    def _encoded(self, fold: Fold, params: Params) -> Encoded:
        """The fold's rows as a model takes them; the last two kinds are kept, unless they are large."""
        encoder = self.encoder(params)
        key = f"{type(encoder).__name__}{sorted(encoder.get_params().items(), key=str)}"
        kept: dict[str, Encoded] = fold.cache.setdefault("encoded", {})
        if key not in kept:
            train = fold.prepared.bare.take(fold.train)
            encoder.fit(train, fold.target[fold.train])
            while len(kept) > 1:
                kept.pop(next(iter(kept)))
            places = encoder.rows_to_learn_from(len(train))
            if places is not None and fold.task is not Task.REGRESSION:
                places = with_rare(places, fold.target[fold.train])
            rows = fold.train if places is None else fold.train[places]
            if places is not None:
                train = train.take(places)  # all rows are let go before the matrix is made
            matrix = encoder.to_learn_from(train)
            if matrix.nbytes > _KEPT_BYTES:
                return encoder, matrix, rows, None
            kept[key] = (encoder, matrix, rows, encoder.transform(fold.prepared.bare.take(fold.test)))
        return kept[key]


def predicted(estimator: Any, matrix: np.ndarray, task: Task, classes: int) -> np.ndarray:
    """Predictions of an estimator fitted on numbers or class codes.

    Returns:
        shape (rows,) for regression, else (rows, classes) with zeros for classes that the fit did not see.
    """
    if task is Task.REGRESSION:
        return np.asarray(estimator.predict(matrix), dtype=np.float64).reshape(-1)
    seen = np.asarray(estimator.classes_, dtype=np.intp)
    shares = np.zeros((matrix.shape[0], classes))
    shares[:, seen] = estimator.predict_proba(matrix)
    return shares
