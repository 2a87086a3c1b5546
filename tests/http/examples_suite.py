"""The examples in the OpenAPI document are what the API answers: runner/scenario.py, played anew, against what is kept."""
import difflib
import json
import pathlib

from runner import scenario

KEPT = pathlib.Path(__file__).resolve().parents[2] / "src/api/openapi_examples.json"
# What differs each time, or is the document itself.
WITHOUT = {"getMetrics", "getOpenApi", "getOpenApiYaml"}


def difference(kept, played):
    if kept == played:
        return None
    texts = [json.dumps(value, indent=1, ensure_ascii=False).splitlines() for value in (kept, played)]
    return "tests/examples.py --server … writes it anew:\n" + "\n".join(difflib.unified_diff(*texts, "kept", "played", n=1))


def test_examples(lab):
    server = lab.server(scenario.CONFIG)
    server.start()
    played, api = scenario.play(server)
    kept = json.loads(KEPT.read_text())
    for part in ("requests", "answers", "errors"):
        for name in sorted(set(kept[part]) | set(played[part])):
            lab.check(f"{part}: {name}", difference(kept[part].get(name), played[part].get(name)))
    declared = {operation["operationId"] for item in api.openapi.document["paths"].values() for operation in item.values()}
    lab.check("every operation has an example", ", ".join(sorted((declared - WITHOUT) ^ set(kept["answers"]))) or None)
    check_document(lab, api.openapi, kept)
    assert server.stop()


def check_document(lab, openapi, kept):
    """The document has them, and they fit its own schemas."""
    for item in openapi.document["paths"].values():
        for operation in item.values():
            name = operation["operationId"]
            for status, answer in kept["answers"].get(name, {}).items():
                content = openapi.deref(operation["responses"][status]).get("content", {})
                media = next(iter(content.values()), {})
                problem = None if not answer or media.get("example") == answer else f"the document has {media.get('example')}"
                if answer and not problem and "schema" in media:
                    problem = openapi.schemas.problem(media["schema"], answer)
                lab.check(f"the document shows {name} {status}", problem)
