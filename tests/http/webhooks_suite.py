"""Webhooks that arrive: at least once, in order, signed, whatever the receivers do and however often the server is
killed; nothing for a write that is not there; nowhere they should not go."""
import http.client
import json
import pathlib
import random
import shutil
import ssl
import subprocess
import threading
import time

from runner.hooks import Hooks, moody, until
from runner.server import IDENTITY, OWNER
from runner.smtp import Receiver

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALLED = ROOT / "build/standardwebhooks"
OPEN = '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n'
FAST = OPEN + "[webhooks]\nretry_permille = 2\n"
ROWS = "databases/hooks/collections/rows"


def prepared(lab, config=FAST, **options):
    server = lab.server(config, **options)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "hooks"})
    client.expect(201, "POST", "databases/hooks/collections", {"name": "rows"})
    return server, client


def receiver(lab, behave=None):
    hooks = Hooks(behave)
    lab.cleanup.append(hooks.stop)
    return hooks


def webhook(client, hooks, events=("document.*",), **more):
    made = client.expect(201, "POST", "webhooks", {"url": hooks.url, "events": list(events), **more}).body["data"]
    if "secret" in made:
        hooks.secrets.append(made["secret"])
    return made["id"]


def deliveries(client, of, query="limit=1000"):
    return client.expect(200, "GET", f"webhooks/{of}/deliveries?{query}").body["data"]


def test_it_tells_of_writes(lab):
    server, client = prepared(lab)
    hooks = receiver(lab)
    made = webhook(client, hooks, headers={"X-Tenant": "42"})
    client.expect(201, "POST", ROWS + "/records", {"id": "a", "n": 1})
    client.expect(200, "PATCH", ROWS + "/records/a", {"n": 2, "m": "x"})
    client.expect(204, "DELETE", ROWS + "/records/a")
    came = hooks.wait_for(lambda all_: len(all_) == 3)
    assert [a.body["type"] for a in came] == ["document.created", "document.updated", "document.deleted"]
    created, updated, deleted = (a.body["data"] for a in came)
    assert created["record"]["n"] == 1 and created["record_state"] == "exact", created
    assert updated["record"]["n"] == 2 and updated["version"] == 2, updated
    assert deleted["record"] is None and deleted["before"]["m"] == "x", deleted
    assert created["sequence"] < updated["sequence"] < deleted["sequence"]
    first = came[0].headers
    assert first["X-Tenant"] == "42" and first["Content-Type"] == "application/json", first
    assert first["X-CredVault-Signature"].startswith("t=" + first["webhook-timestamp"] + ",v1="), first
    assert not hooks.unsigned
    shown = until(lambda: [d for d in deliveries(client, made) if d["status"] == "delivered"][2:] and deliveries(client, made))
    # Lists are by id, which does not tell events of one millisecond apart.
    shown = sorted(shown, key=lambda d: d["sequence"])
    assert [d["event"] for d in shown] == [a.id for a in came], shown
    one = client.expect(200, "GET", f"webhooks/{made}/deliveries/{shown[0]['id']}").body["data"]
    assert one["payload"] == came[0].body and one["attempts"][0]["response"] == "ok", one
    assert server.stop(), server.log_end()


def test_forms(lab):
    _, client = prepared(lab)
    ids, changed, events = receiver(lab), receiver(lab), receiver(lab)
    webhook(client, ids, payload="ids")
    webhook(client, changed, payload="changed", events=["document.updated"])
    webhook(client, events, format="cloudevents", events=["document.created"], signature="v1a")
    client.expect(201, "POST", ROWS + "/records", {"id": "a", "n": 1, "gone": True, "same": [1]})
    client.expect(200, "PUT", ROWS + "/records/a", {"n": 2, "same": [1], "new": None})
    first = ids.wait_for(lambda all_: len(all_) == 2)[0].body["data"]
    assert set(first) == {"database", "collection", "id", "version", "actor", "sequence"}, first
    data = changed.wait_for(lambda all_: all_)[0].body["data"]
    assert data["changed"] == {"n": 2, "new": None} and data["removed"] == ["gone"], data
    came = events.wait_for(lambda all_: all_)[0]
    body = came.body
    assert came.headers["Content-Type"] == "application/cloudevents+json"
    assert body["specversion"] == "1.0" and body["id"] == came.id and body["type"] == "document.created", body
    assert body["source"] == "/v1/databases/hooks/collections/rows" and body["subject"] == "a", body
    assert int(body["sequence"]) == body["data"]["sequence"] and body["data"]["record"]["n"] == 1, body
    assert came.headers["webhook-signature"].startswith("v1a,"), came.headers


def test_filters(lab):
    _, client = prepared(lab)
    hooks = receiver(lab)
    webhook(client, hooks, database="hooks", collection="rows", filter={"status": "paid"})
    client.expect(201, "POST", "databases/hooks/collections", {"name": "others"})
    client.expect(201, "POST", "databases/hooks/collections/others/records", {"id": "x", "status": "paid"})
    for name, status in (("a", "open"), ("b", "paid"), ("c", "paid"), ("d", "open")):
        client.expect(201, "POST", ROWS + "/records", {"id": name, "status": status})
    client.expect(200, "PATCH", ROWS + "/records/a", {"status": "paid"})
    client.expect(204, "DELETE", ROWS + "/records/b")
    client.expect(204, "DELETE", ROWS + "/records/d")
    client.expect(200, "PATCH", ROWS + "/records/c", {"status": "open"})
    client.expect(201, "POST", ROWS + "/records", {"id": "end", "status": "paid"})
    came = hooks.wait_for(lambda all_: any(a.body["data"]["id"] == "end" for a in all_))
    told = sorted((a.body["type"].split(".")[1], a.body["data"]["id"]) for a in came)
    assert told == [("created", "b"), ("created", "c"), ("created", "end"), ("deleted", "b"), ("updated", "a")], told


def test_only_what_its_maker_may_read(lab):
    _, client = prepared(lab)
    hooks = receiver(lab)
    rules = [{"rows": {"owner": "ada"}, "denied_fields": ["salary"]}]
    key = client.expect(201, "POST", "api-keys", {"name": "k", "scopes": ["webhook:manage", "webhook:read", "database:read"],
                                                  "restrictions": {"databases": ["hooks"], "rules": rules}}).body["data"]
    narrow = lab.servers[0].client(key=key["secret"])
    client.expect(201, "POST", "databases", {"name": "others"})
    client.expect(201, "POST", "databases/others/collections", {"name": "rows"})
    refused = narrow.expect(403, "POST", "webhooks", {"url": hooks.url, "events": ["document.*"], "database": "others"})
    assert refused.body["field"] == "database", refused
    narrow.expect(403, "POST", "webhooks", {"url": hooks.url, "events": ["key.created"]})
    narrow.expect(403, "POST", "webhooks", {"url": hooks.url, "events": ["collection.created"]})
    webhook(narrow, hooks, events=["*"])
    whole = receiver(lab)
    other = webhook(client, whole)
    assert narrow.expect(404, "GET", "webhooks/" + other)
    assert len(narrow.expect(200, "GET", "webhooks").body["data"]) == 1
    client.expect(201, "POST", "databases/others/collections/rows/records", {"id": "x", "owner": "ada"})
    client.expect(201, "POST", ROWS + "/records", [{"id": "a", "owner": "ada", "salary": 9}, {"id": "b", "owner": "bob"}])
    client.expect(200, "PATCH", ROWS + "/records/b", {"owner": "ada"})
    client.expect(200, "PATCH", ROWS + "/records/a", {"owner": "bob"})
    whole.wait_for(lambda all_: len(all_) == 5)
    came = hooks.wait_for(lambda all_: len(all_) >= 3)
    told = sorted((a.body["type"], a.body["data"]["id"]) for a in came)
    assert told == [("document.created", "a"), ("document.created", "b"), ("document.deleted", "a")], told
    assert "salary" not in json.dumps([a.body for a in came])


def test_platform_events(lab):
    server, client = prepared(lab, FAST + IDENTITY, env=OWNER)
    hooks = receiver(lab)
    webhook(client, hooks, events=["*"])
    client.expect(201, "POST", "databases", {"name": "more"})
    client.expect(201, "POST", "databases/more/collections", {"name": "things"})
    client.expect(200, "PATCH", "databases/more/collections/things", {"require_if_match": True})
    client.expect((201, 202), "POST", "databases/more/collections/things/indexes", {"name": "by_a", "fields": ["a"]})
    client.expect(204, "DELETE", "databases/more/collections/things/indexes/by_a")
    client.expect(204, "DELETE", "databases/more/collections/things")
    client.expect(204, "DELETE", "databases/more")
    key = client.expect(201, "POST", "api-keys", {"name": "k", "scopes": ["logs:read"]}).body["data"]
    client.expect(200, "PATCH", "api-keys/" + key["id"], {"name": "other"})
    client.expect(200, "POST", f"api-keys/{key['id']}/rotate", {})
    client.expect(200, "POST", f"api-keys/{key['id']}/revoke")
    client.expect(204, "DELETE", "api-keys/" + key["id"])
    invited = client.expect(201, "POST", "invitations", {"email": "ada@example.com", "role": "viewer"}).body["data"]
    server.client(key=None).expect(200, "POST", "invitations/accept",
                                   {"token": invited["token"], "password": "correct horse battery", "name": "Ada"})
    member = client.expect(200, "GET", "members?email=ada@example.com").body["data"][0]["id"]
    client.expect(200, "PATCH", "members/" + member, {"role": "developer"})
    client.expect(204, "DELETE", "members/" + member)
    change = {"filter": {}, "update": {"$set": {"seen": True}}, "multi": True}
    client.expect(202, "POST", ROWS + "/update", change, {"Prefer": "respond-async"})
    wanted = ["database.created", "collection.created", "collection.updated", "index.created", "index.deleted",
              "collection.deleted", "database.deleted", "key.created", "key.updated", "key.rotated", "key.revoked",
              "key.deleted", "member.added", "user.registered", "member.updated", "member.removed", "job.created",
              "job.started", "job.succeeded"]
    came = hooks.wait_for(lambda all_: {*wanted} <= {a.body["type"] for a in all_})
    known = {one["type"]: one for one in client.expect(200, "GET", "webhooks/events?limit=100").body["data"]}
    for arrival in came:
        schema = known[arrival.body["type"]]["schema"]
        missing = {*schema["required"]} - {*arrival.body["data"]}
        assert not missing, (arrival.body, missing)
        assert {*arrival.body["data"]} <= {*schema["properties"]}, (arrival.body, schema)
    secrets = json.dumps([a.body for a in came])
    assert key["secret"] not in secrets and '"hash"' not in secrets and "password" not in secrets


def test_retries_and_repair(lab):
    _, client = prepared(lab)
    hooks = receiver(lab, lambda n: 500)
    hooks.headers = {"Content-Type": "text/plain"}
    hooks.answer = b"\xff" + b"x" * 3000
    made = webhook(client, hooks)
    client.expect(201, "POST", ROWS + "/records", {"id": "a", "n": 1})
    client.expect(200, "PATCH", ROWS + "/records/a", {"n": 2})
    hooks.wait_for(lambda all_: len([a for a in all_ if a.body["data"]["version"] == 2]) >= 1)
    ids = {a.id for a in hooks.arrivals if a.body["data"]["version"] == 1}
    assert len(ids) == 1, ids
    early = [a.body["data"]["version"] for a in hooks.arrivals]
    assert early[:3] == [1, 1, 1], early
    one = until(lambda: [d for d in deliveries(client, made) if d["attempt_count"] >= 3])[0]
    assert one["status"] in ("retrying", "failed") and "payload" not in one, one
    answer = client.expect(200, "GET", f"webhooks/{made}/deliveries/{one['id']}").body["data"]["attempts"][0]
    assert answer["status"] == 500 and len(answer["response"]) == 1024 and answer["response"][1:] == "x" * 1023, answer
    hooks.behave = lambda n: 204
    client.expect(200, "POST", f"webhooks/{made}/deliveries/{one['id']}/redeliver")
    until(lambda: all(d["status"] == "delivered" for d in deliveries(client, made)))
    before = len(hooks.arrivals)
    replayed = client.expect(200, "POST", f"webhooks/{made}/replay", {"from": "2020-01-01T00:00:00Z"}).body["data"]
    assert replayed == {"replayed": 2}, replayed
    hooks.wait_for(lambda all_: len(all_) == before + 2)
    assert {a.id for a in hooks.arrivals[before:]} == {a.id for a in hooks.arrivals[:before]}
    statistics = until(lambda: (lambda s: s["succeeded"] >= 4 and s)(
        client.expect(200, "GET", f"webhooks/{made}/statistics?hours=2").body["data"]), 20)
    assert statistics["failed"] >= 3 and len(statistics["hours"]) == 2, statistics


def test_a_test_event(lab):
    _, client = prepared(lab)
    hooks = receiver(lab)
    made = webhook(client, hooks)
    client.expect(200, "POST", f"webhooks/{made}/pause")
    for kind in ("webhook.test", "document.deleted", "job.failed"):
        told = client.expect(200, "POST", f"webhooks/{made}/test", {"type": kind}).body["data"]
        assert told["status"] == "delivered" and told["test"] and told["type"] == kind, told
    assert [a.body["type"] for a in hooks.arrivals] == ["webhook.test", "document.deleted", "job.failed"]
    assert not hooks.unsigned


def test_pause_and_resume(lab):
    server, client = prepared(lab)
    hooks, off = receiver(lab), receiver(lab)
    made, other = webhook(client, hooks), webhook(client, off)
    client.expect(200, "POST", f"webhooks/{made}/pause")
    client.expect(200, "PATCH", "webhooks/" + other, {"enabled": False})
    for i in range(50):
        client.expect(201, "POST", ROWS + "/records", {"id": f"r{i}"})
    assert server.stop(), server.log_end()
    server.start()
    client = server.client()
    assert client.expect(200, "GET", "webhooks/" + made).body["data"]["status"] == "paused"
    assert not hooks.arrivals
    client.expect(200, "POST", f"webhooks/{made}/resume")
    client.expect(200, "PATCH", "webhooks/" + other, {"enabled": True})
    client.expect(201, "POST", ROWS + "/records", {"id": "after"})
    hooks.wait_for(lambda all_: len(all_) == 51)
    off.wait_for(lambda all_: all_)
    assert [a.body["data"]["id"] for a in off.arrivals] == ["after"], "what happened while it was off passed by"


def test_gone_and_failing_pause_and_owners_are_told(lab):
    with Receiver() as mails:
        mail = f'[mail]\nsmtp_url = "smtp://127.0.0.1:{mails.port}"\nfrom = "vault@example.com"\nrequire_tls = false\n'
        _, client = prepared(lab, FAST + "give_up_ms = 1000\n" + IDENTITY + mail, env=OWNER)
        gone, failing = receiver(lab, lambda n: 410), receiver(lab, lambda n: 500)
        first, second = webhook(client, gone), webhook(client, failing, description="the second")
        client.expect(201, "POST", ROWS + "/records", {"id": "a"})
        state = lambda of: client.expect(200, "GET", "webhooks/" + of).body["data"]
        until(lambda: state(first)["status"] == "paused")
        assert state(first)["paused_reason"] == "gone"
        until(lambda: state(second)["status"] == "paused", 60)
        assert state(second)["paused_reason"] == "failing"
        told = [str(mail[1]) for mail in mails.wait_for(2)]
        assert len(told) == 2
        logged = client.expect(200, "GET", "audit-logs?action=webhookPaused").body["data"]
        assert sorted(entry["target"] for entry in logged) == sorted(f"/v1/webhooks/{w}" for w in (first, second)), logged


def test_a_gap_is_told(lab):
    config = FAST + "window_messages = 8\n[changes]\nkept_rows = 50\nheld_rows = 200\n[storage]\nupkeep_ms = 20\n"
    _, client = prepared(lab, config)
    hooks = receiver(lab)
    made = webhook(client, hooks)
    client.expect(200, "POST", f"webhooks/{made}/pause")
    for i in range(60):
        client.expect(201, "POST", ROWS + "/records", [{"id": f"r{i}.{k}"} for k in range(25)])
    time.sleep(1)
    client.expect(200, "POST", f"webhooks/{made}/resume")
    until(lambda: "last_gap_at" in client.expect(200, "GET", "webhooks/" + made).body["data"])
    client.expect(201, "POST", ROWS + "/records", {"id": "end"})
    came = hooks.wait_for(lambda all_: any(a.body["data"]["id"] == "end" for a in all_))
    assert 1 < len(came) < 1500, len(came)
    assert client.expect(200, "GET", "audit-logs?action=webhookLostEvents").body["data"]


def test_rotation(lab):
    _, client = prepared(lab)
    hooks = receiver(lab)
    made = webhook(client, hooks)
    old = hooks.secrets[0]
    fresh = client.expect(200, "POST", f"webhooks/{made}/rotate", {"overlap_seconds": 60}).body["data"]
    assert fresh["previous_secrets"] and fresh["secret"] != old
    client.expect(201, "POST", ROWS + "/records", {"id": "a"})
    arrival = hooks.wait_for(lambda all_: all_)[0]
    assert len(arrival.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, fresh["secret"]):
        hooks.secrets = [secret]
        assert hooks.is_signed(arrival)
    client.expect(200, "POST", f"webhooks/{made}/rotate", {"overlap_seconds": 0})
    client.expect(201, "POST", ROWS + "/records", {"id": "b"})
    hooks.secrets = [old, fresh["secret"]]
    assert not hooks.is_signed(hooks.wait_for(lambda all_: len(all_) == 2)[1])


def test_nowhere_it_should_not_go(lab):
    server, client = prepared(lab, OPEN.replace("127.0.0.1", "127.0.0.2"))
    inner = receiver(lab)
    port = inner.port
    for host in ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]",
                 "0", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]"):
        told = client.expect(400, "POST", "webhooks", {"url": f"http://{host}:{port}/", "events": ["*"]})
        assert told.code == "ADDRESS_NOT_ALLOWED" and told.body["field"] == "url", told
    for url in (f"http://user:secret@example.com:{port}/", "ftp://example.com/", "file:///etc/passwd", "http://"):
        assert client.expect(400, "POST", "webhooks", {"url": url, "events": ["*"]}).code == "INVALID_PARAMETER"
    del server
    assert not inner.arrivals


def test_redirects_are_failures(lab):
    _, client = prepared(lab)
    inner = receiver(lab)
    outer = receiver(lab, lambda n: 302)
    outer.headers = {"Location": inner.url}
    made = webhook(client, outer)
    told = client.expect(200, "POST", f"webhooks/{made}/test").body["data"]
    assert told["status"] == "failed" and told["attempts"][0]["status"] == 302, told
    assert not inner.arrivals


def test_certificates_are_verified(lab):
    key, chain = lab.directory / "tls.key", lab.directory / "tls.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout", str(key), "-out",
                    str(chain)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    hooks = Hooks(tls=context)
    lab.cleanup.append(hooks.stop)
    server, client = prepared(lab)
    made = webhook(client, hooks)
    told = client.expect(200, "POST", f"webhooks/{made}/test").body["data"]
    assert told["status"] == "failed" and "certificate" in told["attempts"][0]["error"].lower(), told
    assert not hooks.arrivals and server.stop()
    server.configure(OPEN + f'ca_file = "{chain}"\n')
    server.start()
    told = server.client().expect(200, "POST", f"webhooks/{made}/test").body["data"]
    assert told["status"] == "delivered", told


def test_a_tier_has_so_many_and_says_when_it_is_used_up(lab):
    config = FAST + '[access]\ndefault_tier = "free"\n[tiers.free]\nwebhooks = 2\nrecords = 3\nrequests = 0\n'
    _, client = prepared(lab, config)
    hooks = receiver(lab)
    webhook(client, hooks, events=["quota.reached"])
    other = webhook(client, hooks)
    wish = {"url": hooks.url, "events": ["*"]}
    assert client.expect(403, "POST", "webhooks", wish).code == "QUOTA_EXCEEDED"
    client.expect(403, "POST", "webhooks", wish)
    for i in range(3):
        client.expect(201, "POST", ROWS + "/records", {"n": i})
    client.expect(403, "POST", ROWS + "/records", {"n": 3})
    quotas = hooks.wait_for(lambda all_: len([a for a in all_ if a.body["type"] == "quota.reached"]) == 2)
    told = {a.body["data"]["quota"]: a.body["data"] for a in quotas if a.body["type"] == "quota.reached"}
    assert told["webhooks"]["limit"] == 2 and told["records"]["tier"] == "free", told
    client.expect(204, "DELETE", "webhooks/" + other)
    client.expect(201, "POST", "webhooks", wish)


def test_a_webhook_of_a_deleted_workspace_is_silent(lab):
    server, client = prepared(lab, FAST + IDENTITY, env=OWNER)
    hooks = receiver(lab)
    token = server.client(key=None).expect(200, "POST", "auth/login", {
        "email": OWNER["CREDVAULT_ADMIN_EMAIL"], "password": OWNER["CREDVAULT_ADMIN_PASSWORD"]}).body["data"]["access_token"]
    bearer = {"Authorization": "Bearer " + token}
    place = client.expect(201, "POST", "workspaces", {"name": "Short"}, bearer).body["data"]["id"]
    there = {**bearer, "X-CredVault-Workspace": place}
    client.expect(201, "POST", "webhooks", {"url": hooks.url, "events": ["*"]}, there)
    client.expect(201, "POST", "databases", {"name": "brief"}, there)
    hooks.wait_for(lambda all_: all_)
    client.expect(202, "DELETE", "workspaces/" + place + "?name=Short", None, there)
    until(lambda: client.send("GET", "/v1/webhooks", None, there).status in (401, 403, 404))


class Writers:
    """Writes that are remembered: inserts and changes, in arrays and one by one, by several threads."""

    def __init__(self, threads):
        self.threads, self.acknowledged, self.lock, self.round = threads, set(), threading.Lock(), 0
        self.count, self.stopping = 0, False

    def run(self, server, limit):
        self.round += 1
        self.stopping = False
        running = [threading.Thread(target=self.write, args=(server.client(timeout=30), f"{self.round}.{n}", limit))
                   for n in range(self.threads)]
        for thread in running:
            thread.start()
        return running

    def note(self, pairs):
        with self.lock:
            self.acknowledged.update(pairs)
            self.count += len(pairs)

    def write(self, client, name, limit):
        mine = []
        try:
            for i in range(1_000_000):
                if self.stopping or self.count >= limit:
                    return
                ids = [f"{name}.{i}.{k}" for k in range(20)]
                client.expect(201, "POST", ROWS + "/records", [{"id": one, "n": 0} for one in ids],
                              {"Prefer": "return=minimal"})
                self.note([(one, 1) for one in ids])
                mine = (mine + [[one, 1] for one in ids])[-60:]
                some = random.sample(mine, min(10, len(mine)))
                operations = [{"update": {"filter": {"id": one[0]}, "update": {"$inc": {"n": 1}}}} for one in some]
                client.expect(200, "POST", ROWS + "/bulk", {"operations": operations, "ordered": True})
                for one in some:
                    one[1] += 1
                self.note([(one[0], one[1]) for one in some])
        except (http.client.HTTPException, OSError):
            pass  # The server went.


def order_faults(arrivals):
    """What of a receiver that was always there came before its time: an event may come when the one before has arrived,
    or was tried three times."""
    tried, done, faults = {}, {}, []
    for arrival in arrivals:
        data = arrival.body["data"]
        name, version = data["id"], data["version"]
        before = (name, version - 1)
        first = (name, version) not in tried
        if first and version > 1 and before not in done and tried.get(before, 0) < 3:
            faults.append(f"{name}: version {version} after {tried.get(before, 0)} tries of the one before")
        tried[(name, version)] = tried.get((name, version), 0) + 1
        if arrival.status and arrival.status < 300:
            done[(name, version)] = True
    return faults


def test_nothing_is_lost_over_crashes(lab):
    """100,000 writes (fewer where less is asked for), three webhooks, moody receivers, five kills."""
    writes = 3_000 if lab.quick else 100_000
    server, client = prepared(lab)
    moods = [receiver(lab, moody()), receiver(lab, moody(0.05, 0.1, 0.0)), receiver(lab, moody(0.02, 0.0, 0.0))]
    for hooks in moods:
        webhook(client, hooks, max_concurrency=50)
    writers, kills = Writers(4), 5
    for kill in range(kills + 1):
        running = writers.run(server, writes * (kill + 1) // (kills + 1))
        for thread in running:
            thread.join(600)
        if kill < kills:
            if kill % 2:
                moods[2].restart()
            writers.count += 0
            more = writers.run(server, writers.count + 400)
            time.sleep(random.uniform(0.05, 0.3))
            server.kill()
            for thread in more:
                thread.join(60)
            server.check_data()
            server.start()
    client = server.client()
    expected = writers.acknowledged
    for hooks in moods:
        hooks.behave = lambda n: 200

        def all_there(arrivals):
            return expected <= {(a.body["data"]["id"], a.body["data"]["version"]) for a in arrivals}
        hooks.wait_for(all_there, 900)
    present = {}
    cursor = ""
    while True:
        page = client.expect(200, "GET", f"{ROWS}/records?limit=1000&fields=id,_version&count=none{cursor}").body
        present.update((record["id"], record["_version"]) for record in page["data"])
        if not page["pagination"]["has_more"]:
            break
        cursor = "&cursor=" + page["pagination"]["next_cursor"]
    for number, hooks in enumerate(moods):
        arrivals = list(hooks.arrivals)
        absent = [a.body["data"]["id"] for a in arrivals if a.body["data"]["version"] > present.get(a.body["data"]["id"], 0)]
        lab.check(f"receiver {number}: nothing for an absent write", f"{absent[:5]}" if absent else None)
        lab.check(f"receiver {number}: signatures", f"{len(hooks.unsigned)} are wrong" if hooks.unsigned else None)
        ids = {}
        for a in arrivals:
            ids.setdefault((a.body["data"]["id"], a.body["data"]["version"]), set()).add(a.id)
        lab.check(f"receiver {number}: one id for each event", next((f"{e}: {i}" for e, i in ids.items() if len(i) > 1), None))
        faults = order_faults(arrivals) if number < 2 else []
        lab.check(f"receiver {number}: order", f"{len(faults)}, {faults[:3]}" if faults else None)
        lab.note(f"receiver {number}: {len(expected)} events, {len(arrivals)} attempts")
    assert server.stop(), server.log_end()
    server.check_data()


def test_a_slow_receiver_costs_no_memory_and_holds_up_nobody(lab):
    """Memory that grew with the number of waiting events would grow by far more than is allowed here between the two
    sizes that are compared; the store's own caches are small and full by the first."""
    from runner.server import memory_bytes  # pylint: disable=import-outside-toplevel
    caches = "[storage]\ncache_bytes = 4194304\nplace_cache_bytes = 0\n"
    server, client = prepared(lab, FAST + caches)
    slow, failing, fast = receiver(lab, lambda n: ("slow", 0.5)), receiver(lab, lambda n: 500), receiver(lab)
    webhook(client, slow, max_concurrency=1)
    webhook(client, failing, max_concurrency=1, max_per_second=5)
    webhook(client, fast, max_concurrency=50)
    first, total = (2_000, 4_000) if lab.quick else (30_000, 60_000)
    sizes = []
    for i in range(total // 1000):
        client.expect(201, "POST", ROWS + "/records", [{"id": f"r{i}.{k}", "text": "x" * 500} for k in range(1000)],
                      {"Prefer": "return=minimal"})
        if (i + 1) * 1000 in (first, total):
            # All others are served meanwhile.
            fast.wait_for(lambda all_, so_far=(i + 1) * 1000: len({a.id for a in all_}) == so_far, 300)
            sizes.append(memory_bytes(server.process.pid))
    grown = (sizes[1] - sizes[0]) / 1e6
    lab.note(f"{first} and {total} events wait for the slow one: {grown:.1f} MB more memory; it has had {len(slow.arrivals)}")
    # So few fill no cache, and what instruments a build takes memory of its own.
    assert grown < (150 if lab.quick else 8), f"{grown} MB"
    assert len(slow.arrivals) < total / 4 and len(failing.arrivals) < total / 4
    slow.behave = lambda n: 200
    server.kill()


def test_one_that_holds_too_much_is_read_for_no_more_and_others_go_on(lab):
    _, client = prepared(lab, OPEN + "[webhooks]\nmax_held = 100\n")
    failing, fast = receiver(lab, lambda n: 500), receiver(lab)
    stuck = webhook(client, failing)
    webhook(client, fast)
    client.expect(201, "POST", ROWS + "/records", {"id": "a", "n": 0})
    for n in range(1, 1000):
        client.expect(200, "PATCH", ROWS + "/records/a", {"n": n})
    fast.wait_for(lambda all_: len({a.id for a in all_}) == 1000, 60)
    kept = deliveries(client, stuck)
    assert 100 <= len(kept) < 700, f"{len(kept)} of its events are in the store"
    failing.behave = lambda n: 200
    first = min(kept, key=lambda one: one["sequence"])["id"]
    client.expect(200, "POST", f"webhooks/{stuck}/deliveries/{first}/redeliver")
    failing.wait_for(lambda all_: len({a.id for a in all_ if a.status == 200}) == 1000, 120)
    order = [a.body["data"]["version"] for a in failing.arrivals if a.status == 200]
    assert order == sorted(order), "in order once it works"


def standardwebhooks(lab):
    if not shutil.which("npm") or not shutil.which("node"):
        return lab.did_not_run("there is no npm")
    if not (INSTALLED / "node_modules/standardwebhooks").is_dir():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(ROOT / "tools/standardwebhooks" / name, INSTALLED / name)
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=INSTALLED, check=False,
                              capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return True


def test_standardwebhooks_verifies(lab):
    if not standardwebhooks(lab):
        return
    _, client = prepared(lab)
    hooks = receiver(lab)
    made = webhook(client, hooks)
    client.expect(201, "POST", ROWS + "/records", [{"id": f"r{i}", "text": "schön ☃ \"quoted\" \\ " * i} for i in range(50)])
    client.expect(200, "POST", f"webhooks/{made}/rotate", {"overlap_seconds": 60})
    client.expect(201, "POST", ROWS + "/records", {"id": "after"})
    came = hooks.wait_for(lambda all_: len(all_) == 51)
    said = [{"secret": hooks.secrets[0], "headers": {n.lower(): v for n, v in a.headers.items()}, "body": a.raw.decode()}
            for a in came]
    done = subprocess.run(["node", ROOT / "tools/standardwebhooks/verify.mjs", INSTALLED], input=json.dumps(said), check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"verified": 51, "forged": 0}, done.stdout
