"""The audit log over crashes and against tampering: no change without its entry, no edit that is not found."""
import contextlib
import json
import sqlite3
import threading
import time


def entries(client, query=""):
    lines = client.expect(200, "GET", "audit-logs/export" + query).data.decode().splitlines()
    return [json.loads(line) for line in lines]


def test_no_change_without_its_entry(lab):
    server = lab.server().start()
    for round_number in range(2 if lab.quick else 5):
        stop = threading.Event()

        def change(worker):
            own, i = server.client(), 0
            while not stop.is_set():
                i += 1
                try:
                    own.call("POST", "databases", {"name": f"d{round_number}_{worker}_{i}"})
                except (OSError, AssertionError):
                    return

        workers = [threading.Thread(target=change, args=(n,)) for n in range(4)]
        for worker in workers:
            worker.start()
        time.sleep(0.5)
        server.kill()
        stop.set()
        for worker in workers:
            worker.join()
        server.start()
        client = server.client()
        listed = {db["name"] for db in client.expect(200, "GET", "databases?limit=1000").body["data"]}
        told = entries(client)
        by_outcome = {}
        for entry in told:
            by_outcome.setdefault(entry["outcome"], []).append(entry)
        made = {entry["after"]["name"] for entry in by_outcome.get("success", [])}
        unsure = len(by_outcome.get("interrupted", []))
        assert made <= listed, f"told as made, but not there: {sorted(made - listed)[:3]}"
        hidden = listed - made
        assert len(hidden) <= unsure, f"{len(hidden)} databases without an entry, {unsure} interrupted"
        seen = client.expect(200, "GET", "audit-logs/verification").body["data"]
        assert seen["sound"], seen["problems"]
        assert [entry["seq"] for entry in told] == list(range(1, len(told) + 1))
    assert server.stop(), server.log_end()
    server.check_data()


def test_tampering_is_found(lab):
    server = lab.server().start()
    client = server.client()
    for name in ("a", "b", "c"):
        client.expect(201, "POST", "databases", {"name": name})
    assert len(entries(client)) == 3
    assert server.stop(), server.log_end()
    server.check_data()
    path = server.data / "db/events.db"

    def edited(statement):
        with contextlib.closing(sqlite3.connect(path)) as file:
            file.execute(statement)
            file.commit()
        found = server.run("check", server.data)
        return found.returncode, found.stdout

    code, said = edited("UPDATE records SET doc = replace(doc, '\"name\":\"b\"', '\"name\":\"x\"')")
    assert code == 1 and "audit log" in said and "entry 2 is not what was written" in said, said


def test_old_entries_go(lab):
    server = lab.server("[audit]\nkeep_ms = 1\nupkeep_ms = 200\n").start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "a"})
    deadline = time.monotonic() + 30
    while entries(client):
        assert time.monotonic() < deadline, "old entries stay"
        time.sleep(1)
    assert client.expect(200, "GET", "audit-logs/verification").body["data"]["sound"]
    assert server.stop(), server.log_end()
    server.check_data()
