"""kill -9 under load, again and again: nothing acknowledged is lost, no array is half there, the data directory is
sound and the server starts again."""
import random
import threading
import time

from runner.ledger import Ledger


def test_kill_under_load(lab):
    ledger, server = Ledger(padding=200), lab.server()
    server.start()
    ledger.prepare(server.client())
    slowest = 0
    for _ in range(3 if lab.quick else 10):
        ledger.start(server)
        time.sleep(random.uniform(0.2, 0.9))
        server.kill()
        ledger.join()
        server.check_data()
        server.start(seconds=60)
        slowest = max(slowest, server.start_seconds)
        records = ledger.verify(server.client())
    if ledger.acknowledged < (20 if lab.quick else 100):
        raise AssertionError(f"only {ledger.acknowledged} writes were acknowledged: that was no load")
    lab.note(f"{ledger.acknowledged} acknowledged writes, {records} records, slowest start {slowest:.2f} s")
    assert server.stop(), server.log_end()
    server.check_data()


def make_places(client, made, number):
    """Databases and collections until the server goes; `made` tells those that were acknowledged."""
    try:
        for i in range(1000):
            database = f"k{number}d{i}"
            client.expect(201, "POST", "databases", {"name": database})
            made.append(database)
            for c in ("one", "two"):
                client.expect(201, "POST", f"databases/{database}/collections", {"name": c})
                made.append(f"{database}/collections/{c}")
            if i % 3 == 2:
                client.expect(204, "DELETE", f"databases/k{number}d{i - 1}")
    except (OSError, AssertionError):
        pass


def test_kill_while_databases_are_made(lab):
    server, kept = lab.server(), []
    server.start()
    for number in range(2 if lab.quick else 4):
        made = []
        thread = threading.Thread(target=make_places, args=(server.client(), made, number))
        thread.start()
        time.sleep(random.uniform(0.3, 0.8))
        server.kill()
        thread.join()
        # Those whose removal was under way may be gone.
        kept += [path for path in made if int(path.split("/")[0].split("d")[1]) % 3 == 0]
        server.check_data()
        server.start()
        client = server.client()
        for path in kept:
            client.expect(200, "GET", "databases/" + path)
    assert kept, "nothing was acknowledged"


def test_kill_during_an_index_build(lab):
    server = lab.server()
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "build"})
    client.expect(201, "POST", "databases/build/collections", {"name": "rows"})
    records = "databases/build/collections/rows/records"
    total = 10_000 if lab.quick else 40_000
    for start in range(0, total, 5000):
        client.expect(201, "POST", records, [{"n": start + i, "tags": [i % 7, i % 11]} for i in range(5000)],
                      {"Prefer": "return=minimal"})
    indexes = "databases/build/collections/rows/indexes"
    client.expect((201, 202), "POST", indexes, {"name": "by_n", "fields": ["n"], "unique": True})
    client.expect((201, 202), "POST", indexes, {"name": "by_tags", "fields": ["tags", "-n"]})
    server.kill()
    server.check_data()
    server.start()
    client = server.client()
    client.expect(201, "POST", records, {"n": -1, "tags": []})
    for name in ("by_n", "by_tags"):
        deadline = time.monotonic() + 120
        while (state := client.expect(200, "GET", f"{indexes}/{name}").body["data"])["status"] == "building":
            assert time.monotonic() < deadline, f"{name} is not built: {state}"
            time.sleep(0.05)
        assert state["status"] == "ready", state
    told = client.expect(200, "POST", "databases/build/collections/rows/explain", {"filter": {"n": 4711}}).body["data"]
    assert told["index"] == "by_n" and told["returned"] == 1, told
    again = client.call("POST", records, {"n": 4711})
    assert again.code == "DUPLICATE_KEY", again
    tagged = client.expect(200, "POST", "databases/build/collections/rows/count", {"filter": {"tags": 3}}).body["data"]
    assert tagged["count"] == sum(1 for i in range(total) if 3 in (i % 5000 % 7, i % 5000 % 11)), tagged
    assert server.stop()
    server.check_data()
