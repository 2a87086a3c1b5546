"""Thousands of collections and hundreds of databases are normal: handles and memory stay bounded."""
import os
import random
import resource
import threading

from runner.server import memory_bytes


def in_threads(server, work, total, threads=8):
    """work(client, i) for i below total, by several clients, so that commits are shared."""
    failures = []

    def run(first):
        client = server.client()
        try:
            for i in range(first, total, threads):
                work(client, i)
        except Exception as error:  # pylint: disable=broad-except
            failures.append(error)

    workers = [threading.Thread(target=run, args=(first,)) for first in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if failures:
        raise failures[0]


def test_collections(lab):
    server = lab.server().start()
    client, total = server.client(), 300 if lab.quick else 3000
    client.expect(201, "POST", "databases", {"name": "wide"})
    base = "databases/wide/collections"

    def make(own, i):
        own.expect(201, "POST", base, {"name": f"c{i:04}"})
        if i % 10 == 0:
            own.expect(201, "POST", f"{base}/c{i:04}/records", {"id": "r", "n": i})

    in_threads(server, make, total)
    for i in random.sample(range(0, total, 10), 30):
        assert client.expect(200, "GET", f"{base}/c{i:04}/records/r").body["data"]["n"] == i
    page = client.expect(200, "GET", f"{base}?limit=1000&sort=-name").body
    assert page["pagination"]["total"] == total and page["data"][0]["name"] == f"c{total - 1:04}"
    in_threads(server, lambda own, i: own.expect(204, "DELETE", f"{base}/c{7 * i:04}"), (total + 6) // 7)
    lab.note(f"{total} collections, {memory_bytes(server.process.pid) // 2**20} MiB")
    assert server.stop()
    server.check_data()
    server.start()
    left = total - len(range(0, total, 7))
    assert server.client().expect(200, "GET", f"{base}?limit=1").body["pagination"]["total"] == left


def test_databases(lab):
    """Many more than may be open at a time."""
    server = lab.server("[storage]\nmax_open_databases = 128\n").start()
    client, total = server.client(), 60 if lab.quick else 300

    def make(own, i):
        own.expect(201, "POST", "databases", {"name": f"d{i}"})
        own.expect(201, "POST", f"databases/d{i}/collections", {"name": "rows"})
        own.expect(201, "POST", f"databases/d{i}/collections/rows/records", {"id": "r", "n": i})

    in_threads(server, make, total)
    for i in range(total):
        assert client.expect(200, "GET", f"databases/d{i}/collections/rows/records/r").body["data"]["n"] == i
    handles = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    lab.note(f"{total} databases, {handles} open files, {memory_bytes(server.process.pid) // 2**20} MiB")
    assert handles < 1200, f"{handles} open files for {total} databases"
    assert server.stop()
    server.start()
    client = server.client()
    for i in random.sample(range(total), 20):
        assert client.expect(200, "GET", f"databases/d{i}/collections/rows/records/r").body["data"]["n"] == i
    in_threads(server, lambda own, i: own.expect(204, "DELETE", f"databases/d{i}"), total)
    assert server.stop()
    files = [file for file in (server.data / "db").glob("*.db") if file.name != "events.db"]
    assert not files, f"{len(files)} files of dropped databases are left"
    server.check_data()


def test_few_files(lab):
    """Where the system allows few files, fewer databases are open than the configuration would have."""
    limit = 1024
    server = lab.server()
    server.start(preexec=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit)))
    client, total = server.client(), 60 if lab.quick else 150
    for _ in range(2):
        for i in range(total):
            client.call("POST", "databases", {"name": f"d{i}"})
            client.expect(200, "GET", f"databases/d{i}/collections")
    handles = len(os.listdir(f"/proc/{server.process.pid}/fd"))
    assert handles < limit * 3 // 4, f"{handles} open files"
    assert server.stop()
