"""A day with the API, played to have true examples for the OpenAPI document: what was sent and what came back.

`play(server)` returns {"requests": …, "answers": …, "errors": …} as src/api/openapi_examples.json holds it, with what
differs from one time to the next (ids, times, secrets) in the same form each time.
"""
import base64
import hashlib
import hmac
import http.server
import json
import re
import struct
import threading
import time

from runner.openapi import OpenApi
from runner.server import IDENTITY

CONFIG = IDENTITY + '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n'
PASSWORD = "correct horse battery"
SHOP = "databases/shop/collections/customers"
# Operations whose requests are examples of their own and no JSON.
LINES = b'{"id":"joan","name":"Joan","age":58,"city":"Paris"}\n{"id":"mary","name":"Mary","age":66,"city":"London"}\n'


def code_at(secret, step):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


class Recorder:
    """Calls by one credential or none, and keeps the first success of each operation and status, and each error code."""

    def __init__(self, server):
        self.server, self.client, self.headers = server, server.client(key=None), {}
        self.openapi = OpenApi(self.client.send("GET", "/v1/openapi.json").body)
        self.requests, self.answers, self.errors = {}, {}, {}

    def signed_by(self, credential):
        self.headers = {"Authorization": credential} if credential else {}
        return self

    def call(self, method, path, body=None, status=None, content_type="application/json", **headers):
        fields = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.client.call(method, path, body, fields, content_type)
        target = path if path.startswith("/") else "/v1/" + path
        wanted = status or (200, 201, 202, 204)
        wanted = wanted if isinstance(wanted, tuple) else (wanted,)
        if answer.status not in wanted:
            raise AssertionError(f"{method} {path}: expected {wanted}, got {answer}")
        problem = self.openapi.problem(method, target, answer, False)
        if problem:
            raise AssertionError(f"{method} {path}: {problem}")
        self.keep(self.openapi.operation(method, target.split("?")[0])["operationId"], body, content_type, answer)
        return answer.body.get("data") if isinstance(answer.body, dict) else None

    def keep(self, operation, body, content_type, answer):
        if answer.status >= 400:
            self.errors.setdefault(answer.code, answer.body)
            return
        first = operation not in self.answers
        if first and body is not None and content_type == "application/json":
            self.requests[operation] = body
        elif first and isinstance(body, bytes):
            self.requests[operation] = body.decode()
        texts = answer.body if answer.is_json else answer.data.decode()
        self.answers.setdefault(operation, {}).setdefault(str(answer.status), texts)


def wait(recorder, path, states=("succeeded",)):
    for _ in range(400):
        found = recorder.client.call("GET", path, headers=recorder.headers).body["data"]
        if found.get("state", found.get("status")) in states:
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} is not {states}: {found}")


def begin(api, server):
    api.call("GET", "auth/setup")
    code = re.search(r"cvs_\w+", server.log_text()).group()
    made = api.call("POST", "auth/setup", {"code": code, "email": "ada@example.com", "password": PASSWORD, "name": "Ada"})
    signed = api.call("POST", "auth/login", {"email": "ada@example.com", "password": PASSWORD})
    api.signed_by("Bearer " + signed["access_token"])
    return made["workspace"]["id"]


def data(api):
    api.call("POST", "databases", {"name": "shop"})
    api.call("POST", "databases", {"name": "shop"}, 409)
    api.call("GET", "databases/none", status=404)
    api.call("POST", "databases", {"name": "1st"}, 400)
    api.call("POST", "databases", {}, 400)
    api.call("GET", "databases?limt=3", status=400)
    api.call("POST", "databases/shop/collections", {"name": "customers", "change_images": "both"})
    api.call("POST", SHOP + "/records", {"id": "ada", "name": "Ada", "age": 36, "city": "London"})
    api.call("POST", SHOP + "/records", {"id": "ada"}, 409)
    api.call("GET", SHOP + "/records/nobody", status=404)
    api.call("POST", SHOP + "/records", b"{", 400)
    api.call("POST", SHOP + "/query", {"filter": {"age": {"$above": 3}}}, 400)
    api.call("PATCH", SHOP + "/records/ada", {"age": 37}, 412, If_Match='"an-older-one"')
    api.call("PATCH", SHOP + "/records/ada", {"$inc": {"age": 1}, "$set": {"city": "Paris"}})
    api.call("PUT", SHOP + "/records/bob", {"name": "Bob", "age": 29}, If_None_Match="*")
    api.call("PUT", SHOP + "/records/bob", {"name": "Bob", "age": 30, "city": "Paris"})
    api.call("GET", SHOP + "/records/ada")
    api.call("GET", SHOP + "/records?age[gte]=30&sort=-age&limit=1")
    index = api.call("POST", SHOP + "/indexes", {"name": "by_city", "fields": ["city", "-age"]})
    for _ in range(400):
        if api.client.call("GET", SHOP + "/indexes/" + index["name"], headers=api.headers).body["data"]["status"] == "ready":
            break
        time.sleep(0.05)
    api.call("GET", SHOP + "/indexes/by_city")
    api.call("GET", SHOP + "/indexes")
    api.call("GET", SHOP + "/index-advice")
    api.call("POST", SHOP + "/query", {"filter": {"city": "Paris", "age": {"$gte": 30}}, "sort": {"age": -1}, "limit": 10})
    api.call("POST", SHOP + "/count", {"filter": {"city": "Paris"}})
    api.call("POST", SHOP + "/distinct", {"field": "city"})
    api.call("POST", SHOP + "/explain", {"filter": {"city": "Paris"}, "sort": {"age": -1}})
    group = {"pipeline": [{"$group": {"_id": "$city", "people": {"$sum": 1}}}, {"$sort": {"_id": 1}}]}
    api.call("POST", SHOP + "/aggregate", group)
    documents = [{"$documents": [{"price": 3, "qty": 2}]}, {"$set": {"total": {"$multiply": ["$price", "$qty"]}}}]
    api.call("POST", "databases/shop/aggregate", {"pipeline": documents})
    change = {"filter": {"city": "Paris"}, "update": {"$set": {"country": "FR"}}, "multi": True}
    api.call("POST", SHOP + "/update", change)
    bulk = [{"insert": {"id": "eve", "age": 17}}, {"update": {"id": "bob", "update": {"$inc": {"age": 1}}}}]
    api.call("POST", SHOP + "/bulk", {"operations": bulk})
    move = [{"collection": "customers", "update": {"id": "ada", "update": {"$inc": {"points": -10}}}},
            {"collection": "customers", "update": {"id": "bob", "update": {"$inc": {"points": 10}}}}]
    needs = [{"collection": "customers", "id": "ada", "if_exists": True}]
    api.call("POST", "databases/shop/transactions", {"preconditions": needs, "operations": move}, Idempotency_Key="move-1")
    api.call("POST", "databases/shop/transactions", {"operations": move[:1]}, 422, Idempotency_Key="move-1")
    api.call("POST", SHOP + "/import", LINES, content_type="application/x-ndjson")
    api.call("GET", SHOP + "/export?sort=id&fields=id,name,city")
    api.call("POST", SHOP + "/validate", {"schema": {"required": ["city"]}, "limit": 1})
    api.call("PATCH", SHOP, {"validation": {"mode": "error", "schema": {"required": ["name"]}}})
    api.call("POST", SHOP + "/records", {"age": 1}, 400)
    api.call("GET", SHOP + "/changes?limit=2")
    api.call("GET", "databases/shop/changes?limit=2")
    api.call("GET", "databases")
    api.call("GET", "databases/shop")
    api.call("GET", "databases/shop/collections")
    api.call("GET", SHOP)
    api.call("POST", SHOP + "/delete", {"filter": {"age": {"$lt": 18}}, "return": "before"})


def jobs(api):
    job = api.call("POST", SHOP + "/import?on_conflict=replace", LINES, content_type="application/x-ndjson", Prefer="respond-async")["id"]
    wait(api, "jobs/" + job)
    api.call("GET", "jobs?limit=1")
    api.call("GET", "jobs/" + job)
    api.call("POST", f"jobs/{job}/cancel", status=(200, 409))
    api.call("GET", "jobs/job_none", status=(400, 404))


def keys(api):
    wanted = {"name": "web shop", "scopes": ["database:read", "query:execute"], "expiry": "90d"}
    made = api.call("POST", "api-keys", wanted)
    path = "api-keys/" + made["id"]
    api.call("GET", path)
    api.call("GET", "api-keys?limit=5&sort=created_at")
    api.call("PATCH", path, {"name": "web shop, Paris"})
    secret = api.call("POST", path + "/rotate", {"overlap_seconds": 3600})["secret"]
    owner = dict(api.headers)
    api.signed_by("ApiKey " + secret).call("DELETE", "databases/shop", status=403)
    api.signed_by("ApiKey cv_live_wrong").call("GET", "databases", status=401)
    api.headers = owner
    api.call("POST", path + "/revoke")
    api.call("DELETE", path)
    rule = api.call("POST", "data-rules", {"role": "viewer", "database": "shop", "denied_fields": ["age"]})
    path = "data-rules/" + rule["id"]
    api.call("GET", path)
    api.call("GET", "data-rules")
    api.call("PATCH", path, {"denied_fields": ["age", "points"]})
    api.call("DELETE", path)


class Hook(http.server.BaseHTTPRequestHandler):
    """Takes whatever it is sent."""

    def do_POST(self):  # pylint: disable=invalid-name
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def webhooks(api):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hook) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        hooks(api, f"http://127.0.0.1:{receiver.server_port}/hooks")
        receiver.shutdown()


def hooks(api, url):
    api.call("GET", "webhooks/events")
    wanted = {"url": url, "events": ["document.*"], "database": "shop", "collection": "customers"}
    path = "webhooks/" + api.call("POST", "webhooks", {**wanted, "description": "Customers to the newsletter"})["id"]
    api.call("POST", "webhooks/preview", {**wanted, "type": "document.updated"})
    api.call("GET", path)
    api.call("GET", "webhooks")
    api.call("PATCH", path, {"max_per_second": 20})
    api.call("POST", path + "/rotate", {"overlap_seconds": 3600})
    api.call("POST", path + "/test", {"type": "document.created"})
    api.call("PATCH", SHOP + "/records/ada", {"vip": True})
    for _ in range(400):
        sent = api.client.call("GET", path + "/deliveries?status=delivered", headers=api.headers).body["data"]
        if sent:
            break
        time.sleep(0.05)
    api.call("GET", path + "/deliveries?limit=1")
    api.call("GET", f"{path}/deliveries/{sent[0]['id']}")
    api.call("GET", path + "/statistics")
    api.call("POST", path + "/pause")
    api.call("POST", f"{path}/deliveries/{sent[0]['id']}/redeliver")
    api.call("POST", path + "/replay", {"from": "2026-01-01T00:00:00.000Z", "failed_only": True})
    api.call("POST", path + "/resume")
    api.call("DELETE", path)


def people(api, workspace):
    api.call("GET", "workspaces?sort=created_at")
    api.call("GET", "workspaces/" + workspace)
    api.call("PATCH", "workspaces/" + workspace, {"name": "Acme"})
    invited = api.call("POST", "invitations", {"email": "bob@example.com", "role": "developer"})
    api.call("GET", "invitations")
    api.call("GET", "invitations/" + invited["invitation"]["id"])
    owner = dict(api.headers)
    token = invited["token"]
    api.signed_by(None).call("POST", "invitations/accept", {"token": token, "password": PASSWORD, "name": "Bob"})
    bob = api.client.call("POST", "auth/login", {"email": "bob@example.com", "password": PASSWORD}).body["data"]
    api.headers = owner
    api.call("GET", "members?sort=created_at")
    member = next(one["id"] for one in api.client.call("GET", "members", headers=owner).body["data"] if one["role"] == "developer")
    api.call("GET", "members/" + member)
    api.call("PATCH", "members/" + member, {"role": "viewer"})
    second = api.call("POST", "workspaces", {"name": "Side project"})["id"]
    api.call("POST", f"workspaces/{second}/switch")
    api.call("POST", f"workspaces/{workspace}/switch")
    api.call("DELETE", f"workspaces/{second}?name=Side%20project", X_CredVault_Workspace=second)
    api.signed_by("Bearer " + bob["access_token"]).call("POST", f"workspaces/{workspace}/leave")
    api.headers = owner
    again = api.client.call("POST", "invitations", {"email": "eve@example.com", "role": "viewer"}, owner).body["data"]
    api.call("DELETE", "invitations/" + again["invitation"]["id"])
    third = api.client.call("POST", "invitations", {"email": "joan@example.com", "role": "viewer"}, owner).body["data"]
    body = {"token": third["token"], "password": PASSWORD, "name": "Joan"}
    api.client.call("POST", "invitations/accept", body)
    joan = next(one["id"] for one in api.client.call("GET", "members", headers=owner).body["data"] if one["role"] == "viewer")
    api.call("DELETE", "members/" + joan)


def account(api):
    api.call("GET", "auth/me")
    api.call("PATCH", "auth/me", {"name": "Ada Lovelace"})
    api.call("GET", "auth/sessions?sort=created_at")
    other = api.client.call("POST", "auth/login", {"email": "ada@example.com", "password": PASSWORD}).body["data"]
    sessions = api.client.call("GET", "auth/sessions", headers=api.headers).body["data"]
    api.call("DELETE", "auth/sessions/" + next(one["id"] for one in sessions if not one["current"]))
    api.call("POST", "auth/password", {"current_password": PASSWORD, "new_password": PASSWORD + " staple"})
    again = {"email": "ada@example.com", "password": PASSWORD + " staple"}
    fresh = api.client.call("POST", "auth/login", again).body["data"]
    api.signed_by("Bearer " + fresh["access_token"])
    api.call("POST", "auth/refresh", {"refresh_token": fresh["refresh_token"]})
    fresh = api.client.call("POST", "auth/login", again).body["data"]
    api.signed_by("Bearer " + fresh["access_token"])
    secret = api.call("POST", "auth/totp", {"current_password": again["password"]})["secret"]
    step = int(time.time()) // 30
    codes = api.call("POST", "auth/totp/confirm", {"code": code_at(secret, step)})["recovery_codes"]
    renewed = {"current_password": again["password"], "recovery_code": codes[0]}
    codes = api.call("POST", "auth/totp/recovery-codes", renewed)["recovery_codes"]
    api.call("POST", "auth/totp/disable", {"current_password": again["password"], "recovery_code": codes[0]})
    api.call("POST", "auth/reset", {"email": "ada@example.com"})
    return other


def operations(api, server):
    for path in ("limits", "usage", "audit-logs?limit=1", "audit-logs/export?filter=%7B%22seq%22%3A1%7D", "audit-logs/verification"):
        api.call("GET", path)
    api.call("PATCH", "limits", {"tier": "pro"})
    for path in ("/healthz", "/readyz"):
        api.call("GET", path)
    api.call("DELETE", SHOP + "/indexes/by_city")
    api.call("DELETE", SHOP + "/records/ada")
    api.call("DELETE", SHOP)
    api.call("GET", SHOP, status=404)
    api.call("DELETE", "databases/shop")
    api.call("POST", "auth/logout", {})
    api.signed_by(None)
    assert server.stop()
    code = server.run("reset-code", "--data", server.data, "ada@example.com").stdout.strip()
    server.start()
    api.client = server.client(key=None)
    api.call("POST", "auth/reset/confirm", {"code": code, "password": PASSWORD})


# What differs from one time to the next, and what stands for it: the same form, counted where several are told apart.
VARYING = [
    (re.compile(r"http://127\.0\.0\.1:\d+/hooks"), lambda *_: "https://example.com/hooks"),
    (re.compile(r"\b1\d{9}\b"), lambda *_: "1768469400"),
    (re.compile(r"(?<=v1,)[\w+/]{43}="), lambda *_: "EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLE0="),
    (re.compile(r"\bwhsec_[\w+/=]{16,}"), lambda n, _: f"whsec_EXAMPLE{n:02d}"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), lambda *_: "2026-01-15T09:30:00.000Z"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b(?!T)"), lambda n, _: "2026-01-15"),
    (re.compile(r"\b(cv_live_|cva_|cvr_|cvs_|cvi_|cvp_)\w{16,}"), lambda n, found: found.group(1) + "EXAMPLE" + f"{n:02d}"),
    (re.compile(r"\b([a-z]{2,4})_([0-9A-Za-z]{20,26})\b"), lambda n, found: f"{found.group(1)}_{n:020d}"),
    (re.compile(r"^[a-z0-9]{5}-[a-z0-9]{5}$"), lambda n, _: f"k7wm2-9xq{n:02d}"),
    (re.compile(r"\b[A-Z2-7]{32}\b"), lambda *_: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
    (re.compile(r"(?<=expires_in\":)(3599|2591999)"), lambda _, found: str(int(found.group()) + 1)),
    (re.compile(r"^\d{6}$"), lambda n, _: "123456"),
    (re.compile(r"^(cv_live_)\w{4}$"), lambda n, found: f"{found.group(1)}EX{n:02d}"),
    (re.compile(r"\b(?!0{64})[0-9a-f]{64}\b"), lambda n, _: f"{n:064x}"),
]
# Members whose values are measured, secret or opaque.
MEASURED = {"duration_ms": 1, "took_ms": 1, "time_ms": 1, "elapsed_ms": 1, "p50_ms": 1, "p95_ms": 1, "p50": 0.4706, "p95": 2.7536,
            "p99": 15.0588, "milliseconds": 0.2, "store_bytes": 131072, "requests": 114, "expires_in": 3600,
            "refresh_expires_in": 2592000}

OPAQUE = ("position", "next_cursor", "cursor", "next", "csrf_token", "oldest", "last_event_id")


class Normal:
    """The same text for the same text, in the order in which they first come."""

    def __init__(self):
        self.seen = {}

    def text(self, text):
        for number, (pattern, put) in enumerate(VARYING):
            known = self.seen.setdefault(number, {})
            text = pattern.sub(lambda found: known.setdefault(found.group(), put(len(known) + 1, found)), text)
        return text

    def value(self, value, name=""):
        if isinstance(value, dict):
            return {member: self.value(inner, member) for member, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner, name) for inner in value]
        if name in OPAQUE and isinstance(value, str):
            known = self.seen.setdefault(name, {})
            return known.setdefault(value, f"EXAMPLE{len(known) + 1:02d}")
        if name in MEASURED and isinstance(value, (int, float)) and not isinstance(value, bool):
            return MEASURED[name]
        return self.text(value) if isinstance(value, str) else value


def play(server):
    api = Recorder(server)
    workspace = begin(api, server)
    for chapter in (data, jobs, keys, webhooks):
        chapter(api)
    people(api, workspace)
    account(api)
    operations(api, server)
    normal = Normal()
    recorded = {"requests": api.requests, "answers": api.answers, "errors": api.errors}
    return json.loads(json.dumps(normal.value(recorded))), api
