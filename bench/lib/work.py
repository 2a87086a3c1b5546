"""Work over whole collections: groups, sorts, imports, exports; and updates by id."""
import json
import socket
import tempfile
import time

import loads
from records import batches
from server import KEY

SOURCE = "/v1/databases/bench/collections/users"


def aggregate(bench, pipeline):
    """CPU seconds of the server, and seconds on the clock, for a pipeline over all records."""
    before, begun = bench.server.cpu(), time.monotonic()
    bench.server.expect("POST", SOURCE + "/aggregate", {"pipeline": pipeline, "timeout_ms": 300_000})
    return bench.server.cpu() - before, time.monotonic() - begun


def groups(bench):
    count = bench.args.records
    by_city = [{"$group": {"_id": "$city", "sum": {"$sum": "$age"}}}]
    cpu = min(aggregate(bench, by_city)[0] for _ in range(3))
    bench.row("group by a field with a sum", f"{cpu / count * 1e9:.0f} ns CPU a record", "450 ns")
    each = [{"$group": {"_id": "$email", "sum": {"$sum": "$age"}}}, {"$count": "groups"}]
    cpu, clock = aggregate(bench, each)
    bench.row(f"group with {count:,} keys", f"{cpu:.1f} s CPU, {clock:.1f} s; {bench.server.memory():.0f} MiB", "400 MiB")
    everything = [{"$sort": {"score": 1}}, {"$count": "records"}]
    cpu, clock = aggregate(bench, everything)
    bench.row(f"sort of {count:,} records without an index",
              f"{cpu / count * 1e9:.0f} ns CPU a record, {clock:.1f} s; {bench.server.memory():.0f} MiB", "400 MiB")


def exports(bench):
    """Into a reader that drops what it gets."""
    before, begun = bench.server.cpu(), time.monotonic()
    size, buffer = 0, bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", bench.server.port)) as connection:
        connection.sendall(f"GET {SOURCE}/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: ApiKey {KEY}\r\n"
                           "Accept: application/x-ndjson\r\nConnection: close\r\n\r\n".encode())
        while got := connection.recv_into(buffer):
            if size == 0 and not buffer.startswith(b"HTTP/1.1 200"):
                raise SystemExit("no export: " + buffer[:300].decode())
            size += got
    seconds, cpu = time.monotonic() - begun, bench.server.cpu() - before
    count = bench.args.records
    bench.row(f"export of NDJSON, {size >> 20} MiB",
              f"{count / seconds:,.0f}/s, {cpu / count * 1e6:.2f} µs CPU a record; {bench.server.memory():.0f} MiB",
              "300,000/s")


def ndjson(count):
    file = tempfile.TemporaryFile()
    for text in batches(count):
        for record in json.loads(text):
            file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
    return file


def imports(bench):
    server, count = bench.server, min(bench.args.records, 200_000)
    path = "/v1/databases/bench/collections/imported"
    two = (("by_status_age", ["status", "-age"]), ("by_city", ["city"]))
    with ndjson(count) as file:
        for indexes, target in (((), "50,000/s"), (two, "30,000/s")):
            server.call("DELETE", path)
            server.expect("POST", "/v1/databases/bench/collections", {"name": "imported"})
            for name, fields in indexes:
                server.expect("POST", path + "/indexes", {"name": name, "fields": fields})
            size = file.seek(0, 2)
            file.seek(0)
            before, begun = server.cpu(), time.monotonic()
            server.connection.request("POST", path + "/import", file, {
                "Authorization": "ApiKey " + KEY, "Content-Type": "application/x-ndjson", "Content-Length": str(size)})
            answer = json.loads(server.connection.getresponse().read())
            if answer["data"]["inserted"] != count:
                raise SystemExit(str(answer)[:300])
            seconds, cpu = time.monotonic() - begun, server.cpu() - before
            bench.row(f"import of NDJSON, {count:,} records, {len(indexes)} indexes",
                      f"{count / seconds:,.0f}/s, {cpu / count * 1e6:.1f} µs CPU a record", target)
    server.call("DELETE", path)


def updates(bench):
    us, rate = bench.per_request("patch.lua", [loads.KEY, bench.args.records, SOURCE + "/records/"])
    bench.row("PATCH by id of one indexed field, two indexes, 64 connections",
              f"{us:.1f} µs CPU each, {rate:,.0f}/s", "80 µs")
