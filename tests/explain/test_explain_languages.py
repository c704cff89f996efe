"""The phrases of each language: all of them, the same figures, nothing causal, and data that is never a phrase."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_examples import causal, figures

import workbench.cli
import workbench.explain
from workbench.errors import InputError
from workbench.explain.language import LANGUAGES, Cell, Language, Listed, Name, Said, joined, names, say, some_of
from workbench.explain.language.phrases import COUNT, check, fields_of, phrases, read_phrases

KEYS = sorted(phrases("en"))
FOLDERS = [Path(str(package.__file__)).parent for package in (workbench.explain, workbench.cli)]
SOURCES = sorted(path for folder in FOLDERS for path in folder.rglob("*.py"))


def filled(key: str, count: int) -> Said:
    """The phrase with another figure in each field."""
    fields = set().union(*(fields_of("", key, phrases(language)[key]) for language in LANGUAGES)) | {COUNT}
    figures_of = {name: f"⟨{1000 + place}⟩" for place, name in enumerate(sorted(fields))}
    return Said(key, figures_of | {COUNT: count})


@pytest.mark.parametrize("key", KEYS)
def test_every_language_tells_the_same_figures(key: str) -> None:
    for count in (1, 5):
        told = {language: filled(key, count).told(language) for language in LANGUAGES}
        found = {language: figures(text) for language, text in told.items()}
        assert all(each == found["en"] for each in found.values()), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_causal(language: Language) -> None:
    # why we show one curve and not the other is no statement on customers
    own = {key for key in KEYS if key not in ("effects.local", "effects.partial")}
    told = {key: filled(key, 2).told(language) for key in own}
    assert not {key: text for key, text in told.items() if causal(text, language)}


def test_chinese_is_typeset_as_chinese() -> None:
    for key in KEYS:
        phrase = phrases("zh")[key]
        for text in [phrase] if isinstance(phrase, str) else phrase.values():
            bare = "".join(part + "x" * (field is not None) for part, field, *_ in Formatter().parse(text))
            assert not re.search(r"[,;:()'\"?!]", bare), key
            assert not re.search(r"[一-鿿。，；：（）“”、] | [一-鿿。，；：（）“”、]", bare), key


class TestData:
    @given(st.text(max_size=30))
    def test_names_stay_as_they_are(self, text: str) -> None:
        for language in LANGUAGES:
            assert text in Name(text).told(language)
            assert text in say("overall.nothing", target=Name(text)).told(language)
            assert text in some_of([text] * 7).told(language) and text in names([text, "b"]).told(language)

    @pytest.mark.parametrize(
        "text", ["{0}", "%s", "{count}", "{", "}}", "[bold]x[/bold]", "<b>", "$x", "{a.__class__}"]
    )
    def test_nothing_in_a_name_is_a_phrase(self, text: str) -> None:
        assert Name(text).told("en") == f"'{text}'" and Name(text).told("zh") == f"“{text}”"
        assert say("row.part", column=Name(text), value=Cell(text), size="1").told("zh") == f"“{text}”={text}：1"

    def test_cells(self) -> None:
        assert [Cell(cell).told("zh") for cell in (None, float("nan"), True, False, 3, "missing")] == [
            *("缺失", "缺失", "是", "否", "3", "missing")
        ]
        assert [Cell(cell).told() for cell in (None, True, 1.5, "a  b")] == ["missing", "yes", "1.5", "a b"]

    def test_lists(self) -> None:
        assert names("ab").told() == "'a' and 'b'" and names("abc").told("zh") == "“a”、“b”和“c”"
        assert some_of("abcdefg").told() == "'a', 'b', 'c', 'd', 'e' and 2 more"
        assert some_of("abcdefg").told("zh") == "“a”、“b”、“c”、“d”、“e”以及另外2列"
        assert names([]).told() == "" and Listed(("a",), between="semicolon").told() == "a"
        assert joined([say("effects.levels", shown=1, levels=2)] * 2).told("zh").count("。") == 2

    def test_counts(self) -> None:
        assert say("row.others", count=1, sum="2").told() == "1 other column: 2"
        assert say("row.others", count=1_500, sum="2").told() == "1,500 other columns: 2"


class TestFiles:
    def read(self, tmp_path: Path, text: str) -> Path:
        path = tmp_path / "fr.toml"
        path.write_text(text, encoding="utf-8")
        return path

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[a", "can't be read"),
            ('[a]\nb = "{0.real}"', "field '{0.real}'"),
            ('[a]\nb = "{x:.2f}"', "field '{x}'"),
            ('[a]\nb = "{x!r}"', "field '{x}'"),
            ('[a]\nb = "{}"', "field '{}'"),
            ('[a]\nb = "{x"', "'a.b' can't be read"),
            ("[a]\nb = 3", "write a text, or one and many"),
            ('[a]\nb = { few = "x" }', "write a text, or one and many"),
        ],
    )
    def test_what_is_no_phrase_is_said(self, tmp_path: Path, text: str, said: str) -> None:
        with pytest.raises(InputError, match=re.escape(said)):
            read_phrases(self.read(tmp_path, text))

    @pytest.mark.parametrize(
        ("own", "said"),
        [
            ({}, "fr.toml lacks 'a.b', which en.toml has: {x} of {y}"),
            ({"a.b": "{x} {y}", "a.c": ""}, "has 'a.c', which nothing says"),
            ({"a.b": "{x}"}, "'a.b' has x; use x, y"),
            ({"a.b": {"one": "{x}", "many": "{z}"}}, "'a.b' has x, z; use x, y"),
        ],
    )
    def test_a_language_that_says_other_things_is_said(self, own: Any, said: str) -> None:
        with pytest.raises(InputError, match=re.escape(said)):
            check(Path("fr.toml"), own, {"a.b": "{x} of {y}"})

    def test_forms_and_order_are_free(self) -> None:
        check(Path("fr.toml"), {"a.b": {"one": "{y}", "many": "{count} {y} {x}"}}, {"a.b": "{x} of {y}"})

    def test_there_is_no_such_language(self) -> None:
        with pytest.raises(InputError, match="no words in 'fr'; choose en or zh"):
            phrases("fr")


class TestCode:
    """What the code says has a phrase with just these fields, and each phrase is said somewhere."""

    def calls(self) -> list[tuple[str, str, set[str] | None]]:
        """Where, a pattern of keys, and fields where they are all written out."""
        found = []
        for path in SOURCES:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "Said"):
                    fields = {each.arg for each in node.keywords if each.arg}
                    whole = node.func.id == "say" and all(each.arg for each in node.keywords)
                    where, known = f"{path.name}:{node.lineno}", fields if whole else None
                    found += [(where, key, known) for key in self.keys(node.args[0])]
        return found

    def keys(self, node: ast.expr) -> list[str]:
        if isinstance(node, ast.Constant):
            return [re.escape(str(node.value))]
        if isinstance(node, ast.IfExp):
            return [*self.keys(node.body), *self.keys(node.orelse)]
        if isinstance(node, ast.JoinedStr):
            known = [each.value if isinstance(each, ast.Constant) else None for each in node.values]
            return ["".join("[a-z_0-9]+" if each is None else re.escape(str(each)) for each in known)]
        return []

    def test_every_sentence_has_a_phrase_with_its_fields(self) -> None:
        for where, pattern, fields in self.calls():
            matching = [key for key in KEYS if re.fullmatch(pattern, key)]
            assert matching, f"{where} says {pattern}"
            for key in matching if fields is not None else ():
                assert fields - {COUNT} == fields_of("", key, phrases("en")[key]) - {COUNT}, f"{where}: {key}"

    def test_every_phrase_is_said(self) -> None:
        code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
        patterns = [pattern for _, pattern, _ in self.calls()]
        unsaid = [
            key
            for key in KEYS
            if f'"{key}"' not in code
            and not any(re.fullmatch(pattern, key) for pattern in patterns)
            and key.partition(".")[0] not in ("grammar", "overall")  # lists and ways are put together
        ]
        assert unsaid == []
