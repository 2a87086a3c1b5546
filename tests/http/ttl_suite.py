"""Records that expire: in databases that nobody uses, many at once, over crashes."""
import datetime
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


def test_what_nobody_uses_expires_too(lab):
    server, client = prepared(lab)
    client.expect(201, "POST", ROWS + "/records", [{"id": "soon", "at": in_seconds(1)}, {"id": "later", "at": in_seconds(3600)}])
    assert server.stop(), server.log_end()
    time.sleep(1)
    server.start()
    deadline = time.monotonic() + 20
    while not [line for line in server.client().call("GET", "/metrics").data.decode().splitlines()
               if line.startswith("credvault_commits_total") and float(line.split()[1]) >= 1]:
        assert time.monotonic() < deadline, "nothing is removed in a database that nobody uses"
        time.sleep(0.05)
    asked = in_seconds(0)
    client = server.client()
    while not (gone := client.expect(200, "GET", ROWS + "/changes?operations=delete").body["data"]["changes"]):
        assert time.monotonic() < deadline, "the commit was another one"
        time.sleep(0.05)
    assert gone[0]["id"] == "soon" and gone[0]["actor"] == "ttl" and gone[0]["time"] <= asked, (gone, asked)
    assert [r["id"] for r in client.expect(200, "GET", ROWS + "/records").body["data"]] == ["later"]


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
