"""The report: one self-contained file that can be mailed, from one result object; HTML, Markdown or PDF."""

from workbench.report.content import build_report
from workbench.report.figures import write_figures, write_pictures
from workbench.report.writing import render_html, render_markdown, write

__all__ = ["build_report", "render_html", "render_markdown", "write", "write_figures", "write_pictures"]
