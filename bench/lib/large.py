"""5 GB in and out, and the most memory that the server ever had meanwhile. A server of its own, so that nothing else counts."""
import http.client
import itertools
import json
import socket
import time

from records import batches
from server import KEY, Server

BYTES = 5_000_000_000
PATH = "/v1/databases/large/collections/records"


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def lines(size):
    """About `size` bytes of NDJSON in chunks of 1,000 records without ids, and how many records that were."""
    records = json.loads(next(batches(1000)))
    for record in records:
        del record["id"]
    chunk = b"".join(json.dumps(record, separators=(",", ":")).encode() + b"\n" for record in records)
    repeats = -(-size // len(chunk))
    return itertools.repeat(chunk, repeats), repeats * len(records)


def bring_in(server):
    chunks, count = lines(BYTES)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=3000)
    connection.request("POST", PATH + "/import", chunks, {
        "Authorization": "ApiKey " + KEY, "Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"},
        encode_chunked=True)
    answer = json.loads(connection.getresponse().read())
    if answer.get("data", {}).get("inserted") != count:
        raise SystemExit(str(answer)[:300])
    return count


def take_out(server):
    size, buffer = 0, bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"GET {PATH}/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: ApiKey {KEY}\r\n"
                           "Accept: application/x-ndjson\r\nConnection: close\r\n\r\n".encode())
        while got := connection.recv_into(buffer):
            if size == 0 and not buffer.startswith(b"HTTP/1.1 200"):
                raise SystemExit("no export: " + buffer[:300].decode())
            size += got
    return size


def large(bench, directory):
    server = Server(bench.args.server, directory)
    server.start()
    server.expect("POST", "/v1/databases", {"name": "large"})
    server.expect("POST", "/v1/databases/large/collections", {"name": "records"})
    begun = time.monotonic()
    count = bring_in(server)
    bench.row(f"import of 5 GB, {count:,} records", f"{count / (time.monotonic() - begun):,.0f}/s; at most "
              f"{peak_mib(server.process.pid):.0f} MiB", "400 MiB")
    server.close()
    server.start()
    begun = time.monotonic()
    size = take_out(server)
    bench.row(f"export of {size / 1e9:.1f} GB", f"{count / (time.monotonic() - begun):,.0f}/s; at most "
              f"{peak_mib(server.process.pid):.0f} MiB", "400 MiB")
    server.close()
