"""Webhooks: deliveries a second to one fast receiver, what a webhook costs writes, how soon an event arrives."""
import json
import os
import re
import socket
import subprocess
import tempfile
import threading
import time

import loads
from server import KEY, Server, free_port

ROWS = "/v1/databases/hooks/collections/rows"
CONFIG = '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n'
EVENTS = 50_000


class Receiver:
    """epoll_floor as the fast receiver: answers 200 to whatever comes."""

    def __init__(self, bench):
        self.port = free_port()
        self.process = subprocess.Popen([os.path.join(bench.args.tools, "epoll_floor"), str(self.port)],
                                        stdout=subprocess.DEVNULL)

    def __enter__(self):
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.01)
        raise SystemExit("the receiver does not start")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def started(bench, directory, name):
    place = os.path.join(directory, name)
    os.makedirs(place, exist_ok=True)
    config = os.path.join(place, "config.toml")
    with open(config, "w", encoding="utf-8") as file:
        file.write(CONFIG)
    server = Server(bench.args.server, os.path.join(place, "data"), ("--config", config))
    server.start()
    server.expect("POST", "/v1/databases", {"name": "hooks"})
    server.expect("POST", "/v1/databases/hooks/collections", {"name": "rows"})
    return server


def make(server, port, **more):
    wish = {"url": f"http://127.0.0.1:{port}/in", "events": ["document.*"], "max_concurrency": 50, **more}
    return server.expect("POST", "/v1/webhooks", wish)["data"]["id"]


def delivered(server):
    _, text = server.call("GET", "/metrics")
    found = re.search(rb"(?m)^credvault_webhook_deliveries_total (\S+)", text)
    return int(float(found[1])) if found else 0


def throughput(bench, directory):
    server = started(bench, directory, "throughput")
    try:
        with Receiver(bench) as receiver:
            hook = make(server, receiver.port)
            server.expect("POST", f"/v1/webhooks/{hook}/pause")
            for i in range(EVENTS // 1000):
                server.expect("POST", ROWS + "/records", [{"n": i * 1000 + k, "note": "x" * 200} for k in range(1000)])
            before = server.cpu()
            server.expect("POST", f"/v1/webhooks/{hook}/resume")
            begun = time.monotonic()
            while delivered(server) < EVENTS and time.monotonic() - begun < 120:
                time.sleep(0.05)
            elapsed = time.monotonic() - begun
            bench.row(f"{EVENTS:,} events that waited, one fast receiver",
                      f"{delivered(server) / elapsed:,.0f} deliveries/s, {(server.cpu() - before) / EVENTS * 1e6:.0f} µs of CPU "
                      f"each, {server.memory():.0f} MiB", "5,000/s")
    finally:
        server.close()


def write_load(bench, server):
    body = tempfile.NamedTemporaryFile("w", suffix=".json")
    json.dump({"name": "beside", "status": "active", "age": 40, "note": "x" * 180}, body)
    body.flush()
    figures = loads.run([os.path.join(bench.args.tools, "cv_load"), "--port", str(server.port), "--rate", "1000",
                         "--seconds", str(max(10, bench.args.seconds)), "--connections", "32",
                         "--header", "Authorization: ApiKey " + KEY, "--header", "Content-Type: application/json",
                         "--method", "POST", "--body", body.name, ROWS + "/records"])
    body.close()
    return figures


def beside_writes(bench, directory):
    server = started(bench, directory, "beside")
    try:
        with Receiver(bench) as receiver:
            write_load(bench, server)
            without = write_load(bench, server)
            make(server, receiver.port)
            beside = write_load(bench, server)
            bench.row("1,000 writes/s, p99 without and with a webhook on them",
                      f"{without['p99_us'] / 1000:.1f} ms and {beside['p99_us'] / 1000:.1f} ms, "
                      f"{beside['p99_us'] / without['p99_us']:.2f} x; p50 {without['p50_us'] / 1000:.1f} and "
                      f"{beside['p50_us'] / 1000:.1f} ms", "1.5 x")
    finally:
        server.close()


def listen(sock, arrivals):
    """One connection after the other; notes when each request came."""
    sock.settimeout(30)
    while True:
        try:
            peer, _ = sock.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(peer, arrivals), daemon=True).start()


def answer(peer, arrivals):
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    while True:
        try:
            got = peer.recv(65536)
        except OSError:
            return
        if not got:
            return
        if b"webhook-id" in got:
            arrivals.append(time.monotonic())
        peer.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


def idle(bench, directory, count=200):
    server = started(bench, directory, "idle")
    try:
        sock, arrivals, committed = socket.create_server(("127.0.0.1", 0)), [], []
        threading.Thread(target=listen, args=(sock, arrivals), daemon=True).start()
        make(server, sock.getsockname()[1])
        for i in range(count):
            server.expect("POST", ROWS + "/records", {"n": i})
            committed.append(time.monotonic())
            deadline = time.monotonic() + 5
            while len(arrivals) <= i and time.monotonic() < deadline:
                time.sleep(0.0002)
            time.sleep(0.02)
        waits = sorted(max(0.0, arrived - done) for arrived, done in zip(arrivals, committed))
        bench.row("from a write's answer to its event's arrival, idle",
                  f"{1000 * waits[len(waits) // 2]:.1f} ms p50, {1000 * waits[int(len(waits) * 0.99)]:.1f} ms p99",
                  "20 ms p50")
        sock.close()
    finally:
        server.close()


def webhooks(bench, directory):
    throughput(bench, directory)
    beside_writes(bench, directory)
    idle(bench, directory)
