"""A walk over every operation that the server declares: who may call it, and what the others are told. What is expected
comes from the declaration, so that a new operation is covered at once; one that can't be classified is a failure.

By the OWASP API Security Top 10 of 2023: API1 is `foreign` and `restricted`, API2 `no_valid_credential` and `cookies`,
API5 `roles` and `scopes`, API9 also what all answers here are held to: declared statuses and bodies. API7 and API10 are
for webhooks_suite (calls led to where they should not go) and identity_suite (a mail server that nobody vouches for)."""
import datetime
import json
import re
import time

from runner.cases import WRONG_KEY
from runner.raw import Raw
from runner.walk import PASSWORD, World, bad_fields, words

# What docs/api/auth.md says of the roles.
READS = {"database:read", "metadata:read", "cluster:read", "integration:read", "intelligence:read", "webhook:read",
         "logs:read"}
WRITES = {"database:write", "query:execute", "intelligence:execute"}
ROLES = {"viewer": lambda scope: scope in READS, "developer": lambda scope: scope in READS | WRITES,
         "admin": lambda scope: scope != "billing:manage", "owner": lambda scope: True}
# What a key that sees some of the data may have a use for; all else works on the whole (docs/api/keys.md).
NARROWED = {"database:manage", "metadata:read", "key:manage", "webhook:manage", "webhook:read", "query:execute",
            "database:read", "database:write"}
DOCUMENTS = {"insertRecords", "putRecord", "patchRecord", "importRecords"}  # They take any members, or a stream.
QUERY_NAMES = {"record": "id"}  # Parameters that name what a path calls otherwise.
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def bad_credentials(world):
    """What must not be taken, as fields of Authorization."""
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    expired = world.key(expiry=soon.strftime("%Y-%m-%dT%H:%M:%SZ"))["secret"]
    good, dead = world.key(), {what: world.key() for what in ("revoked", "deleted", "disabled", "rotated away")}
    world.data("POST", f"api-keys/{dead['revoked']['id']}/revoke")
    world.admin.expect(204, "DELETE", "api-keys/" + dead["deleted"]["id"])
    world.data("PATCH", "api-keys/" + dead["disabled"]["id"], {"enabled": False})
    world.data("POST", f"api-keys/{dead['rotated away']['id']}/rotate", {})
    ended, refresh = world.bearer("owner"), world.sign_in("owner").body["data"]["refresh_token"]
    world.anyone.expect(204, "POST", "auth/logout", None, {"Authorization": ended})
    deadline = time.monotonic() + 20
    while world.server.client(key=expired).call("GET", "databases").status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    secret = good["secret"]
    keys = {"wrong": WRONG_KEY, "a typing error": secret[:-1] + ("a" if secret[-1] != "a" else "b"),
            "two": f"{secret} {secret}", "its id": good["id"], "its prefix": good["prefix"], "expired": expired,
            **{what: key["secret"] for what, key in dead.items()}}
    return {"none": None, "no secret": "ApiKey", "no scheme": secret, "another scheme": "Basic b3duZXI6Y29ycmVjdA==",
            "ended session": ended, "refresh token": "Bearer " + refresh,
            **{what: "ApiKey " + key for what, key in keys.items()}}


def test_no_valid_credential(lab):
    world = World(lab)
    credentials = bad_credentials(world)
    for operation in world.walk():
        target = operation.target(world.mine)
        status, code = 401, "UNAUTHENTICATED"
        if operation.kind == "public":
            # A wrong credential is no reason to refuse what needs none.
            bare = world.ask(operation, None, target)
            status, code = bare.status, bare.code
        for what, credential in credentials.items():
            world.expect(what, world.ask(operation, credential, target), status, code)
            if operation.method == "GET":
                world.expect(what + ", HEAD", world.ask(operation, credential, target, method="HEAD"), status, None)


def test_roles(lab):
    world = World(lab)
    # Whom a rule restricts lacks more than his role does.
    world.admin.expect(204, "DELETE", "data-rules/" + world.mine["rule"])
    tokens = {role: world.bearer(role) for role in ROLES}
    for operation in world.walk():
        for role in ROLES if operation.kind != "public" else ():
            by_scope = operation.kind == "scope"
            # What is about the user's own account may end his session.
            token = tokens[role] if by_scope else world.bearer(role)
            answer = world.ask(operation, token, operation.target(world.nothing))
            may = ROLES[role](operation.scope) if by_scope else operation.kind != "owner" or role == "owner"
            world.judge(role, answer, may)


def test_members_without_rights(lab):
    """Who has not enrolled where that is demanded, or belongs nowhere, can do what is about himself and no more."""
    world = World(lab)
    gone = world.bearer("viewer")
    world.admin.expect(204, "DELETE", "members/" + world.mine["member"])
    world.data("PATCH", "workspaces/" + world.mine["workspace"], {"require_totp": True})
    held = world.bearer("owner")
    for operation in world.walk():
        target = operation.target(world.nothing)
        for role, token, code in (("owner", held, "ENROLMENT_REQUIRED"), ("viewer", gone, "FORBIDDEN")):
            own = operation.kind in ("credential", "user")
            if operation.kind != "public":
                world.judge(role, world.ask(operation, world.bearer(role) if own else token, target), own, code)


def test_scopes(lab):
    world = World(lab)
    every = "ApiKey " + world.key()["secret"]
    needed = sorted({operation.scope for operation in world.operations if operation.scope})
    only = {scope: "ApiKey " + world.key([scope])["secret"] for scope in needed}
    without = {scope: "ApiKey " + world.key([s for s in world.scopes if s != scope])["secret"] for scope in needed}
    for operation in world.walk():
        target = operation.target(world.nothing)
        if operation.kind in ("credential", "user", "owner"):
            world.judge("a key with all scopes", world.ask(operation, every, target), operation.kind == "credential")
        if operation.kind == "scope":
            world.judge("a key with that scope only", world.ask(operation, only[operation.scope], target))
            world.judge("a key with all others", world.ask(operation, without[operation.scope], target), False)


def test_foreign(lab):
    """What another workspace has is answered as what does not exist."""
    world = World(lab)
    mine = "ApiKey " + world.key()["secret"]
    reads = [o for o in world.operations if o.method == "GET" and o.names and o.kind != "user"]

    def snapshot():
        return {o.id: words(world.ask(o, mine, o.target(world.mine)), {}) for o in reads}
    before = snapshot()
    assert {status for status, _, _ in before.values()} == {200}, before
    actors = {"key": lambda: world.eve_key, "user": lambda: world.bearer("eve")}
    for operation in world.walk():
        for who, credential in actors.items():
            expected = 403 if who == "key" and operation.kind in ("user", "owner") else 404
            for at, name in enumerate(operation.names):
                # As far as that name the path leads through what is his own.
                own = {outer: world.theirs[outer] for outer in operation.names[:at]}
                told = world.both(f"{who}, {name}", lambda names: world.ask(
                    operation, credential(), operation.target({**names, **own}), operation.body()))
                if told[0] != expected:
                    world.problems.append(f"{who}, unknown {name}: {told}, not {expected}")
            if operation.kind != "public":
                told = world.both(f"{who}, workspace picked", lambda names: world.ask(
                    operation, credential(), operation.target(world.theirs), X_CredVault_Workspace=names["workspace"]))
                if told != (404, "WORKSPACE_NOT_FOUND"):
                    world.problems.append(f"{who}, workspace picked: {told}")
    after = snapshot()
    lab.check("all is as before", [(before[name], after[name]) for name in before if before[name] != after[name]])


def ask_by_parameter(world, operation, credential, parameter, name):
    """Asks for what a parameter may name in the other workspace, or with a cursor of the other workspace's."""
    if parameter == "cursor":
        page = world.ask(operation, world.bearer("owner"), operation.target(world.mine, limit=1)).body["pagination"]
        target = operation.target(world.theirs, limit=100, cursor=page.get("next_cursor", ""))
        shown = world.ask(operation, credential, target).data.decode()
        if any(mark in shown for mark in world.mine.values()):
            world.problems.append(f"{target} goes on in the other workspace: {shown}")
    if name in world.mine:
        world.both(parameter, lambda names: world.ask(
            operation, credential, operation.target(world.theirs, **{parameter: names[name]})))


def test_foreign_in_lists(lab):
    """No list, log or count shows a name of another workspace, and none can be asked for by a parameter."""
    world = World(lab)
    marks = {**world.mine, **{role + "'s email": world.emails[role] for role in ("admin", "developer", "viewer")}}
    for operation in world.walk():
        # The server's own metrics are of all workspaces, and no other one's.
        reads = operation.method == "GET" and operation.kind != "public" and operation.id != "getMetrics"
        for credential in (world.eve_key, world.bearer("eve")) if reads else ():
            target = operation.target(world.theirs)
            answer = world.ask(operation, credential, target)
            if answer.status not in (200, 304) and not (answer.status == 403 and credential == world.eve_key):
                world.problems.append(f"{target}: {answer}")
            for name, mark in marks.items():
                if mark in answer.data.decode():
                    world.problems.append(f"{target} shows the {name} {mark}")
            for parameter in {p["name"]: QUERY_NAMES.get(p["name"], p["name"]) for p in operation.query}.items():
                ask_by_parameter(world, operation, credential, *parameter)


def test_repeated_keys_are_apart(lab):
    """An Idempotency-Key that another workspace, or another key, has used is a new one."""
    world = World(lab)
    users, same = [world.bearer("owner"), world.eve_key, "ApiKey " + world.key()["secret"]], {"Idempotency_Key": "same"}
    for operation in world.walk():
        if operation.kind in ("user", "owner") or operation.names:
            continue
        if "Idempotency-Key" not in {p["name"] for p in operation.declared["parameters"]}:
            continue
        answers = [world.ask(operation, user, operation.path, operation.body(), **same) for user in users]
        told = {json.dumps(answer.body.get("data")) for answer in answers}
        # A name that is taken is another answer, too.
        if [answer.status for answer in answers] not in ([201, 201, 201], [201, 201, 409]) or len(told) != 3:
            world.problems.append(f"{[str(answer) for answer in answers]}")


def test_metrics_are_for_who_runs_the_server(lab):
    """They count what all workspaces do."""
    world = World(lab)
    own = world.admin.send("GET", "/metrics", headers={"Authorization": world.bearer("owner")})
    lab.check("the first workspace", None if own.status == 200 else f"{own}")
    other = world.admin.send("GET", "/metrics", headers={"Authorization": world.eve_key})
    lab.check("another one", None if (other.status, other.code) == (403, "FORBIDDEN") else f"{other}")


def test_restricted(lab):
    """A key sees nothing of what its restrictions leave out, not even whether it exists."""
    world = World(lab)
    by_database, elsewhere, by_collection, by_address = (
        "ApiKey " + world.key(restrictions={kind: [value]})["secret"] for kind, value in (
            ("databases", "elsewhere"), ("collections", "elsewhere/rows"),
            ("collections", world.mine["database"] + "/elsewhere"), ("addresses", "203.0.113.0/24")))
    unknown = {name: {**world.mine, **{inner: world.nothing[inner] for inner in inners}}
               for name, inners in (("database", ("collection", "id", "index")), ("collection", ("id", "index")))}
    for operation in world.walk():
        for key, name in ((by_database, "database"), (elsewhere, "database"), (by_collection, "collection")):
            answers = []
            for names in (world.mine, unknown[name], {**unknown[name], name: world.nothing[name]}):
                if name in operation.names:
                    answer = world.ask(operation, key, operation.target(names), operation.body())
                    world.judge(f"a key for another {name}", answer, False)
                    answers.append(words(answer, names))
            world.same(f"a key for another {name}", answers)
        target = operation.target(world.nothing)
        if operation.kind in ("scope", "credential"):
            world.judge("a key for another address", world.ask(operation, by_address, target), False)
        if operation.kind == "scope" and "database" not in operation.names:
            narrowed = operation.scope in NARROWED
            world.judge("a key for another database", world.ask(operation, by_database, target), narrowed)
        if operation.method == "GET" and operation.kind == "scope" and operation.names in ([], ["database"]):
            shown = world.ask(operation, by_collection, operation.target(world.mine)).data.decode()
            if any(world.mine[name] in shown for name in ("collection", "id", "index", "job", "key")):
                world.problems.append(f"a key for another collection sees {shown}")
        if operation.id == "getLimits":
            quotas = world.ask(operation, by_database, operation.target(world.mine)).body["data"]["quotas"]
            if quotas["records"]["used"] or quotas["storage_bytes"]["used"]:
                world.problems.append(f"a key that sees no record is told of {quotas}")
    assert world.data("GET", "databases", None, {"Authorization": by_database}) == []


def cookies_of(answer):
    session = re.search(r"credvault_session=(cva_\w+)", answer.header("Set-Cookie"))[1]
    return f"credvault_session={session}", answer.body["data"]["csrf_token"]


def test_cookies(lab):
    world = World(lab)
    cookie, good = cookies_of(world.sign_in("owner", cookie=True))
    _, other = cookies_of(world.sign_in("owner", cookie=True))
    for operation in world.walk():
        target = operation.target(world.nothing)
        bare = world.ask(operation, None, target)
        for what, token in (("no token", {}), ("another's", {"X_CSRF_Token": other}), ("empty", {"X_CSRF_Token": ""})):
            answer = world.ask(operation, None, target, Cookie=cookie, **token)
            if operation.kind == "public":
                world.expect(what, answer, bare.status, bare.code)
            else:
                world.judge(what, answer, operation.method not in UNSAFE, "CSRF_TOKEN_REQUIRED")
        if operation.kind != "public":
            own = (cookie, good) if operation.kind == "scope" else cookies_of(world.sign_in("owner", cookie=True))
            world.judge("its own", world.ask(operation, None, target, Cookie=own[0], X_CSRF_Token=own[1]))


def test_mass_assignment(lab):
    """API3: members that only the server sets are refused; in records, where any member goes, they are not taken."""
    world = World(lab)
    own = world.bearer("owner")
    platform = {"id", "_id", "workspace", "owner", "role", "scopes", "status", "secret", "created_at", "created_by",
                "email_verified", "is_admin", "tier", "__proto__"}
    for operation in world.walk():
        documents = operation.id in DOCUMENTS or not operation.takes_body
        if not documents and operation.schema.get("additionalProperties") is not False:
            world.problems.append("it takes a body of any members, and is not one of DOCUMENTS")
        for name in () if documents else sorted(platform - set(operation.schema.get("properties", {}))):
            answer = world.ask(operation, own, operation.target(world.nothing), {**operation.body(), name: "owner"})
            world.expect(name, answer, 400, "UNKNOWN_PARAMETER")
    records = f"databases/{world.mine['database']}/collections/{world.mine['collection']}/records"
    writer = {"Authorization": "ApiKey " + world.key(["database:read", "database:write"])["secret"]}
    old = {"created_at": "1999-01-01T00:00:00.000Z", "updated_at": "1999-01-01T00:00:00.000Z"}
    for body in ({"_version": 7}, *({name: value} for name, value in old.items())):
        assert world.admin.expect(400, "POST", records, body, writer).code == "IMMUTABLE_FIELD"
    world.data("POST", records, {"id": "x"}, writer)
    made = world.data("PUT", records + "/x", {"id": "x", "n": 1, "_version": 700, **old}, writer)
    assert made["created_at"] > "2" and made["updated_at"] > "2" and made["_version"] == 2, made
    assert world.admin.call("PUT", records + "/x", {"id": "y"}, writer).status == 400
    # And nobody takes more than he has, or from those who have more.
    admin = {"Authorization": world.bearer("admin")}
    limited = {"Authorization": "ApiKey " + world.key(["key:manage", "team:manage"])["secret"]}
    for method, path, body, who in (("PATCH", "members/" + world.member("admin"), {"role": "owner"}, admin),
                                    ("PATCH", "members/" + world.member("owner"), {"role": "viewer"}, admin),
                                    ("DELETE", "members/" + world.member("owner"), None, admin),
                                    ("POST", "invitations", {"email": "o@example.com", "role": "owner"}, admin),
                                    ("POST", "api-keys", {"name": "k", "scopes": ["billing:manage"]}, admin),
                                    ("POST", "api-keys", {"name": "k", "scopes": ["database:read"]}, limited),
                                    ("POST", f"api-keys/{world.mine['key']}/rotate", {}, limited),
                                    ("PATCH", f"api-keys/{world.mine['key']}", {"scopes": ["database:read"]}, limited),
                                    ("PATCH", "limits", {"tier": "enterprise"}, admin)):
        answer = world.admin.call(method, path, body, who)
        lab.check(f"{method} {path.split('/')[0]} {body}", str(answer) if answer.code != "FORBIDDEN" else None)


def test_excessive_data(lab):
    """API3: rows have the declared members and no others, also where others are asked for by name."""
    world = World(lab)
    own = world.bearer("owner")
    stored = "workspace,_version,created_at,updated_at,removed_at,hash,digest,secret,password,token,previous,parameters"
    for operation in world.walk():
        if "cursor" not in {p["name"] for p in operation.query} or operation.id == "listRecords":
            continue
        answers = operation.declared["responses"]["200"]["content"]["application/json"]["schema"]
        known = set(world.deref(world.deref(answers)["properties"]["data"]["items"])["properties"])
        for query in ({}, {"fields": stored}):
            rows = world.ask(operation, own, operation.target(world.mine, **query)).body["data"]
            odd = {name for row in rows for name in row} - known
            if odd:
                world.problems.append(f"{query}: not declared: {', '.join(sorted(odd))}")


def test_resource_consumption(lab):
    """API4: pages, bodies and strangers have bounds; rate_suite and limits_suite have the others."""
    world = World(lab)
    own = world.bearer("owner")
    for operation in world.walk():
        for schema in (world.deref(p["schema"]) for p in operation.query if p["name"] == "limit"):
            answer = world.ask(operation, own, operation.target(world.mine, limit=schema["maximum"] + 1))
            world.expect(f"limit {schema['maximum'] + 1}", answer, 400, "INVALID_PARAMETER")
    config = "[limits]\nbody_bytes = 4096\n[access]\naddress_requests = 60\naddress_burst = 3\n"
    small = lab.server(config, name="small").start()
    assert small.client().call("POST", "databases", {"name": "x" * 5000}).code == "PAYLOAD_TOO_LARGE"
    knocks = [small.client(key=None).call("GET", "databases") for _ in range(6)]
    assert {answer.code for answer in knocks[-2:]} == {"RATE_LIMITED"} and knocks[-1].header("Retry-After"), knocks[-1]
    small.client().expect(200, "GET", "databases")


def test_business_flows(lab):
    """API6: what is good once is good once; identity_suite has whoever tries many times wait."""
    world = World(lab)
    body = {"token": world.invited("viewer", "once")["token"], "password": PASSWORD, "name": "Again"}
    assert world.anyone.expect(400, "POST", "invitations/accept", body).code == "INVALID_CODE"
    body = {"code": "cvs_" + "x" * 44, "email": "o@example.com", "password": PASSWORD, "name": "O"}
    assert world.anyone.expect(409, "POST", "auth/setup", body).code == "ALREADY_EXISTS"
    for email in (world.emails["viewer"], "nobody@example.com"):
        world.anyone.expect(204, "POST", "auth/reset", {"email": email})


def test_no_operation_fetches(lab):
    """API7: no call but those of webhooks, which webhooks_suite leads where they should not go, takes or shows an address
    that the server would go to. Who adds one has to guard it, and say so."""
    world, names = World(lab), set()
    json.loads(json.dumps(world.openapi.document), object_hook=lambda node: names.update(
        node.get("properties", {}), [node["name"]] if isinstance(node.get("name"), str) else []) or node)
    suspicious = re.compile(r"ur[il]s?$|callback|webhook_|endpoint|^host|redirect|proxy|fetch")
    # otpauth_url is what an authenticator app is shown.
    found = [name for name in names - {"otpauth_url", "url"} if suspicious.search(name.lower())]
    assert len(names) > 100 and not found, found
    text = json.dumps({p: i for p, i in world.openapi.document["paths"].items() if not p.startswith("/v1/webhooks")})
    assert '"url": {' not in text, "an address outside of webhooks"
    body = {"name": "remote", "validation": {"schema": {"$ref": f"http://127.0.0.1:{world.server.port}/healthz"}}}
    answer = world.admin.call("POST", f"databases/{world.mine['database']}/collections", body)
    assert answer.status in (400, 422), answer


def test_misconfiguration(lab):
    """API8: nothing is answered to odd methods and paths, and nothing tells how the server is made."""
    world = World(lab)
    key = {"Authorization": "ApiKey " + world.server.key}
    by_path = {o.path: {other.method for other in world.operations if other.path == o.path} for o in world.operations}
    for operation in world.walk():
        target, taken = operation.target(world.mine).split("?")[0], by_path[operation.path]
        allowed = taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set())
        for method in {"TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", *UNSAFE, "GET"} - taken:
            answer = world.anyone.send(method, target, None, key)
            found = answer.fault() or bad_fields(answer)
            if answer.status != 405 or found or set(answer.header("Allow").split(", ")) != allowed:
                world.problems.append(f"{method} {target}: {found or answer}")
    database = "/v1/databases/" + world.mine["database"]
    for path in ("/v1", "/v1/", "/v0/databases", "/v2/databases", "/databases", "//v1/databases", "/V1/databases",
                 "/v1/databases/", "/v1/%64atabases", "/v1/./databases", "/v1/openapi.json/../databases", "/admin",
                 "/debug/pprof", "/actuator/env", "/internal", "/.env", "/.git/config", "/graphql", "/swagger.json",
                 "/v1/databases;x=y", "/metrics/", "/server-status", "/v1/auth/../databases"):
        answer = world.anyone.send("GET", path, None, key)
        found = bad_fields(answer) or answer.fault()
        lab.check(f"GET {path}", None if answer.status in (400, 404) and not found else f"{found} {answer}")
    for field in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        world.anyone.send("GET", database, None, {**key, field: "DELETE"})
    assert world.admin.expect(200, "GET", database).body["data"]["name"] == world.mine["database"]
    for field in ("X-Original-URL", "X-Rewrite-URL"):
        assert world.anyone.call("GET", "databases", None, {field: "/healthz"}).status == 401
    answer = world.admin.call("GET", "databases", None, {"Origin": "https://evil.example"})
    assert not answer.header("Access-Control-Allow-Origin") and not answer.header("Access-Control-Allow-Credentials")
    telling = re.compile(r"credvault/|boost|beast|0x[0-9a-f]{6,}|stack|backtrace|\.cpp|/src/|terminate", re.I)
    for odd in (b"\0\1\2\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                b"GET / HTTP/1.1\r\n\r\n", b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"):
        with Raw(world.server) as raw:
            answer = raw.send(odd).answer()
        found = answer.fault() or bad_fields(answer) or telling.search(str(answer))
        lab.check(f"{odd[:30]}", f"{found} {answer}" if found or answer.status < 400 else None)


def test_inventory(lab):
    """API9: one version, all operations under it but those of the operator, and each with what it may say."""
    world = World(lab)
    assert len({operation.id for operation in world.operations}) == len(world.operations) > 80
    unversioned = {operation.path for operation in world.operations if not operation.path.startswith("/v1/")}
    assert unversioned == {"/healthz", "/readyz", "/metrics"}, unversioned
    for operation in world.walk():
        exempt = operation.path in unversioned or operation.id in ("getOpenApi", "getOpenApiYaml")
        needs = {"public": [], "credential": ["401", "404"]}.get(operation.kind, ["401", "403", "404"])
        needs += ["400", "500", "503"] + ["413"] * operation.takes_body + ["429"] * (not exempt)
        missing = [status for status in needs if status not in operation.declared["responses"]]
        if missing or operation.declared.get("deprecated"):
            world.problems.append(f"deprecated, or {missing} is not declared")
