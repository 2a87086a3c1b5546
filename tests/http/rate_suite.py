"""Limits of tiers, each at its edge: requests by key, workspace, class and address, calls in flight, what a workspace may
store; what answers say of them; usage."""
import re
import threading
import time

from runner.server import OWNER
from runner.structured import parse_list

ROWS = "databases/limits/collections/rows"


def tier(name="free", **figures):
    return f"[tiers.{name}]\n" + "".join(f"{key} = {value}\n" for key, value in figures.items())


def unlimited(name="free", **figures):
    """A tier that limits nothing but what is named."""
    everything = {f"{whose}{of}requests": 0 for whose in ("", "workspace_") for of in ("", "scan_", "training_")}
    everything.update({"concurrency": 0, "records": 0, "storage_bytes": 0, "keys": 0, "members": 0, "webhooks": 0})
    return tier(name, **{**everything, **figures})


def access(**figures):
    return "[access]\n" + "".join(f"{key} = {value}\n" for key, value in figures.items())


FREE = 'default_tier = "free"\n'


def started(lab, config, **figures):
    server = lab.server(access(**figures) + FREE + config).start()
    return server, server.client()


def with_rows(lab, config, **figures):
    server, client = started(lab, config, **figures)
    client.expect(201, "POST", "databases", {"name": "limits"})
    client.expect(201, "POST", "databases/limits/collections", {"name": "rows"})
    return server, client


def refusal(answer, status, code):
    return answer.fault() or (None if (answer.status, answer.code) == (status, code) else f"{answer}")


def fields_of(answer):
    """What an answer says of limits, as {name: (policy, now)}; it must be well-formed and agree with the older fields."""
    policy = dict(parse_list(answer.header("RateLimit-Policy")))
    now = dict(parse_list(answer.header("RateLimit")))
    assert list(policy) == list(now), f"{answer}"
    assert all(set(p) == {"q", "w"} for p in policy.values()) and all(set(n) == {"r", "t"} for n in now.values()), f"{answer}"
    least = min(now, key=lambda name: now[name]["r"])
    assert int(answer.header("X-RateLimit-Limit")) == policy[least]["q"], f"{answer}"
    assert int(answer.header("X-RateLimit-Remaining")) == now[least]["r"], f"{answer}"
    assert abs(int(answer.header("X-RateLimit-Reset")) - time.time() - now[least]["t"]) < 30, f"{answer}"
    return {name: (policy[name], now[name]) for name in policy}


def test_every_answer_tells(lab):
    """Whatever it is: found or not, refused, without a body."""
    server, client = with_rows(lab, tier(window_s=600))
    for method, path, body, status in (
            ("GET", "databases", None, 200), ("HEAD", "databases", None, 200), ("GET", "databases/none", None, 404),
            ("GET", "databases?colour=red", None, 400), ("POST", ROWS + "/records", {"id": "a"}, 201),
            ("POST", ROWS + "/records", {"id": "a"}, 409), ("DELETE", ROWS + "/records/a", None, 204)):
        answer = client.call(method, path, body)
        told = fields_of(answer)
        lab.check(f"{method} {path}: {status}", None if answer.status == status and told["default"][0] == {"q": 600, "w": 600}
                  and told["workspace"][0] == {"q": 1200, "w": 600} else f"{answer}")
    told = fields_of(client.call("GET", ROWS + "/records"))
    lab.check("scans have a budget of their own", None if set(told) == {"scan", "workspace-scan"} else f"{told}")
    for path in ("/healthz", "/v1/openapi.json", "/metrics"):
        answer = client.call("GET", path)
        lab.check(f"{path} is not counted", None if answer.header("RateLimit") is None else f"{answer}")
    answer = server.client(key=None).call("OPTIONS", "databases")
    lab.check("OPTIONS is not counted", None if answer.header("RateLimit") is None else f"{answer}")


def test_without_limits(lab):
    """The usual configuration limits no requests, and says nothing of limits."""
    client = lab.server().start().client()
    answer = client.expect(200, "GET", "databases")
    lab.check("no fields", None if answer.header("RateLimit") is None and answer.header("X-RateLimit-Limit") is None
              else f"{answer}")
    limits = client.expect(200, "GET", "limits").body["data"]
    lab.check("the tier", None if limits["tier"] == "enterprise" and "limit" not in limits["requests"][0]
              and limits["quotas"]["records"] == {"used": 0} else f"{limits}")


def test_a_key_at_its_edge(lab):
    """So many at once, then one by one; the refused one says when."""
    _, client = started(lab, unlimited(window_s=1000, requests=500, burst=8))
    for left in range(7, -1, -1):
        told = fields_of(client.expect(200, "GET", "databases"))
        lab.check(f"{left} are left", None if told["default"][1]["r"] == left else f"{told}")
    answer = client.call("GET", "databases")
    lab.check("the ninth is refused", refusal(answer, 429, "RATE_LIMITED"))
    wait = int(answer.header("Retry-After"))
    lab.check("it says when to come again", None if 1 <= wait <= 2 else f"{answer}")
    time.sleep(wait)
    client.expect(200, "GET", "databases")
    lab.check("other classes go on", None if client.call("GET", "databases/none/collections/c/records").status == 404 else "no")


class Load(threading.Thread):
    """Sends as fast as it can, or `pause` seconds apart, and counts."""

    def __init__(self, client, until, pause=0.0):
        super().__init__()
        self.client, self.until, self.pause, self.statuses = client, until, pause, {}

    def run(self):
        while time.monotonic() < self.until:
            status = self.client.call("GET", "databases").status
            self.statuses[status] = self.statuses.get(status, 0) + 1
            time.sleep(self.pause)


def test_three_times_the_limit(lab):
    """What passes is the limit and its burst, however much is sent; another key notices nothing."""
    rate, burst = 50, 25
    server = lab.server(access() + FREE + unlimited(window_s=2, requests=2 * rate, burst=burst),
                        env={"CREDVAULT_ADMIN_KEY": ""}).start()
    other = re.search(r"cv_live_\w+", server.log_text()).group()
    server.stop()
    server.env = {}
    server.start()
    began = time.monotonic()
    until = began + (4 if lab.quick else 8)
    loads = [Load(server.client(), until, 0.002) for _ in range(4)]
    calm = Load(server.client(key=other), until, 0.05)
    for load in loads + [calm]:
        load.start()
    for load in loads + [calm]:
        load.join()
    took = time.monotonic() - began
    passed = sum(load.statuses.get(200, 0) for load in loads)
    refused = sum(load.statuses.get(429, 0) for load in loads)
    most, least = burst + rate * took, burst + rate * (until - began)
    lab.note(f"{passed} of {passed + refused} passed in {took:.2f} s; {least:.0f} to {most:.0f} may")
    if passed + refused < 2 * most:
        lab.did_not_run("the machine is too slow to send twice the limit")
        return
    lab.check("no more than the limit and its burst", None if passed <= most * 1.02 + 1 else f"{passed} > {most}")
    lab.check("no less", None if passed >= least * 0.98 - 2 else f"{passed} < {least}")
    lab.check("the other key is not refused", None if set(calm.statuses) == {200} else f"{calm.statuses}")
    samples = server.client().expect(200, "GET", "/metrics").data.decode()
    counted = re.search(r'credvault_limited_requests_total\{scope="key"\} (\d+)', samples)
    lab.check("they are counted", None if counted and int(counted.group(1)) >= refused else f"{counted}")


def test_a_workspace_at_its_edge(lab):
    _, client = started(lab, unlimited(window_s=1000, workspace_requests=500, workspace_burst=3))
    for _ in range(3):
        told = fields_of(client.expect(200, "GET", "databases"))
        lab.check("only the workspace is told of", None if set(told) == {"workspace"} else f"{told}")
    lab.check("the fourth is refused", refusal(client.call("GET", "databases"), 429, "RATE_LIMITED"))


def test_an_address_at_its_edge(lab):
    """Without a valid credential; with one it is not asked."""
    server, client = started(lab, unlimited(), address_requests=100, address_window_s=1000, address_burst=5)
    wrong = server.client(key="wrong-key-0123456789-0123456789-01234")
    for _ in range(5):
        lab.check("refused for its key", refusal(wrong.call("GET", "databases"), 401, "UNAUTHENTICATED"))
    answer = wrong.call("GET", "databases")
    lab.check("refused for its number", refusal(answer, 429, "RATE_LIMITED"))
    lab.check("it is told", None if fields_of(answer)["address"][0] == {"q": 100, "w": 1000} else f"{answer}")
    client.expect(200, "GET", "databases")
    lab.check("probes go on", None if wrong.call("GET", "/healthz").status == 200 else "no")


def eventually(try_it, seconds=20):
    until = time.monotonic() + seconds
    while not try_it():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def test_calls_in_flight(lab):
    """Streams are in flight until they end, also where the client goes away."""
    server, client = with_rows(lab, unlimited(concurrency=3))
    path, stream = ROWS + "/changes", {"Accept": "text/event-stream"}
    listeners = []
    for _ in range(3):
        listener = server.client()
        listener.connection = listener.connect()
        listener.connection.request("GET", "/v1/" + path, None, {"Authorization": "ApiKey " + server.key, **stream})
        assert listener.connection.sock is not None
        listeners.append((listener, listener.connection.getresponse()))
    lab.check("three streams", None if all(response.status == 200 for _, response in listeners) else "no")
    answer = client.call("GET", "databases")
    lab.check("a fourth call is refused", refusal(answer, 429, "RATE_LIMITED"))
    lab.check("it may come again soon", None if answer.header("Retry-After") == "1" else f"{answer}")
    for listener, response in listeners:
        response.close()
        listener.close()
    lab.check("they end with their clients", None if eventually(lambda: client.call("GET", "databases").status == 200) else "no")
    for _ in range(20):
        client.expect((200, 404), "GET", "databases/none")


def test_records_at_their_edge(lab):
    """Every way of writing stops where the tier does; reading and deleting go on."""
    server, client = with_rows(lab, unlimited(records=5))
    client.expect(201, "POST", ROWS + "/records", [{"id": f"r{i}", "n": i} for i in range(4)])
    lab.check("two where there is room for one", refusal(client.call("POST", ROWS + "/records", [{}, {}]), 403, "QUOTA_EXCEEDED"))
    client.expect(201, "POST", ROWS + "/records", {"id": "r4", "n": 4})
    for what, method, path, body in (
            ("an insert", "POST", ROWS + "/records", {"n": 5}),
            ("an upsert", "POST", ROWS + "/update", {"filter": {"n": 99}, "update": {"$set": {"x": 1}}, "upsert": True}),
            ("$merge", "POST", ROWS + "/aggregate", {"pipeline": [{"$project": {"id": {"$concat": ["$id", "x"]}}}, {"$merge": "rows"}]}),
            ("$out", "POST", ROWS + "/aggregate", {"pipeline": [{"$limit": 1}, {"$out": "others"}]}),
            ("a transaction", "POST", "databases/limits/transactions",
             {"operations": [{"collection": "rows", "insert": {"record": {"n": 1}}}]})):
        lab.check(what, refusal(client.call(method, path, body), 403, "QUOTA_EXCEEDED"))
    answer = client.call("PUT", ROWS + "/records/new", {"n": 1}, {"If-None-Match": "*"})
    lab.check("a PUT that creates", refusal(answer, 403, "QUOTA_EXCEEDED"))
    answer = client.call("POST", ROWS + "/import", b'{"n":1}\n{"n":2}\n', content_type="application/x-ndjson")
    lab.check("an import", refusal(answer, 403, "QUOTA_EXCEEDED"))
    client.expect(200, "PATCH", ROWS + "/records/r4", {"n": 40})
    client.expect(200, "GET", ROWS + "/records/r0")
    used = client.expect(200, "GET", "limits").body["data"]["quotas"]["records"]
    lab.check("what is used", None if used == {"limit": 5, "used": 5} else f"{used}")
    client.expect(204, "DELETE", ROWS + "/records/r0")
    client.expect(201, "POST", ROWS + "/records", {"id": "r0"})
    server.stop()
    server.start()
    client = server.client()
    lab.check("after a restart", refusal(client.call("POST", ROWS + "/records", {}), 403, "QUOTA_EXCEEDED"))
    client.expect(201, "POST", "databases", {"name": "second"})
    client.expect(201, "POST", "databases/second/collections", {"name": "rows"})
    answer = client.call("POST", "databases/second/collections/rows/records", {})
    lab.check("in another database", refusal(answer, 403, "QUOTA_EXCEEDED"))
    client.expect(204, "DELETE", "databases/limits")
    client.expect(201, "POST", "databases/second/collections/rows/records", [{} for _ in range(5)])
    server.kill()
    server.start()
    client = server.client()
    lab.check("after a crash", refusal(client.call("POST", "databases/second/collections/rows/records", {}), 403, "QUOTA_EXCEEDED"))


def test_an_import_stops_at_the_quota(lab):
    """Streamed and as a job: what was imported before is there, and is told."""
    _, client = with_rows(lab, unlimited(records=2500))
    data = b"".join(b'{"id":"i%d"}\n' % i for i in range(6000))
    answer = client.call("POST", ROWS + "/import?max_errors=100000", data, content_type="application/x-ndjson")
    lab.check("the import is refused", refusal(answer, 403, "QUOTA_EXCEEDED"))
    lab.check("what it did", None if answer.body.get("result", {}).get("inserted") == 2500 else f"{answer}")
    client.expect(200, "POST", ROWS + "/delete", {"filter": {}, "all": True, "multi": True})
    job = client.call("POST", ROWS + "/import?job=true&max_errors=100000", data, content_type="application/x-ndjson")
    path = job.header("Location")
    lab.check("the job ends", None if eventually(lambda: client.call("GET", path).body["data"]["state"] == "failed")
              else f"{client.call('GET', path)}")
    ended = client.call("GET", path).body["data"]
    lab.check("and says why", None if ended["error"]["code"] == "QUOTA_EXCEEDED" and ended["result"]["inserted"] == 2500
              else f"{ended}")


def test_bytes_at_their_edge(lab):
    _, client = with_rows(lab, unlimited(storage_bytes=1000))
    empty = client.expect(201, "POST", ROWS + "/records", {"id": "a", "text": ""})
    size = client.expect(200, "GET", "limits").body["data"]["quotas"]["storage_bytes"]["used"]
    lab.check("one is counted as it is sent", None if size == len(empty.data) - len('{"status":"success","data":}') else f"{size}")
    room = 1000 - size
    answer = client.call("PATCH", ROWS + "/records/a", {"text": "x" * (room + 1)})
    lab.check("one byte more", refusal(answer, 403, "QUOTA_EXCEEDED"))
    client.expect(200, "PATCH", ROWS + "/records/a", {"text": "x" * room})
    client.expect(200, "PATCH", ROWS + "/records/a", {"text": "y" * room})
    client.expect(200, "PATCH", ROWS + "/records/a", {"text": "less"})


def test_another_tier(lab):
    """Holds from the answer on, over restarts; what is there beyond it stays."""
    server, client = with_rows(lab, unlimited(records=2) + unlimited("pro", records=4))
    client.expect(201, "POST", ROWS + "/records", [{}, {}])
    lab.check("before", refusal(client.call("POST", ROWS + "/records", {}), 403, "QUOTA_EXCEEDED"))
    limits = client.expect(200, "PATCH", "limits", {"tier": "pro"}).body["data"]
    lab.check("the answer", None if limits["tier"] == "pro" and limits["quotas"]["records"] == {"limit": 4, "used": 2}
              else f"{limits}")
    client.expect(201, "POST", ROWS + "/records", [{}, {}])
    server.kill()
    server.start()
    client = server.client()
    lab.check("after a crash", refusal(client.call("POST", ROWS + "/records", {}), 403, "QUOTA_EXCEEDED"))
    client.expect(200, "PATCH", "limits", {"tier": "free"})
    lab.check("beyond the smaller one", refusal(client.call("POST", ROWS + "/records", {}), 403, "QUOTA_EXCEEDED"))
    client.expect(200, "GET", ROWS + "/records")
    answer = client.call("PATCH", "limits", {"tier": "gold"})
    lab.check("no tier", refusal(answer, 400, "INVALID_PARAMETER"))


def test_usage(lab):
    """By day, class and key, over restarts; a crash loses what was not yet written, and no more."""
    server, client = started(lab, unlimited(window_s=1000, training_requests=1), usage_flush_ms=100)
    for _ in range(7):
        client.expect(200, "GET", "databases")
    client.expect(404, "GET", "databases/none/collections/c/records")
    today = time.strftime("%Y-%m-%d", time.gmtime())

    def rows(query=""):
        return client.expect(200, "GET", "usage" + query).body["data"]
    first = rows("?group=class,key")
    lab.check("at once", None if [(r["class"], r["requests"], r["errors"]) for r in first] == [("scan", 1, 1), ("standard", 7, 0)]
              else f"{first}")
    lab.check("by key", None if {r["key"] for r in first} == {"key_environment"} else f"{first}")
    by_day = rows()
    lab.check("by day", None if len(by_day) == 1 and by_day[0]["day"] in (today, time.strftime("%Y-%m-%d", time.gmtime()))
              and by_day[0]["requests"] == 9 else f"{by_day}")
    lab.check("of other days", None if rows("?from=2020-01-01&to=2020-01-31") == [] else "no")
    lab.check("of another key", None if rows("?key=key_none") == [] else "no")
    server.stop()
    server.start()
    client = server.client()
    lab.check("after a restart", None if rows()[0]["requests"] == 12 else f"{rows()}")
    for query in ("from=2020-13-01", "from=2026-01-02&to=2026-01-01", "group=colour", "colour=red", "from=yesterday1"):
        lab.check(query, None if client.call("GET", "usage?" + query).status == 400 else "no")
    time.sleep(0.5)
    server.kill()
    server.start()
    client = server.client()
    kept = rows()[0]["requests"]
    lab.check("after a crash", None if kept >= 18 else f"{kept}")


def test_usage_over_time(lab):
    """Latency and what is stored, by day and hour, of one workspace and not of another, over a restart and a crash."""
    server, client = with_rows(lab, unlimited(), usage_flush_ms=100)
    for n in range(20):
        client.expect(201, "POST", ROWS + "/records", {"id": f"r{n}", "text": "x" * 100})

    def rows(query="", by=None):
        return (by or client).expect(200, "GET", "usage" + query).body["data"]

    def told(row, records):
        latency = row.get("latency_ms", {})
        ordered = 0 < latency.get("p50", 0) <= latency.get("p95", 0) <= latency.get("p99", 0) < 60_000
        return ordered and row["stored_records"] == records and row["stored_bytes"] == held()

    def held():
        return client.expect(200, "GET", "limits").body["data"]["quotas"]["storage_bytes"]["used"]
    day = rows()[-1]
    lab.check("by day", None if told(day, 20) and "hour" not in day else f"{day}")
    hours = rows("?group=hour")
    lab.check("by hour", None if told(hours[-1], 20) and "day" not in hours[-1]
              and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:00:00\.000Z", hours[-1]["hour"]) else f"{hours}")
    both = rows("?group=day,hour")[-1]
    lab.check("by both", None if both["hour"].startswith(both["day"]) else f"{both}")
    for query in ("?group=hour,key", "?group=class", "?key=key_environment"):
        apart = rows(query)
        lab.check(query, None if apart and all("stored_bytes" not in row and "latency_ms" in row for row in apart)
                  else f"{apart}")
    client.expect(204, "DELETE", ROWS + "/records/r0")
    lab.check("less", None if told(rows()[-1], 19) else f"{rows()}")
    server.stop()
    server.start()
    client = server.client()
    lab.check("after a restart", None if told(rows("?group=hour")[-1], 19) else f"{rows()}")
    counted = rows()[-1]["requests"]
    time.sleep(0.5)
    server.kill()
    server.start()
    client = server.client()
    day = rows()[-1]
    lab.check("after a crash", None if told(day, 19) and day["requests"] >= counted else f"{day}")


def test_members_at_their_edge(lab):
    """Who is invited takes a place only when he comes; there was room when he was asked, and none when he accepts."""
    server = lab.server(access() + FREE + unlimited(members=2), env=OWNER).start()
    client = server.client()
    tokens = [client.expect(201, "POST", "invitations", {"email": f"m{n}@example.com", "role": "viewer"}).body["data"]["token"]
              for n in range(2)]
    anyone = server.client(key=None)

    def accept(token):
        return anyone.call("POST", "invitations/accept", {"token": token, "password": "a few words will do", "name": "m"})
    lab.check("the last place", refusal(accept(tokens[0]), 200, None))
    lab.check("one too many", refusal(accept(tokens[1]), 403, "QUOTA_EXCEEDED"))
    members = client.expect(200, "GET", "members").body["data"]
    lab.check("who is there", None if len(members) == 2 else f"{members}")
    other = next(m for m in members if m["email"] == "m0@example.com")
    client.expect(204, "DELETE", f"members/{other['id']}")
    lab.check("a place is free again", refusal(accept(tokens[1]), 200, None))
