"""Everything at once from many clients: each answer is one that the contract allows, and what is left is sound."""
import random
import threading
import time

BASE = "databases/chaos/collections"
NAMES = ["one", "two", "three"]
# What a call may meet while others drop and make the things it works on.
EXPECTED = {200, 201, 204, 400, 404, 409, 412, 422}


class Client:
    """One thread's random calls."""

    def __init__(self, server, seed):
        self.client, self.random, self.wrong, self.calls = server.client(), random.Random(seed), [], 0

    def record(self):
        pick = self.random
        return {"n": pick.randrange(50), "tags": pick.sample(["a", "b", "c", "d"], pick.randrange(4)),
                "text": "t" * pick.choice([1, 30, 3000]), "deep": {"x": pick.choice([None, 1, "1", [1, 2]])}}

    def call(self):
        """(method, path, body, headers) of a random call."""
        pick = self.random
        place = f"{BASE}/{pick.choice(NAMES)}"
        one = f"{place}/records/r{pick.randrange(60)}"
        query = {"filter": {"n": {"$gte": pick.randrange(50)}, "tags": {"$in": ["a", "b"]}},
                 "sort": pick.choice(["n", "-n,tags", "deep.x", "id"]), "limit": pick.choice([1, 5, 1000])}
        index = pick.choice([["n"], ["-tags", "n"], ["deep.x"], ["text"]])
        return pick.choice(
            [("POST", f"{place}/records", {**self.record(), "id": f"r{pick.randrange(60)}"}, {})] * 4 +
            [("POST", f"{place}/records", [self.record() for _ in range(pick.randrange(1, 40))], {})] * 3 +
            [("PATCH", one, self.record(), {}), ("PUT", one, self.record(), {"If-None-Match": "*"}),
             ("PUT", one, self.record(), {}), ("DELETE", one, None, {}), ("GET", one, None, {})] * 3 +
            [("POST", f"{place}/query", query, {}), ("POST", f"{place}/count", {"filter": query["filter"]}, {}),
             ("GET", f"{place}/records?n[lt]=25&sort=-n&count=exact", None, {}), ("GET", place, None, {}),
             ("POST", f"{place}/distinct", {"field": "tags"}, {}), ("POST", f"{place}/explain", query, {})] * 2 +
            [("POST", f"{place}/indexes", {"name": f"i{len(index)}{index[0][:2].strip('-')}", "fields": index}, {}),
             ("DELETE", f"{place}/indexes/i1n", None, {}), ("DELETE", f"{place}/indexes/i2t", None, {}),
             ("DELETE", place, None, {})] + [("POST", BASE, {"name": pick.choice(NAMES)}, {})] * 3)

    def run(self, until):
        while time.monotonic() < until and not self.wrong:
            method, path, body, headers = self.call()
            answer = self.client.call(method, path, body, headers)
            self.calls += 1
            problem = answer.fault() or (None if answer.status in EXPECTED else "not expected")
            if problem:
                self.wrong.append(f"{method} {path} {str(body)[:300]}: {problem}: {answer}")


def chaos(lab, engine):
    server = lab.server(engine=engine, name=engine).start()
    server.client().expect(201, "POST", "databases", {"name": "chaos"})
    seed = random.randrange(1_000_000)
    clients = [Client(server, seed + i) for i in range(8)]
    until = time.monotonic() + (2 if lab.quick else 6)
    threads = [threading.Thread(target=client.run, args=(until,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), f"a call hangs (seed {seed})"
    wrong = [problem for client in clients for problem in client.wrong]
    assert not wrong, f"seed {seed}: {wrong[0]}"
    lab.note(f"{engine}: {sum(client.calls for client in clients)} calls")
    client = server.client()
    for name in client.expect(200, "GET", BASE).body["data"]:
        place = f"{BASE}/{name['name']}"
        total = client.expect(200, "GET", f"{place}/records?limit=1&count=exact").body["pagination"]["total"]
        counted = client.expect(200, "POST", f"{place}/count", {"filter": {"n": {"$gte": 0}}}).body["data"]["count"]
        assert total == counted == name["statistics"]["records"], f"{place}: {total}, {counted}, {name['statistics']}"
    assert server.stop(), server.log_end()
    return server


def test_sqlite(lab):
    chaos(lab, "sqlite").check_data()


def test_delayed(lab):
    chaos(lab, "delayed")
