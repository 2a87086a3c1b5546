"""The change feed as a stream: it goes on where it was, over breaks, crashes and restarts; it says when changes are
gone; many listeners get all of it."""
import http.client
import json
import selectors
import socket
import threading
import time
import urllib.parse


class Listener:
    """Reads a stream of server-sent events. `events` are the changes so far; `last` is where to go on."""

    def __init__(self, server, path, query=None, last=None, timeout=20):
        self.server, self.last, self.events, self.others = server, last, [], []
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)
        headers = {"Authorization": "ApiKey " + server.key, "Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        target = f"/v1/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        self.connection.request("GET", target, None, headers)
        self.response = self.connection.getresponse()
        self.status = self.response.status
        assert self.status != 200 or self.response.getheader("Content-Type") == "text/event-stream"

    def block(self):
        """One block of the stream as a dict; None at the end."""
        fields = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if not line:
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")

    def read(self, enough):
        """Reads until `enough(self)`."""
        while not enough(self):
            block = self.block()
            assert block is not None, "the stream ended"
            self.last = block.get("id", self.last)
            if block.get("event") in ("insert", "update", "delete", "drop"):
                self.events.append(json.loads(block["data"]))
            elif "event" in block:
                self.others.append(block)
        return self

    def close(self):
        self.connection.close()
        self.response.close()


def prepared(lab, config=None, **options):
    server = lab.server(config)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "feed"})
    client.expect(201, "POST", "databases/feed/collections", {"name": "rows", **options})
    return server, client


ROWS = "databases/feed/collections/rows"


def test_a_stream_gives_what_is_written(lab):
    server, client = prepared(lab)
    one = Listener(server, ROWS + "/changes", {"record": "true"})
    everything = Listener(server, "databases/feed/changes")
    inserts = Listener(server, ROWS + "/changes", {"operations": "insert", "filter": '{"n":{"$lt":2}}'})
    for stream in (one, everything, inserts):
        stream.read(lambda s: s.last)
    for i in range(5):
        client.expect(201, "POST", ROWS + "/records", {"id": f"r{i}", "n": i})
    client.expect(204, "DELETE", ROWS + "/records/r0")
    one.read(lambda s: len(s.events) == 6)
    assert [e["operation"] for e in one.events] == ["insert"] * 5 + ["delete"], one.events
    assert one.events[4]["record"]["n"] == 4 and one.events[4]["record_state"] == "exact", one.events[4]
    assert [e["id"] for e in everything.read(lambda s: len(s.events) == 6).events] == [e["id"] for e in one.events]
    assert [e["id"] for e in inserts.read(lambda s: len(s.events) == 2).events] == ["r0", "r1"], inserts.events
    for stream in (one, everything, inserts):
        stream.close()
    assert server.stop(), server.log_end()


def test_a_stream_goes_on_where_it_was(lab):
    server, client = prepared(lab)
    stream = Listener(server, ROWS + "/changes").read(lambda s: s.last)
    seen = []
    for turn in range(4):
        client.expect(201, "POST", ROWS + "/records", [{"n": turn}] * 3)
        stream.read(lambda s: len(s.events) == 3)
        seen += [e["position"] for e in stream.events]
        stream.close()
        client.expect(201, "POST", ROWS + "/records", [{"n": turn}] * 2)
        if turn == 2:
            assert server.stop(), server.log_end()
            server.start()
            client = server.client()
        stream = Listener(server, ROWS + "/changes", last=stream.last).read(lambda s: len(s.events) == 2)
        seen += [e["position"] for e in stream.events]
        stream.close()
        stream = Listener(server, ROWS + "/changes", last=stream.last).read(lambda s: s.last)
    stream.close()
    told = client.expect(200, "GET", ROWS + "/changes?limit=1000").body["data"]["changes"]
    assert seen == [e["position"] for e in told], "not each change once, in order"


def test_no_gap_over_crashes(lab):
    server, client = prepared(lab)
    acknowledged, seen, last = [], [], None
    for turn in range(2 if lab.quick else 5):
        stop = threading.Event()

        def write(own=server.client(), turn=turn):
            try:
                for i in range(100_000):
                    if stop.is_set():
                        return
                    acknowledged.append(own.expect(201, "POST", ROWS + "/records", {"id": f"t{turn}_{i}"}).body["data"]["id"])
            except (OSError, http.client.HTTPException, AssertionError):
                pass

        stream = Listener(server, ROWS + "/changes", {"since": "oldest"}, last=last)
        writer = threading.Thread(target=write)
        writer.start()
        least = len(seen) + 30
        try:
            while len(seen) < least:
                stream.events = []
                stream.read(lambda s: s.events)
                seen += [(e["position"], e["id"]) for e in stream.events]
                last = stream.last
        finally:
            server.kill()
            stop.set()
            writer.join()
        stream.close()
        server.check_data()
        server.start()
    stream = Listener(server, ROWS + "/changes", {"since": "oldest"}, last=last)
    client = server.client()
    client.expect(201, "POST", ROWS + "/records", {"id": "end"})
    stream.read(lambda s: any(e["id"] == "end" for e in s.events))
    seen += [(e["position"], e["id"]) for e in stream.events]
    stream.close()
    ids = [record for _, record in seen]
    missing = set(acknowledged) - set(ids)
    assert not missing, f"{len(missing)} acknowledged writes are missing in the feed: {sorted(missing)[:5]}"
    assert len(set(seen)) == len(ids) == len(set(ids)), "changes came twice although none was asked for again"
    stored = client.expect(200, "POST", ROWS + "/count", {}).body["data"]["count"]
    assert stored == len(ids), f"{stored} records, {len(ids)} insertions in the feed"
    lab.note(f"{len(acknowledged)} acknowledged writes over the crashes, {len(ids)} in the feed")


def test_a_dropped_collection_is_told_and_comes_back(lab):
    server, client = prepared(lab)
    stream = Listener(server, ROWS + "/changes").read(lambda s: s.last)
    client.expect(201, "POST", ROWS + "/records", {"id": "a"})
    client.expect(204, "DELETE", ROWS)
    client.expect(201, "POST", "databases/feed/collections", {"name": "rows"})
    client.expect(201, "POST", ROWS + "/records", {"id": "a"})
    stream.read(lambda s: len(s.events) == 3)
    assert [e["operation"] for e in stream.events] == ["insert", "drop", "insert"], stream.events
    client.expect(204, "DELETE", "databases/feed")
    while stream.block() is not None:
        pass
    stream.close()


KEEPS_LITTLE = "[changes]\nkept_rows = 100\nheld_rows = 200\nheartbeat_ms = 100\n[storage]\nupkeep_ms = 200\n"


def test_what_is_no_longer_kept_is_told(lab):
    server, client = prepared(lab, KEEPS_LITTLE)
    client.expect(201, "POST", ROWS + "/records", {"id": "first"})
    first = client.expect(200, "GET", ROWS + "/changes").body["data"]["position"]
    deadline = time.monotonic() + 60
    while True:
        client.expect(201, "POST", ROWS + "/records", [{} for _ in range(500)], {"Prefer": "return=minimal"})
        answer = client.call("GET", f"{ROWS}/changes?since={first}")
        if answer.status != 200:
            break
        assert time.monotonic() < deadline, "old changes are never trimmed"
        time.sleep(0.1)
    assert answer.status == 422 and answer.code == "CHANGES_GONE", answer
    assert Listener(server, ROWS + "/changes", last=first).status == 422
    left = client.expect(200, "GET", ROWS + "/changes?limit=1000").body["data"]
    assert left["changes"], left
    assert client.expect(200, "GET", f"{ROWS}/changes?since={left['oldest']}").body["data"]["changes"]
    assert server.stop()
    server.check_data()


def test_a_listener_who_is_too_slow_is_told_of_the_gap(lab):
    config = KEEPS_LITTLE.replace("[changes]", "[changes]\nbuffer_bytes = 65536") + "[limits]\nwrite_ms = 60000\n"
    server, client = prepared(lab, config, change_images="after")
    stream = Listener(server, ROWS + "/changes", {"record": "true"}).read(lambda s: s.last)
    filler, deadline = "x" * 20_000, time.monotonic() + 60
    # More than the sockets' buffers take; then until the log has left the stream behind.
    written = 0
    while written < 10 or client.call("GET", f"{ROWS}/changes?since={stream.last}").code != "CHANGES_GONE":
        client.expect(201, "POST", ROWS + "/records", [{"filler": filler} for _ in range(300)], {"Prefer": "return=minimal"})
        written += 1
        assert time.monotonic() < deadline, "the log is held for ever"
    stream.read(lambda s: s.others or time.monotonic() > deadline)
    assert stream.others and stream.others[0]["event"] == "gap", "the stream has not told of its gap"
    before = len(stream.events)
    client.expect(201, "POST", ROWS + "/records", {"id": "after-the-gap"})
    stream.read(lambda s: s.events and s.events[-1]["id"] == "after-the-gap")
    assert len(stream.events) > before
    stream.close()


def test_a_quiet_stream_shows_that_it_lives(lab):
    server, client = prepared(lab, "[changes]\nheartbeat_ms = 100\n")
    client.expect(201, "POST", "databases/feed/collections", {"name": "other"})
    stream = Listener(server, ROWS + "/changes").read(lambda s: s.last)
    start = stream.last
    client.expect(201, "POST", "databases/feed/collections/other/records", {})
    blocks = [stream.block() for _ in range(3)]
    assert all("id" in block and "event" not in block for block in blocks), blocks
    assert blocks[-1]["id"] != start, "the position does not move on over other collections' changes"
    stream.close()


def test_listeners_are_bounded(lab):
    server, _ = prepared(lab, "[changes]\nmax_listeners = 2\n")
    streams = [Listener(server, ROWS + "/changes") for _ in range(2)]
    refused = Listener(server, ROWS + "/changes")
    assert refused.status == 503 and json.loads(refused.response.read())["code"] == "OVERLOADED"
    streams[0].close()
    deadline = time.monotonic() + 20
    while Listener(server, ROWS + "/changes").status != 200:
        assert time.monotonic() < deadline, "a listener who left still counts"
        time.sleep(0.05)


def test_large_records_are_left_out_of_streams(lab):
    server, client = prepared(lab, "[changes]\nmax_record_bytes = 2000\n")
    stream = Listener(server, ROWS + "/changes", {"record": "true"}).read(lambda s: s.last)
    client.expect(201, "POST", ROWS + "/records", {"id": "big", "text": "x" * 3000})
    event = stream.read(lambda s: s.events).events[0]
    assert event["record"] is None and event["record_state"] == "too_large", event
    page = client.expect(200, "GET", ROWS + "/changes?record=true").body["data"]["changes"]
    assert page[0]["record"]["id"] == "big", page
    stream.close()


def test_many_listeners_get_everything(lab):
    """Raw sockets, one thread: counts the events that each listener got."""
    server, client = prepared(lab)
    count, changes = (100, 50) if lab.quick else (1000, 300)
    selector, sockets = selectors.DefaultSelector(), {}
    request = (f"GET /v1/{ROWS}/changes HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey {server.key}\r\n"
               "Accept: text/event-stream\r\n\r\n").encode()
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", server.port))
        one.sendall(request)
        sockets[one] = b""
    for one in sockets:
        while b"changes follow" not in sockets[one]:
            sockets[one] += one.recv(65536)
        sockets[one] = b""
        one.setblocking(False)
        selector.register(one, selectors.EVENT_READ)

    def write():
        own = server.client()
        for i in range(changes):
            own.expect(201, "POST", ROWS + "/records", {"id": f"r{i}"}, {"Prefer": "return=minimal"})
            time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    deadline, left = time.monotonic() + 120, count
    while left:
        assert time.monotonic() < deadline, f"{left} of {count} listeners have not got everything"
        for key, _ in selector.select(1):
            sockets[key.fileobj] += key.fileobj.recv(1 << 20)
            if sockets[key.fileobj].count(b"event: insert") >= changes:
                selector.unregister(key.fileobj)
                left -= 1
    writer.join()
    expected = [f'"id":"r{i}"'.encode() for i in range(changes)]
    for data in sockets.values():
        at = -1
        for mark in expected:
            found = data.find(mark + b",")
            assert found > at and data.count(mark + b",") == 1, f"{mark} does not come once, in its order"
            at = found
    for one in sockets:
        one.close()
    assert server.stop(), server.log_end()
