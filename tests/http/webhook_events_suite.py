"""An event exists exactly when its write does: of collections, indexes and databases, of people who register and of
quotas that are used up, however often the server is killed."""
import http.client
import random
import threading
import time

from runner.hooks import Hooks
from runner.server import IDENTITY, OWNER

OPEN = '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n'
FAST = OPEN + "[webhooks]\nretry_permille = 2\n"


def receiver(lab, behave=None):
    hooks = Hooks(behave)
    lab.cleanup.append(hooks.stop)
    return hooks


def webhook(client, hooks, events):
    made = client.expect(201, "POST", "webhooks", {"url": hooks.url, "events": events, "max_concurrency": 50})
    hooks.secrets.append(made.body["data"]["secret"])
    return made.body["data"]["id"]


def told(hooks, kind, member):
    return [a.body["data"][member] for a in hooks.arrivals if a.body["type"] == kind]


class Makers:
    """Clients that make and remove collections and indexes until the server goes; what they were answered is kept."""

    def __init__(self):
        self.made, self.indexed, self.removed, self.lock, self.rounds = set(), set(), set(), threading.Lock(), 0

    def start(self, server):
        self.rounds += 1
        self.threads = [threading.Thread(target=self.run, args=(server.client(timeout=30), f"c{self.rounds}_{k}"))
                        for k in range(3)]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join(60)
            assert not thread.is_alive(), "a client hangs"

    def note(self, kept, name):
        with self.lock:
            kept.add(name)

    def run(self, client, prefix):
        path = "databases/made/collections"
        try:
            for i in range(100_000):
                name = f"{prefix}_{i}"
                client.expect(201, "POST", path, {"name": name})
                self.note(self.made, name)
                client.expect((201, 202), "POST", f"{path}/{name}/indexes", {"name": "by_a", "fields": ["a"]})
                self.note(self.indexed, name)
                if i % 2:
                    client.expect(204, "DELETE", f"{path}/{name}")
                    self.note(self.removed, name)
        except (http.client.HTTPException, OSError):
            pass  # The server went.


def names_of(client):
    names, cursor = set(), ""
    while True:
        page = client.expect(200, "GET", f"databases/made/collections?limit=1000&count=none&fields=name{cursor}").body
        names.update(one["name"] for one in page["data"])
        if not page["pagination"]["has_more"]:
            return names
        cursor = "&cursor=" + page["pagination"]["next_cursor"]


def test_the_catalogues_events_survive_kills(lab):
    server = lab.server(FAST)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "made"})
    hooks = receiver(lab)
    webhook(client, hooks, ["collection.*", "index.*"])
    makers = Makers()
    for _ in range(4 if lab.quick else 12):
        makers.start(server)
        time.sleep(random.uniform(0.1, 0.5))
        server.kill()
        makers.join()
        server.start()
    client = server.client()
    there = names_of(client)
    must = makers.made | there
    hooks.wait_for(lambda _: must <= {*told(hooks, "collection.created", "collection")}, 60)
    hooks.wait_for(lambda _: makers.indexed <= {*told(hooks, "index.created", "collection")}, 60)
    hooks.wait_for(lambda _: makers.removed <= {*told(hooks, "collection.deleted", "collection")}, 60)
    created, deleted = ({*told(hooks, f"collection.{kind}", "collection")} for kind in ("created", "deleted"))
    lab.note(f"{len(created)} collections made, {len(deleted)} removed, over {makers.rounds} kills")
    assert created == there | deleted, "events of writes that are absent: " + str(sorted(created - there - deleted))
    assert not deleted & there
    for name in there:
        indexes = {one["name"] for one in client.expect(200, "GET", f"databases/made/collections/{name}").body["data"]["indexes"]}
        assert ("by_a" in indexes) == (name in told(hooks, "index.created", "collection")), name
    assert not hooks.unsigned


def test_pipelines_that_make_collections(lab):
    server = lab.server(FAST)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "made"})
    client.expect(201, "POST", "databases/made/collections", {"name": "source"})
    client.expect(201, "POST", "databases/made/collections/source/records", [{"id": f"r{i}"} for i in range(1000)])
    hooks = receiver(lab)
    webhook(client, hooks, ["collection.*"])
    numbers = {"$range": [0, 12]}
    many = [{"$addFields": {"n": numbers}}, {"$unwind": "$n"}, {"$unset": ["id", "created_at", "updated_at", "_version"]}]
    for pipeline in ([{"$out": "small"}], many + [{"$out": "large"}], [{"$merge": {"into": "merged"}}], many + [{"$out": "large"}]):
        client.expect(200, "POST", "databases/made/collections/source/aggregate", {"pipeline": pipeline})
    hooks.wait_for(lambda all_: len(all_) >= 5)
    came = sorted((a.body["data"]["sequence"], a.body["type"], a.body["data"]["collection"]) for a in hooks.arrivals)
    assert [one[1:] for one in came] == [
        ("collection.created", "small"), ("collection.created", "large"), ("collection.replaced", "large"),
        ("collection.created", "merged"), ("collection.replaced", "large")], came


def test_a_dropped_database_takes_its_collections_along(lab):
    server = lab.server(FAST)
    server.start()
    client = server.client()
    for name in ("gone", "kept"):
        client.expect(201, "POST", "databases", {"name": name})
        for collection in ("a", "b"):
            client.expect(201, "POST", f"databases/{name}/collections", {"name": collection})
    hooks, of_one, of_other = receiver(lab), receiver(lab), receiver(lab)
    webhook(client, hooks, ["collection.deleted", "database.*"])
    client.expect(201, "POST", "webhooks", {"url": of_one.url, "events": ["*"], "database": "gone", "collection": "b"})
    client.expect(201, "POST", "webhooks", {"url": of_other.url, "events": ["database.*", "collection.*"], "database": "kept"})
    client.expect(204, "DELETE", "databases/gone")
    client.expect(201, "POST", "databases/kept/collections", {"name": "c"})
    came = hooks.wait_for(lambda all_: len(all_) >= 3)
    assert {(a.body["type"], a.body["data"].get("collection")) for a in came} == {
        ("collection.deleted", "a"), ("collection.deleted", "b"), ("database.deleted", None)}, [a.body for a in came]
    assert {a.body["data"]["database"] for a in came} == {"gone"}
    assert len({a.id for a in came}) == 3
    narrow = of_one.wait_for(lambda all_: len(all_) >= 2)
    assert sorted((a.body["type"], a.body["data"].get("collection")) for a in narrow) == [
        ("collection.deleted", "b"), ("database.deleted", None)], [a.body for a in narrow]
    other = of_other.wait_for(lambda all_: all_)
    assert [(a.body["type"], a.body["data"]["collection"]) for a in other] == [("collection.created", "c")], [a.body for a in other]


def test_who_registers_is_told_of_over_kills(lab):
    server = lab.server(FAST + IDENTITY, env=OWNER)
    server.start()
    hooks = receiver(lab)
    webhook(server.client(), hooks, ["member.added", "user.registered"])
    for i in range(2 if lab.quick else 6):
        email = f"p{i}@example.com"
        invited = server.client().expect(201, "POST", "invitations", {"email": email, "role": "viewer"}).body["data"]
        server.client(key=None).expect(200, "POST", "invitations/accept",
                                       {"token": invited["token"], "password": "correct horse battery", "name": "Ada"})
        server.kill()
        server.start()
        hooks.wait_for(lambda _, email=email: email in told(hooks, "user.registered", "email"), 30)
        assert email in told(hooks, "member.added", "email")


def test_a_used_up_quota_is_told_of_over_kills(lab):
    config = FAST + '[access]\ndefault_tier = "free"\n[tiers.free]\nwebhooks = 1\nrecords = 3\nkeys = 2\nrequests = 0\n'
    server = lab.server(config)
    server.start()
    client = server.client()
    hooks = receiver(lab)
    webhook(client, hooks, ["quota.reached"])
    client.expect(201, "POST", "databases", {"name": "made"})
    client.expect(201, "POST", "databases/made/collections", {"name": "rows"})
    records = "databases/made/collections/rows/records"
    client.expect(201, "POST", records, [{}, {}, {}])
    hour = int(time.time()) // 3600
    for _ in range(2):
        # Who was refused was refused with the event written down.
        assert client.expect(403, "POST", records, {}).code == "QUOTA_EXCEEDED"
        server.kill()
        server.start()
        client = server.client()
        hooks.wait_for(lambda _: "records" in told(hooks, "quota.reached", "quota"), 30)
    assert client.expect(403, "POST", "webhooks", {"url": hooks.url, "events": ["*"]}).code == "QUOTA_EXCEEDED"
    server.kill()
    server.start()
    hooks.wait_for(lambda _: "webhooks" in told(hooks, "quota.reached", "quota"), 30)
    ids = {a.id for a in hooks.arrivals if a.body["data"]["quota"] == "records"}
    assert len(ids) <= 1 + int(time.time()) // 3600 - hour, "once an hour, however often the server is started"


def test_what_a_start_itself_changes_is_told(lab):
    server = lab.server(FAST)
    server.start()
    hooks = receiver(lab)
    webhook(server.client(), hooks, ["key.*"])
    assert server.stop(), server.log_end()
    server.key = "another-key-of-the-operators-own-0123456789"
    server.start()
    came = hooks.wait_for(lambda all_: all_)
    assert [(a.body["type"], a.body["data"]["id"]) for a in came] == [("key.rotated", "key_environment")], came[0].body


def test_indexes_are_ready_or_failed_with_their_names(lab):
    server = lab.server(FAST + "[storage]\ninstant_index_records = 100\n")
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "made"})
    for name in ("few", "many"):
        client.expect(201, "POST", "databases/made/collections", {"name": name})
        client.expect(201, "POST", f"databases/made/collections/{name}/records",
                      [{"n": i // 2, "m": i} for i in range(10 if name == "few" else 1000)])
    hooks = receiver(lab)
    webhook(client, hooks, ["index.*"])
    for name in ("few", "many"):
        for field in ("n", "m"):
            client.expect((201, 202), "POST", f"databases/made/collections/{name}/indexes",
                          {"name": "by_" + field, "fields": [field], "unique": True})
    hooks.wait_for(lambda all_: len(all_) >= 8)
    came = {(a.body["data"]["collection"], a.body["data"]["index"], a.body["type"].split(".")[1]) for a in hooks.arrivals}
    wanted = {(name, index, kind) for name in ("few", "many") for index, end in (("by_n", "failed"), ("by_m", "ready"))
              for kind in ("created", end)}
    assert came == wanted, came
    for arrival in hooks.arrivals:
        data = arrival.body["data"]
        if arrival.body["type"] == "index.failed":
            shown = client.expect(200, "GET", f"databases/made/collections/{data['collection']}/indexes/{data['index']}")
            assert data["error"] == {"code": "INVALID_INDEX", "message": shown.body["data"]["failure"]}, data
