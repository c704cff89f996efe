"""From the report's content to a file: HTML and Markdown from the same blocks, PDF from the HTML."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from workbench.atomic import replacing, write_text
from workbench.contracts import JourneyResult
from workbench.errors import InputError
from workbench.explain.language import Language
from workbench.report.content import build_report
from workbench.report.markdown import to_markdown
from workbench.report.text import clean

TEMPLATES = Path(__file__).with_name("templates")
FORMATS = (".html", ".md", ".pdf")


def write(result: JourneyResult, path: Path, language: Language = "en") -> None:
    """Write the report; the ending of ``path`` says in which format.

    Args:
        language: of the explanation's sentences, ``en`` or ``zh``; all other words are English.

    Raises:
        InputError: the ending is none of .html, .md, .pdf, or PDF needs a package that is not installed.
        StoreError: the file can't be written.
    """
    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise InputError(f"'{path.name}' is not a report: use one of the endings {', '.join(FORMATS)}.")
    if kind == ".html":
        write_text(path, render_html(result, language))
    elif kind == ".md":
        write_text(path, render_markdown(result, language))
    else:
        _write_pdf(render_html(result, language), path)


def render_html(result: JourneyResult, language: Language = "en") -> str:
    """One self-contained page: no script, no address, every cell escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True), trim_blocks=True,
        lstrip_blocks=True, finalize=_printable,
    )  # fmt: skip
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = environment.get_template("report.html.j2")
    # The stylesheet is ours; the drawings' labels were escaped by the library that drew them.
    return page.render(report=build_report(result, language), style=Markup(style), drawing=Markup).lstrip()  # noqa: S704


def render_markdown(result: JourneyResult, language: Language = "en") -> str:
    """The same content as plain Markdown; drawings become their words."""
    return to_markdown(build_report(result, language))


def _printable(value: object) -> object:
    """Whatever the page prints, without control signs; what is markup already is ours."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _write_pdf(page: str, path: Path) -> None:
    try:
        import weasyprint
    except ImportError:
        raise InputError("A PDF needs the extra 'report-pdf': pip install 'segment-workbench[report-pdf]'.") from None
    except OSError as error:
        raise InputError(
            f"A PDF needs the system libraries of Pango ({_reason(error)}); install libpango-1.0-0 and "
            "libpangoft2-1.0-0, or write .html and print it from a browser."
        ) from None
    with replacing(path) as temporary:
        weasyprint.HTML(string=page, url_fetcher=_no_fetching).write_pdf(temporary)


def _reason(error: OSError) -> str:
    """The first line of what a library loader said."""
    return (str(error).splitlines() or ["not found"])[0][:120]


def _no_fetching(address: str, *args: object, **kwargs: object) -> dict[str, object]:
    raise InputError(f"The report must not load anything, but names {address}.")
