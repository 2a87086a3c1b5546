"""Records that expire: in databases that nobody uses, many at once, over crashes."""
import contextlib
import datetime
import sqlite3
import time


def in_seconds(seconds):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:23] + "Z"


def prepared(lab):
    server = lab.server("[storage]\nttl_ms = 100\n")
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "expiry"})
    client.expect(201, "POST", "databases/expiry/collections", {"name": "rows", "ttl": {"field": "at"}})
    client.expect(201, "POST", "databases/expiry/collections/rows/indexes", {"name": "by_n", "fields": ["n"]})
    return server, client


ROWS = "databases/expiry/collections/rows"


def stored_ids(server):
    """What lies in the database's file. The server must not run."""
    (path,) = [path for path in (server.data / "db").glob("*.db") if path.name != "events.db"]
    with contextlib.closing(sqlite3.connect(path)) as file:
        return sorted(row[0] for row in file.execute("SELECT id FROM records"))


def test_what_nobody_uses_expires_too(lab):
    server, client = prepared(lab)
    client.expect(201, "POST", ROWS + "/records", [{"id": "soon", "at": in_seconds(1)}, {"id": "later", "at": in_seconds(3600)}])
    assert server.stop(), server.log_end()
    time.sleep(1)
    for _ in range(20):
        server.start()
        time.sleep(0.5)
        server.kill()
        if stored_ids(server) == ["later"]:
            break
    assert stored_ids(server) == ["later"], "nothing is removed in a database that nobody uses"
    server.check_data()


def test_many_expire_while_others_are_written(lab):
    server, client = prepared(lab)
    total = 2_000 if lab.quick else 20_000
    for start in range(0, total, 2_000):
        client.expect(201, "POST", ROWS + "/records", [{"n": i, "at": in_seconds(-1)} for i in range(2_000)],
                      {"Prefer": "return=minimal"})
    client.expect(201, "POST", ROWS + "/records", {"id": "stays", "n": 1, "at": in_seconds(3600)})
    server.kill()
    server.check_data()
    server.start()
    client = server.client()
    deadline, written = time.monotonic() + 60, 0
    while client.expect(200, "GET", ROWS).body["data"]["statistics"]["records"] > written + 1:
        assert time.monotonic() < deadline, "they are not removed"
        client.expect(201, "POST", ROWS + "/records", {"n": 1})
        written += 1
    assert client.expect(200, "POST", ROWS + "/count", {"filter": {"n": 1}}).body["data"]["count"] == written + 1
    assert client.expect(200, "GET", ROWS + "/records/stays").body["data"]["n"] == 1
    assert server.stop(), server.log_end()
    server.check_data()
