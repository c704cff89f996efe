"""`workbench explain RUN`: what drives the model, or one question about a column, a customer, a segment or a group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.options import HOME, Home, Json, Language, Quiet, Run, check_language

if TYPE_CHECKING:
    from workbench.contracts import JourneyResult
    from workbench.explain.language import Language as LanguageCode


def explain(
    run: Run,
    column: Annotated[
        str | None, typer.Option("--column", metavar="COL", help="One column: dependence and effect.")
    ] = None,
    row: Annotated[str | None, typer.Option("--row", metavar="ID", help="Id of one customer.")] = None,
    what_if: Annotated[
        list[str] | None, typer.Option("--what-if", help="column=value: what the model would say; repeatable.")
    ] = None,
    neighbours: Annotated[
        bool, typer.Option("--neighbours", help="The nearest real customers with another answer; with --row.")
    ] = False,
    counterfactual: Annotated[
        bool, typer.Option("--counterfactual", help="The smallest change with another answer; with --row.")
    ] = False,
    aim: Annotated[
        str | None, typer.Option("--aim", metavar="CLASS", help="Answer that --counterfactual looks for.")
    ] = None,
    at_least: Annotated[float | None, typer.Option("--at-least", help="… or the least prediction or chance.")] = None,
    at_most: Annotated[float | None, typer.Option("--at-most", help="… or the largest one.")] = None,
    lever: Annotated[
        list[str] | None, typer.Option("--lever", metavar="COL", help="Column that may be changed; repeatable.")
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="How many neighbours (5) or counterfactuals (3).")
    ] = None,
    segment: Annotated[
        str | None, typer.Option("--segment", metavar="ID", help="What the model sees in one segment.")
    ] = None,
    segmentation: Annotated[
        str | None, typer.Option("--segmentation", metavar="KIND", help="descriptive or goal-guided; with --segment.")
    ] = None,
    membership: Annotated[
        bool, typer.Option("--membership", help="What tells its members from the rest; with --segment.")
    ] = False,
    fairness: Annotated[
        str | None, typer.Option("--fairness", metavar="COL", help="Errors and answers by group of this column.")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Fit the model anew and see whether it tells the same.")
    ] = False,
    budget: Annotated[
        str | None, typer.Option("--budget", help="Time for the whole process with --trust; 60s by default.")
    ] = None,
    output: Annotated[
        str | None, typer.Option("--class", metavar="CLASS", help="Which of several classes; the one moved most.")
    ] = None,
    language: Language = "en",
    home: Home = HOME,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Show what drives a run's model, or its answer to one question."""
    from workbench.cli.questions import check_options

    wished = check_language(language)
    check_options(
        {
            "--column": column is not None, "--row": row is not None, "--segment": segment is not None,
            "--fairness": fairness is not None, "--trust": trust, "--what-if": bool(what_if),
            "--neighbours": neighbours, "--counterfactual": counterfactual, "--aim": aim is not None,
            "--at-least": at_least is not None, "--at-most": at_most is not None, "--lever": bool(lever),
            "--count": count is not None, "--segmentation": segmentation is not None, "--membership": membership,
            "--budget": budget is not None,
            "--class": output is not None,
        }
    )  # fmt: skip
    from workbench.cli.results import load_run

    result = load_run(run, home)
    if column is not None:
        from workbench.cli.one_column import explain_column

        explain_column(result, column, output=output, language=wished, home=home, as_json=json)
    elif row is not None:
        from workbench.cli.customer import Asked, explain_customer
        from workbench.cli.other_answers import NEIGHBOURS, Change

        change = Change(aim, at_least, at_most, tuple(lever or ()), count) if counterfactual else None
        asked = Asked(tuple(what_if or ()), (count or NEIGHBOURS) if neighbours else 0, change, output, wished)
        explain_customer(result, row, asked, home=home, as_json=json)
    elif segment is not None:
        from workbench.cli.drivers import explain_segment

        explain_segment(
            result, segment, kind=segmentation, output=output, membership=membership, language=wished, as_json=json
        )
    elif fairness is not None:
        from workbench.cli.fairness import explain_fairness

        explain_fairness(result, fairness, output=output, language=wished, as_json=json)
    elif trust:
        from workbench.cli.trust import explain_trust

        explain_trust(result, budget=budget, home=home, as_json=json, quiet=quiet, language=wished)
    else:
        _explain_all(result, output=output, language=wished, as_json=json)


def _explain_all(result: JourneyResult, *, output: str | None, language: LanguageCode, as_json: bool) -> None:
    """What drives the model over all customers: importance, pairs of columns, checks and words."""
    from workbench.cli.explained import print_explanation, sentences
    from workbench.cli.facts import records
    from workbench.cli.output import print_json
    from workbench.cli.outputs import asked_output, towards
    from workbench.cli.unexplained import explanation_of
    from workbench.explain import importance_table
    from workbench.journey import summarise

    explanation = explanation_of(result)
    importance, about = explanation.importance, ""
    if output is not None:
        place = asked_output(explanation, output)
        levers = dict(zip(importance["column"], importance["lever"], strict=True))
        importance = importance_table(explanation.values, explanation.data, levers, output=place, seed=result.seed)
        about = towards(explanation, place, language)
    if as_json:
        pairs = explanation.interactions
        facts = {
            **summarise(result)["explanation"],
            "importance": records(importance),
            "interactions": None if pairs is None else records(pairs),
            "words": list(sentences(explanation, language)),
        }
        print_json(facts if output is None else {**facts, "class": output})
        return
    print_explanation(explanation, top=25, importance=importance, about=about, language=language)
