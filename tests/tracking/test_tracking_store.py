"""The store: names, browsing, comparing, deleting, moving; and what is said when it can't be used."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
import tracking_samples as samples
from tracking_samples import Recorded

from workbench.errors import InputError, StoreError
from workbench.tracking import RunLogger, Store, environment, failures, fresh, listing, marks, serve_ui, store_uri
from workbench.tracking.location import without_credentials
from workbench.tracking.rows import row_of


def begun(store: Store, *names: str, **tags: str) -> list[str]:
    ids = []
    for name in names:
        logger = RunLogger(store)
        ids.append(logger.begin(name, {"target": "buys", "n": name}, tags))
        logger.stopped("")
    return ids


def test_looking_makes_nothing(store: Store) -> None:
    assert store.runs() == [] and store.next_name("x") == "x-0001"
    with pytest.raises(InputError, match="no run 'latest'"):
        store.find("latest")
    assert not store.home.exists()


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("customers", "customers-0001"),
        ("cust/../omers [1]", "cust-..-omers-1-0001"),
        ("购买", "购买-0001"),
        ("///", "table-0001"),
    ],
)
def test_names_count_up_and_are_file_names(store: Store, stem: str, name: str) -> None:
    assert store.next_name(stem) == name and Path(name).name == name


def test_names_are_not_used_twice(store: Store) -> None:
    begun(store, "x-0001", "x-0007", "xy-0009")
    assert store.next_name("x") == "x-0008"
    (store.home / "journals" / "x-0011").mkdir(parents=True)
    (store.home / "reports").mkdir()
    (store.home / "reports" / "x-0012.html").touch()
    assert store.next_name("x") == "x-0013"


def test_finding_by_name_beginning_id_and_latest(store: Store) -> None:
    first, second, third = begun(store, "x-0001", "x-0002", "Other-0001")
    assert store.find("x-0002") == second and store.find("other") == third and store.find("latest") == third
    assert store.find(first[:12]) == first
    with pytest.raises(InputError, match="2 runs"):
        store.find("x")
    for nothing in ("nobody", "", "  ", "' OR 1=1"):
        with pytest.raises(InputError, match="no run"):
            store.find(nothing)


def test_browsing_filters_by_words_and_limits(store: Store) -> None:
    begun(store, "x-0001", "x-0002", table="customers of spring")
    begun(store, "y-0001", table="autumn")
    assert [row.name for row in store.runs()] == ["y-0001", "x-0002", "x-0001"]
    assert [row.name for row in store.runs(limit=2)] == ["y-0001", "x-0002"]
    assert [row.name for row in store.runs(text_filter="SPRING x")] == ["x-0002", "x-0001"]
    assert [row.name for row in store.runs(limit=1, text_filter="spring")] == ["x-0002"]
    assert store.runs(text_filter="winter") == []


def test_children_and_foreign_runs_are_not_journeys(store: Store) -> None:
    (run_id,) = begun(store, "x-0001")
    store.client().create_run(store.experiment(), tags={marks.PARENT: run_id})
    assert len(store.runs()) == 1


def test_a_run_whose_process_is_gone_is_interrupted(store: Store) -> None:
    logger = RunLogger(store)
    run_id = logger.begin("x-0001", {}, {})
    assert store.runs()[0].state == "running" and store.runs()[0].seconds is None
    tags = store.client().get_run(run_id).data.tags
    host = tags[marks.PROCESS].rsplit(":", 2)[0]
    store.client().set_tag(run_id, marks.PROCESS, f"{host}:{os.getpid()}:1")
    assert store.runs()[0].state == "interrupted"
    killed = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    began = int(psutil.Process(killed.pid).create_time())
    store.client().set_tag(run_id, marks.PROCESS, f"{host}:{killed.pid}:{began}")
    assert store.runs()[0].state == "running"
    killed.kill()
    while psutil.Process(killed.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert store.runs()[0].state == "interrupted", "nobody has cleared it away yet"
    killed.wait()
    store.client().set_tag(run_id, marks.PROCESS, "elsewhere:1:1")
    assert store.runs()[0].state == "running"
    logger.stopped("")


def test_comparing_shows_what_differs(store: Store) -> None:
    ids = begun(store, "x-0001", "x-0002")
    rows = {row["name"]: row["values"] for row in store.compare(ids)}
    assert rows["n"] == ["x-0001", "x-0002"] and "target" not in rows and "state" not in rows


def test_tags_of_the_users_own(store: Store) -> None:
    (run_id,) = begun(store, "x-0001")
    store.tag("x-0001", "season", "[bold]spring")
    assert store.details(run_id).row.tags == {"season": "[bold]spring"}
    assert store.runs(text_filter="season spring")
    for forbidden in ("mlflow.x", "workbench.kind", " "):
        with pytest.raises(InputError, match="can't be called"):
            store.tag(run_id, forbidden, "x")


def test_deleting_takes_the_files_along(store: Store, tmp_path: Path) -> None:
    result = samples.journey("x-0001")
    assert result.search is not None
    keep = begun(store, "x-0002")
    logger = RunLogger(store)
    logger.begin("x-0001", {}, {})
    logger.finish(result, result.search.champion, {})
    for name in ("journals/x-0001/a", "reports/x-0001.html", "reports/x-0001-figures/a.png", "reports/x-00012.html"):
        (store.home / name).parent.mkdir(parents=True, exist_ok=True)
        (store.home / name).touch()
    store.delete("x-0001")
    left = sorted(str(path.relative_to(store.home)) for path in store.home.rglob("*") if path.is_file())
    assert left == ["mlflow.db", "reports/x-00012.html"]
    assert [row.run_id for row in store.runs()] == keep
    assert len(store.client().search_runs([store.experiment()])) == 1


def test_a_run_without_a_result_says_so(store: Store) -> None:
    (run_id,) = begun(store, "x-0001")
    with pytest.raises(InputError, match="stopped and has no result"):
        store.load_result(run_id)
    with pytest.raises(InputError, match="has no model"):
        store.load_model("x-0001")
    with pytest.raises(StoreError, match="no file 'nothing'"):
        store.artifact_path(run_id, "nothing")
    with pytest.raises(StoreError, match="no name of a file"):
        store.artifact_path(run_id, "../../mlflow.db")


def test_result_and_model_come_back_and_survive_a_move(recorded: Recorded, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "mlruns"
    shutil.copytree(recorded.store.home, moved)
    for store in (recorded.store, Store(home=moved)):
        result = store.load_result("customers-0001")
        assert result.run_id == recorded.run_id and result.search is not None
        expected = recorded.model.predict(recorded.frame)
        pd.testing.assert_frame_equal(result.search.champion.predict(recorded.frame), expected)
        pd.testing.assert_frame_equal(store.load_model("latest").predict(recorded.frame), expected)
    path = Store(home=moved).artifact_path(recorded.run_id, "archive")
    assert path.exists()


def test_the_archive_of_a_moved_store_is_its_own(recorded: Recorded, tmp_path: Path) -> None:
    moved = tmp_path / "mlruns"
    shutil.copytree(recorded.store.home, moved)
    original = recorded.store.home.rename(recorded.store.home.with_name("away"))
    try:
        assert Store(home=moved).artifact_path(recorded.run_id, "archive").is_relative_to(moved)
    finally:
        original.rename(recorded.store.home)


def test_a_copied_project_leaves_the_one_that_it_was_copied_from_alone(recorded: Recorded, tmp_path: Path) -> None:
    """Both places of files and names of runs are the same in the copy: deleting there must not reach back."""
    copied = tmp_path / "copy" / "mlruns"
    shutil.copytree(recorded.store.home, copied)
    kept = sorted(recorded.store.artifacts.rglob("*"))
    store = Store(home=copied)
    logger = RunLogger(store)
    logger.begin("new-0001", params={}, tags={})
    place = store.client().get_run(logger.run_id).info.artifact_uri
    assert place.startswith(store.artifacts.as_uri())
    logger.stopped("enough")
    assert any(store.artifacts.rglob("archive*"))
    store.delete("customers-0001")
    assert not any(store.artifacts.rglob("archive*"))
    assert sorted(recorded.store.artifacts.rglob("*")) == kept
    assert recorded.store.load_result("customers-0001").run_id == recorded.run_id


def test_a_fresh_store_has_the_schema_that_mlflow_migrates_to(tmp_path: Path) -> None:
    from workbench.tracking.library import mlflow

    quick, slow = tmp_path / "quick.db", tmp_path / "slow.db"
    assert fresh.create(quick), "fresh_store.sql is of another mlflow: run workbench.tracking.fresh.write_schema"
    assert not fresh.create(quick)
    mlflow().MlflowClient(f"sqlite:///{slow}").search_experiments()

    def schema(file: Path) -> set[tuple[object, ...]]:
        """What there is; the order of constraints in a table differs from migration to migration."""
        with sqlite3.connect(file) as database:
            things = database.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
            revision = database.execute("SELECT version_num FROM alembic_version").fetchall()
        lines = {(*names, frozenset(re.split(r"[,()\s]*\n\s*", sql or ""))) for *names, sql in things}
        return lines | set(revision)

    assert schema(quick) == schema(slow)


def test_another_mlflow_makes_its_own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "version", lambda _: "9.9")
    assert not fresh.create(tmp_path / "x.db") and not (tmp_path / "x.db").exists()


def test_a_place_that_is_no_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "mlruns").write_text("a file")
    with pytest.raises(StoreError, match="Can't record runs in"):
        RunLogger(Store(home=tmp_path / "mlruns")).begin("x-0001", {}, {})


def test_a_read_only_store_is_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(store, "x-0001")
    file = store.home / "mlflow.db"

    real = sqlite3.connect  # root may write anywhere, so the file is opened as others would have to
    monkeypatch.setattr(failures.sqlite3, "connect", lambda *_, **__: real(f"{file.as_uri()}?mode=ro", uri=True))
    with pytest.raises(StoreError, match="read-only or closed to you") as error:
        RunLogger(store).begin("x-0002", {}, {})
    assert "\n" not in str(error.value)


def test_a_locked_store_is_one_sentence(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    begun(store, "x-0001")
    monkeypatch.setattr(failures, "LOCK_SECONDS", 0.1)
    with sqlite3.connect(store.home / "mlflow.db") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="locked by another program"):
            RunLogger(store).begin("x-0002", {}, {})
        with pytest.raises(StoreError, match="locked by another program"):
            Store(home=store.home).runs()
    assert len(store.runs()) == 1


def test_a_file_that_is_no_store_is_one_sentence(store: Store) -> None:
    store.home.mkdir()
    (store.home / "mlflow.db").write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(StoreError, match="not an intact SQLite file"):
        store.runs()


def test_a_store_of_another_mlflow_is_one_sentence(store: Store) -> None:
    store.experiment()
    old = store.home / "old"
    old.mkdir()
    shutil.copy(store.home / "mlflow.db", old / "mlflow.db")
    with sqlite3.connect(old / "mlflow.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '97727af70f4d'")
    with pytest.raises(StoreError, match="another version of mlflow"):
        RunLogger(Store(home=old)).begin("x-0001", {}, {})


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://maria:geheim@127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(StoreError, match=r"server http://127.0.0.1:9 does not answer") as error:
        Store(home=tmp_path).runs()
    assert "geheim" not in str(error.value) and "\n" not in str(error.value)


def test_a_driver_that_is_not_installed_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "mysql://maria:geheim@127.0.0.1:9/shop")
    with pytest.raises(StoreError, match="needs the package 'MySQLdb'") as error:
        Store(home=tmp_path).runs()
    assert "geheim" not in str(error.value)


def test_an_empty_file_becomes_a_store(store: Store) -> None:
    store.home.mkdir()
    (store.home / "mlflow.db").touch()
    assert store.runs() == []
    begun(store, "x-0001")
    assert len(store.runs()) == 1


def test_a_list_is_the_same_through_mlflows_interface(recorded: Recorded) -> None:
    store = recorded.store
    (light,) = listing.from_database(store.uri, 1)
    (full,) = listing.from_mlflow(store.client(), store.experiment(), 1)
    assert row_of(light) == row_of(full) == store.runs()[0]


def test_lists_come_in_pages(store: Store) -> None:
    begun(store, *(f"x-{number:04d}" for number in range(5)))
    for pages in (listing.from_database(store.uri, 2), listing.from_mlflow(store.client(), store.experiment(), 2)):
        assert sorted(run.info.run_name for run in pages) == [f"x-{number:04d}" for number in range(5)]


def test_the_address_follows_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert store_uri() == f"sqlite:///{tmp_path}/mlruns/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/other.db")
    store = Store()
    begun(store, "x-0001")
    assert (tmp_path / "other.db").exists() and not (tmp_path / "mlruns" / "mlflow.db").exists()


@pytest.mark.parametrize(
    ("uri", "clean"),
    [
        ("postgresql://u:p@h:5/d", "postgresql://h:5/d"),
        ("http://u@[::1]:5000/x?token=y", "http://[::1]:5000/x"),
        ("sqlite:////a/b.db", "sqlite:////a/b.db"),
        ("x://u:p@h:port/", "x://…"),
        ("plain", "plain"),
    ],
)
def test_addresses_are_shown_without_credentials(uri: str, clean: str) -> None:
    assert without_credentials(uri) == clean


def test_the_package_is_light_and_stdout_stays_clean(tmp_path: Path) -> None:
    code = (
        "import sys, workbench.tracking as t\n"
        "assert not {'mlflow', 'pandas', 'numpy', 'sklearn'} & set(sys.modules), sorted(sys.modules)\n"
        "t.warm_up()\n"
        "logger = t.RunLogger(t.Store())\n"
        "logger.begin('x-0001', {}, {})\n"
        "logger.stopped('')\n"
        "assert [row.state for row in t.Store().runs()] == ['stopped']\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_environment_names_versions() -> None:
    found = environment()
    assert (
        found["mlflow"] and found["python"].startswith("3.") and all(isinstance(text, str) for text in found.values())
    )


def test_the_page_is_served_on_this_machine_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="no password"):
        serve_ui("0.0.0.0", 5000, home=tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://u:geheim@mlflow.example")
    with pytest.raises(StoreError, match=r"open https://mlflow\.example in a browser"):
        serve_ui(home=tmp_path)


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(StoreError, match="choose another with --port"):
        serve_ui(port=other.getsockname()[1], home=tmp_path)


def test_the_page_ends_with_us_and_leaves_no_process(tmp_path: Path) -> None:
    """A stand-in for the server: what counts is that its children go too."""
    child = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    child += "print(1, flush=True); time.sleep(60)"
    code = "import os, sys\nfrom workbench.tracking import ui\n"
    code += f"ui._run([sys.executable, '-c', {child!r}], dict(os.environ))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path) as ours:
        assert ours.stdout is not None and ours.stdout.readline() == b"1\n"
        family = psutil.Process(ours.pid).children(recursive=True)
        assert len(family) == 2
        ours.terminate()
        assert ours.wait(30) == 0
    _, left = psutil.wait_procs(family, timeout=10)
    assert left == []


def test_rows_are_small_and_json_ready(recorded: Recorded) -> None:
    import json

    assert len(json.dumps([dataclasses.asdict(row) for row in recorded.store.runs()])) < 1500
