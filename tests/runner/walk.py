"""What tests/http/access_walk_suite.py walks over: the declared operations, and a server with two workspaces to ask."""
import json
import re
import time

from runner.openapi import OpenApi
from runner.server import IDENTITY, OWNER

# (test, operation) -> what is wrong with the server there: words of the problem, and why. Without one an entry fails.
KNOWN = {("restricted", "getLimits"): ("is told of", "quotas are the whole workspace's, as docs/api/keys.md says")}

# Where the declared examples don't do.
BODIES = {"createDataRule": {"role": "viewer", "denied_fields": ["ssn"]}, "replayWebhook": {"failed_only": True}}
PASSWORD = OWNER["CREDVAULT_ADMIN_PASSWORD"]
NOBODY = "http://127.0.0.1:9/"
CONFIG = (IDENTITY + "account_attempts = 1000000\n[access]\naddress_requests = 0\n"
          '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n')


class Operation:
    """A declared operation, and what a caller needs for it: `kind` is public, credential, scope, user or owner."""

    def __init__(self, method, path, declared, deref):
        self.method, self.path, self.declared, self.deref = method.upper(), path, declared, deref
        self.id, self.names = declared["operationId"], re.findall(r"\{(\w+)\}", path)
        self.kind, self.scope = self.classified(declared["security"], deref)
        self.query = [p for p in declared.get("parameters", []) if p["in"] == "query"]
        content = declared.get("requestBody", {}).get("content", {})
        self.takes_body, self.schema = bool(content), deref(content.get("application/json", {}).get("schema", {}))

    def classified(self, security, deref):
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
        owners = "ENROLMENT_REQUIRED" in deref(self.declared["responses"]["403"])["description"]
        return ("owner" if owners else "user"), None

    def target(self, names, **query):
        path = re.sub(r"\{(\w+)\}", lambda name: names[name[1]], self.path)
        for parameter in self.query:
            if parameter.get("required"):
                query.setdefault(parameter["name"], self.deref(parameter["schema"])["examples"][0])
        return path + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")

    def body(self):
        """One that passes, made of the declaration's examples; not sent where none is taken."""
        if self.id in BODIES or "examples" in self.schema:
            return BODIES.get(self.id) or self.schema["examples"][0]
        members = self.schema.get("properties", {})
        return {name: self.deref(members[name])["examples"][0] for name in self.schema.get("required", [])}


class World:
    """A server with two workspaces. `mine` names one resource of each kind in the first, `theirs` in the second, where
    the actors of `eve` belong; `nothing` are names of the same form that don't exist."""

    def __init__(self, lab):
        self.lab, self.test, self.problems = lab, lab.name.split()[-1], []
        self.server = lab.server(CONFIG, env=OWNER).start()
        self.admin, self.anyone = self.server.client(), self.server.client(key=None)
        self.openapi = OpenApi(self.anyone.expect(200, "GET", "openapi.json").body)
        paths = self.openapi.document["paths"].items()
        self.operations = [Operation(method, path, declared, self.deref)
                           for path, item in paths for method, declared in item.items()]
        self.scopes = self.data("GET", "api-keys/key_environment")["scopes"]
        self.emails = {"owner": OWNER["CREDVAULT_ADMIN_EMAIL"]}
        self.make_resources()

    def deref(self, schema):
        return {**self.openapi.deref(schema), **schema} if "$ref" in schema else schema

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

    def member(self, role):
        return self.data("GET", "members?email=" + self.emails[role])[0]["id"]

    def key(self, scopes=None, headers=None, **more):
        return self.data("POST", "api-keys", {"name": "k", "scopes": scopes or self.scopes, **more}, headers)

    def in_workspace(self, names, headers):
        """One resource of each kind that a path can name."""
        collections = f"databases/{names['database']}/collections"
        self.data("POST", "databases", {"name": names["database"]}, headers)
        self.data("POST", collections, {"name": names["collection"]}, headers)
        collection = f"{collections}/{names['collection']}"
        self.data("POST", collection + "/records", {"id": names["id"], "name": "Ada"}, headers)
        self.data("POST", collection + "/indexes", {"name": names["index"], "fields": ["name"]}, headers)
        change = {"filter": {}, "update": {"$set": {"seen": True}}, "multi": True}
        job = self.data("POST", collection + "/update", change, {**headers, "Prefer": "respond-async"})
        names["job"], names["key"] = job["id"], self.key(headers=headers)["id"]
        rule = {"role": "viewer", "database": "elsewhere", "denied_fields": ["ssn"]}
        names["rule"] = self.data("POST", "data-rules", rule, headers)["id"]
        names["webhook"] = self.data("POST", "webhooks", {"url": NOBODY, "events": ["database.deleted"]}, headers)["id"]
        names["delivery"] = self.data("POST", f"webhooks/{names['webhook']}/test", {}, headers)["id"]
        waits = {"email": f"waits-{names['id']}@example.com", "role": "viewer"}
        names["invitation"] = self.data("POST", "invitations", waits, headers)["invitation"]["id"]
        deadline = time.monotonic() + 20
        while self.data("GET", "jobs/" + job["id"], None, headers)["state"] != "succeeded":
            assert time.monotonic() < deadline, f"{collection}: the job does not end"
            time.sleep(0.02)

    def make_resources(self):
        for role in ("admin", "developer", "viewer"):
            self.invited(role)
        owner = {"Authorization": self.bearer("owner")}
        self.mine = {"database": "walkshop", "collection": "walkpeople", "id": "walkada", "index": "walkindex"}
        self.in_workspace(self.mine, owner)
        me = self.data("GET", "auth/me", None, {"Authorization": self.bearer("owner")})
        self.mine.update(session=me["session"], workspace=me["workspace"]["id"], member=self.member("viewer"))
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
        fields.update({name.replace("_", "-"): value for name, value in headers.items()})
        data, method = None, method or operation.method
        if operation.takes_body:
            fields["Content-Type"], data = "application/json", json.dumps(body or {}).encode()
        answer = self.anyone.send(method, target, data, fields)
        found = answer.fault() or self.openapi.problem(method, target, answer, False) or bad_fields(answer)
        if found or answer.status >= 500:
            self.problems.append(f"{method} {target}: {found or answer}")
        return answer

    def expect(self, what, answer, status, code):
        if (answer.status, answer.code) != (status, code):
            self.problems.append(f"{what}: {answer.status} {answer.code}, not {status} {code}")
        elif status == 401 and not answer.header("WWW-Authenticate"):
            self.problems.append(f"{what}: no WWW-Authenticate")

    def judge(self, what, answer, allowed=True, code="FORBIDDEN"):
        if not allowed:
            self.expect(what, answer, 403, code)
        elif answer.status in (401, 403):
            self.problems.append(f"{what}: {answer.status} {answer.code}")

    def same(self, what, answers):
        if len(set(answers)) > 1:
            self.problems.append(f"{what}: not the same: {answers}")

    def both(self, what, ask):
        """Asks for what does not exist and for what another has: the same answer, of which status and code are told."""
        answers = [words(ask(names), names) for names in (self.nothing, self.mine)]
        self.same(what, answers)
        return answers[0][:2]

    def walk(self):
        """Every operation; what failed meanwhile is its check."""
        for operation in self.operations:
            yield operation
            self.done(operation)

    def done(self, operation):
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
    """Status, code and what is said, without the names that were asked for."""
    said = answer.body["message"] if answer.status >= 400 else answer.data.decode()
    for name, value in sorted(names.items(), key=lambda entry: -len(entry[1])):
        said = said.replace(value, "{" + name + "}")
    return answer.status, answer.code, said
