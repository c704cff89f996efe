"""Which model the explain screen is about: ``m`` goes to the other one, which is explained while one looks on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rich.text import Text
from textual import work
from textual.widgets import Static

from workbench.errors import WorkbenchError
from workbench.tui.actions import Action
from workbench.tui.guard import guarded
from workbench.tui.screens.explain_pictures import PicturesView
from workbench.tui.screens.explain_text import facts_text
from workbench.tui.widgets.text import clean
from workbench.worker.explain_views import BackgroundView
from workbench.worker.views import ExplanationView

OWN = "explained"
"""The model whose explanation the run holds."""


class ModelView(PicturesView):
    """A screen that looks at one of a run's models."""

    index: int
    model = OWN

    def forget_works(self) -> None:
        """Another run is looked at, whose models are others."""
        self.works: dict[str, BackgroundView] = {}
        """How far the explanation of each model is that is being made: it may be told before the model is shown."""
        self.caught_up = 0
        """The state of that which is drawn already."""

    async def ask(self, method: str, *, of: str | None = None, model: str | None = None, **params: Any) -> Any:
        """Ask about a model, by default the one looked at; the worker takes the run's own where none is named."""
        model = model or self.model
        if model != OWN and method.partition(".")[0] in ("explain", "probe", "report"):
            params["model"] = model
        return await super().ask(method, of=of, **params)

    def asking(self) -> Callable[..., Awaitable[Any]]:
        """``ask`` for a page: always about the run and model that are looked at now, when it opens."""
        of, model = self.of, self.model

        def ask(method: str, **params: Any) -> Awaitable[Any]:
            return self.ask(method, of=of, model=model, **params)

        return ask

    def has_twin(self, action: Action) -> bool:
        """The command line can't explain a blend; refits are of the best single model in either case."""
        blend = self.model != OWN and action.where == "explain" and action.id != "trust"
        return super().has_twin(action) and not blend

    def show_explanation(self, view: ExplanationView) -> None:
        """Draw the global part."""
        raise NotImplementedError

    def load_customer(self, **which: Any) -> Any:
        """Ask for one customer."""
        raise NotImplementedError

    def show_facts(self, busy: str | None = None) -> None:
        """The line above everything; ``busy`` says what is under way, by default what is known of it."""
        if self.explanation is None:
            return
        if busy is None:
            busy = self._growing()
        facts = facts_text(self.explanation, self.bench.result, self.output, busy)
        self.query_one("#explain-facts", Static).update(Text(facts))

    def _growing(self) -> str:
        if self.explanation is None or not self.explanation["growing"]:
            return ""
        work = self.works.get(self.explanation["model"])
        if work is None or (work["total"] or 0) <= self.explanation["rows"]:
            return "… more to come"
        return f"… explaining {work['total']:,.0f}"

    def action_next_model(self) -> None:
        """The other model: the explainable champion, or the blend that wins."""
        if self.explanation is None:
            return
        names = [each["which"] for each in self.explanation["models"]]
        if len(names) < 2:
            self.notify("This run has one model: the champion is explained itself.", markup=False)
            return
        self.look_at_model(names[(names.index(self.explanation["model"]) + 1) % len(names)])

    @work(exclusive=True, group="explanation")
    @guarded
    async def look_at_model(self, which: str) -> None:
        """Look at another model; the one before stays until the first rows of this one are explained."""
        assert self.explanation is not None
        family = next(each["family"] for each in self.explanation["models"] if each["which"] == which)
        self.show_facts(f"… explaining {clean(family, 30)}")
        try:
            view = await super().ask("explain.model", output=self.output, model=which)
        except WorkbenchError:
            self.show_facts()
            raise
        self.model = view["model"]
        self._show_again(view)
        self.bench.refresh_lines()

    def take_work(self, work: BackgroundView) -> None:
        """The worker has come further with an explanation."""
        if work["run"] != self.of:
            return
        self.works[work["model"]] = work
        if work["state"] == "failed" and work["model"] == self.model:
            problem = f"No more rows can be explained: {clean(work['error'], 200)}"
            self.notify(problem, severity="warning", markup=False)
        self.catch_up()

    def catch_up(self) -> None:
        """Draw what has come further than what is shown: it may have been told before that was."""
        shown = self.explanation
        work = self.works.get(shown["model"]) if shown is not None else None
        if shown is None or work is None:
            return
        further = work["grown"] > shown["rows"] or (work["state"] != "running" and shown["growing"])
        if further and work["at"] != self.caught_up:
            self.caught_up = work["at"]
            self._grow()
        else:
            self.show_facts()

    @work(exclusive=True, group="growing")
    @guarded
    async def _grow(self) -> None:
        """Draw what there is of it now."""
        before = self.explanation
        try:
            view: ExplanationView = await self.ask("explain.overview", output=self.output)
        except WorkbenchError:
            if self.explanation is before:  # else another one is shown, and nobody waits for this
                raise
            self._catch_up_anew()
            return
        if self.explanation is not before:
            self._catch_up_anew()
        elif before is not None and self.bench.is_running:
            self._show_again(view)

    def _catch_up_anew(self) -> None:
        """What was to be drawn came too late for the explanation that it was of: the one that is shown may lack it."""
        self.caught_up = 0
        self.catch_up()

    def _show_again(self, view: ExplanationView) -> None:
        """Another explanation of the same customers: the one that was looked at stays."""
        self.show_explanation(view)
        if self.customer is None:
            self.load_customer()
        elif self.customer["index"] == self.index:  # else another one is on the way
            self.load_customer(row=self.customer["row"])
