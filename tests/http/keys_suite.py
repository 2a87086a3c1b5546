"""API keys over kill -9, behind proxies, and in jobs that outlive them."""
import http.client
import threading
import time

RIGHTS = ["metadata:read", "database:read", "database:write", "query:execute"]


def make(client, **more):
    return client.expect(201, "POST", "api-keys", {"name": "k", "scopes": RIGHTS, **more}).body["data"]


def works(server, secret):
    return server.client(key=secret).call("GET", "databases").status == 200


class Rotator(threading.Thread):
    """Rotates one key until the server goes; knows what was answered."""

    def __init__(self, server, key, overlap):
        super().__init__(daemon=True)
        self.client, self.key, self.overlap = server.client(timeout=30), key, overlap
        self.secrets, self.rotated, self.dead = [key["secret"]], None, []

    def run(self):
        try:
            while True:
                told = self.client.expect(200, "POST", f"api-keys/{self.key['id']}/rotate", {"overlap_seconds": self.overlap})
                data = told.body["data"]
                self.secrets.append(data["secret"])
                self.rotated = data["last_rotated_at"]
                if self.overlap and len(self.secrets) % 8 == 0:
                    # Ends what overlaps, as a rotation without an overlap does.
                    data = self.client.expect(200, "POST", f"api-keys/{self.key['id']}/rotate", {}).body["data"]
                    self.dead += self.secrets
                    self.secrets, self.rotated = [data["secret"]], data["last_rotated_at"]
        except (http.client.HTTPException, OSError):
            pass  # The server went.


def judge(server, rotator):
    """What is wrong with a key after a crash; None where nothing is."""
    key = server.client().expect(200, "GET", f"api-keys/{rotator.key['id']}").body["data"]
    in_flight = key.get("last_rotated_at") != rotator.rotated
    newest, older = rotator.secrets[-1], rotator.secrets[:-1]
    if any(works(server, secret) for secret in rotator.dead):
        return "a secret that was ended is alive"
    if rotator.overlap:
        # A rotation in flight may have been the one that ends all.
        alive = [works(server, secret) for secret in rotator.secrets]
        if all(alive) or (in_flight and not any(alive)):
            return None
        return f"of the secrets that overlap {alive.count(False)} are dead"
    if any(works(server, secret) for secret in older):
        return "a secret that was replaced without an overlap is alive"
    if works(server, newest) == in_flight:
        return "the newest secret is alive though it was replaced" if in_flight else "the newest secret is dead"
    return None


def test_rotation_under_kill(lab):
    server = lab.server()
    server.start()
    for round_number in range(3 if lab.quick else 8):
        client = server.client()
        rotators = [Rotator(server, make(client), overlap) for overlap in (0, 0, 3600, 3600)]
        for rotator in rotators:
            rotator.start()
        time.sleep(0.15 + 0.05 * round_number)
        server.kill()
        for rotator in rotators:
            rotator.join(30)
        server.start()
        for rotator in rotators:
            lab.check(f"round {round_number}, overlap {rotator.overlap}", judge(server, rotator))


def test_what_was_ended_stays_ended(lab):
    server = lab.server()
    server.start()
    client = server.client()
    revoked, removed, disabled, brief = make(client), make(client), make(client), make(client)
    client.expect(200, "POST", f"api-keys/{revoked['id']}/revoke")
    client.expect(204, "DELETE", f"api-keys/{removed['id']}")
    client.expect(200, "PATCH", f"api-keys/{disabled['id']}", {"enabled": False})
    renewed = client.expect(200, "POST", f"api-keys/{brief['id']}/rotate", {"overlap_seconds": 2}).body["data"]
    ends = time.monotonic() + 2.2
    server.kill()
    server.start()
    for key in (revoked, removed, disabled):
        assert not works(server, key["secret"]), "a key that was ended is alive after a crash"
    assert works(server, renewed["secret"]), "the new secret is dead after a crash"
    time.sleep(max(0, ends - time.monotonic()))
    assert not works(server, brief["secret"]), "the old secret outlives its overlap"


def test_last_use_is_written(lab):
    server = lab.server()
    server.start()
    key = make(server.client())
    assert works(server, key["secret"])
    assert server.stop()
    server.start()
    told = server.client().expect(200, "GET", f"api-keys/{key['id']}").body["data"]
    assert told.get("last_used_at"), told


def test_addresses_behind_a_proxy(lab):
    config = '[server]\ntrusted_proxies = ["127.0.0.0/8", "10.0.0.0/8"]\nforwarded_header = "{}"\n'
    for field, there, elsewhere in (
            ("X-Forwarded-For", "203.0.113.9, 192.0.2.7, 10.1.1.1", "192.0.2.7, 203.0.113.9"),
            ("Forwarded", 'for="192.0.2.7:4711";proto=https', "for=203.0.113.9")):
        server = lab.server(config.format(field), name=field)
        server.start()
        key = make(server.client(), restrictions={"addresses": ["192.0.2.0/24"]})
        client = server.client(key=key["secret"])
        assert client.call("GET", "databases", None, {field: there}).status == 200, field
        for lie in ({field: elsewhere}, {}, {field: "unknown"}, {field: "192.0.2.7,"}):
            assert client.call("GET", "databases", None, lie).status == 403, (field, lie)
        other = "Forwarded" if field == "X-Forwarded-For" else "X-Forwarded-For"
        assert client.call("GET", "databases", None, {other: there}).status == 403, other
        server.kill()


def test_a_job_ends_with_its_key(lab):
    server = lab.server("[jobs]\nthreads = 1\n")
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "shop"})
    for name in ("large", "small"):
        client.expect(201, "POST", "databases/shop/collections", {"name": name})
    for start in range(0, 30_000, 10_000):
        client.expect(201, "POST", "databases/shop/collections/large/records",
                      [{"n": n, "padding": "x" * 200} for n in range(start, start + 10_000)], {"Prefer": "return=minimal"})
    client.expect(201, "POST", "databases/shop/collections/small/records", {"id": "a"})
    key = make(client, restrictions={"collections": ["shop/small"]})
    change = {"filter": {}, "update": {"$set": {"seen": True}}, "multi": True}
    later = {"Prefer": "respond-async"}
    client.expect(202, "POST", "databases/shop/collections/large/update", change, later)
    job = server.client(key=key["secret"]).expect(202, "POST", "databases/shop/collections/small/update", change, later)
    client.expect(200, "POST", f"api-keys/{key['id']}/revoke")
    deadline = time.monotonic() + 120
    while True:
        told = client.expect(200, "GET", job.header("Location").removeprefix("/v1/")).body["data"]
        if told["state"] not in ("queued", "running"):
            break
        assert time.monotonic() < deadline, told
        time.sleep(0.1)
    if told["state"] == "succeeded":
        lab.did_not_run("the job was done before its key was revoked")
        return
    assert told["state"] == "failed" and told["error"]["code"] == "FORBIDDEN", told
    assert "seen" not in client.expect(200, "GET", "databases/shop/collections/small/records/a").body["data"]
