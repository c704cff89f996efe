"""Names and meanings of figures for people who have never seen them: nothing is shown by its variable's name."""

from __future__ import annotations

from workbench.contracts import EvidenceGrade

Meaning = tuple[str, str]
"""Label and one sentence."""

METRICS: dict[str, Meaning] = {
    "rmse": ("typical error (RMSE)", "The usual distance between prediction and truth; large misses count more."),
    "mae": ("mean error (MAE)", "The mean distance between prediction and truth."),
    "r2": ("share explained (R²)", "The share of the differences between customers that is predicted; 0 is guessing."),
    "roc_auc": ("ranking quality (ROC AUC)", "The chance that a customer of the class is ranked before one who is not; "
                "0.5 is guessing."),
    "average_precision": ("precision over the ranking (AP)", "How pure the top of the ranking is; guessing gives the "
                          "share of the class."),
    "log_loss": ("log loss", "How far the predicted chances are from what came; 0 is perfect."),
    "brier": ("Brier score", "The mean squared distance between predicted chances and what came; 0 is perfect."),
    "accuracy": ("accuracy", "The share of customers whose class was predicted."),
    "balanced_accuracy": ("balanced accuracy", "The mean over the classes of the share that was predicted."),
    "f1": ("F1", "Precision and recall in one figure, 0 to 1."),
}  # fmt: skip

QUALITY: dict[str, Meaning] = {
    "goal_eta2": ("goal explained, held out", "Share of the goal's differences between customers (variance, or the "
                  "loss of always giving the class shares) that the segments account for; 0 is none."),
    "goal_eta2_low": ("… its lower end", "With 95 % confidence it is not lower than this."),
    "outcome_eta2": ("outcome explained, held out", "Share of the outcome's variance (eta²) that the segments account "
                     "for on customers that did not shape them."),
    "stability_min": ("stability of the weakest segment", "Overlap (Jaccard) when the customers are drawn anew; above "
                      "0.75 is stable, below 0.5 is not to be relied on."),
    "stability_mean": ("stability, mean", "The same over all segments."),
    "stability_null": ("… of shuffled columns", "What customers without any groups would give: the stability must lie "
                       "clearly above it."),
    "rule_balanced_accuracy": ("rules hit the segment", "Share of held-out customers that the rules put into their "
                               "segment, mean over segments."),
    "rule_balanced_accuracy_chance": ("… by chance", "What guessing would give."),
    "spread_explained": ("spread explained", "Share of all differences in the used columns that lie between segments."),
    "spread_explained_null": ("… of shuffled columns", "What customers without any groups would give."),
    "null_p_value": ("p against no groups", "How often shuffled columns look at least as grouped; below 0.05 counts as "
                     "structure."),
    "silhouette": ("silhouette", "How much nearer customers are to their own segment than to the next, -1 to 1; near 0 "
                   "the segments touch."),
    "calinski_harabasz": ("Calinski-Harabasz", "Spread between over spread within; only to compare solutions."),
    "davies_bouldin": ("Davies-Bouldin", "Overlap of neighbouring segments; lower is better, only to compare."),
    "objective": ("what the choice maximised", "The product named above; only to compare solutions."),
    "log_loss_gain": ("log loss saved", "Share of the log loss of giving everybody the class shares that is saved."),
    "auc": ("ranking quality (ROC AUC)", "How well the segments' shares rank customers; 0.5 is guessing."),
}  # fmt: skip

GAP_FIGURES: dict[str, Meaning] = {
    "level": ("quantile", "The share of customers of the same structure that should lie below the potential."),
    "coverage": ("… reached, out of fold", "The share that does; it should be near the quantile."),
    "coverage_uncorrected": ("… before correction", "The same before the quantile was adjusted to reach its level."),
    "coverage_low": ("… of the low potential", "It should be near 0.8."),
    "coverage_high": ("… of the high potential", "It should be near 0.95."),
    "coverage_worst": ("… at the worst past cut-off", "It should be near the quantile."),
    "reliability": ("reliability of one window's spend", "How much of the differences in spend stays in the next "
                    "window; the rest is chance and was shrunk away."),
    "origins": ("past cut-offs judged", "How often the gap could be compared with what came after."),
    "forecast_r2": ("later spend forecast without the gap", "Share of the variance, out of fold."),
    "forecast_r2_gain": ("… gained by adding the gap", "Near zero: the gap adds nothing to a forecast."),
    "expected_to_actual": ("expected over actual money", "1 is exact, above 1 is too optimistic."),
    "categories": ("categories looked at", ""),
}  # fmt: skip

BACKTEST: dict[str, str] = {
    "origin": "past cut-off",
    "score": "customers ranked by",
    "naive_rank_correlation": "rank correlation, naive",
    "naive_top20": "growth of the top fifth, naive",
    "adjusted_rank_correlation": "rank correlation, own past taken into account",
    "adjusted_top20": "growth of the top fifth, own past taken into account",
    "adjusted_low": "its 95 % from",
    "adjusted_high": "to",
    "coverage": "coverage",
    "precision_at_10": "of ten suggested, bought",
    "money_at_10": "money in the ten",
    "auc": "ranking quality (AUC)",
    "average_precision": "average precision",
    "base_rate": "bought at all",
    "money_vs_popularity": "money beyond popularity",
    "money_low": "its 95 % from",
    "money_high": "to",
}

GAPS: dict[str, str] = {
    "potential": "What customers like this one spend at their best, minus what this one spends.",
    "category whitespace": "Categories that a customer never bought and that go with what she buys, in money.",
}

GRADES: dict[EvidenceGrade, str] = {
    EvidenceGrade.PLAYBOOK: "An idea from the playbook; these data say nothing for or against it.",
    EvidenceGrade.PREDICTIVE: "The data predict who has the need; whether the action changes anything is unknown.",
    EvidenceGrade.OBSERVATIONAL: "The action was seen in the data, but not given by lot: other reasons are possible.",
    EvidenceGrade.RANDOMISED: "A randomised hold-out measured the effect once.",
    EvidenceGrade.REPLICATED: "A second randomised hold-out agrees with the first.",
}


def named(names: dict[str, Meaning], name: str) -> Meaning:
    """Label and meaning; an unknown figure keeps its name."""
    if name.startswith("pinball@"):
        quantile = name.removeprefix("pinball@")
        return f"loss of the {quantile} quantile", f"Lowest where a share of {quantile} lies at or below it."
    return names.get(name, (name.replace("_", " "), ""))


def metric_label(name: str) -> str:
    """A score's name for people."""
    return named(METRICS, name)[0]
