"""What operators see: health, metrics, the access log, the commands."""
import json
import pathlib
import re
import signal
import time

from runner.client import Client
from runner.server import free_port

DOCUMENTED = pathlib.Path(__file__).resolve().parents[2] / "docs/configuration.md"

SAMPLE = re.compile(r'^(credvault_\w+|process_\w+)(\{[^}]*\})? ([-+0-9.e]+|NaN|[+-]Inf)$')


def metrics(client):
    """Name with labels -> value; every line must be well-formed."""
    values, typed = {}, set()
    for line in client.expect(200, "GET", "/metrics").data.decode().splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        if not line or line.startswith("#"):
            continue
        match = SAMPLE.match(line)
        assert match, f"not a sample: {line}"
        family = re.sub(r"_(bucket|sum|count)$", "", match[1])
        assert family in typed or match[1] in typed, f"{match[1]} has no TYPE"
        values[match[1] + (match[2] or "")] = float(match[3])
    return values


def total(values, name, *labels):
    return sum(v for k, v in values.items() if k.split("{")[0] == name and all(label in k for label in labels))


def test_health_and_metrics(lab):
    server = lab.server().start()
    client = server.client()
    assert client.send("GET", "/healthz").status == 200
    ready = client.send("GET", "/readyz")
    assert ready.status == 200 and ready.is_json, ready
    client.expect(201, "POST", "databases", {"name": "seen"})
    before = metrics(client)
    client.expect(201, "POST", "databases/seen/collections", {"name": "rows"})
    for _ in range(10):
        client.expect(201, "POST", "databases/seen/collections/rows/records", {})
    for _ in range(5):
        client.expect(404, "GET", "databases/seen/collections/rows/records/none")
    after = metrics(client)
    families = {name.split("{")[0] for name in after}
    print_names = ", ".join(sorted(families))
    requests = "credvault_requests_total"
    gained = total(after, requests) - total(before, requests)
    assert gained >= 16, f"{requests} rose by {gained}, not by 16 or more"
    assert total(after, requests, "404") - total(before, requests, "404") == 5, "requests are not counted by status"
    for wanted in ("bucket", "commit", "seconds", "queue", "cache", "connections"):
        assert any(wanted in name for name in families), f"nothing about '{wanted}' in {print_names}"
    secret = client.send("GET", "/metrics", None, {"Authorization": "ApiKey " + server.key}).data.decode()
    assert server.key not in secret


def log_lines(server):
    """The access log: JSON lines that have a status."""
    found = []
    for line in server.log_text().splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict) and "status" in entry:
            found.append(entry)
    return found


def test_access_log(lab):
    server = lab.server().start()
    client = server.client()
    answers = [client.call("GET", "databases"), client.call("GET", "databases/none"),
               server.client(key="w" * 40).call("GET", "databases"),
               client.call("GET", "databases?filter=%7B%22name%22%3A%22private%22%7D")]
    assert server.stop()
    entries = {entry.get("request_id"): entry for entry in log_lines(server)}
    for answer in answers:
        entry = entries.get(answer.header("X-Request-Id"))
        assert entry, f"no line for {answer.header('X-Request-Id')}\n{server.log_end()}"
        assert entry["status"] == answer.status, entry
        assert entry.get("method") == "GET" and "/v1/databases" in json.dumps(entry), entry
        assert any("ms" in name or "duration" in name or "us" in name for name in entry), f"no time taken: {entry}"
    named = entries[answers[0].header("X-Request-Id")]
    assert any("key" in name or "actor" in name for name in named), f"no key id: {named}"
    assert server.key not in server.log_text() and "w" * 40 not in server.log_text(), "a secret is logged"
    assert "private" not in server.log_text(), "the values of a query are logged"


def test_the_access_log_in_a_file_is_opened_anew(lab):
    path, moved = lab.directory / "access.log", lab.directory / "access.log.1"
    server = lab.server(f'[log]\naccess = "{path}"\n').start()
    client = server.client()
    first = client.call("GET", "databases").header("X-Request-Id")
    deadline = time.monotonic() + 20
    while first not in path.read_text():
        assert time.monotonic() < deadline, "the request is not in the log"
        time.sleep(0.05)
    path.rename(moved)
    server.signal(signal.SIGHUP)
    while not path.exists():
        assert time.monotonic() < deadline, "the log is not opened anew"
        time.sleep(0.05)
    second = client.call("GET", "databases").header("X-Request-Id")
    assert server.stop()
    assert second in path.read_text() and second not in moved.read_text() and first in moved.read_text()


def test_a_listener_for_metrics(lab):
    port = free_port()
    server = lab.server(f'[server]\nmetrics_listen = "127.0.0.1:{port}"\n').start()
    other = Client("127.0.0.1", port)
    for path, status in (("/metrics", 200), ("/healthz", 200), ("/readyz", 200), ("/v1/databases", 404)):
        answer = other.send("GET", path)
        assert answer.status == status, f"{path}: {answer}"
    server.client(key=None).expect(401, "GET", "/metrics")
    assert server.stop()


def test_configuration(lab):
    """What `credvault config` prints is a configuration, and every key of it is documented."""
    server = lab.server()
    printed = server.run("config").stdout
    keys = [f"{section}.{name}" for section, body in re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", printed, re.M | re.S)
            for name in re.findall(r"^(\w+) =", body, re.M)]
    assert len(keys) > 30, printed
    server.configure(printed)
    server.start()
    server.client().expect(200, "GET", "databases")
    assert server.stop()
    text = DOCUMENTED.read_text(encoding="utf-8")
    missing = [key for key in keys if f"`{key}`" not in text]
    assert not missing, f"docs/configuration.md lacks {missing}"


def test_commands(lab):
    server = lab.server().start()
    version = server.run("version")
    assert version.returncode == 0 and re.search(r"\d+\.\d+\.\d+", version.stdout), version
    printed = server.run("openapi")
    served = server.client().expect(200, "GET", "openapi.json").body
    assert printed.returncode == 0 and json.loads(printed.stdout) == served, "openapi prints another document"
    helped = server.run("--help")
    assert helped.returncode == 0 and "serve" in helped.stdout and "sample" in helped.stdout, helped
    missing = server.run("check", lab.directory / "nowhere")
    assert missing.returncode != 0 and "nowhere" in missing.stdout + missing.stderr, missing
    empty = lab.directory / "empty"
    empty.mkdir()
    other = server.run("check", empty)
    assert other.returncode == 2 and "no data directory" in other.stderr and not any(empty.iterdir()), other


def test_slow_work_is_logged(lab):
    """What takes long goes to the log with the facts of its plan and without values, whatever kind of work it is."""
    server = lab.server("[queries]\nslow_ms = 1\n[log]\nformat = \"json\"\n").start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "slow"})
    client.expect(201, "POST", "databases/slow/collections", {"name": "rows"})
    rows = "databases/slow/collections/rows"
    client.expect(201, "POST", rows + "/records", [{"n": i, "name": "secret"} for i in range(8_000)], {"Prefer": "return=minimal"})
    some = {"name": "secret", "n": {"$gte": 10}}
    heavy = {"$set": {"x": {"$size": {"$range": [0, 2000]}}}}
    client.expect(200, "POST", rows + "/aggregate", {"pipeline": [{"$match": some}, heavy, {"$count": "n"}]})
    client.expect(200, "POST", rows + "/distinct", {"field": "n", "filter": some})
    client.expect(200, "POST", rows + "/update", {"filter": some, "update": {"$inc": {"n": 1}}, "multi": True})
    client.expect(200, "POST", rows + "/delete", {"filter": some, "multi": True})
    assert server.stop(), server.log_end()
    lines = [json.loads(line) for line in server.log_text().splitlines() if '"slow query"' in line]
    by_kind = {line["kind"]: line for line in lines}
    for kind in ("find", "aggregate", "distinct", "update", "delete"):
        line = by_kind.get(kind)
        assert line, f"no line about {kind}: {sorted(by_kind)}"
        assert line["collection"] == "rows" and line["filter"] == '{"name":{"$eq":?},"n":{"$gte":?}}', line
        assert line["records_examined"] >= 7_990 and line["advised_index"] == "name,n", line
    assert by_kind["aggregate"]["stages"] == "$match,$set,$count" and by_kind["aggregate"]["returned"] == 1, by_kind
    assert by_kind["update"]["returned"] == 7_990 and by_kind["update"]["elapsed_ms"] >= 1, by_kind
    assert "secret" not in "".join(json.dumps(line) for line in lines)
