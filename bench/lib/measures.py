"""The measurements of bench/run, one function each, in the order in which they run."""
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import tempfile
import time

import feed
import hooks
import large as large_files
import limits as key_limits
import loads
import searches
import work
from records import batches
from server import Server, cpu_seconds, free_port, memory_mib, wrk

BASE = "/v1/databases/bench/collections/users"


class Bench:
    """What the measurements share: the server on its data, the floor, and the rows so far."""

    def __init__(self, args, directory):
        self.args, self.directory = args, directory
        self.lua = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "lua")
        self.server = Server(args.server, os.path.join(directory, "main"))
        self.floor_us = 0.0
        self.rows = []

    def row(self, name, figure, target):
        self.rows.append((name, figure, target))
        print(f"| {name} | {figure} | {target} |", flush=True)

    def per_request(self, script, arguments, seconds=None):
        """CPU microseconds of the server a request, and requests a second."""
        before = self.server.cpu()
        requests, rate = wrk(self.server.port, os.path.join(self.lua, script), arguments,
                             seconds or self.args.seconds)
        return (self.server.cpu() - before) / requests * 1e6, rate

    def ratio(self, us):
        return f"{us:.1f} µs, {us / self.floor_us:.2f} x the bare loop"

    def post(self, path, body, unique=False, seconds=None):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write(body if isinstance(body, str) else json.dumps(body))
            file.flush()
            arguments = [loads.KEY, path, file.name] + (["unique"] if unique else [])
            return self.per_request("post.lua", arguments, seconds)


def floor(bench):
    port = free_port()
    process = subprocess.Popen([os.path.join(bench.args.tools, "epoll_floor"), str(port)])
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.01)
        requests, rate = wrk(port, None, (), bench.args.seconds)
        bench.floor_us = cpu_seconds(process.pid) / requests * 1e6
    finally:
        process.kill()
        process.wait()
    bench.row("bare epoll loop, 64 connections", f"{bench.floor_us:.2f} µs, {rate:.0f}/s", "the measure")


def idle(bench):
    bench.server.start()
    time.sleep(0.5)
    bench.row("memory, idle and empty", f"{bench.server.memory():.0f} MiB", "40 MiB")
    before = bench.server.memory()
    connections = [socket.create_connection(("127.0.0.1", bench.server.port)) for _ in range(5000)]
    for connection in connections:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    for connection in connections:
        connection.recv(65536)
    time.sleep(1)
    kib = (bench.server.memory() - before) * 1024 / len(connections)
    bench.row("memory of an idle connection (5,000, after one request each)", f"{kib:.1f} KiB", "6 KiB")
    for connection in connections:
        connection.close()


def load(bench):
    """Fills the collection, unless the data is there from an earlier run."""
    server = bench.server
    status, _ = server.call("GET", BASE)
    if status == 200:
        return
    server.expect("POST", "/v1/databases", {"name": "bench"})
    server.expect("POST", "/v1/databases/bench/collections", {"name": "users"})
    for name, fields in (("by_status_age", ["status", "-age"]), ("by_city", ["city"])):
        server.expect("POST", BASE + "/indexes", {"name": name, "fields": fields})
    before, begun, size, count = server.cpu(), time.monotonic(), 0, bench.args.records
    for text in batches(count):
        size += len(text)
        server.expect("POST", BASE + "/records", text)
    us = (server.cpu() - before) / count * 1e6
    bench.row(f"inserts of 1,000 a request, two indexes ({size // count} bytes a record)",
              f"{us:.1f} µs CPU a record, {count / (time.monotonic() - begun):.0f}/s", "28 µs")


def get(bench):
    us, rate = bench.per_request("get.lua", [loads.KEY, bench.args.records, BASE + "/records/"])
    bench.get_rate = rate
    bench.row("get by id, 64 connections", f"{bench.ratio(us)}, {rate:.0f}/s", "2.2 x")
    # Where most requests ask for few of the records, as most do. Once before, so that they have been read.
    few = [loads.KEY, bench.args.records // 20, BASE + "/records/"]
    bench.per_request("get.lua", few)
    us, rate = bench.per_request("get.lua", few)
    bench.row("the same, among a twentieth of the records", f"{bench.ratio(us)}, {rate:.0f}/s", "2.2 x")


def page(bench):
    query = {"filter": {"status": "active"}, "sort": {"age": -1}, "limit": 20, "count": "none"}
    us, _ = bench.post(BASE + "/query", query)
    bench.row("page of 20, indexed filter and sort, count=none", bench.ratio(us), "5 x")
    deep = dict(query, limit=1, offset=min(499_980, bench.args.records // 5))
    answer = bench.server.expect("POST", BASE + "/query", deep)
    cursor = answer["pagination"]["next_cursor"]
    late, _ = bench.post(BASE + "/query", dict(query, cursor=cursor))
    bench.row(f"the page after record {deep['offset']:,} by cursor", f"{late:.1f} µs, {late / us:.2f} x page 1", "1.2 x")
    del query["count"]
    total, _ = bench.post(BASE + "/query", query)
    bench.row("the same page with the default total", f"{total:.1f} µs", "a row of its own")


def scan(bench):
    """A filter without an index that matches nothing, so that only looking costs."""
    query = {"filter": {"score": -1}}
    before = bench.server.cpu()
    for _ in range(3):
        bench.server.expect("POST", BASE + "/count", query)
    ns = (bench.server.cpu() - before) / 3 / bench.args.records * 1e9
    bench.row("filter without an index", f"{ns:.0f} ns a record", "400 ns")


def fsync_ms(directory):
    path = os.path.join(directory, "fsync-probe")
    with open(path, "wb") as file:
        begun = time.monotonic()
        for _ in range(200):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
    os.unlink(path)
    return (time.monotonic() - begun) / 200 * 1000


def inserts(bench):
    server = bench.server
    path = "/v1/databases/bench/collections/inserted"
    server.call("DELETE", path)
    server.expect("POST", "/v1/databases/bench/collections", {"name": "inserted"})
    for name, fields in (("by_status_age", ["status", "-age"]), ("by_city", ["city"])):
        server.expect("POST", path + "/indexes", {"name": name, "fields": fields})
    record = json.loads(next(batches(1)))[0]
    del record["id"]
    record["email"] = "user@@@example.org"
    us, rate = bench.post(path + "/records", record, unique=True)
    bench.row("single durable inserts, two indexes, 64 connections",
              f"{us:.1f} µs CPU each, {rate:.0f}/s (an fsync takes {fsync_ms(bench.directory):.2f} ms)",
              "70 µs; 8,000/s where an fsync takes 0.3 ms")


def mixed(bench):
    """Latency at half the highest rate, alone and beside scans and inserts."""
    get_command = loads.get_load(bench, BASE + f"/records/r%{bench.args.records}", bench.get_rate / 2)
    alone = loads.run(get_command)
    stop = loads.background(bench, BASE)
    try:
        beside = loads.run(get_command)
    finally:
        stop()
    bench.row(f"get by id at {bench.get_rate / 2:.0f}/s beside two scans and 500 inserts/s",
              f"p99 {beside['p99_us']} µs, alone {alone['p99_us']} µs: {beside['p99_us'] / alone['p99_us']:.1f} x",
              "5 x")
    bench.row("memory with the records, under load", f"{bench.server.memory():.0f} MiB", "250 MiB")


def starts(bench):
    bench.server.close()
    clean = bench.server.start()
    stop = loads.background(bench, BASE)
    time.sleep(2)
    bench.server.kill()
    stop()
    killed = bench.server.start()
    bench.row("start with the records", f"{clean:.2f} s; after kill -9 {killed:.2f} s", "0.1 s; 1 s")


def many(bench):
    """5,000 collections in one database, 500 databases; gets over all of them."""
    server = bench.server
    status, _ = server.call("GET", "/v1/databases/many")
    if status != 200:
        server.expect("POST", "/v1/databases", {"name": "many"})
        for n in range(5000):
            server.expect("POST", "/v1/databases/many/collections", {"name": f"c{n}"})
            server.expect("POST", f"/v1/databases/many/collections/c{n}/records", {"id": "r0000000", "n": n})
        for n in range(500):
            server.expect("POST", "/v1/databases", {"name": f"d{n}"})
            server.expect("POST", f"/v1/databases/d{n}/collections", {"name": "c"})
            server.expect("POST", f"/v1/databases/d{n}/collections/c/records", {"id": "r0000000", "n": n})
    server.close()
    server.start()
    one, _ = bench.per_request("get.lua", [loads.KEY, 1, "/v1/databases/many/collections/c7/records/"])
    all_, _ = bench.per_request("get.lua", [loads.KEY, 1, "/v1/databases/many/collections/c%d/records/", 5000])
    each, _ = bench.per_request("get.lua", [loads.KEY, 1, "/v1/databases/d%d/collections/c/records/", 500])
    bench.row("get by id over 5,000 collections", f"{all_:.1f} µs, {all_ / one:.2f} x one collection", "1.3 x")
    bench.row("get by id over 500 databases", f"{each:.1f} µs, {each / one:.2f} x; {server.memory():.0f} MiB",
              "1.3 x; 300 MiB")


def listeners(bench):
    feed.listeners(bench, os.path.join(bench.directory, "feed"))


def large(bench):
    directory = os.path.join(bench.directory, "large")
    try:
        large_files.large(bench, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def limits(bench):
    key_limits.limits(bench, os.path.join(bench.directory, "limits"))


def webhooks(bench):
    hooks.webhooks(bench, os.path.join(bench.directory, "hooks"))


ALL = [floor, idle, load, get, page, scan, work.groups, work.exports, work.imports, inserts, work.updates, mixed, starts,
       searches.search, many, listeners, large, limits, webhooks]
ALWAYS = {"floor", "idle", "load"}  # what the others need


def machine():
    model = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    return f"{model.group(1) if model else platform.machine()}, {os.cpu_count()} cores"


def run(args, directory):
    if not shutil.which("wrk"):
        raise SystemExit("wrk is missing: apt-get install wrk (./dev bench does it)")
    bench = Bench(args, directory)
    chosen = set(args.only.split(",")) | ALWAYS if args.only else None
    print(f"{machine()}; {args.records:,} records\n\n| work | figure | to reach |\n|---|---|---|", flush=True)
    try:
        for measure in ALL:
            if chosen is None or measure.__name__ in chosen:
                if measure is mixed and not hasattr(bench, "get_rate"):
                    get(bench)
                measure(bench)
    finally:
        if bench.server.process and bench.server.process.poll() is None:
            bench.server.close()
