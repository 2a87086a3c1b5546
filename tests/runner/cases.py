"""Plays a case file (tests/README.md) against a server."""
import base64
import http.client
import json
import re
import time
import urllib.parse

from runner.match import MISSING, mismatch
from runner.openapi import OpenApi
from runner.server import ORIGIN

WRONG_KEY = "0123456789abcdef0123456789abcdef"
MEMBERS = {"file": {"about", "setup", "cases"}, "step": {"name", "request", "expect", "save", "until", "undeclared", "engines"},
           "request": {"method", "path", "query", "headers", "body", "raw_body", "body_base64", "key"},
           "expect": {"status", "headers", "body", "text"}}


class Documents:
    """The OpenAPI document of one server, and the number of databases made on it."""

    def __init__(self, client):
        self.openapi = OpenApi(client.expect(200, "GET", "openapi.json").body)
        self.databases = 0


def known(kind, value):
    odd = set(value) - MEMBERS[kind]
    if odd:
        raise ValueError(f"a {kind} has no {', '.join(sorted(odd))}")


def built(text):
    """A string, or a list of strings and of [string, n] for n repetitions, in which ${i} is the number of each."""
    if isinstance(text, str):
        return text
    parts = (part if isinstance(part, str) else "".join(part[0].replace("${i}", str(i)) for i in range(part[1]))
             for part in text)
    return "".join(parts)


class Play:
    def __init__(self, server, documents, database):
        self.documents, self.database, self.server = documents, database, server
        self.client = server.client(key=None)
        self.variables = {"db": database, "origin": ORIGIN, "key": server.key,
                          "self": f"http://127.0.0.1:{server.port}"}

    def fill(self, value):
        """The value with its ${variables}; a string that is nothing but one keeps the variable's type."""
        if isinstance(value, dict):
            return {self.fill(name): self.fill(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.fill(member) for member in value]
        if not isinstance(value, str) or "${" not in value:
            return value
        whole = re.fullmatch(r"\$\{(\w+)\}", value)
        if whole and whole[1] != "i":
            return self.variables[whole[1]]
        return re.sub(r"\$\{(?!i\})(\w+)\}", lambda name: str(self.variables[name[1]]), value)

    def target(self, request):
        path = built(request.get("path", ""))
        if not path.startswith("/"):
            path = f"/v1/databases/{self.database}/{path}".rstrip("/")
        query = request.get("query")
        if isinstance(query, dict):
            listed = [(k, v if isinstance(v, str) else json.dumps(v)) for k, v in query.items()]
            query = urllib.parse.urlencode(listed)
        return path + ("?" + query if query else "")

    def headers(self, request):
        keys = {"admin": self.server.key, "wrong": WRONG_KEY, "none": None}
        key = request.get("key", "admin")
        key = keys.get(key, key)
        fields = {"Authorization": ("Bearer " if key.startswith("cva_") else "ApiKey ") + key} if key else {}
        if "body" in request or "raw_body" in request or "body_base64" in request:
            fields["Content-Type"] = "application/json"
        for name, value in request.get("headers", {}).items():
            fields.pop(name, None)
            if value is not None:
                fields[name] = built(value)
        return fields

    def send(self, request):
        known("request", request)
        request = self.fill(request)
        data = None
        if "body" in request:
            data = json.dumps(request["body"]).encode()
        elif "raw_body" in request:
            data = built(request["raw_body"]).encode()
        elif "body_base64" in request:
            data = base64.b64decode(request["body_base64"])
        method, target = request.get("method", "GET"), self.target(request)
        return method, target, self.client.send(method, target, data, self.headers(request))

    def judge(self, step, method, target, answer):
        expect = self.fill(step.get("expect", {}))
        known("expect", expect)
        status = expect.get("status", {"$between": [200, 299]})
        try:
            body = answer.body if answer.is_json else MISSING
        except ValueError:
            body = MISSING
        found = mismatch(status, answer.status, "status") or answer.fault()
        for name, value in expect.get("headers", {}).items():
            got = answer.header(name)
            found = found or mismatch(value, MISSING if got is None else got, name)
        if "body" in expect:
            found = found or mismatch(expect["body"], body)
        if "text" in expect:
            found = found or mismatch(expect["text"], answer.data.decode("utf-8", "replace"), "text")
        return found or self.documents.openapi.problem(method, target, answer, step.get("undeclared", False))

    def save(self, step, answer):
        for name, source in step.get("save", {}).items():
            value = answer.header(source.removeprefix("header ")) if source.startswith("header ") else answer.body
            for part in source.split("/")[1:] if not source.startswith("header ") else ():
                value = value[int(part)] if isinstance(value, list) else value[part]
            self.variables[name] = value

    def attempt(self, step):
        """None, or why it fails."""
        try:
            return self.run(step)
        except (http.client.HTTPException, OSError, ValueError, KeyError, IndexError, TypeError) as error:
            return f"{type(error).__name__}: {error}"

    def run(self, step):
        known("step", step)
        deadline = time.monotonic() + 20
        while True:
            method, target, answer = self.send(step["request"])
            found = self.judge(step, method, target, answer)
            if not found or not step.get("until") or time.monotonic() > deadline:
                break
            time.sleep(0.02)
        if found:
            return f"{found}\n> {method} {target[:500]}\n> {json.dumps(step['request'])[:1500]}\n< {answer}"
        self.save(step, answer)
        return None


def play(path, name, server, documents, report):
    """Plays one file in a database of its own; each of its cases counts, also where the setup fails."""
    spec = json.loads(path.read_text(encoding="utf-8"))
    known("file", spec)
    documents.databases += 1
    database, admin = f"cases{documents.databases}", server.client()
    admin.expect(201, "POST", "databases", {"name": database})
    game, broken = Play(server, documents, database), None
    for number, step in enumerate(spec.get("setup", []), 1):
        broken = broken or game.attempt({"name": f"setup {number}", **step})
    if broken:
        report.fail(f"{name}: setup", broken)
    for step in spec["cases"]:
        if server.engine not in step.get("engines", [server.engine]):
            continue
        report.check(f"{name}: {step['name']}", "not reached: the setup failed" if broken else game.attempt(step))
    admin.call("DELETE", f"databases/{database}")
    admin.close()
    game.client.close()
