"""Own search spaces, playbook and project file: checked before they are saved, kept apart from ours, and used."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from workbench.errors import InputError
from workbench.journey import TableRequest
from workbench.pipelines import FAMILIES
from workbench.pipelines.own_families import adopt
from workbench.resources import search_spaces
from workbench.strategy.playbook import FOLDER
from workbench.worker.own import spaces_folder
from workbench.worker.services import jobs, texts
from workbench.worker.services.sources import open_source
from workbench.worker.session import Session

OWN = Path(__file__).parent.parent / "pipelines" / "own"
PROJECT = 'version = 1\nname = "p"\ntarget = "churned"\nplaybook = "ecommerce"\n[[sources]]\npath = "customers.csv"\n'


@pytest.fixture
def session(tmp_path):
    lines = ["customer_id,visits,churned", *(f"{row},{row % 7},{row % 2}" for row in range(60))]
    (tmp_path / "customers.csv").write_text("\n".join(lines), encoding="utf-8")
    return Session(tmp_path, tmp_path)


def shipped():
    return {path: path.read_bytes() for path in [*search_spaces().glob("*.toml"), *FOLDER.glob("*.toml")]}


@pytest.mark.parametrize("name", [*(f"space:{name}" for name, kind in FAMILIES.items() if kind.searchable), "playbook"])
def test_a_text_is_saved_to_the_working_folder_and_can_be_reset(session, name):
    before = shipped()
    view = texts.read(session, name)
    assert not view["own"] and view["text"] and view["source"] != view["path"]
    saved = texts.save(session, name, f"# mine\n{view['text']}")
    assert saved["own"] and saved["text"].startswith("# mine") and saved["source"] == saved["path"]
    assert saved["path"].startswith(str(session.folder)) and shipped() == before
    assert [each["name"] for each in texts.texts(session) if each["own"]] == [name]
    again = texts.reset(session, name)
    assert not again["own"] and again["text"] == view["text"] and shipped() == before
    assert texts.reset(session, name) == again


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("space:linear", "version = 1\nfamily = !", "linear.toml can't be read as TOML: .*line 2"),
        ("space:linear", 'version = 9\nfamily = "linear"', "'version' is 9; allowed is 1"),
        ("space:linear", 'version = 1\nfamily = "lightgbm"', "'family' is 'lightgbm'"),
        ("playbook", "version = 1", "playbook.toml, name is"),
        ("playbook", "nonsense", "can't be read"),
        ("space:../../x", "", "There is no 'space:../../x'"),
        ("project", PROJECT, "There is no 'project'"),
    ],
)
def test_what_is_wrong_is_a_sentence_and_nothing_is_written(session, name, text, words):
    with pytest.raises(InputError, match=words):
        texts.save(session, name, text)
    assert {path.name for path in session.folder.iterdir()} == {"customers.csv"}


def test_the_next_search_uses_what_is_own_and_its_command_says_so(session):
    open_source(session, "customers.csv", target="churned")
    spec = jobs.spec(session, target="churned", trials=3)
    assert spec["settings"]["spaces"] is None and "--search-spaces" not in spec["settings"]["command"]
    texts.save(session, "space:linear", texts.read(session, "space:linear")["text"])
    texts.save(session, "playbook", texts.read(session, "playbook")["text"])
    spec = jobs.spec(session, target="churned", trials=3)
    assert spec["settings"]["spaces"] == str(session.folder / "search_spaces")
    assert spec["settings"]["playbook"] == str(session.folder / "playbook.toml")
    words = shlex.split(spec["settings"]["command"])
    assert words[-4:] == ["--search-spaces", "search_spaces", "--playbook", "playbook.toml"]
    told = jobs.command(TableRequest("demo", target="spend"), {"trials": 3, "families": ["linear"]}, session.folder)
    assert told.startswith("workbench run demo --target spend --seed 0 --trials 3 --families linear --search-spaces")


@pytest.fixture
def named(session, tmp_path):
    """A folder with a family of the user's own, as it was named when the interface was opened."""
    folder = tmp_path / "mine"
    shutil.copytree(OWN, folder)
    yield folder
    adopt(None)


def test_families_of_a_folder_that_was_named_are_listed_and_searched(session, named):
    open_source(session, "customers.csv", target="churned")
    assert jobs.use_spaces(session, str(named)) == ["neighbours"]
    listed = jobs.families(session)
    assert listed["named"][0] == "neighbours"
    assert texts.read(session, "space:neighbours")["title"] == "family neighbours and its search space"
    assert texts.read(session, "space:neighbours")["path"] == str(named / "neighbours.toml")
    assert texts.read(session, "space:linear")["path"] == str(named / "linear.toml")
    settings = jobs.spec(session, target="churned", trials=3, families=["neighbours"])["settings"]
    assert settings["spaces"] == str(named) and settings["own_families"]
    assert shlex.split(settings["command"])[-2:] == ["--search-spaces", "mine"]
    with pytest.raises(InputError, match="yours alone"):
        texts.reset(session, "space:neighbours")
    texts.save(session, "space:linear", texts.read(session, "space:linear")["text"])
    with pytest.raises(InputError, match="in a folder that you named"):
        texts.reset(session, "space:linear")
    assert (named / "neighbours.toml").is_file() and (named / "linear.toml").is_file()


def test_a_folder_that_is_named_no_more_is_forgotten(session, named):
    jobs.use_spaces(session, str(named))
    assert jobs.use_spaces(session, None) == []
    assert session.spaces is None and "neighbours" not in FAMILIES


def test_the_spaces_of_the_program_are_not_taken_for_the_users_own(session):
    before = shipped()
    jobs.use_spaces(session, str(search_spaces()))
    assert spaces_folder(session.folder, session.spaces) != search_spaces()
    texts.save(session, "space:linear", texts.read(session, "space:linear")["text"] + "# mine")
    assert shipped() == before


def test_a_family_with_a_fault_is_said_when_its_folder_is_named_and_before_a_run(session, named):
    jobs.use_spaces(session, str(named))
    (named / "neighbours.py").write_text("1 / 0", encoding="utf-8")
    for ask in (lambda: jobs.families(session), lambda: jobs.use_spaces(session, str(named))):
        with pytest.raises(InputError, match=r"neighbours.py can't be loaded as a family: ZeroDivisionError"):
            ask()
    with pytest.raises(InputError, match="There is no folder"):
        jobs.use_spaces(session, str(named / "none"))


def test_code_in_the_working_folder_is_not_run_without_being_named(session, named):
    shutil.copytree(named, session.folder / "search_spaces")
    assert "neighbours" not in str(jobs.families(session))
    open_source(session, "customers.csv", target="churned")
    assert not jobs.spec(session, target="churned", trials=3)["settings"]["own_families"]


def test_the_open_project_file_is_edited_in_place(session):
    path = session.folder / "project.toml"
    path.write_text(PROJECT, encoding="utf-8")
    open_source(session, "project.toml")
    assert texts.texts(session)[-1]["name"] == "project"
    view = texts.read(session, "project")
    assert view["text"] == PROJECT and view["own"]
    with pytest.raises(InputError, match="'plybook' is not known; 'playbook' was meant"):
        texts.save(session, "project", PROJECT.replace("playbook", "plybook"))
    texts.save(session, "project", PROJECT.replace('"p"', '"q"'))
    assert 'name = "q"' in path.read_text(encoding="utf-8")
    with pytest.raises(InputError, match="yours alone"):
        texts.reset(session, "project")
    assert jobs.spec(session, target="churned", trials=2)["settings"]["playbook"] == "ecommerce"


def test_where_the_program_itself_is_its_files_are_left_alone():
    home = search_spaces().parent
    assert spaces_folder(home) == home / "my_search_spaces"


def test_a_file_that_is_no_text_is_said(session):
    folder = session.folder / "search_spaces"
    folder.mkdir()
    (folder / "linear.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        texts.read(session, "space:linear")
    (folder / "linear.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(InputError, match="too long"):
        texts.read(session, "space:linear")


def test_families_that_can_be_searched_are_told(session):
    told = jobs.families(session)
    assert told["default"] == ["linear", "random_forest", "lightgbm"]
    assert "hist_gradient_boosting" in told["named"]
    assert all(not FAMILIES[name].missing for name in told["named"])
