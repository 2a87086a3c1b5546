"""Imports and exports when things go wrong: kill -9 in the middle, clients that stop, bombs, long lines; and the commands,
which go on after a break."""
import gzip
import json
import os
import random
import socket
import subprocess
import threading
import time

ROWS = "databases/moved/collections/rows"


def prepared(lab, config=None):
    server = lab.server(config)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "moved"})
    client.expect(201, "POST", "databases/moved/collections", {"name": "rows"})
    return server, client


def lines(count, begin=0, padding=200):
    return [json.dumps({"id": f"r{i:07}", "n": i, "text": "x" * padding}) + "\n" for i in range(begin, begin + count)]


def count(client):
    return client.expect(200, "POST", ROWS + "/count", {}).body["data"]["count"]


def ended(client, job, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.expect(200, "GET", "jobs/" + job).body["data"]
        if told["state"] not in ("queued", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(f"the job has not ended after {seconds} s: {told}")


def test_a_job_goes_on_after_kill(lab):
    server, client = prepared(lab, "[jobs]\nreport_ms = 50\n")
    total = 30_000 if lab.quick else 120_000
    data = "".join(json.dumps({"n": i, "text": "y" * 150}) + "\n" for i in range(total)).encode()
    answer = client.call("POST", ROWS + "/import?job=true", data, content_type="application/x-ndjson")
    assert answer.status == 202, answer.data
    job = answer.body["data"]["id"]
    for _ in range(2 if lab.quick else 4):
        time.sleep(random.uniform(0.1, 0.5))
        server.kill()
        server.check_data()
        server.start()
    client = server.client()
    told = ended(client, job)
    assert told["state"] == "succeeded" and told["result"]["inserted"] == total, told
    # Records without ids of their own: one that was imported twice would show.
    assert count(client) == total, count(client)
    distinct = client.expect(200, "POST", ROWS + "/query", {"filter": {"n": total - 1}}).body["data"]
    assert len(distinct) == 1, distinct
    assert not os.listdir(server.data / "imports"), "the data of a job that ended is still there"


def test_kill_in_the_middle_of_a_streamed_import(lab):
    server, client = prepared(lab)
    data = "".join(lines(40_000)).encode()

    def send():
        try:
            server.client().call("POST", ROWS + "/import", data, content_type="application/x-ndjson")
        except OSError:
            pass

    thread = threading.Thread(target=send)
    thread.start()
    time.sleep(random.uniform(0.1, 0.6))
    server.kill()
    thread.join()
    server.check_data()
    server.start()
    client = server.client()
    before = count(client)
    answer = client.call("POST", ROWS + "/import?on_conflict=skip", data, content_type="application/x-ndjson")
    report = answer.body["data"]
    assert report["skipped"] == before and report["inserted"] == 40_000 - before, (before, report)
    assert count(client) == 40_000


def test_a_key_makes_a_repeated_import_go_on(lab):
    server, client = prepared(lab)
    data = "".join(json.dumps({"n": i}) + "\n" for i in range(9_000)).encode()
    key = {"Idempotency-Key": "once"}
    half = client.call("POST", ROWS + "/import", data[:len(data) // 2], key, content_type="application/x-ndjson")
    assert half.status == 200, half.data
    again = client.call("POST", ROWS + "/import", data, {"Idempotency-Key": "all"}, content_type="application/x-ndjson")
    assert again.status == 200
    before = count(client)
    for _ in range(2):
        answer = client.call("POST", ROWS + "/import", data, {"Idempotency-Key": "all"}, content_type="application/x-ndjson")
        assert answer.body["data"]["inserted"] == 9_000, answer.data
    assert count(client) == before


def test_bombs_and_long_lines(lab):
    _, client = prepared(lab)
    kinds = {"content_type": "application/x-ndjson"}
    bomb = gzip.compress(b"\n" * (64 << 20), 9)
    answer = client.call("POST", ROWS + "/import", bomb, {"Content-Encoding": "gzip"}, **kinds)
    lab.check("a bomb is refused", None if answer.status == 413 else answer.data)
    long = b'{"id":"fits","a":"' + b"x" * (10 << 20) + b'"}\n{"a":"' + b"x" * (17 << 20) + b'"}\n{"id":"next"}\n'
    answer = client.call("POST", ROWS + "/import", long, **kinds)
    report = answer.body["data"]
    right = report["inserted"] == 2 and report["errors"][0]["line"] == 2 and report["errors"][0]["code"] == "PAYLOAD_TOO_LARGE"
    lab.check("a line of 10 MB fits, one of 17 MB is told", None if right else str(report)[:500])
    broken = b"".join([b'{"id":"u1"}\n{"a":"\xff"}\n', b'{"id":"u2"}\n'])
    report = client.call("POST", ROWS + "/import", broken, **kinds).body["data"]
    lab.check("broken UTF-8 is told with its line", None if report["errors"][0]["line"] == 2 and report["inserted"] == 2 else report)


def test_a_client_that_stops_reading(lab):
    server, client = prepared(lab, "[limits]\nwrite_ms = 500\n")
    data = "".join(lines(40_000 if lab.quick else 100_000)).encode()
    assert client.call("POST", ROWS + "/import", data, content_type="application/x-ndjson").status == 200
    sockets = []
    for _ in range(8):
        stuck = socket.create_connection(("127.0.0.1", server.port))
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.sendall(f"GET /v1/{ROWS}/export HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey {server.key}\r\n\r\n".encode())
        sockets.append(stuck)
    client.expect(201, "POST", ROWS + "/records", {"id": "meanwhile"})
    client.expect(204, "DELETE", ROWS + "/records/meanwhile")
    time.sleep(2)
    for stuck in sockets:
        stuck.close()
    exported = client.call("GET", ROWS + "/export?fields=id")
    assert exported.data.count(b"\n") == count(client)


def command(server, *arguments, check=True):
    done = subprocess.run([server.program, *arguments, "--url", f"http://127.0.0.1:{server.port}"], capture_output=True,
                          text=True, env={**os.environ, "CREDVAULT_KEY": server.key}, timeout=120)
    assert not check or done.returncode == 0, done.stderr + done.stdout
    return done


def test_the_commands_move_data_there_and_back(lab):
    server, client = prepared(lab)
    source = lab.directory / "rows.ndjson"
    source.write_text("".join(lines(5_000)))
    command(server, "import", str(source), "--to", "moved/rows")
    assert count(client) == 5_000
    for ending in ("ndjson", "ndjson.gz", "ndjson.zst", "json", "csv", "csv.gz"):
        target = lab.directory / f"out.{ending}"
        command(server, "export", "moved/rows", "-o", str(target))
        name = "back-" + ending.replace(".", "-")
        client.expect(201, "POST", "databases/moved/collections", {"name": name})
        command(server, "import", str(target), "--to", f"moved/{name}")
        got = client.expect(200, "GET", f"databases/moved/collections/{name}/records?limit=3&offset=4000&fields=id,n,text")
        want = client.expect(200, "GET", f"{ROWS}/records?limit=3&offset=4000&fields=id,n,text")
        lab.check(f"{ending} comes back", None if got.body["data"] == want.body["data"] else got.data[:300].decode())
    wrong = lab.directory / "wrong.ndjson"
    wrong.write_text('{"n":1}\n\n{"id":"r0000001"}\nx\n')
    done = command(server, "import", str(wrong), "--to", "moved/rows", check=False)
    right = done.returncode == 1 and "1 inserted" in done.stdout and "2 failed" in done.stdout and "Line 3:" in done.stderr
    lab.check("errors name the file's lines", None if right else done.stdout + done.stderr)


def test_the_import_command_goes_on_after_a_break(lab):
    server, client = prepared(lab)
    total = 60_000 if lab.quick else 150_000
    source = lab.directory / "many.ndjson"
    source.write_text("".join(json.dumps({"n": i, "text": "z" * 100}) + "\n" for i in range(total)))
    arguments = [server.program, "import", str(source), "--to", "moved/rows", "--url", f"http://127.0.0.1:{server.port}"]
    for _ in range(3):
        process = subprocess.Popen(arguments, env={**os.environ, "CREDVAULT_KEY": server.key}, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.1, 0.3))
        process.kill()
        if process.wait() == 0:
            break  # It was quicker: once more would be another import.
    else:
        command(server, "import", str(source), "--to", "moved/rows")
    # What the killed ones had sent may still be on its way.
    deadline = time.monotonic() + 30
    while count(client) < total and time.monotonic() < deadline:
        time.sleep(0.1)
    assert count(client) == total, count(client)
    assert not (lab.directory / "many.ndjson.credvault-import").exists()


def test_the_export_command_goes_on_after_a_break(lab):
    server, client = prepared(lab)
    data = "".join(lines(20_000)).encode()
    assert client.call("POST", ROWS + "/import", data, content_type="application/x-ndjson").status == 200
    target = lab.directory / "part.ndjson"
    command(server, "export", "moved/rows", "-o", str(target))
    whole = target.read_bytes()
    for cut in (0, 1, len(whole) // 3, len(whole) - 1):
        target.write_bytes(whole[:cut])
        command(server, "export", "moved/rows", "-o", str(target), "--resume")
        lab.check(f"cut behind {cut} bytes", None if target.read_bytes() == whole else "it is not the same")
