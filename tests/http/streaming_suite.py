"""Streams that are far larger than the memory that the server may take for them."""
import json
import pathlib
import socket
import time

from runner.server import memory_bytes

ROWS = "databases/streamed/collections/rows"
MIB = 1024 * 1024
ALLOWED = 32 * MIB


def allowed(lab):
    """Sanitizers keep what was freed for a while."""
    return ALLOWED * (8 if {"asan", "tsan"} & set(pathlib.Path(lab.program).parts) else 1)


class Watched:
    """Reads a response to its end, or as slowly as asked, and keeps the greatest memory of the server meanwhile."""

    def __init__(self, server, client, head, body=b""):
        self.server, self.size, self.peak, self.lines = server, 0, 0, 0
        self.socket = socket.create_connection((client.host, client.port), timeout=120)
        fields = f"Host: localhost\r\nAuthorization: ApiKey {client.key}\r\nAccept: application/x-ndjson\r\n"
        if body:
            fields += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        self.socket.sendall(f"{head} HTTP/1.1\r\n{fields}Connection: close\r\n\r\n".encode() + body)
        self.first = b""

    def read(self, up_to=None):
        buffer, looks = bytearray(MIB), 0
        while up_to is None or self.size < up_to:
            got = self.socket.recv_into(buffer)
            if got == 0:
                break
            if self.size == 0:
                self.first = bytes(buffer[:min(got, 200)])
            self.size += got
            self.lines += buffer.count(b"\n", 0, got)
            looks += 1
            if looks % 16 == 0:
                self.look()
        self.look()

    def look(self):
        self.peak = max(self.peak, memory_bytes(self.server.process.pid))

    def close(self):
        self.socket.close()


def prepared(lab, total, size):
    server = lab.server()
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "streamed"})
    client.expect(201, "POST", "databases/streamed/collections", {"name": "rows"})
    data = "".join(json.dumps({"n": i, "text": "x" * size}) + "\n" for i in range(total)).encode()
    for begin in range(0, len(data), 16 * MIB):
        end = data.rfind(b"\n", 0, begin + 16 * MIB) + 1 if begin + 16 * MIB < len(data) else len(data)
        begin = data.rfind(b"\n", 0, begin) + 1
        answer = client.call("POST", ROWS + "/import", data[begin:end], content_type="application/x-ndjson")
        assert answer.status == 200, answer.data
    count = client.expect(200, "POST", ROWS + "/count", {}).body["data"]["count"]
    assert count == total, count
    return server, client


def check_stream(lab, what, stream, before, least):
    stream.close()
    assert stream.first.startswith(b"HTTP/1.1 200"), stream.first
    assert stream.size >= least, f"{what}: {stream.size} bytes are no large stream"
    growth = stream.peak - before
    lab.note(f"{what}: {stream.size // MIB} MiB, {growth / MIB:.1f} MiB more memory")
    assert growth <= allowed(lab), f"{what}: {growth / MIB:.1f} MiB more memory for {stream.size // MIB} MiB"


def test_a_pipeline_of_many_results(lab):
    server, client = prepared(lab, 5_000, 1_000)
    body = json.dumps({"pipeline": [{"$set": {"k": {"$range": [0, 40]}}}, {"$unwind": "$k"}]}).encode()
    before = memory_bytes(server.process.pid)
    stream = Watched(server, client, f"POST /v1/{ROWS}/aggregate", body)
    stream.read()
    check_stream(lab, "aggregate", stream, before, 6 * ALLOWED)
    assert stream.lines >= 200_000, stream.lines


def test_a_pipeline_whose_reader_pauses(lab):
    server, client = prepared(lab, 5_000, 1_000)
    body = json.dumps({"pipeline": [{"$set": {"k": {"$range": [0, 40]}}}, {"$unwind": "$k"}]}).encode()
    before = memory_bytes(server.process.pid)
    stream = Watched(server, client, f"POST /v1/{ROWS}/aggregate", body)
    for wanted in (MIB, 8 * MIB):
        stream.read(wanted)
        time.sleep(1)
        stream.look()
    # It goes away in the middle: the pipeline ends, and so does the server when it is told to.
    stream.close()
    growth = stream.peak - before
    assert growth <= allowed(lab), f"{growth / MIB:.1f} MiB more memory while nobody reads"
    assert server.stop(), server.log_end()


def test_an_export(lab):
    total = 60_000
    server, client = prepared(lab, total, 1_500)
    before = memory_bytes(server.process.pid)
    stream = Watched(server, client, f"GET /v1/{ROWS}/export")
    stream.read()
    check_stream(lab, "export", stream, before, 2 * ALLOWED)
    assert stream.lines >= total, stream.lines
