"""A webhook tells what who changed it last may see now: rights that he loses, rules that come, and that he leaves."""
import time

from runner.hooks import Hooks, until
from runner.server import IDENTITY, OWNER

CONFIG = '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n[webhooks]\nretry_permille = 20\n' + IDENTITY
ROWS = "databases/shop/collections/rows"


class World:
    """An owner, a developer with a webhook of his on documents and keys, and a receiver."""

    def __init__(self, lab, behave=None, events=("document.*", "collection.*")):
        self.server = lab.server(CONFIG, env=OWNER)
        self.server.start()
        self.owner = self.server.client()
        self.owner.expect(201, "POST", "databases", {"name": "shop"})
        self.owner.expect(201, "POST", "databases/shop/collections", {"name": "rows"})
        self.hooks = Hooks(behave)
        lab.cleanup.append(self.hooks.stop)
        invited = self.owner.expect(201, "POST", "invitations", {"email": "dev@example.com", "role": "admin"}).body["data"]
        anybody = self.server.client(key=None)
        anybody.expect(200, "POST", "invitations/accept",
                       {"token": invited["token"], "password": "correct horse battery", "name": "Dev"})
        token = anybody.expect(200, "POST", "auth/login", {"email": "dev@example.com", "password": "correct horse battery"})
        self.dev = {"Authorization": "Bearer " + token.body["data"]["access_token"]}
        self.anybody = anybody
        made = anybody.expect(201, "POST", "webhooks", {"url": self.hooks.url, "events": list(events)}, self.dev)
        self.webhook = made.body["data"]["id"]
        self.member = self.owner.expect(200, "GET", "members?email=dev@example.com").body["data"][0]["id"]

    def insert(self, record):
        self.owner.expect(201, "POST", ROWS + "/records", record)

    def came(self, name):
        return [a.body["data"] for a in self.hooks.arrivals if a.body["data"].get("id") == name]

    def state(self):
        return self.owner.expect(200, "GET", "webhooks/" + self.webhook).body["data"]


def test_a_rule_that_comes_later_holds_at_once(lab):
    world = World(lab)
    world.insert({"id": "before", "team": "b", "salary": 1})
    world.hooks.wait_for(lambda _: world.came("before"))
    rule = world.owner.expect(201, "POST", "data-rules", {"role": "admin", "database": "shop", "collection": "rows",
                                                          "rows": {"team": "a"}, "denied_fields": ["salary"]}).body["data"]
    world.insert([{"id": "hidden", "team": "b", "salary": 2}])
    time.sleep(2)
    world.insert([{"id": "later hidden", "team": "b", "salary": 3}, {"id": "shown", "team": "a", "salary": 4}])
    shown = world.hooks.wait_for(lambda _: world.came("shown")) and world.came("shown")[0]
    assert shown["record"]["team"] == "a" and "salary" not in shown["record"], shown
    assert not world.came("hidden") and not world.came("later hidden")
    world.owner.expect(204, "DELETE", "data-rules/" + rule["id"])
    world.insert({"id": "after", "team": "b"})
    world.hooks.wait_for(lambda _: world.came("after"))
    assert not world.came("hidden"), "what passed by is not told later"


def test_a_role_that_may_less_hears_less(lab):
    world = World(lab, events=("document.*", "key.*", "member.*"))
    world.owner.expect(201, "POST", "api-keys", {"name": "first", "scopes": ["logs:read"]})
    world.hooks.wait_for(lambda all_: any(a.body["type"] == "key.created" for a in all_))
    world.owner.expect(200, "PATCH", "members/" + world.member, {"role": "viewer"})
    world.owner.expect(201, "POST", "api-keys", {"name": "second", "scopes": ["logs:read"]})
    world.insert({"id": "a"})
    world.hooks.wait_for(lambda _: world.came("a"))
    time.sleep(1)
    keys = [a.body["data"]["name"] for a in world.hooks.arrivals if a.body["type"].startswith("key.")]
    assert keys == ["first"], keys
    assert world.state()["status"] == "active"


def test_one_whose_maker_left_is_paused_until_somebody_takes_it_over(lab):
    world = World(lab, behave=lambda n: 500)
    world.insert({"id": "failing"})
    world.hooks.wait_for(lambda _: world.came("failing"))
    world.owner.expect(204, "DELETE", "members/" + world.member)
    until(lambda: world.state()["status"] == "paused")
    assert world.state()["paused_reason"] == "maker_gone"
    before = len(world.hooks.arrivals)
    world.insert({"id": "unseen"})
    time.sleep(2)
    assert len(world.hooks.arrivals) == before, "neither the retry nor what is new"
    logged = world.owner.expect(200, "GET", "audit-logs?action=webhookPaused").body["data"]
    assert [entry["target"] for entry in logged] == ["/v1/webhooks/" + world.webhook], logged
    assert world.server.stop(), world.server.log_end()
    world.server.start()
    world.owner = world.server.client()
    assert world.state()["status"] == "paused"
    narrow = world.owner.expect(201, "POST", "api-keys", {"name": "n", "scopes": ["webhook:manage"]}).body["data"]["secret"]
    world.server.client(key=narrow).expect(403, "POST", f"webhooks/{world.webhook}/resume")
    world.hooks.behave = lambda n: 200
    resumed = world.owner.expect(200, "POST", f"webhooks/{world.webhook}/resume").body["data"]
    assert resumed["status"] == "active" and resumed["changed_by"] == "key_environment", resumed
    world.hooks.wait_for(lambda _: world.came("unseen") and len(world.came("failing")) > 1)


def test_a_revoked_key_takes_its_webhooks_along(lab):
    world = World(lab)
    hooks = Hooks()
    lab.cleanup.append(hooks.stop)
    key = world.owner.expect(201, "POST", "api-keys", {"name": "k", "scopes": ["webhook:manage", "database:read"]}).body["data"]
    made = world.server.client(key=key["secret"]).expect(201, "POST", "webhooks", {"url": hooks.url, "events": ["document.*"]})
    world.insert({"id": "a"})
    hooks.wait_for(lambda all_: len(all_) == 1)
    world.owner.expect(200, "POST", f"api-keys/{key['id']}/rotate", {})
    world.insert({"id": "b"})
    hooks.wait_for(lambda all_: len(all_) == 2)
    world.owner.expect(200, "POST", f"api-keys/{key['id']}/revoke")
    world.insert({"id": "c"})
    world.hooks.wait_for(lambda _: world.came("c"))
    path = "webhooks/" + made.body["data"]["id"]
    until(lambda: world.owner.expect(200, "GET", path).body["data"]["status"] == "paused")
    assert len(hooks.arrivals) == 2, [a.body for a in hooks.arrivals]
