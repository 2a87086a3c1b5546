"""A walk over every operation that the server declares: who may call it, and what the others are told. What is expected
comes from the declaration, so that a new operation is covered at once; one that can't be classified is a failure.

By the OWASP API Security Top 10 of 2023: API1 and API3 are `foreign` and `restricted`, API2 `no_valid_credential` and
`cookies`, API5 `roles` and `scopes`, API9 also what every answer here is held to: the declared statuses and bodies. API10
has no test: the server calls nothing but a mail server, and identity_suite has it refuse one that nobody vouches for."""
import datetime
import json
import re
import time

from runner.cases import WRONG_KEY
from runner.openapi import OpenApi
from runner.raw import Raw
from runner.server import IDENTITY, OWNER

# (test, operation) -> what is wrong with the server there: words of the problem, and why. An entry that no problem meets
# any more is a failure, too.
STORED = ("not declared: ", "`fields` reaches members that are stored and never shown: workspace, _version and times")
ADDRESS = ("does not declare the status 403", "of a key that may not be used from the address")
KNOWN = {("excessive_data", "listJobs"): STORED, ("excessive_data", "listAuditLogs"): STORED,
         ("excessive_data", "listMembers"): STORED, ("excessive_data", "listInvitations"): STORED,
         ("restricted", "listWorkspaces"): ADDRESS, ("restricted", "getWorkspace"): ADDRESS,
         ("restricted", "getLimits"): ("is told of", "the quotas count records that a restricted key can't see")}

# What docs/api/auth.md says of the roles.
READS = {"database:read", "metadata:read", "cluster:read", "integration:read", "intelligence:read", "webhook:read",
         "logs:read"}
WRITES = {"database:write", "query:execute", "intelligence:execute"}
ROLES = {"viewer": lambda scope: scope in READS, "developer": lambda scope: scope in READS | WRITES,
         "admin": lambda scope: scope != "billing:manage", "owner": lambda scope: True}
# What a key that sees only some of the data may have a use for; all else works on the whole (docs/api/keys.md).
NARROWED = {"database:read", "database:write", "database:manage", "query:execute", "metadata:read", "key:manage"}
# Operations that take a document of any members, or a stream.
DOCUMENTS = {"insertRecords", "putRecord", "patchRecord", "importRecords"}
# Bodies that pass where the examples of the declaration are not enough.
BODIES = {"createDataRule": {"role": "viewer", "denied_fields": ["ssn"]}}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
PASSWORD = OWNER["CREDVAULT_ADMIN_PASSWORD"]
CONFIG = IDENTITY + "account_attempts = 1000000\n[access]\naddress_requests = 0\n"


class Operation:
    """A declared operation, and what a caller needs for it: `kind` is public, credential, scope, user or owner."""

    def __init__(self, method, path, declared, deref):
        self.method, self.path, self.declared, self.deref = method.upper(), path, declared, deref
        self.id, self.names = declared["operationId"], re.findall(r"\{(\w+)\}", path)
        self.kind, self.scope = self.classified(declared["security"])
        self.query = [p for p in declared.get("parameters", []) if p["in"] == "query"]
        content = declared.get("requestBody", {}).get("content", {})
        self.takes_body, self.schema = bool(content), deref(content.get("application/json", {}).get("schema", {}))

    def classified(self, security):
        if not security:
            return "public", None
        schemes = {name: tuple(scopes) for way in security for name, scopes in way.items()}
        scopes = set(schemes.values())
        assert len(scopes) == 1 and len(next(iter(scopes))) <= 1, f"{self.id}: can't tell who may call it: {security}"
        scope = next(iter(next(iter(scopes))), None)
        if set(schemes) == {"ApiKey", "Bearer", "Cookie"}:
            return ("scope", scope) if scope else ("credential", None)
        assert set(schemes) == {"Bearer", "Cookie"} and not scope, f"{self.id}: can't tell who may call it: {security}"
        # Of those for users only what needs a role in the workspace needs an enrolment that it demands.
        owners = "ENROLMENT_REQUIRED" in self.declared["responses"]["403"]["description"]
        return ("owner" if owners else "user"), None

    def target(self, names, **query):
        path = re.sub(r"\{(\w+)\}", lambda name: names[name[1]], self.path)
        for parameter in self.query:
            if parameter.get("required"):
                query.setdefault(parameter["name"], self.deref(parameter["schema"])["examples"][0])
        return path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")

    def body(self):
        """One that passes, made of the declaration's examples."""
        if not self.takes_body:
            return None
        if self.id in BODIES:
            return BODIES[self.id]
        if "examples" in self.schema:
            return self.schema["examples"][0]
        return {name: self.deref(self.schema["properties"][name])["examples"][0] for name in self.schema.get("required", [])}


class World:
    """A server with two workspaces. `mine` names one resource of each kind in the first, `theirs` in the second, where
    the actors of `eve` belong; `nothing` are names of the same form that don't exist."""

    def __init__(self, lab, test):
        self.lab, self.test, self.problems = lab, test, []
        self.server = lab.server(CONFIG, env=OWNER).start()
        self.admin, self.anyone = self.server.client(), self.server.client(key=None)
        self.openapi = OpenApi(self.anyone.expect(200, "GET", "openapi.json").body)
        self.operations = [Operation(method, path, declared, self.deref)
                           for path, item in self.openapi.document["paths"].items() for method, declared in item.items()]
        self.scopes = self.data("GET", "api-keys/key_environment")["scopes"]
        self.emails = {"owner": OWNER["CREDVAULT_ADMIN_EMAIL"]}
        self.make_resources()

    def deref(self, schema):
        while "$ref" in schema:
            schema = {**self.openapi.deref(schema), **{k: v for k, v in schema.items() if k != "$ref"}}
        return schema

    def data(self, method, path, body=None, headers=None):
        return self.admin.expect((200, 201, 202), method, path, body, headers).body["data"]

    def sign_in(self, role, **more):
        return self.anyone.expect(200, "POST", "auth/login", {"email": self.emails[role], "password": PASSWORD, **more})

    def bearer(self, role):
        return "Bearer " + self.sign_in(role).body["data"]["access_token"]

    def invited(self, role, name=None, headers=None):
        """Makes a user of the role; the invitation."""
        self.emails[name or role] = email = f"{name or role}@example.com"
        made = self.data("POST", "invitations", {"email": email, "role": role}, headers)
        body = {"token": made["token"], "password": PASSWORD, "name": "Member"}
        self.anyone.expect(200, "POST", "invitations/accept", body)
        return made

    def key(self, scopes=None, headers=None, **more):
        body = {"name": "walk", "scopes": scopes or self.scopes, **more}
        return self.data("POST", "api-keys", body, headers)

    def in_workspace(self, names, headers):
        """One resource of each kind that a path can name."""
        database, collection = "databases/" + names["database"], f"databases/{names['database']}/collections"
        self.data("POST", "databases", {"name": names["database"]}, headers)
        self.data("POST", collection, {"name": names["collection"]}, headers)
        collection = f"{collection}/{names['collection']}"
        self.data("POST", collection + "/records", {"id": names["id"], "name": "Ada"}, headers)
        self.data("POST", collection + "/indexes", {"name": names["index"], "fields": ["name"]}, headers)
        change = {"filter": {}, "update": {"$set": {"seen": True}}, "multi": True}
        job = self.data("POST", collection + "/update", change, {**headers, "Prefer": "respond-async"})
        names["job"], names["key"] = job["id"], self.key(headers=headers)["id"]
        rule = {"role": "viewer", "database": "elsewhere", "denied_fields": ["ssn"]}
        names["rule"] = self.data("POST", "data-rules", rule, headers)["id"]
        waits = {"email": f"waits-{names['id']}@example.com", "role": "viewer"}
        names["invitation"] = self.data("POST", "invitations", waits, headers)["invitation"]["id"]
        deadline = time.monotonic() + 20
        while self.data("GET", "jobs/" + job["id"], None, headers)["state"] != "succeeded":
            assert time.monotonic() < deadline, f"{database}: the job does not end"
            time.sleep(0.02)

    def make_resources(self):
        for role in ("admin", "developer", "viewer"):
            self.invited(role)
        owner = {"Authorization": self.bearer("owner")}
        self.mine = {"database": "walkshop", "collection": "walkpeople", "id": "walkada", "index": "walkindex"}
        self.in_workspace(self.mine, owner)
        me = self.data("GET", "auth/me", None, {"Authorization": self.bearer("owner")})
        self.mine.update(session=me["session"], workspace=me["workspace"]["id"])
        members = self.data("GET", "members?email=" + self.emails["viewer"], None, owner)
        self.mine["member"] = members[0]["id"]
        self.data("PATCH", "workspaces/" + self.mine["workspace"], {"name": "Acme"}, owner)
        self.theirs = {"database": "evebase", "collection": "everows", "id": "everecord", "index": "eveindex"}
        self.theirs["workspace"] = self.data("POST", "workspaces", {"name": "Evil"}, owner)["id"]
        there = {"X-CredVault-Workspace": self.theirs["workspace"]}
        self.invited("owner", "eve", {**owner, **there})
        self.admin.expect(204, "POST", f"workspaces/{self.theirs['workspace']}/leave", None, owner)
        eve = {"Authorization": self.bearer("eve")}
        self.in_workspace(self.theirs, eve)
        me = self.data("GET", "auth/me", None, {"Authorization": self.bearer("eve")})
        self.theirs.update(session=me["session"], member=self.data("GET", "members", None, eve)[0]["id"])
        self.eve_key = "ApiKey " + self.key(headers=eve)["secret"]
        self.nothing = {name: value[:-1] + ("b" if value[-1] != "b" else "c") for name, value in self.mine.items()}
        for operation in self.operations:
            odd = set(operation.names) - set(self.mine)
            assert not odd, f"{operation.id}: the walk has no resource for {{{odd.pop()}}} in its path"

    def ask(self, operation, credential, target, body=None, method=None, **headers):
        """Sends it, and holds the answer to what is declared of it and to what all answers have."""
        fields = {"Authorization": credential} if credential else {}
        data = None
        if operation.takes_body:
            fields["Content-Type"] = "application/json"
            data = json.dumps({} if body is None else body).encode()
        method = method or operation.method
        answer = self.anyone.send(method, target, data, {**fields, **{k.replace("_", "-"): v for k, v in headers.items()}})
        found = answer.fault() or self.openapi.problem(method, target, answer, False) or bad_fields(answer)
        if found or answer.status >= 500:
            self.fail(f"{method} {target}: {found or answer}")
        return answer

    def fail(self, problem):
        self.problems.append(problem)

    def expect(self, what, answer, status, code):
        if (answer.status, answer.code) != (status, code):
            self.fail(f"{what}: {answer.status} {answer.code}, not {status} {code}")
        elif status == 401 and not answer.header("WWW-Authenticate"):
            self.fail(f"{what}: no WWW-Authenticate")

    def admitted(self, what, answer):
        if answer.status in (401, 403):
            self.fail(f"{what}: {answer.status} {answer.code}")

    def done(self, operation):
        """Ends the checks of one operation."""
        known, why = KNOWN.get((self.test, operation.id), (None, None))
        new = [problem for problem in self.problems if not known or known not in problem]
        if known:
            self.lab.note(f"{operation.id}: known: {why}")
            new += [] if len(new) < len(self.problems) else [f"it is right: take it out of KNOWN: {why}"]
        self.lab.check(operation.id, "\n".join(new[:10]))
        self.problems = []


def bad_fields(answer):
    """What is wrong with the header of any answer of the pipeline."""
    if answer.header("X-Content-Type-Options") != "nosniff":
        return "no nosniff"
    if answer.header("Cache-Control") not in ("no-store", "private, no-cache" if answer.header("ETag") else None):
        return f"Cache-Control: {answer.header('Cache-Control')}"
    shown = [name for name in ("Server", "X-Powered-By", "Via") if answer.header(name)]
    return f"it shows {shown[0]}" if shown else None


def words(answer, names):
    """Status, code and message, without the names that were asked for."""
    message = answer.body["message"] if answer.status >= 400 else ""
    for name, value in sorted(names.items(), key=lambda entry: -len(entry[1])):
        message = message.replace(value, "{" + name + "}")
    return answer.status, answer.code, message


def bad_credentials(world):
    """What must not be taken, as fields of Authorization."""
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=0.7)
    expired = world.key(expiry=soon.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z")["secret"]
    revoked, deleted, disabled, rotated, good = (world.key() for _ in range(5))
    world.data("POST", f"api-keys/{revoked['id']}/revoke")
    world.admin.expect(204, "DELETE", "api-keys/" + deleted["id"])
    world.data("PATCH", "api-keys/" + disabled["id"], {"enabled": False})
    world.data("POST", f"api-keys/{rotated['id']}/rotate", {})
    ended, going = world.sign_in("owner").body["data"], world.sign_in("owner").body["data"]
    world.anyone.expect(204, "POST", "auth/logout", None, {"Authorization": "Bearer " + ended["access_token"]})
    time.sleep(0.8)
    typo = good["secret"][:-1] + ("a" if good["secret"][-1] != "a" else "b")
    return {"none": None, "wrong": "ApiKey " + WRONG_KEY, "a typing error": "ApiKey " + typo,
            "no secret": "ApiKey", "two secrets": f"ApiKey {good['secret']} {good['secret']}",
            "another scheme": "Basic b3duZXJAZXhhbXBsZS5jb206Y29ycmVjdA==", "no scheme": good["secret"],
            "its id": "ApiKey " + good["id"], "its prefix": "ApiKey " + good["prefix"],
            "expired": "ApiKey " + expired, "revoked": "ApiKey " + revoked["secret"],
            "deleted": "ApiKey " + deleted["secret"], "disabled": "ApiKey " + disabled["secret"],
            "rotated away": "ApiKey " + rotated["secret"], "ended session": "Bearer " + ended["access_token"],
            "refresh token": "Bearer " + going["refresh_token"]}


def test_no_valid_credential(lab):
    world = World(lab, "no_valid_credential")
    credentials = bad_credentials(world)
    for operation in world.operations:
        target = operation.target(world.mine)
        methods = ("GET", "HEAD") if operation.method == "GET" else (operation.method,)
        bare = world.ask(operation, None, target)
        for what, credential in credentials.items():
            for method in methods:
                answer = world.ask(operation, credential, target, method=method)
                if operation.kind == "public":
                    # A wrong credential is no reason to refuse what needs none.
                    world.expect(what, answer, bare.status, bare.code if method != "HEAD" else None)
                else:
                    world.expect(f"{what}, {method}", answer, 401, "UNAUTHENTICATED" if method != "HEAD" else None)
        world.done(operation)


def may(operation, role):
    if operation.kind == "scope":
        return ROLES[role](operation.scope)
    return operation.kind != "owner" or role == "owner"


def test_roles(lab):
    world = World(lab, "roles")
    # Whom a rule restricts lacks more than his role does.
    world.admin.expect(204, "DELETE", "data-rules/" + world.mine["rule"])
    tokens = {role: world.bearer(role) for role in ROLES}
    for operation in world.operations:
        target = operation.target(world.nothing)
        for role in ROLES if operation.kind != "public" else ():
            # What is about the user's own account may end his session.
            token = tokens[role] if operation.kind == "scope" else world.bearer(role)
            answer = world.ask(operation, token, target)
            if may(operation, role):
                world.admitted(role, answer)
            else:
                world.expect(role, answer, 403, "FORBIDDEN")
        world.done(operation)


def test_members_without_rights(lab):
    """Who has not enrolled where that is demanded, and who belongs nowhere any more, can do what is about himself only."""
    world = World(lab, "members_without_rights")
    gone = world.bearer("viewer")
    world.admin.expect(204, "DELETE", "members/" + world.mine["member"])
    world.data("PATCH", "workspaces/" + world.mine["workspace"], {"require_totp": True})
    held = world.bearer("owner")
    for operation in world.operations:
        target = operation.target(world.nothing)
        for role, token, code in (("owner", held, "ENROLMENT_REQUIRED"), ("viewer", gone, "FORBIDDEN")):
            if operation.kind in ("scope", "owner"):
                world.expect(role, world.ask(operation, token, target), 403, code)
            elif operation.kind != "public":
                world.admitted(role, world.ask(operation, world.bearer(role), target))
        world.done(operation)


def test_scopes(lab):
    world = World(lab, "scopes")
    every = "ApiKey " + world.key()["secret"]
    needed = sorted({operation.scope for operation in world.operations if operation.scope})
    only = {scope: "ApiKey " + world.key([scope])["secret"] for scope in needed}
    without = {scope: "ApiKey " + world.key([s for s in world.scopes if s != scope])["secret"] for scope in needed}
    for operation in world.operations:
        target = operation.target(world.nothing)
        if operation.kind in ("user", "owner"):
            world.expect("a key with all scopes", world.ask(operation, every, target), 403, "FORBIDDEN")
        if operation.kind == "credential":
            world.admitted("a key", world.ask(operation, only["database:read"], target))
        if operation.kind == "scope":
            scope = operation.scope
            world.admitted(f"a key with {scope} only", world.ask(operation, only[scope], target))
            answer = world.ask(operation, without[scope], target)
            world.expect(f"a key without {scope}", answer, 403, "FORBIDDEN")
        world.done(operation)


def snapshot(world, reads, key):
    """What the first workspace's own key sees of its resources."""
    seen = {}
    for operation in reads:
        answer = world.ask(operation, key, operation.target(world.mine))
        seen[operation.id] = answer.data if answer.status != 200 or not answer.is_json else answer.body["data"]
        if answer.status != 200:
            world.fail(f"{operation.id} of what is there: {answer}")
    return seen


def test_foreign(lab):
    """What another workspace has is answered as what does not exist."""
    world = World(lab, "foreign")
    own = "ApiKey " + world.key()["secret"]
    reads = [o for o in world.operations if o.method == "GET" and o.names and o.kind != "user"]
    before = snapshot(world, reads, own)
    actors = {"key": lambda: world.eve_key, "user": lambda: world.bearer("eve")}
    for operation in world.operations:
        for who, credential in actors.items():
            expected = 403 if who == "key" and operation.kind in ("user", "owner") else 404
            for at, name in enumerate(operation.names):
                answers = []
                for names in (world.nothing, world.mine):
                    # As far as that name the path leads through what is his own.
                    names = {**names, **{own_name: world.theirs[own_name] for own_name in operation.names[:at]}}
                    answer = world.ask(operation, credential(), operation.target(names), operation.body())
                    answers.append(words(answer, names))
                if answers[0] != answers[1]:
                    world.fail(f"{who}, {name}: {answers[1]}, unknown {answers[0]}")
                if answers[0][0] != expected:
                    world.fail(f"{who}, unknown {name}: {answers[0]}, not {expected}")
            if operation.kind != "public":
                target, answers = operation.target(world.theirs), []
                for names in (world.nothing, world.mine):
                    answer = world.ask(operation, credential(), target, X_CredVault_Workspace=names["workspace"])
                    world.expect(f"{who}, another workspace picked", answer, 404, "WORKSPACE_NOT_FOUND")
                    answers.append(words(answer, names))
                if answers[0] != answers[1]:
                    world.fail(f"{who}, workspace picked: {answers[1]}, unknown {answers[0]}")
        world.done(operation)
    after = snapshot(world, reads, own)
    for operation in reads:
        if before[operation.id] != after[operation.id]:
            world.fail(f"{operation.id} has changed: {before[operation.id]} {after[operation.id]}")
    lab.check("all is as before", "\n".join(world.problems))


def test_foreign_in_lists(lab):
    """No list, log or count shows a name of another workspace, and none can be asked for by a parameter."""
    world = World(lab, "foreign_in_lists")
    own = world.bearer("owner")
    marks = {**world.mine, **{role + "'s email": world.emails[role] for role in ("admin", "developer", "viewer")}}
    for operation in world.operations:
        # The server's own metrics name no resources, but they are of all workspaces.
        if operation.method != "GET" or operation.kind == "public":
            continue
        for credential in (world.eve_key, world.bearer("eve")):
            target = operation.target(world.theirs)
            answer = world.ask(operation, credential, target)
            if answer.status not in (200, 304) and not (answer.status == 403 and credential == world.eve_key):
                world.fail(f"{target}: {answer}")
            for name, mark in marks.items():
                if mark in answer.data.decode():
                    world.fail(f"{target} shows the {name} {mark}")
            for parameter in operation.query:
                name = {"record": "id"}.get(parameter["name"], parameter["name"])
                if name not in world.mine:
                    continue
                answers = []
                for names in (world.nothing, world.mine):
                    answer = world.ask(operation, credential, operation.target(world.theirs, **{parameter["name"]: names[name]}))
                    shown = answer.body["data"] if answer.status == 200 else None
                    answers.append((words(answer, names), re.sub(r'"position": "[^"]*"', "", json.dumps(shown))))
                if answers[0] != answers[1]:
                    world.fail(f"{target}, {name}: {answers[1]}, unknown {answers[0]}")
            if "cursor" in {parameter["name"] for parameter in operation.query}:
                page = world.ask(operation, own, operation.target(world.mine, limit=1)).body
                cursor = page.get("pagination", {}).get("next_cursor")
                rest = world.ask(operation, credential, operation.target(world.theirs, limit=100, cursor=cursor)) if cursor else page
                if cursor and any(mark in rest.data.decode() for mark in marks.values()):
                    world.fail(f"{target} goes on with the other workspace's cursor: {rest}")
        world.done(operation)


def test_repeated_keys_are_apart(lab):
    """An Idempotency-Key that another workspace, or another key, has used is a new one."""
    world = World(lab, "repeated_keys_are_apart")
    users = [world.bearer("owner"), world.eve_key, "ApiKey " + world.key()["secret"]]
    for operation in world.operations:
        if "Idempotency-Key" not in {p["name"] for p in operation.declared["parameters"]} or operation.names:
            continue
        answers = [world.ask(operation, user, operation.target({}), operation.body(), Idempotency_Key="same") for user in users]
        if answers[0].status != 201 or answers[1].status != 201 or answers[2].status not in (201, 409):
            world.fail(f"{[str(answer) for answer in answers]}")
        told = [answer.body["data"].get("id", answer.header("X-Request-Id")) for answer in answers if answer.status == 201]
        if len(set(told)) != len(told):
            world.fail(f"the same answer: {told}")
        world.done(operation)


def test_restricted(lab):
    """A key sees nothing of what its restrictions leave out, not even whether it exists."""
    world = World(lab, "restricted")
    database = world.mine["database"]
    by_database = "ApiKey " + world.key(restrictions={"databases": ["elsewhere"]})["secret"]
    by_collection = "ApiKey " + world.key(restrictions={"collections": [database + "/elsewhere"]})["secret"]
    by_address = "ApiKey " + world.key(restrictions={"addresses": ["203.0.113.0/24"]})["secret"]
    there = {name: {**world.mine, **{n: world.nothing[n] for n in rest}}
             for name, rest in (("database", ("collection", "id", "index")), ("collection", ("id", "index")))}
    for operation in world.operations:
        tries = []
        if "database" in operation.names:
            tries += [("another database", by_database, "database"), ("a collection of another", by_database, "database")]
        if "collection" in operation.names:
            tries.append(("another collection", by_collection, "collection"))
        for what, key, name in tries:
            answers = []
            for names in (world.mine, there[name], {**there[name], name: world.nothing[name]}):
                answer = world.ask(operation, key, operation.target(names), operation.body())
                world.expect(f"a key for {what}", answer, 403, "FORBIDDEN")
                answers.append(words(answer, names))
            if len(set(answers)) != 1:
                world.fail(f"a key for {what}: {answers}")
        if operation.kind in ("scope", "credential"):
            answer = world.ask(operation, by_address, operation.target(world.nothing))
            world.expect("a key for another address", answer, 403, "FORBIDDEN")
        if operation.kind == "scope" and "database" not in operation.names:
            answer = world.ask(operation, by_database, operation.target(world.nothing))
            if operation.scope in NARROWED:
                world.admitted("a key for another database", answer)
            else:
                world.expect("a key for another database", answer, 403, "FORBIDDEN")
        if operation.method == "GET" and operation.kind == "scope" and operation.names in ([], ["database"]):
            shown = world.ask(operation, by_collection, operation.target(world.mine)).data.decode()
            hidden = [name for name in ("collection", "id", "index", "job", "key") if world.mine[name] in shown]
            if hidden:
                world.fail(f"a key for another collection sees the {hidden[0]}: {shown}")
        if operation.id == "getLimits":
            quotas = world.ask(operation, by_database, operation.target(world.mine)).body["data"]["quotas"]
            if quotas["records"]["used"] or quotas["storage_bytes"]["used"]:
                world.fail(f"a key that sees no record is told of {quotas}")
        world.done(operation)
    for key in (by_database, by_collection):
        listed = world.data("GET", "databases", None, {"Authorization": key})
        assert [entry["name"] for entry in listed] in ([], [database]) and (key == by_collection or not listed), listed


def cookies_of(answer):
    session = re.search(r"credvault_session=(cva_\w+)", answer.header("Set-Cookie"))[1]
    return f"credvault_session={session}", answer.body["data"]["csrf_token"]


def test_cookies(lab):
    world = World(lab, "cookies")
    cookie, good = cookies_of(world.sign_in("owner", cookie=True))
    _, other = cookies_of(world.sign_in("owner", cookie=True))
    for operation in world.operations:
        target = operation.target(world.nothing)
        bare = world.ask(operation, None, target)
        for what, fields in (("no token", {}), ("another session's", {"X_CSRF_Token": other}), ("no", {"X_CSRF_Token": ""})):
            answer = world.ask(operation, None, target, Cookie=cookie, **fields)
            if operation.kind == "public":
                world.expect(what, answer, bare.status, bare.code)
            elif operation.method in UNSAFE:
                world.expect(what, answer, 403, "CSRF_TOKEN_REQUIRED")
            else:
                world.admitted(what, answer)
        if operation.kind != "public":
            own, token = (cookie, good) if operation.kind == "scope" else cookies_of(world.sign_in("owner", cookie=True))
            world.admitted("its token", world.ask(operation, None, target, Cookie=own, X_CSRF_Token=token))
        world.done(operation)


def test_mass_assignment(lab):
    """API3: members that only the server sets are refused; in records, where any member goes, they are not taken."""
    world = World(lab, "mass_assignment")
    own = "Bearer " + world.sign_in("owner").body["data"]["access_token"]
    platform = ("id", "_id", "workspace", "owner", "role", "scopes", "status", "secret", "created_at", "created_by",
                "email_verified", "is_admin", "tier", "__proto__")
    for operation in world.operations:
        if not operation.takes_body or operation.id in DOCUMENTS:
            continue
        if operation.schema.get("additionalProperties") is not False:
            world.fail("it takes a body of any members, and is not one of DOCUMENTS")
        for name in platform:
            if name in operation.schema.get("properties", {}):
                continue
            answer = world.ask(operation, own, operation.target(world.nothing), {**operation.body(), name: "owner"})
            world.expect(name, answer, 400, "UNKNOWN_PARAMETER")
        world.done(operation)
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
    member = world.data("GET", "members?email=" + world.emails["admin"], None, admin)[0]["id"]
    owner = world.data("GET", "members?email=" + world.emails["owner"], None, admin)[0]["id"]
    limited = {"Authorization": "ApiKey " + world.key(["key:manage", "team:manage"])["secret"]}
    for method, path, body, who in (("PATCH", "members/" + member, {"role": "owner"}, admin),
                                    ("PATCH", "members/" + owner, {"role": "viewer"}, admin),
                                    ("DELETE", "members/" + owner, None, admin),
                                    ("POST", "invitations", {"email": "o@example.com", "role": "owner"}, admin),
                                    ("POST", "invitations", {"email": "o@example.com", "role": "admin"}, limited),
                                    ("POST", "api-keys", {"name": "k", "scopes": ["billing:manage"]}, admin),
                                    ("POST", "api-keys", {"name": "k", "scopes": ["database:read"]}, limited),
                                    ("POST", f"api-keys/{world.mine['key']}/rotate", {}, limited),
                                    ("PATCH", f"api-keys/{world.mine['key']}", {"scopes": ["database:read"]}, limited),
                                    ("PATCH", "limits", {"tier": "enterprise"}, admin)):
        answer = world.admin.call(method, path, body, who)
        lab.check(f"{method} {path} {body}", None if answer.code == "FORBIDDEN" else str(answer))


def test_excessive_data(lab):
    """API3: rows have the declared members and no others, also where others are asked for by name."""
    world = World(lab, "excessive_data")
    own = "Bearer " + world.sign_in("owner").body["data"]["access_token"]
    stored = "workspace,_version,created_at,updated_at,removed_at,hash,digest,secret,password,token,previous,parameters"
    for operation in world.operations:
        if "{id}" in operation.path or "fields" not in {p["name"] for p in operation.query} or operation.path.endswith("/records"):
            continue
        answers = operation.declared["responses"]["200"]["content"]["application/json"]["schema"]
        rows = world.deref(answers).get("properties", {}).get("data", {})
        known = world.deref(world.deref(rows).get("items", {})).get("properties", {})
        for query in ({}, {"fields": stored}):
            answer = world.ask(operation, own, operation.target(world.mine, **query))
            odd = {name for row in answer.body["data"] for name in row} - set(known) if known else set()
            if odd:
                world.fail(f"{query}: not declared: {', '.join(sorted(odd))}")
        world.done(operation)


def test_resource_consumption(lab):
    """API4: pages, bodies and strangers have bounds; rate_suite and limits_suite have the others."""
    world = World(lab, "resource_consumption")
    own = "Bearer " + world.sign_in("owner").body["data"]["access_token"]
    for operation in world.operations:
        if operation.path.startswith("/v1/") and operation.kind != "public" and "429" not in operation.declared["responses"]:
            world.fail("no limit of requests is declared")
        if operation.takes_body and operation.id not in DOCUMENTS and "413" not in operation.declared["responses"]:
            world.fail("no bound of the body is declared")
        for parameter in operation.query:
            if parameter["name"] == "limit":
                most = world.deref(parameter["schema"]).get("maximum", 10**9)
                answer = world.ask(operation, own, operation.target(world.mine, limit=most + 1))
                world.expect(f"limit {most + 1}", answer, 400, "INVALID_PARAMETER")
        world.done(operation)
    small = lab.server("[limits]\nbody_bytes = 4096\n[access]\naddress_requests = 60\naddress_burst = 3\n", name="small").start()
    assert small.client().call("POST", "databases", {"name": "x" * 5000}).code == "PAYLOAD_TOO_LARGE"
    knocks = [small.client(key=None).call("GET", "databases") for _ in range(6)]
    assert {answer.code for answer in knocks[-2:]} == {"RATE_LIMITED"} and knocks[-1].header("Retry-After"), knocks[-1]
    small.client().expect(200, "GET", "databases")


def test_business_flows(lab):
    """API6: what is good once is good once, and whoever tries many times has to wait."""
    world = World(lab, "business_flows")
    body = {"token": world.invited("viewer", "once")["token"], "password": PASSWORD, "name": "Again"}
    assert world.anyone.expect(400, "POST", "invitations/accept", body).code == "INVALID_CODE"
    first = {"code": "cvs_" + "x" * 44, "email": "o@example.com", "password": PASSWORD, "name": "O"}
    assert world.anyone.expect(409, "POST", "auth/setup", first).code == "ALREADY_EXISTS"
    known, unknown = (world.anyone.expect(204, "POST", "auth/reset", {"email": email})
                      for email in (world.emails["viewer"], "nobody@example.com"))
    assert known.data == unknown.data
    careful = lab.server(IDENTITY + "account_attempts = 2\n", env=OWNER, name="careful").start()
    for email in (world.emails["owner"], "nobody@example.com"):
        tries = [careful.client(key=None).call("POST", "auth/login", {"email": email, "password": "a wrong password"})
                 for _ in range(4)]
        assert [a.code for a in tries][0::3] == ["INVALID_CREDENTIALS", "RATE_LIMITED"], [str(a) for a in tries]


def texts(schema, deref, depth=0):
    """Name and schema of every member, however deep."""
    schema = deref(schema)
    for name, member in schema.get("properties", {}).items():
        yield name, deref(member)
    for part in [*schema.get("properties", {}).values(), schema.get("items", {}), *schema.get("anyOf", [])]:
        if depth < 6 and isinstance(part, dict):
            yield from texts(part, deref, depth + 1)


def test_no_operation_fetches(lab):
    """API7: no operation takes an address that the server would go to. Whoever adds one has to guard it, and say so."""
    world = World(lab, "no_operation_fetches")
    suspicious = re.compile(r"ur[il]s?$|callback|webhook|endpoint|hostname|^host$|redirect|^proxy|fetch")
    for operation in world.operations:
        named = [(p["name"], world.deref(p.get("schema", {}))) for p in operation.declared.get("parameters", [])]
        for name, schema in [*named, *texts(operation.schema, world.deref)]:
            if suspicious.search(name.lower()) or "uri" in schema.get("format", ""):
                world.fail(f"'{name}' looks like an address to fetch")
        world.done(operation)
    body = {"name": "remote", "validation": {"schema": {"$ref": f"http://127.0.0.1:{world.server.port}/healthz"}}}
    answer = world.admin.call("POST", f"databases/{world.mine['database']}/collections", body)
    assert answer.status in (400, 422), answer


def test_misconfiguration(lab):
    """API8: nothing is answered to odd methods and paths, and nothing tells how the server is made."""
    world = World(lab, "misconfiguration")
    key = {"Authorization": "ApiKey " + world.server.key}
    by_path = {}
    for operation in world.operations:
        by_path.setdefault(operation.path, set()).add(operation.method)
    for operation in world.operations:
        target, taken = operation.target(world.mine).split("?")[0], by_path[operation.path]
        allowed = taken | {"OPTIONS"} | ({"HEAD"} if "GET" in taken else set())
        for method in {"TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND", *UNSAFE, "GET"} - taken:
            answer = world.anyone.send(method, target, None, key)
            found = answer.fault() or bad_fields(answer)
            if (answer.status, answer.code) != (405, "METHOD_NOT_ALLOWED") or found:
                # Where another path has a parameter in that place the other operation is meant.
                declared = world.openapi.operation(method, target)
                if not declared:
                    world.fail(f"{method} {target}: {found or answer}")
            elif set(answer.header("Allow").split(", ")) != allowed:
                world.fail(f"{method} {target}: Allow: {answer.header('Allow')}")
        world.done(operation)
    database = "/v1/databases/" + world.mine["database"]
    for path in ("/", "/v1", "/v1/", "/v0/databases", "/v2/databases", "/databases", "//v1/databases", "/V1/databases",
                 "/v1/databases/", "/v1/%64atabases", "/v1/./databases", "/v1/openapi.json/../databases", "/admin", "/debug",
                 "/debug/pprof", "/actuator/env", "/internal", "/.env", "/.git/config", "/graphql", "/swagger.json",
                 "/v1/databases;x=y", "/metrics/", "/server-status", "/v1/auth/../databases"):
        answer = world.anyone.send("GET", path, None, key)
        found = bad_fields(answer) or answer.fault()
        lab.check(f"GET {path}", None if answer.status in (400, 404) and not found else f"{found} {answer}")
    for field in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        world.anyone.send("GET", database, None, {**key, field: "DELETE"})
    for field in ("X-Original-URL", "X-Rewrite-URL"):
        assert world.anyone.send("GET", "/healthz", None, {**key, field: "/v1/databases"}).header("Content-Length") != 0
        assert world.anyone.call("GET", "databases", None, {field: "/healthz"}).status == 401
    assert world.admin.expect(200, "GET", database).body["data"]["name"] == world.mine["database"]
    answer = world.admin.call("GET", "databases", None, {"Origin": "https://evil.example"})
    assert not answer.header("Access-Control-Allow-Origin") and not answer.header("Access-Control-Allow-Credentials")
    telling = re.compile(r"credvault/|boost|beast|0x[0-9a-f]{6,}|stack|backtrace|\.cpp|/work|/home|terminate", re.IGNORECASE)
    for odd in (b"\0\1\2\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
                b"GET / HTTP/1.1\r\n\r\n", b"POST /v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"):
        with Raw(world.server) as raw:
            answer = raw.send(odd).answer()
        found = answer.fault() or bad_fields(answer) or telling.search(str(answer))
        lab.check(f"{odd[:30]}", f"{found} {answer}" if found or answer.status < 400 else None)


def test_inventory(lab):
    """API9: one version, every operation under it but those for whoever runs the server, and each with what it may say."""
    world = World(lab, "inventory")
    ids = [operation.id for operation in world.operations]
    assert len(set(ids)) == len(ids) > 80, "operations without a name of their own"
    unversioned = {operation.path for operation in world.operations if not operation.path.startswith("/v1/")}
    assert unversioned == {"/healthz", "/readyz", "/metrics"}, unversioned
    for operation in world.operations:
        needs = {"public": (), "credential": ("401", "404")}.get(operation.kind, ("401", "403", "404"))
        missing = [status for status in (*needs, "400", "500", "503") if status not in operation.declared["responses"]]
        if missing or operation.declared.get("deprecated"):
            world.fail(f"deprecated, or {missing} is not declared")
        world.done(operation)
