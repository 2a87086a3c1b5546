"""Listeners of one collection's changes: how long after its commit a change reaches them."""
import selectors
import socket
import threading
import time

from server import KEY, Server

BASE = "/v1/databases/feed/collections/rows"


def listen(port, count):
    """Sockets whose streams have begun."""
    request = (f"GET {BASE}/changes HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey {KEY}\r\n"
               "Accept: text/event-stream\r\n\r\n").encode()
    sockets = []
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(request)
        sockets.append(one)
    for one in sockets:
        begun = b""
        while b"changes follow" not in begun:
            begun += one.recv(65536)
        one.setblocking(False)
    return sockets


def write(server, rate, seconds, committed):
    """One record at a time at the rate; notes when each was answered."""
    begun = time.monotonic()
    for i in range(int(rate * seconds)):
        time.sleep(max(0.0, begun + i / rate - time.monotonic()))
        status, _ = server.call("POST", BASE + "/records", {"n": i})
        assert status == 201, status
        committed.append(time.monotonic())


def latencies(sockets, total, committed):
    """Seconds from each change's answer to its arrival, for all listeners. Counts events; a batch's last is its latest."""
    selector, got, waits = selectors.DefaultSelector(), {}, []
    for one in sockets:
        selector.register(one, selectors.EVENT_READ)
        got[one] = 0
    left, deadline = len(sockets), time.monotonic() + 300
    while left and time.monotonic() < deadline:
        for key, _ in selector.select(1):
            one = key.fileobj
            arrived, events = time.monotonic(), one.recv(1 << 20).count(b"event: insert")
            for number in range(got[one], got[one] + events):
                # The answer to the writer may come after the event.
                waits.append(max(0.0, arrived - committed[number]) if number < len(committed) else 0.0)
            got[one] += events
            if got[one] == total:
                selector.unregister(one)
                left -= 1
    return sorted(waits), left


def listeners(bench, directory, count=1000, rate=100):
    server = Server(bench.args.server, directory)
    server.start()
    try:
        assert server.call("POST", "/v1/databases", {"name": "feed"})[0] == 201
        assert server.call("POST", "/v1/databases/feed/collections", {"name": "rows"})[0] == 201
        sockets, committed = listen(server.port, count), []
        seconds = max(3, bench.args.seconds)
        before, begun = server.cpu(), time.monotonic()
        writer = threading.Thread(target=write, args=(server, rate, seconds, committed))
        writer.start()
        waits, left = latencies(sockets, int(rate * seconds), committed)
        writer.join()
        elapsed, cpu = time.monotonic() - begun, server.cpu() - before
        p50, p99, worst = (waits[int(len(waits) * q)] if waits else 0 for q in (0.5, 0.99, 0.999999))
        bench.row(f"{count:,} listeners of one collection, {rate} changes/s",
                  f"{1000 * p50:.0f} ms p50, {1000 * p99:.0f} ms p99, {1000 * worst:.0f} ms at most after the commit; "
                  f"{cpu / elapsed:.2f} cores, {server.memory():.0f} MiB" + (f"; {left} not served" if left else ""),
                  "all within 1 s")
        for one in sockets:
            one.close()
    finally:
        server.close()
