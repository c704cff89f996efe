"""The one list of what can be done: bindings, footer, menus, palette and help are all made from it.

``where`` is ``app`` (everywhere) or a screen's name. The command-line twin is a template over the current table and
run, so that what was clicked together can be scripted.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from textual.binding import Binding

SCREENS = ("data", "search", "explain", "segments", "runs")
TITLES = {"data": "Data", "search": "Search", "explain": "Explain", "segments": "Segments", "runs": "Runs"}
MENUS = ("File", "Data", "Search", "Explain", "Segments", "Runs", "Help")


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a user can do.

    Attributes:
        id: stable name; keys are rebound by it in the configuration file. It calls ``action_<id>``.
        title: what it does, in the imperative.
        key: keys, separated by commas.
        where: ``app`` or the screen.
        menu: in which menu it stands.
        short: word in the footer; empty keeps it out of the footer.
        twin: the command line that does the same; empty where looking is all that it does.
    """

    id: str
    title: str
    key: str
    where: str
    menu: str
    short: str = ""
    twin: str = ""


ACTIONS: tuple[Action, ...] = (
    Action("screen_data", "Go to Data", "1", "app", "Data"),
    Action("screen_search", "Go to Search", "2", "app", "Search"),
    Action("screen_explain", "Go to Explain", "3", "app", "Explain"),
    Action("screen_segments", "Go to Segments & Strategy", "4", "app", "Segments"),
    Action("screen_runs", "Go to Runs", "5", "app", "Runs"),
    Action("open_file", "Open a table: CSV, Parquet, Excel or project file", "o", "app", "File", "open",
           "workbench {table}"),
    Action("load_demo", "Load the bundled real shopping data", "d", "app", "File", "demo", "workbench demo"),
    Action("start", "Start a search", "g", "app", "Search", "start search",
           "workbench run {table} --target {target} --budget 120s"),
    Action("write_report", "Write the report", "R", "app", "File", "report", "workbench report {run} -o {run}.html"),
    Action("edit_playbook", "Edit the playbook", "", "app", "File", "",
           "workbench run {table} --target {target} --playbook playbook.toml"),
    Action("edit_project", "Edit the project file that is open", "", "app", "File", "", "workbench run {table}"),
    Action("choose_theme", "Change the theme", "ctrl+t", "app", "Help"),
    Action("menu", "Open the menu bar", "f10", "app", "Help"),
    Action("command_palette", "Find any action", "ctrl+p", "app", "Help"),
    Action("show_help", "Show the keys of the focused part", "question_mark,f1", "app", "Help"),
    Action("doctor", "Check what is installed and works here", "", "app", "Help", "", "workbench doctor"),
    Action("restart_worker", "Restart the worker process", "", "app", "Help"),
    Action("quit_app", "Quit, or leave a run going", "q,ctrl+q", "app", "File"),
    # Data
    Action("set_target", "Make the selected column the target", "t", "data", "Data", "target",
           "workbench check {table} --target {column}"),
    Action("set_role", "Set the role of the selected column", "r", "data", "Data", "role"),
    Action("sort", "Sort by the selected column", "s", "data", "Data", "sort"),
    Action("filter", "Filter columns or rows", "slash", "data", "Data", "filter"),
    Action("view_cell", "Show the whole cell", "space", "data", "Data"),
    Action("show_checks", "Show all checks of the data", "c", "data", "Data", "checks",
           "workbench check {table} --target {target}"),
    Action("copy", "Copy the selection", "y", "data", "Data", "copy"),
    # Search
    Action("pause", "Pause or go on", "p", "search", "Search", "pause"),
    Action("stop", "Stop and keep the study", "x", "search", "Search", "stop"),
    Action("resume", "Go on with the run, with more time", "u", "search", "Search", "resume",
           "workbench runs resume {run} --budget 2m"),
    Action("filter_states", "Show all, done, failed or pruned trials", "f", "search", "Search", "states"),
    Action("sort", "Sort the trials by the next column", "s", "search", "Search"),
    Action("filter", "Filter trials", "slash", "search", "Search"),
    Action("view_table", "See the curve as a table", "v", "search", "Search", "as table"),
    Action("write_csv", "Write the trials to a CSV file", "w", "search", "Search"),
    Action("edit_space", "Edit the search space of a family", "E", "search", "Search", "",
           "workbench run {table} --target {target} --search-spaces search_spaces"),
    Action("findings", "All that the search found: leaderboard, what mattered, why trials ended", "i", "search",
           "Search", "", "workbench runs show {run}"),
    Action("explain", "Explain the champion", "e", "search", "Explain", "explain", "workbench explain {run}"),
    Action("copy", "Copy the selected trial", "y", "search", "Search", "copy"),
    # Explain
    Action("next_customer", "Next customer", "n", "explain", "Explain", "n/N customer"),
    Action("previous_customer", "Previous customer", "N", "explain", "Explain"),
    Action("find_customer", "Find a customer by id", "i", "explain", "Explain", "find id",
           "workbench explain {run} --row ID"),
    Action("what_if", "What the model would predict with other values", "e", "explain", "Explain", "what if",
           "workbench explain {run} --row {customer} --what-if column=value"),
    Action("otherwise", "Smallest changes and nearest customers with another answer", "l", "explain", "Explain", "",
           "workbench explain {run} --row {customer} --neighbours --counterfactual"),
    Action("all_views", "All views of the model", "a", "explain", "Explain", "views"),
    Action("show_effect", "Effect: how the prediction goes with the feature", "", "explain", "Explain", "",
           "workbench explain {run} --column {feature} [--class CLASS]"),
    Action("show_pairs", "Pairs of features that act together", "p", "explain", "Explain", "",
           "workbench explain {run}"),
    Action("fairness", "Fairness: compare groups of customers", "f", "explain", "Explain", "",
           "workbench explain {run} --fairness COLUMN [--class CLASS]"),
    Action("trust", "How far the importance can be trusted", "t", "explain", "Explain", "",
           "workbench explain {run} --trust"),
    Action("next_model", "Other model: explainable champion or blend", "m", "explain", "Explain", "model"),
    Action("next_output", "Next class", "C", "explain", "Explain", "class"),
    Action("next_picture", "Next picture: dependence, effect, beeswarm, importance, model quality", "b", "explain",
           "Explain", "picture"),
    Action("view_table", "See the picture as a table", "v", "explain", "Explain", "as table"),
    Action("filter", "Filter features", "slash", "explain", "Explain"),
    Action("sort", "Sort features by the next column", "s", "explain", "Explain"),
    Action("show_caveats", "Show checks and caveats", "c", "explain", "Explain", "checks"),
    Action("write_csv", "Write the pictures as SVG, PNG and CSV", "w", "explain", "Explain", "write"),
    Action("copy", "Copy the selection", "y", "explain", "Explain", "copy"),
    # Segments and strategy
    Action("next_method", "Other segmentation: descriptive or goal-guided", "m", "segments", "Segments", "method",
           "workbench segments {run}"),
    Action("set_k", "Set the number of segments", "number_sign", "segments", "Segments", "set k"),
    Action("sort", "Sort by the next column", "s", "segments", "Segments"),
    Action("rename", "Rename the segment", "r", "segments", "Segments"),
    Action("accept", "Accept the strategy", "a", "segments", "Segments", "accept", "workbench strategy {run}"),
    Action("edit", "Edit the strategy with a note", "E", "segments", "Segments", "edit"),
    Action("reject", "Reject the strategy with a note", "X", "segments", "Segments", "reject"),
    Action("show_map", "Show or hide the map of the segments", "b", "segments", "Segments", "map"),
    Action("view_table", "See the map as a table", "v", "segments", "Segments", "as table"),
    Action("drivers", "What drives the segment against the rest", "e", "segments", "Segments", "drivers",
           "workbench explain {run} --segment {segment} [--segmentation KIND]"),
    Action("view_gap", "Show the information gap and its back-test", "i", "segments", "Segments", "gap",
           "workbench gap {run}"),
    Action("copy", "Copy the strategy", "y", "segments", "Segments"),
    Action("write_csv", "Write segments, map and drawings as CSV, SVG and PNG", "w", "segments", "Segments", "write"),
    # Runs
    Action("mark", "Mark for comparing", "space", "runs", "Runs", "mark"),
    Action("compare", "Compare the marked runs", "c", "runs", "Runs", "compare", "workbench runs compare {marked}"),
    Action("open_run", "Open the run", "enter", "runs", "Runs", "open", "workbench runs show {run}"),
    Action("resume", "Go on with the run, with more time", "u", "runs", "Runs", "resume",
           "workbench runs resume {run} --budget 2m"),
    Action("tag", "Tag the run", "T", "runs", "Runs", "tag"),
    Action("filter", "Filter runs", "slash", "runs", "Runs", "filter"),
    Action("sort", "Sort by the next column", "s", "runs", "Runs"),
    Action("choose_columns", "Choose the columns", "C", "runs", "Runs"),
    Action("delete", "Delete the run", "delete,D", "runs", "Runs", "delete", "workbench runs delete {run}"),
    Action("reload", "Read the store again", "f5", "runs", "Runs", "", "workbench runs list"),
    Action("write_csv", "Write the shown runs to a CSV file", "w", "runs", "Runs", "csv"),
    Action("copy", "Copy the run's name", "y", "runs", "Runs"),
)  # fmt: skip

_WORDS = re.compile(r"\[[^]]*\]|\S+")
"""Of a twin: an option in brackets is one."""
FOOTERS: dict[str, tuple[str, ...]] = {
    "data": ("open_file", "set_target", "set_role", "sort", "filter", "start"),
    "search": ("start", "pause", "stop", "resume", "filter_states", "explain"),
    "explain": ("next_customer", "what_if", "all_views", "next_picture", "view_table", "write_report"),
    "segments": ("next_method", "set_k", "show_map", "drivers", "accept", "reject"),
    "runs": ("mark", "compare", "open_run", "resume", "tag", "delete"),
}
"""Which actions the footer of each screen shows, beside palette and help: eight keys at most."""


def of(*where: str) -> Iterable[Action]:
    """The actions of a screen, or of the whole app."""
    return (action for action in ACTIONS if action.where in where)


def bindings(where: str) -> list[Binding]:
    """Bindings for a screen (or ``app``), with ids by which they can be rebound."""
    return [
        Binding(action.key, action.id, action.title, show=False, id=f"{where}.{action.id}")
        for action in of(where)
        if action.key
    ]


def footer(where: str) -> list[Action]:
    """What the footer shows for a screen, beside palette and help."""
    return [find(where, name) for name in FOOTERS[where]]


def find(where: str, name: str) -> Action:
    """The action called ``name`` as seen from a screen: its own first, then the app's."""
    own = {action.id: action for action in of("app")} | {action.id: action for action in of(where)}
    return own[name]


def key_text(action: Action) -> str:
    """The first key as a person reads it."""
    key = action.key.split(",")[0]
    return {"slash": "/", "question_mark": "?", "number_sign": "#"}.get(key, key)


def twin(action: Action, facts: Mapping[str, str | tuple[str, ...]]) -> str:
    """The command line that does what this action does now, quoted for a shell; several values are several words.

    An option in brackets stands there where a fact of its name says what it has to be.
    """
    words = []
    for word in _WORDS.findall(action.twin):
        if word.startswith("["):
            option = word[1:].split()[0]
            if isinstance(value := facts.get(option), str):
                words += [option, shlex.quote(value)]
            continue
        several = facts.get(word[1:-1])
        if word.startswith("{") and isinstance(several, tuple):
            words += [shlex.quote(one) for one in several] or [word]
            continue
        filled = word
        for name, value in facts.items():
            filled = filled.replace("{" + name + "}", value) if isinstance(value, str) else filled
        words.append(word if filled == word else shlex.quote(filled))
    return " ".join(words)
