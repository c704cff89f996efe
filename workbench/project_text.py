"""A project as TOML text in which a comment explains every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit

if TYPE_CHECKING:
    from workbench.project import Project

_ABOUT = {
    "version": "Version of this file's format.",
    "name": "What runs of this project are called.",
    "entity": "Column that says which customer (patient, account, machine …) a row belongs to.",
    "cut_off": "Features see rows before this instant only; targets come from it on. "
    "Without it: the latest that is possible.",
    "horizon_days": "Length of the window after the cut-off that targets come from, in days.",
    "target": "What to predict: spend, active or redeems in the horizon, or a column. Without it: segments only.",
    "task": "auto, binary, multiclass, regression or segments.",
    "metric": "By what models are ranked, such as roc_auc, log_loss or rmse. Without it: the task's default.",
    "cost": "What mistakes cost in a target with two classes; it sets the threshold of the decision.",
    "budget": "Time for the whole run, such as 60s, 10m or 1h.",
    "families": "Kinds of pipeline to search: linear, random_forest, lightgbm. Empty: these three.",
    "time": "Column that orders the rows: validation is then on later rows.",
    "group": "Column whose rows stay together in validation.",
    "seed": "Every random choice follows from this number.",
    "ignore": "Columns to leave aside.",
    "playbook": "Name of a shipped playbook, or path of your own.",
    "currency": "Of all money, such as USD or EUR.",
}
_EXAMPLES = {
    "entity": '"customer_id"',
    "cut_off": "2017-10-30",
    "target": '"spend"',
    "metric": '"roc_auc"',
    "cost": '"false positive=1, false negative=5"',
    "time": '"signed_up"',
    "group": '"household"',
}
_PURPOSES = (
    "A table: purpose is table (a customer table as it is), purchases, contacts or responses (events: many rows per",
    "customer, each with a time), or attributes (one row per customer). Every other key names a column.",
)
_ROLES = "Roles by column: id, target, feature, date, group, weight, treatment, outcome, text or ignore."


def project_text(project: Project) -> str:
    """The whole file; ``Project.read`` gives a project with equal fields back."""
    values = project.model_dump(exclude={"sources", "roles"})
    document = tomlkit.document()
    document.add(tomlkit.comment("A workbench project. Change what is wrong, then:  workbench run THIS_FILE"))
    for key, about in _ABOUT.items():
        document.add(tomlkit.nl())
        document.add(tomlkit.comment(about))
        if values[key] is None:
            document.add(tomlkit.comment(f"{key} = {_EXAMPLES[key]}"))
        else:
            document.add(key, _item(values[key]))
    tables = tomlkit.aot()
    for number, source in enumerate(project.sources):
        table = tomlkit.table()
        for line in _PURPOSES if number == 0 else ():
            table.add(tomlkit.comment(line))
        for key, value in source.model_dump(exclude_defaults=True).items():
            table.add(key, _item(value))
        if "purpose" not in table:
            table.add("purpose", source.purpose)
        tables.append(table)
    document.add(tomlkit.nl())
    document.add("sources", tables)
    if project.roles:
        roles = tomlkit.table()
        roles.add(tomlkit.comment(_ROLES))
        for name, role in project.roles.items():
            roles.add(tomlkit.key(name), role.value)
        document.add("roles", roles)
    return tomlkit.dumps(document)


def _item(value: Any) -> Any:
    return tomlkit.item(list(value) if isinstance(value, tuple) else value)
