"""kill -9 in the middle of transactions, atomic bulks and updates of many: each is there as a whole or not at all, what
was acknowledged is there, and the data directory is sound."""
import http.client
import random
import threading
import time

PATH = "databases/bank"
ACCOUNTS, RECORDS, BULK, START = 8, 120, 40, 100


class Load:
    """Clients of one run of the server; what they were told is kept over the runs."""

    def __init__(self):
        self.entries, self.bulks, self.rounds = set(), set(), 0
        self.sent_bulks = set()

    def prepare(self, client):
        client.expect(201, "POST", "databases", {"name": "bank"})
        for name in ("accounts", "entries", "bulky", "many"):
            client.expect(201, "POST", PATH + "/collections", {"name": name})
        client.expect((201, 202), "POST", PATH + "/collections/bulky/indexes", {"name": "by_bulk", "fields": ["bulk"]})
        client.expect(201, "POST", PATH + "/collections/accounts/records",
                      [{"id": f"a{i}", "balance": START} for i in range(ACCOUNTS)])
        client.expect(201, "POST", PATH + "/collections/many/records", [{"id": f"m{i}", "n": 0} for i in range(RECORDS)])

    def start(self, server):
        self.rounds += 1
        jobs = [(self.transfer, k) for k in range(3)] + [(self.bulk, k) for k in range(2)] + [(self.update_all, 0)]
        self.threads = [threading.Thread(target=self.repeat, args=(server.client(timeout=60), job, k), daemon=True)
                        for job, k in jobs]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join(90)
            assert not thread.is_alive(), "a client hangs"

    def repeat(self, client, job, number):
        try:
            for i in range(100_000):
                job(client, f"r{self.rounds}t{number}i{i}")
        except (http.client.HTTPException, OSError):
            pass  # The server went.

    def transfer(self, client, name):
        a, b = random.sample(range(ACCOUNTS), 2)
        amount = random.randint(1, 30)
        operations = [
            {"collection": "accounts", "update": {"id": f"a{a}", "update": {"$inc": {"balance": -amount}},
                                                  "if_matches": {"balance": {"$gte": amount}}}},
            {"collection": "accounts", "update": {"id": f"a{b}", "update": {"$inc": {"balance": amount}}}},
            {"collection": "entries", "insert": {"id": name, "from": a, "to": b, "amount": amount}}]
        answer = client.expect((200, 412), "POST", PATH + "/transactions", {"operations": operations})
        if answer.status == 200:
            self.entries.add(name)

    def bulk(self, client, name):
        self.sent_bulks.add(name)
        operations = [{"insert": {"id": f"{name}.{k}", "bulk": name, "n": 0}} for k in range(BULK)]
        operations.append({"update": {"filter": {"bulk": name}, "update": {"$inc": {"n": 1}}, "multi": True}})
        client.expect(200, "POST", PATH + "/collections/bulky/bulk", {"operations": operations, "atomic": True})
        self.bulks.add(name)

    def update_all(self, client, name):
        client.expect(200, "POST", PATH + "/collections/many/update",
                      {"filter": {"n": {"$gte": 0}}, "update": {"$inc": {"n": 1}, "$set": {"by": name}}, "multi": True})

    def verify(self, client):
        def all_of(collection):
            rows, cursor = [], None
            while True:
                body = {"limit": 1000, "count": "none", **({"cursor": cursor} if cursor else {})}
                page = client.expect(200, "POST", f"{PATH}/collections/{collection}/query", body).body
                rows += page["data"]
                cursor = page["pagination"].get("next_cursor")
                if not cursor:
                    return rows

        balances = {row["id"]: row["balance"] for row in all_of("accounts")}
        expected = {f"a{i}": START for i in range(ACCOUNTS)}
        entries = all_of("entries")
        for entry in entries:
            expected[f"a{entry['from']}"] -= entry["amount"]
            expected[f"a{entry['to']}"] += entry["amount"]
        assert balances == expected, f"balances {balances} are not what the entries make: {expected}"
        assert min(balances.values()) >= 0, balances
        lost = self.entries - {entry["id"] for entry in entries}
        assert not lost, f"acknowledged transactions are gone: {sorted(lost)[:5]}"
        sizes = {}
        for row in all_of("bulky"):
            sizes[row["bulk"]] = sizes.get(row["bulk"], 0) + 1
            assert row["n"] == 1, row
        torn = {name: size for name, size in sizes.items() if size != BULK}
        assert not torn, f"bulks are there in part: {torn}"
        assert self.bulks <= sizes.keys() <= self.sent_bulks, "an acknowledged bulk is gone"
        states = {(row["n"], row.get("by")) for row in all_of("many")}
        assert len(states) == 1, f"an update of many is there in part: {states}"
        return len(entries), len(sizes), states.pop()[0]


def test_kill_during_atomic_writes(lab):
    load, server = Load(), lab.server()
    server.start()
    load.prepare(server.client())
    for _ in range(3 if lab.quick else 8):
        load.start(server)
        time.sleep(random.uniform(0.3, 0.9))
        server.kill()
        load.join()
        server.check_data()
        server.start(seconds=60)
        counts = load.verify(server.client())
    assert min(counts) > 0, f"that was no load: {counts}"
    lab.note("transactions, bulks, updates of many: " + ", ".join(map(str, counts)))
    assert server.stop(), server.log_end()
    server.check_data()


def test_a_queue_gives_each_job_once(lab):
    """Fifty clients claim jobs with one update each."""
    server, jobs, clients = lab.server(), 150 if lab.quick else 400, 50
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "q"})
    client.expect(201, "POST", "databases/q/collections", {"name": "jobs"})
    path = "databases/q/collections/jobs"
    client.expect((201, 202), "POST", path + "/indexes", {"name": "by_state", "fields": ["state", "n"]})
    client.expect(201, "POST", path + "/records", [{"state": "waiting", "n": i} for i in range(jobs)],
                  {"Prefer": "return=minimal"})
    claimed, lock, failures = [], threading.Lock(), []

    def work(own, name):
        body = {"filter": {"state": "waiting"}, "sort": {"n": 1}, "return": "after",
                "update": {"$set": {"state": "running", "by": name}, "$inc": {"tries": 1}}}
        while True:
            answer = own.call("POST", path + "/update", body)
            if answer.status != 200:
                failures.append(answer)
                return
            record = answer.body["data"]["record"]
            if record is None:
                return
            with lock:
                claimed.append((record["n"], record["by"] == name, record["tries"]))

    threads = [threading.Thread(target=work, args=(server.client(timeout=60), f"w{i}")) for i in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "a client hangs"
    assert not failures, failures[0]
    assert sorted(claimed) == [(i, True, 1) for i in range(jobs)], "a job was given twice, or not at all"
