"""Writers that remember what the server acknowledged, and the comparison with what it has later.

A record may be in several states while a write's answer is unknown; an acknowledged write leaves one. An array that is
inserted is there as a whole or not at all.
"""
import http.client
import itertools
import threading
import time

GONE = None
ARRAY = 25
PATH = "databases/ledger/collections/entries"


class Ledger:
    """Used by one test; its writers are threads of their own, each with its own records."""

    def __init__(self, padding=0):
        self.states = {}  # id -> the set of values of `v` that it may have, GONE among them
        self.arrays = []  # lists of ids inserted at once
        self.acknowledged, self.refused, self.rounds, self.padding = 0, {}, itertools.count(), "x" * padding
        self.unexpected = []

    def prepare(self, client):
        client.expect(201, "POST", "databases", {"name": "ledger"})
        client.expect(201, "POST", "databases/ledger/collections", {"name": "entries"})
        client.expect((201, 202), "POST", PATH + "/indexes", {"name": "by_v", "fields": ["v", "kind"]})
        client.expect((201, 202), "POST", PATH + "/indexes", {"name": "by_serial", "fields": ["serial"], "unique": True})

    def start(self, server, writers=6):
        """Starts writers, which end when the server goes or stop() is called."""
        self.stopping = threading.Event()
        number = next(self.rounds)
        self.threads = [threading.Thread(target=self.write, args=(server.client(timeout=60), f"r{number}w{w}"), daemon=True)
                        for w in range(writers)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join(90)
            if thread.is_alive():
                raise AssertionError("a writer hangs")

    def write(self, client, name):
        mine = []
        try:
            for i in itertools.count():
                if self.stopping.is_set():
                    break
                if not self.one_write(client, f"{name}-{i}", i, mine):
                    time.sleep(0.02)
        except (http.client.HTTPException, OSError):
            pass  # The server went: what is in doubt is noted.
        finally:
            client.close()

    def one_write(self, client, name, i, mine):
        """A single insert, an array, a change or a removal, in turn. Whether it was acknowledged."""
        if i % 4 == 1:
            ids = [f"{name}.{k}" for k in range(ARRAY)]
            self.arrays.append(ids)
            body = [self.record(one, "array") for one in ids]
            return self.attempt(client, ids, 0, "POST", PATH + "/records", body)
        if i % 4 == 2 and mine:
            target = mine[-1]
            version = max(v for v in self.states[target] if v is not GONE) + 1
            return self.attempt(client, [target], version, "PATCH", f"{PATH}/records/{target}", {"v": version})
        if i % 8 == 3 and len(mine) > 3:
            target = mine.pop(0)
            return self.attempt(client, [target], GONE, "DELETE", f"{PATH}/records/{target}")
        done = self.attempt(client, [name], 0, "POST", PATH + "/records", self.record(name, "single"))
        if done:
            mine.append(name)
        return done

    def record(self, name, kind):
        return {"id": name, "serial": name, "kind": kind, "v": 0, "padding": self.padding}

    def attempt(self, client, ids, value, method, path, body=None):
        """Sends; until there is an answer the records may be in the old state or the new one."""
        before = {one: self.states.get(one, {GONE}) for one in ids}
        for one in ids:
            self.states[one] = before[one] | {value}
        answer = client.call(method, path, body)
        if answer.status < 300:
            for one in ids:
                self.states[one] = {value}
            self.acknowledged += 1
            return True
        self.refused[answer.code] = self.refused.get(answer.code, 0) + 1
        if answer.code in ("STORAGE_FULL", "SHUTTING_DOWN", "OVERLOADED"):
            self.states.update(before)  # These say that nothing was written.
        else:
            self.unexpected.append(f"{method} {path}: {answer}")
        return False

    def stored(self, client):
        """id -> v of all records there are, read page by page."""
        found, cursor = {}, ""
        while True:
            page = client.expect(200, "GET", f"{PATH}/records?limit=1000&count=none&fields=v,serial{cursor}").body
            for record in page["data"]:
                if record["id"] in found or record["serial"] != record["id"]:
                    raise AssertionError(f"the list shows {record} after {found.get(record['id'])}")
                found[record["id"]] = record["v"]
            if not page["pagination"]["has_more"]:
                return found
            cursor = "&cursor=" + page["pagination"]["next_cursor"]

    def verify(self, client):
        """Raises AssertionError where an acknowledged write is not there, or something that nobody wrote is. What was
        in doubt is then known. Returns how many records there are."""
        if self.unexpected:
            raise AssertionError("unexpected answers: " + "\n".join(self.unexpected[:3]))
        found, wrong = self.stored(client), []
        for one, states in self.states.items():
            if found.get(one, GONE) not in states:
                wrong.append(f"{one}: is {found.get(one, GONE)}, may be {sorted(map(str, states))}")
            self.states[one] = {found.get(one, GONE)}
        wrong += [f"{one} was never written" for one in found if one not in self.states]
        for ids in self.arrays:
            there = sum(one in found for one in ids)
            if there not in (0, len(ids)):
                wrong.append(f"{there} of the {len(ids)} records of the array {ids[0]} are there")
        count = client.expect(200, "POST", PATH + "/count", {}).body["data"]["count"]
        if count != len(found):
            wrong.append(f"count says {count}, the list shows {len(found)}")
        indexed = client.expect(200, "POST", PATH + "/count", {"filter": {"v": {"$gte": 0}}}).body["data"]["count"]
        if indexed != len(found):
            wrong.append(f"the index by_v has {indexed} records, the list shows {len(found)}")
        if wrong:
            raise AssertionError(f"{len(wrong)} wrong: " + "; ".join(wrong[:10]))
        return len(found)
