"""From the report's content to a file: HTML and Markdown from the same blocks, PDF from the HTML."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from workbench.atomic import replacing, write_text
from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.report.blocks import Bullets, Card, Code, Facts, Figure, Grid, Paragraph, Report
from workbench.report.content import build_report

TEMPLATES = Path(__file__).with_name("templates")
FORMATS = (".html", ".md", ".pdf")


def write(result: JourneyResult, path: Path) -> None:
    """Write the report; the ending of ``path`` says in which format.

    Raises:
        InputError: the ending is none of .html, .md, .pdf, or PDF needs a package that is not installed.
        StoreError: the file can't be written.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise InputError(f"'{path.name}' is not a report: use one of the endings {', '.join(FORMATS)}.")
    if kind == ".html":
        write_text(path, render_html(result))
    elif kind == ".md":
        write_text(path, render_markdown(result))
    else:
        _write_pdf(render_html(result), path)


def render_html(result: JourneyResult) -> str:
    """One self-contained page: no script, no address, every cell escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = environment.get_template("report.html.j2")
    # The stylesheet is ours; the drawings' labels were escaped by the library that drew them.
    return page.render(report=build_report(result), style=Markup(style), drawing=Markup)  # noqa: S704


def render_markdown(result: JourneyResult) -> str:
    """The same content as plain Markdown; drawings become their words."""
    return _markdown(build_report(result))


def _write_pdf(page: str, path: Path) -> None:
    try:
        import weasyprint
    except ImportError:
        raise InputError("A PDF needs the extra 'report-pdf': pip install 'segment-workbench[report-pdf]'.") from None
    with replacing(path) as temporary:
        weasyprint.HTML(string=page, url_fetcher=_no_fetching).write_pdf(temporary)


def _no_fetching(address: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise InputError(f"The report must not load anything, but names {address}.")


def _markdown(report: Report) -> str:
    lines = [f"# {_plain(report.title)}", "", _plain(report.subtitle), ""]
    for section in report.sections:
        lines += [f"## {section.title}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [_plain(block.text)]
        case Bullets():
            return [f"- {_plain(item)}" for item in block.items]
        case Facts():
            return [
                f"- **{_plain(label)}**: {_plain(value)} ({_plain(detail)})" for label, value, detail in block.items
            ]
        case Grid():
            rule = ["---:" if index in block.right else "---" for index in range(len(block.headings))]
            return [f"*{_plain(block.caption)}*", "", _row(block.headings), f"| {' | '.join(rule)} |",
                    *(_row(row) for row in block.rows)]  # fmt: skip
        case Card():
            return [f"### {_plain(block.title)}", "", f"**{block.badge}**", "",
                    *(f"- {name}: {_plain(text)}" for name, text in block.lines)]  # fmt: skip
        case Figure():
            return [f"*{_plain(block.title)}*: {_plain(block.alt)}"]
        case Code():
            return ["```", *block.text.splitlines(), "```"]
        case _:
            raise TypeError(f"no Markdown for {type(block).__name__}")


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>#|~$"})


def _plain(text: str) -> str:
    """Data as Markdown shows it: no sign of it is markup."""
    return " ".join(str(text).split()).translate(_SPECIAL)
