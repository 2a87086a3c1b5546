"""JSONTestSuite, kept beside the project: every file as the body of an insert, and as a value within a record."""
import json
import os
import pathlib

from runner.client import NotJson, strict_json

CASES = pathlib.Path(__file__).resolve().parents[3] / "shared/cases/json"
ROWS = "databases/json/collections/rows/records"

# What a value of test_transform becomes: its canonical text, or None where it is refused.
TRANSFORMED = {
    "number_-9223372036854775808": "[-9223372036854775808]",
    "number_-9223372036854775809": "[-9.223372036854776e+18]",
    "number_1.0": "[1.0]",
    "number_1.000000000000000005": "[1.0]",
    "number_1000000000000000": "[1000000000000000]",
    "number_10000000000000000999": "[1e+19]",
    "number_1e-999": "[0.0]",
    "number_1e6": "[1000000.0]",
    "number_9223372036854775807": "[9223372036854775807]",
    "number_9223372036854775808": "[9.223372036854776e+18]",
    "object_key_nfc_nfd": '{"é":"NFC","e\u0301":"NFD"}',
    "object_key_nfd_nfc": '{"e\u0301":"NFD","é":"NFC"}',
    "object_same_key_different_values": None,
    "object_same_key_same_value": None,
    "object_same_key_unclear_values": None,
    "string_1_escaped_invalid_codepoint": None,
    "string_1_invalid_codepoint": None,
    "string_2_escaped_invalid_codepoints": None,
    "string_2_invalid_codepoints": None,
    "string_3_escaped_invalid_codepoints": None,
    "string_3_invalid_codepoints": None,
    "string_with_escaped_NULL": None,
}


def has_nul(value):
    if isinstance(value, dict):
        return has_nul(list(value)) or has_nul(list(value.values()))
    return any(map(has_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value


def refused_by_contract(text):
    """Duplicate keys and U+0000 are valid JSON that a record can't hold."""
    try:
        return has_nul(strict_json(text))
    except NotJson:
        return True


def as_body(client, text):
    answer = client.call("POST", ROWS, text)
    if answer.fault():
        return answer, answer.fault()
    return answer, f"{answer}" if answer.status >= 500 else None


def as_value(client, text):
    """(answer, problem, what was stored as canonical text)"""
    answer = client.call("POST", ROWS, b'{"v":' + text + b"}")
    if answer.fault() or answer.status != 201:
        return answer, answer.fault(), None
    again = client.expect(200, "GET", f"{ROWS}/{answer.body['data']['id']}")
    canonical = again.data.decode().split('"v":', 1)[1].rsplit(',"created_at":', 1)[0]
    same = again.body["data"] == answer.body["data"]
    return answer, None if same else f"stored {answer}, read {again}", canonical


def judge(client, path):
    text, kind = path.read_bytes(), path.name[0]
    answer, problem = as_body(client, text)
    if not problem and kind == "n" and answer.status != 400:
        problem = f"as a body: expected 400, got {answer}"
    answer, broken, _ = as_value(client, text)
    problem = problem or broken
    if not problem and kind == "y":
        if refused_by_contract(text):
            problem = None if answer.status == 400 else f"as a value: expected 400, got {answer}"
        elif answer.status != 201 or answer.body["data"]["v"] != json.loads(text):
            problem = f"as a value: expected 201 and the same again, got {answer}"
    return problem or (f"{answer}" if answer.status not in (201, 400) else None)


def test_json_test_suite(lab):
    if not CASES.is_dir():
        assert not os.environ.get("CREDVAULT_REQUIRE_CASES"), "required (CREDVAULT_REQUIRE_CASES), but ../shared is absent"
        lab.did_not_run("../shared/cases/json is absent")
        return
    server = lab.server()
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "json"})
    client.expect(201, "POST", "databases/json/collections", {"name": "rows"})
    for path in sorted((CASES / "test_parsing").glob("*.json")):
        lab.check(path.stem, judge(client, path))
    files = {path.stem: path for path in (CASES / "test_transform").glob("*.json")}
    lab.check("test_transform is complete", None if set(files) == set(TRANSFORMED) else f"{set(files) ^ set(TRANSFORMED)}")
    for name, expected in TRANSFORMED.items():
        answer, problem, canonical = as_value(client, files[name].read_bytes())
        got = canonical if answer.status == 201 else None
        if not problem and (got != expected or answer.status not in (201, 400)):
            problem = f"expected {expected or 400}, got {answer}"
        lab.check(f"transform {name}", problem)
    assert server.stop()
    server.check_data()
