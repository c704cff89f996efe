"""The report's content as Markdown: tables and words, drawings by what they say, cells never markup."""

from __future__ import annotations

import re

from workbench.report.blocks import Bullets, Card, Code, Facts, Figure, Grid, Heading, Paragraph, Report
from workbench.report.text import clean


def to_markdown(report: Report) -> str:
    """CommonMark with tables; the text holds no HTML and no link."""
    lines = [f"# {plain(report.title)}", "", plain(report.subtitle), ""]
    for section in report.sections:
        lines += [f"## {plain(section.title)}", ""]
        for block in section.blocks:
            lines += [*_block(block), ""]
    return "\n".join(lines).rstrip() + "\n"


def _block(block: object) -> list[str]:
    match block:
        case Paragraph():
            return [f"> {plain(block.text)}" if block.tone in ("warning", "first") else plain(block.text)]
        case Heading():
            return [f"### {plain(block.text)}"]
        case Bullets():
            return [f"- {plain(item)}" for item in block.items]
        case Facts():
            return [f"- **{plain(label)}**: {plain(value)} ({plain(detail)})" for label, value, detail in block.items]
        case Grid():
            return _grid(block)
        case Card():
            lines = [f"### {plain(block.title)}", "", f"**{plain(block.badge)}**", ""]
            lines += [f"- **{plain(name)}**: {plain(value)} ({plain(detail)})" for name, value, detail in block.facts]
            lines += [f"- {plain(name)}: {plain(text)}" if name else f"- {plain(text)}" for name, text in block.lines]
            return [*lines, "", *_grid(block.details)] if block.details is not None else lines
        case Figure():
            return [f"*{plain(block.title)}.* {plain(block.note)}".rstrip(), "", plain(block.alt)]
        case Code():
            return [f"    {clean(line)}" for line in block.text.splitlines()]  # indented: no text can end it
        case _:
            raise TypeError(f"no Markdown for {type(block).__name__}")


def _grid(grid: Grid) -> list[str]:
    rule = ["---:" if index in grid.right else "---" for index in range(len(grid.headings))]
    lines = [f"*{plain(grid.caption)}*", ""]
    if grid.note:
        lines += [plain(grid.note), ""]
    return [*lines, _row(grid.headings), f"| {' | '.join(rule)} |", *(_row(row) for row in grid.rows)]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(plain(cell) for cell in cells)} |"


_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|www)([:.])")


def plain(text: str) -> str:
    """Data as Markdown shows it: no sign of it is markup, no address of it becomes a link."""
    line = " ".join(clean(str(text)).split())
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~$&])", r"\\\1", line)
    escaped = re.sub(r"^([-+=])(?=\s|$|[-+=])", r"\\\1", escaped)
    escaped = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", escaped)
    return _ADDRESS.sub(r"\1\\\2", escaped)
