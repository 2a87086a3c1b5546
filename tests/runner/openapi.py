"""Holds answers to the server's own OpenAPI document: the operation is declared, so is the status, and the body fits."""
import re

from runner.client import NotJson
from runner.schema import Schemas


class OpenApi:
    def __init__(self, document):
        self.document, self.schemas, self.played = document, Schemas(document), set()
        self.paths = [(self.pattern(path), item) for path, item in document["paths"].items()]
        # A literal segment goes before a parameter.
        self.paths.sort(key=lambda entry: entry[0].pattern.count("[^/]"))

    @staticmethod
    def pattern(path):
        parts = re.split(r"\{\w+\}", path)
        return re.compile("[^/]+".join(map(re.escape, parts)))

    def operation(self, method, path):
        """The declared operation; None where there is none."""
        item = next((item for pattern, item in self.paths if pattern.fullmatch(path)), {})
        return item.get(method.lower()) or (item.get("get") if method == "HEAD" else None)

    def deref(self, value):
        return self.schemas.resolve(value["$ref"]) if "$ref" in value else value

    def unplayed(self):
        """The operations that no answer below 300 came from."""
        declared = (operation["operationId"] for item in self.document["paths"].values() for operation in item.values())
        return sorted(set(declared) - self.played)

    def problem(self, method, target, answer, undeclared):
        """None, or how the answer breaks what the document says."""
        operation = self.operation(method, target.split("?")[0])
        if undeclared:
            return "the case says undeclared, but the OpenAPI document has this operation" if operation else None
        if operation is None:
            return "the OpenAPI document has no such operation"
        if answer.status < 300:
            self.played.add(operation["operationId"])
        responses = operation["responses"]
        response = responses.get(str(answer.status)) or responses.get("default")
        if response is None:
            return f"the OpenAPI document does not declare the status {answer.status} for {operation['operationId']}"
        return self.body_problem(self.deref(response), answer, method)

    def body_problem(self, response, answer, method):
        content = response.get("content", {})
        if method == "HEAD" or not answer.data:
            # Lines of nothing are nothing; a JSON text never is.
            empty = (answer.header("Content-Type") or "").split(";")[0] in ("application/x-ndjson", "text/csv")
            fine = method == "HEAD" or empty or not content
            return None if fine else "the OpenAPI document declares a body, there is none"
        kind = (answer.header("Content-Type") or "").split(";")[0]
        if kind not in content:
            return f"the OpenAPI document does not declare the type {kind!r} here"
        if not answer.is_json or "schema" not in content[kind]:
            return None
        try:
            found = self.schemas.problem(content[kind]["schema"], answer.body)
        except NotJson as error:
            found = str(error)
        return f"against the OpenAPI document: {found}" if found else None
