"""Project files: what is written is read back, and a wrong key gets one sentence."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.contracts import Role
from workbench.errors import InputError, StoreError
from workbench.project import Project, ProjectSource

_NAME = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_MAYBE = st.none() | _NAME
_EVENTS = st.builds(
    ProjectSource,
    path=st.sampled_from(["/data/a.parquet", "/data/b c/[x].csv"]),
    purpose=st.just("purchases"),
    time=_NAME,
    value=_NAME,
    quantity=_MAYBE,
    basket=_MAYBE,
    category=_MAYBE,
    returns=st.booleans(),
)
_ATTRIBUTES = st.builds(
    ProjectSource,
    path=st.just("/data/客户.csv"),
    purpose=st.just("attributes"),
    columns=st.lists(_NAME, max_size=3).map(tuple),
)
_PROJECT = st.builds(
    Project,
    name=_NAME,
    sources=st.tuples(_EVENTS) | st.tuples(_EVENTS, _ATTRIBUTES),
    entity=_NAME,
    cut_off=st.none() | st.dates() | st.datetimes(),
    horizon_days=st.integers(1, 400),
    target=_MAYBE,
    task=st.sampled_from(["auto", "binary", "regression"]),
    budget=st.sampled_from(["60s", "10m", "1.5h"]),
    families=st.lists(_NAME, max_size=3).map(tuple),
    ignore=st.lists(_NAME, max_size=3).map(tuple),
    roles=st.dictionaries(_NAME, st.sampled_from(list(Role)), max_size=3),
    seed=st.integers(0, 2**32 - 1),
)


@settings(max_examples=40, deadline=None)
@given(project=_PROJECT)
def test_written_and_read_back(project: Project, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("project") / "project.toml"
    project.write(path)
    assert Project.read(path).model_dump() == project.model_dump()


def test_every_key_is_explained(tmp_path: Path):
    path = tmp_path / "project.toml"
    Project(sources=(ProjectSource(path="table.csv"),)).write(path)
    text = path.read_text(encoding="utf-8")
    for key in set(Project.model_fields) - {"sources", "roles"}:
        line = next(i for i, line in enumerate(text.splitlines()) if line.removeprefix("# ").startswith(f"{key} = "))
        assert text.splitlines()[line - 1].startswith("# ")


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    project = Project(sources=(ProjectSource(path="here/table.csv"),))
    project.write(tmp_path / "here" / "project.toml")
    read = Project.read(tmp_path / "here" / "project.toml")
    assert read.sources[0].path == "table.csv"
    assert read.locate(read.sources[0]) == tmp_path / "here" / "table.csv"
    project.write(tmp_path / "elsewhere" / "project.toml")
    assert Project.read(tmp_path / "elsewhere" / "project.toml").sources[0].path == str(tmp_path / "here/table.csv")


def test_dates_and_roles(tmp_path: Path):
    path = tmp_path / "project.toml"
    path.write_text(
        'cut_off = 2024-03-01\nignore = ["a"]\n[[sources]]\npath = "t.csv"\n[roles]\n"b" = "id"\n', encoding="utf-8"
    )
    project = Project.read(path)
    assert project.cut_off == datetime.date(2024, 3, 1)
    assert project.all_roles == {"a": Role.IGNORE, "b": Role.ID}
    assert project.single is project.sources[0]


_TABLE = '\n[[sources]]\npath = "t.csv"\n'
_SALES = '\n[[sources]]\npath = "t.csv"\npurpose = "purchases"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('targt = "a"' + _TABLE, r"the key 'targt' is not known; 'target' was meant\.$"),
        ('zzz = "a"' + _TABLE, r"the key 'zzz' is not known; allowed are version, name"),
        (_TABLE + "valu = 'x'", r"the key 'sources\[1\]\.valu' is not known; 'value' was meant"),
        ('task = "guess"' + _TABLE, r"'task' is 'guess'; allowed are 'auto', 'binary'"),
        (_TABLE + '[roles]\na = "boss"', r"'roles\.a' is 'boss'; allowed are 'id', 'target'"),
        ('budget = "soon"' + _TABLE, r"'budget' is 'soon': a time such as 60s"),
        ("horizon_days = 0" + _TABLE, r"'horizon_days' is 0; input should be greater than or equal to 1"),
        ('cut_off = "soon"' + _TABLE, r"'cut_off' is 'soon'; input should be a valid date"),
        ("version = 99" + _TABLE, r"this program reads version 1, the file has 99"),
        ('name = "x"', r"the key 'sources' is missing"),
        (_SALES, r"'sources\[1\]': needs the key 'time', because 't' holds purchases"),
        (_SALES + 'time = "at"', r"needs 'value', or 'quantity' and 'price'"),
        (_SALES + 'time = "at"\nvalue = "v"', r"the key 'entity' must name the column with the customer"),
        (_TABLE + _TABLE, r"a source with purpose 'table' stands alone"),
        ("what is this", r"is not a project file in TOML: .*line 1"),
    ],
)
def test_one_sentence_for_each_fault(tmp_path: Path, text: str, sentence: str):
    path = tmp_path / "project.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=sentence) as caught:
        Project.read(path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


def test_files_that_are_not_there_or_not_text(tmp_path: Path):
    with pytest.raises(InputError, match=r"There is no project file .*workbench init"):
        Project.read(tmp_path / "nothing.toml")
    with pytest.raises(InputError, match="Can't read"):
        Project.read(tmp_path)
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not a project file"):
        Project.read(tmp_path / "x.toml")
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        Project(sources=(ProjectSource(path="t.csv"),)).write(tmp_path / "file" / "project.toml")
