"""Slow clients and crowds: limits on time and connections hold, and nobody else is disturbed."""
import threading
import time

from runner.raw import Raw
from runner.server import memory_bytes

IMPATIENT = """
[limits]
header_ms = 700
idle_ms = 1500
body_grace_ms = 700
least_body_rate = 1000
write_ms = 1500
"""


def trickle(raw, data, seconds=0.05):
    """A byte at a time until all is sent or the server closes."""
    try:
        for byte in data:
            raw.send(bytes([byte]))
            time.sleep(seconds)
    except OSError:
        pass


def test_a_head_that_trickles_is_given_up(lab):
    server = lab.server(IMPATIENT)
    server.start()
    with Raw(server) as raw:
        trickle(raw, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"y" * 60)
        answer = raw.answer()
        assert answer.status == 408 and answer.code == "REQUEST_TIMEOUT", answer
        assert raw.closed()


def test_a_body_that_trickles_is_given_up(lab):
    server = lab.server(IMPATIENT)
    server.start()
    for framing, body in (("Content-Length: 1000", b"{" + b" " * 80), ("Transfer-Encoding: chunked", b"1\r\n{\r\n" * 20)):
        with Raw(server) as raw:
            raw.send(f"POST /v1/databases HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey {server.key}\r\n"
                     f"Content-Type: application/json\r\n{framing}\r\n\r\n")
            trickle(raw, body)
            answer = raw.answer()
            assert answer.status == 408 and answer.code == "REQUEST_TIMEOUT", answer
            assert raw.closed()


def test_an_idle_connection_is_closed(lab):
    server = lab.server(IMPATIENT)
    server.start()
    with Raw(server) as fresh, Raw(server) as used:
        used.request("GET", "/healthz")
        assert used.answer().status == 200
        assert used.closed() and not used.buffer, "an idle connection must be closed without a word"
        assert fresh.closed()


def test_a_client_that_reads_nothing(lab):
    """Answers pile up at one that never reads: it is dropped, and its memory with it."""
    server = lab.server(IMPATIENT)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "big"})
    client.expect(201, "POST", "databases/big/collections", {"name": "rows"})
    rows = "/v1/databases/big/collections/rows/records"
    client.expect(201, "POST", rows, [{"text": "t" * 10_000} for _ in range(200)], {"Prefer": "return=minimal"})
    stuck = [Raw(server) for _ in range(20)]
    for raw in stuck:
        raw.socket.settimeout(0.2)
        try:
            for _ in range(50):
                raw.request("GET", rows + "?limit=200&count=none")
        except OSError:
            pass
    for _ in range(20):
        client.expect(200, "GET", rows + "?limit=20")
    resident = memory_bytes(server.process.pid)
    assert lab.quick or resident < 400 * 1024 * 1024, f"{resident // 2**20} MiB for clients that read nothing"
    time.sleep(5)
    for raw in stuck:
        raw.socket.settimeout(30)
        assert raw.closed(), "a client that reads nothing keeps its connection"
        raw.socket.close()
    assert server.stop()


def test_slow_clients_disturb_nobody(lab):
    server = lab.server()
    server.start()
    slow, sending = [Raw(server) for _ in range(100)], threading.Event()

    def send_slowly():
        text = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 1000
        for at in range(1000):
            if sending.wait(0.01):
                return
            for raw in slow:
                raw.send(text[at:at + 1])

    thread = threading.Thread(target=send_slowly)
    thread.start()
    client = server.client()
    try:
        client.expect(201, "POST", "databases", {"name": "fast"})
        for _ in range(300):
            client.expect(200, "GET", "databases/fast")
    finally:
        sending.set()
        thread.join()
        for raw in slow:
            raw.socket.close()


def test_too_many_connections(lab):
    server = lab.server("[limits]\nconnections = 30\n")
    server.start()
    held = []
    for _ in range(30):
        held.append(Raw(server))
        held[-1].request("GET", "/healthz")
        held[-1].answer()
    with Raw(server) as raw:
        raw.request("GET", "/healthz")
        try:
            answer = raw.answer()
            assert answer.status == 503 and answer.code == "OVERLOADED" and answer.header("Retry-After"), answer
        except (AssertionError, OSError) as refused:
            assert "closed" in str(refused) or isinstance(refused, OSError), refused
    held.pop().socket.close()
    deadline = time.monotonic() + 20
    while True:
        try:
            server.client().expect(200, "GET", "databases")
            break
        except (OSError, AssertionError):
            assert time.monotonic() < deadline, "no connection is taken though one has gone"
            time.sleep(0.05)
    for raw in held:
        raw.socket.close()


def test_ten_thousand_idle_connections(lab):
    server = lab.server("[limits]\nidle_ms = 900000\n")  # A slow machine takes longer than the usual to make them.
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "calm"})
    client.expect(201, "POST", "databases/calm/collections", {"name": "rows"})
    before, crowd = memory_bytes(server.process.pid), []
    for i in range(1_000 if lab.quick else 10_000):
        crowd.append(Raw(server))
        if i % 2:
            crowd[-1].request("GET", "/healthz")
            assert crowd[-1].answer().status == 200
        if i % 50 == 0:
            client.expect(201, "POST", "databases/calm/collections/rows/records", {"n": i})
    each = (memory_bytes(server.process.pid) - before) / len(crowd)
    lab.note(f"{len(crowd)} idle connections, {each / 1024:.1f} KiB each")
    assert client.expect(200, "POST", "databases/calm/collections/rows/count", {}).body["data"]["count"] == len(crowd) / 50
    for raw in crowd[::97]:
        raw.request("GET", "/healthz")
        assert raw.answer().status == 200, "an idle connection no longer answers"
    for raw in crowd:
        raw.socket.close()
    client.expect(200, "GET", "databases")
    assert server.stop()
