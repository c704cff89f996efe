"""What can be asked of a model beyond its importance: pairs, look-alikes, groups, trust; and the list of all views."""

from __future__ import annotations

from typing import Any

from textual import work

from workbench.tui.actions import find, key_text
from workbench.tui.guard import guarded
from workbench.tui.screens.explain_model import ModelView
from workbench.tui.widgets.dialogs import ChoiceDialog, TextDialog
from workbench.tui.widgets.grid import Grid
from workbench.tui.widgets.text import clean, fit
from workbench.worker.explain_views import BackgroundView, FairnessView

PICTURE = "picture "
VIEWS = (
    (f"{PICTURE}dependence", "Dependence: what the feature contributes, by its value"),
    ("show_effect", ""),
    (f"{PICTURE}beeswarm", "Beeswarm: all features at once"),
    (f"{PICTURE}importance", "Importance with its intervals"),
    (f"{PICTURE}quality", "Model quality: predicted against seen"),
    *((name, "") for name in ("show_pairs", "what_if", "otherwise", "fairness", "trust", "show_caveats")),
)
"""What the list of views offers: pictures, and actions by their titles."""


class QuestionsView(ModelView):
    """A screen with these questions, each in a dialogue of its own that never waits."""

    group_column = ""

    @work(group="views")
    async def action_all_views(self) -> None:
        """All that can be looked at here."""
        if self.explanation is None:
            return
        named = list(VIEWS)
        named += [("next_model", "")] * (len(self.explanation["models"]) > 1)
        named += [("next_output", "")] * (len(self.explanation["outputs"]) > 1)
        options = []
        for name, title in named:
            action = find("explain", "next_picture" if title else name)
            options.append((name, f"{fit(title or action.title, 60)} {key_text(action)}"))
        selected = "show_effect" if self.picture == "effect" else f"{PICTURE}{self.picture}"
        chosen = await self.app.push_screen_wait(ChoiceDialog("Views", options, selected=selected))
        if chosen is None:
            return
        if chosen.startswith(PICTURE):
            self.go_to_picture(chosen.removeprefix(PICTURE))
        else:
            await self.app.run_action(chosen, self)

    @work(group="pairs")
    @guarded
    async def action_show_pairs(self) -> None:
        """Which features act together, and one split by the other."""
        from workbench.tui.widgets.pairs import PairsDialog

        if self.explanation is None:
            return
        output, asking = self.output, self.asking()

        async def ask(first: str, second: str) -> Any:
            return await asking("explain.split", first=first, second=second, output=output)

        view = await asking("explain.pairs")
        if not view["pairs"]:
            await self.app.push_screen_wait(TextDialog("Pairs that act together", view["note"]))
            return
        feature = await self.app.push_screen_wait(PairsDialog(view, ask))
        if feature and self.query_one("#importance", Grid).move_to(feature):
            self.focus_part("importance")

    @work(group="otherwise")
    @guarded
    async def action_otherwise(self) -> None:
        """For this customer: the smallest changes with another answer, and the nearest customers who have one."""
        from workbench.tui.widgets.otherwise import OtherwiseDialog

        if self.explanation is None or self.customer is None or self.bench.result is None:
            return
        row, asking = self.customer["row"], self.asking()

        async def ask_changes(aim: str, columns: str) -> Any:
            return await asking("probe.changes", row=row, aim=aim, columns=columns)

        async def ask_lookalikes() -> Any:
            return await asking("probe.lookalikes", row=row)

        number = self.bench.result["task"] == "regression"
        dialog = OtherwiseDialog(
            self.customer["id"], number=number, ask_changes=ask_changes, ask_lookalikes=ask_lookalikes
        )
        answer = await self.app.push_screen_wait(dialog)
        if answer is None:
            return
        kind, what = answer
        if kind == "customer":
            self.load_customer(row=what)
        else:
            self.open_what_if(what)

    def open_what_if(self, changes: list[str]) -> Any:
        """Open the what-if dialogue with changes that are made already."""
        raise NotImplementedError

    @work(group="fairness")
    @guarded
    async def action_fairness(self) -> None:
        """Choose a column, and compare the model's predictions by its groups."""
        from workbench.tui.widgets.choose_column import ColumnDialog
        from workbench.tui.widgets.fairness import FairnessDialog

        if self.explanation is None:
            return
        output, asking = self.output, self.asking()
        columns = await asking("probe.group_columns")
        title = "Compare groups of which column?"
        column = await self.app.push_screen_wait(ColumnDialog(title, columns, selected=self.group_column))
        if column is None:
            return
        self.group_column = column

        async def ask() -> FairnessView:
            view: FairnessView = await asking("probe.fairness", column=column, output=output)
            return view

        await self.app.push_screen_wait(FairnessDialog(column, ask))

    @work(group="trust")
    @guarded
    async def action_trust(self) -> None:
        """How far the importance can be trusted: refits, random columns, permutation."""
        from workbench.tui.widgets.trust import TrustDialog

        if self.explanation is not None:
            # while a search needs the cores, refits begin only when they are asked for
            await self.app.push_screen_wait(TrustDialog(self.asking(), self.of, begin=not self.bench.job.active))

    def take_work(self, work: BackgroundView) -> None:
        """The worker has come further with an explanation, or with refits."""
        if work["kind"] != "trust":
            super().take_work(work)
            return
        from workbench.tui.widgets.trust import TrustDialog

        pages = [screen for screen in self.app.screen_stack if isinstance(screen, TrustDialog)]
        for page in pages:
            page.take(work)
        if pages or work["run"] != self.of or work["state"] not in ("done", "failed"):
            return
        told = {
            "done": "The refits have ended: t on screen 3 shows what they say.",
            "failed": clean(work["error"], 200),
        }
        self.notify(told[work["state"]], markup=False)
