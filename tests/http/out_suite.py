"""$out of more records than one batch takes: readers see the old collection or the new one, never a mix; kill -9 leaves
one of them whole, and what a broken one had written is gone after the next start."""
import contextlib
import http.client
import random
import sqlite3
import threading
import time

PATH = "databases/sales/collections"
PIPELINE = {"pipeline": [{"$project": {"id": 0, "n": 1, "generation": {"$literal": "new"}}}, {"$out": "target"}]}


def fill(client, name, count, generation):
    for start in range(0, count, 5_000):
        client.expect(201, "POST", f"{PATH}/{name}/records",
                      [{"n": i, "generation": generation} for i in range(start, min(count, start + 5_000))],
                      {"Prefer": "return=minimal"})


def prepare(client, old, new):
    client.expect(201, "POST", "databases", {"name": "sales"})
    for name in ("source", "target"):
        client.expect(201, "POST", PATH, {"name": name})
    client.expect((201, 202), "POST", f"{PATH}/target/indexes", {"name": "by_n", "fields": ["n"], "unique": True})
    fill(client, "source", new, "source")
    fill(client, "target", old, "old")


def generations(client):
    """How many records of each generation there are, by one query."""
    pages = client.expect(200, "POST", f"{PATH}/target/aggregate",
                          {"pipeline": [{"$group": {"_id": "$generation", "n": {"$sum": 1}}}]}).body["data"]
    return {page["_id"]: page["n"] for page in pages}


def test_readers_see_the_old_or_the_new(lab):
    old, new = 2_000, 12_000 if lab.quick else 30_000
    server = lab.server().start()
    client = server.client()
    prepare(client, old, new)
    seen, counts, done = [], [], threading.Event()

    def read():
        reader = server.client()
        while not done.is_set():
            seen.append(generations(reader))
            counts.append(reader.expect(200, "POST", f"{PATH}/target/count", {}).body["data"]["count"])

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    client.expect(200, "POST", f"{PATH}/source/aggregate", PIPELINE)
    done.set()
    for reader in readers:
        reader.join()
    assert seen and all(one in ({"old": old}, {"new": new}) for one in seen), seen
    assert set(counts) <= {old, new}, set(counts)
    assert generations(client) == {"new": new}
    assert server.stop()
    server.check_data()


def written(server):
    return sum(path.stat().st_size for path in (server.data / "db").glob("*"))


def wait_until(holds):
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def hidden_left(server):
    """Collections that nobody sees, and records in all, of the one file that has our source."""
    for path in (server.data / "db").glob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as file:
            count = lambda text: file.execute("SELECT count(*) FROM " + text).fetchone()[0]
            if count("collections WHERE name = 'source'") > 0:
                return count("collections WHERE name LIKE '.%'"), count("records")
    raise AssertionError("the database's file is gone")


def test_kill_in_the_middle(lab):
    old, new = 1_000, 12_000 if lab.quick else 30_000
    server = lab.server().start()
    client = server.client()
    prepare(client, old, new)
    interrupted = 0
    for _ in range(3 if lab.quick else 6):
        def run():
            with contextlib.suppress(http.client.HTTPException, OSError):
                server.client().call("POST", f"{PATH}/source/aggregate", PIPELINE)
        thread = threading.Thread(target=run)
        before = written(server)
        thread.start()
        wait_until(lambda: written(server) > before + 100_000 or not thread.is_alive())
        time.sleep(random.uniform(0, 0.1))
        server.kill()
        thread.join()
        server.check_data()
        interrupted += hidden_left(server)[0]
        server.start()
        client = server.client()
        found = generations(client)
        assert found in ({"old": old}, {"new": new}), found
        if found == {"new": new}:
            client.expect(204, "DELETE", f"{PATH}/target")
            client.expect(201, "POST", PATH, {"name": "target"})
            fill(client, "target", old, "old")
    lab.note(f"{interrupted} of them were broken while the new records were written")
    # What was left goes in the background.
    deadline = time.monotonic() + 60
    while True:
        client.expect(200, "POST", f"{PATH}/source/count", {})
        time.sleep(0.5)
        assert server.stop()
        left = hidden_left(server)
        if left == (0, new + old):
            break
        assert time.monotonic() < deadline, left
        server.start()
        client = server.client()
    server.check_data()
