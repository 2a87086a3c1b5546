"""What a restart keeps: keys, databases, collections, records, idempotency keys, cursors and ETags. Secrets are stored hashed."""
import re
import subprocess
import time

KEY = re.compile(r"cv_live_[0-9A-Za-z_-]+")


def test_everything_is_kept(lab):
    server = lab.server()
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "kept"})
    client.expect(201, "POST", "databases/kept/collections", {"name": "rows", "require_if_match": True})
    rows = "databases/kept/collections/rows"
    client.expect((201, 202), "POST", rows + "/indexes", {"name": "by_n", "fields": ["n"]})
    made = client.expect(201, "POST", rows + "/records", [{"n": i} for i in range(30)], {"Idempotency-Key": "k"}).body
    page = client.expect(200, "GET", rows + "/records?sort=-n&limit=10").body
    one = client.expect(200, "GET", f"{rows}/records/{made['data'][0]['id']}")
    for _ in range(2):
        assert server.stop(), server.log_end()
        server.start()
        client = server.client()
        assert client.expect(200, "GET", "databases/kept").body["data"]["statistics"]["records"] == 30
        told = client.expect(200, "GET", rows).body["data"]
        assert told["require_if_match"] is True and told["indexes"][0]["status"] == "ready", told
        again = client.expect(200, "GET", f"{rows}/records/{made['data'][0]['id']}")
        assert again.data == one.data and again.header("ETag") == one.header("ETag"), again
        replay = client.expect(201, "POST", rows + "/records", [{"n": i} for i in range(30)], {"Idempotency-Key": "k"})
        assert replay.body == made, "the first answer is not given again"
        cursor = page["pagination"]["next_cursor"]
        second = client.expect(200, "GET", f"{rows}/records?sort=-n&limit=10&cursor={cursor}").body
        assert [record["n"] for record in second["data"]] == list(range(19, 9, -1)), second
        fresh = client.expect(201, "POST", "databases/kept/collections", {"name": "tmp"})
        client.expect(204, "DELETE", fresh.header("Location"))


def stored_in(directory, text):
    found = subprocess.run(["grep", "-rlF", "--", text, str(directory)], capture_output=True, text=True)
    return found.stdout.split()


def test_the_first_key_is_made_printed_once_and_stored_hashed(lab):
    server = lab.server(env={"CREDVAULT_ADMIN_KEY": ""})
    server.start()
    deadline = time.monotonic() + 30
    while not (printed := KEY.findall(server.log_text())):
        assert time.monotonic() < deadline, f"no key was printed\n{server.log_end()}"
        time.sleep(0.05)
    server.key = printed[0]
    server.client().expect(201, "POST", "databases", {"name": "mine"})
    assert "curl" in server.log_text(), "no curl line to try was printed"
    assert server.stop()
    server.start()
    assert len(KEY.findall(server.log_text())) == len(printed), "the key is printed again"
    server.client().expect(200, "GET", "databases/mine")
    assert server.client(key=server.key[:-1] + ("a" if server.key[-1] != "a" else "b")).call("GET", "databases").status == 401
    found = stored_in(server.data, server.key)
    assert not found, f"the key lies readable in {found}"


def test_the_key_from_the_environment_is_neither_stored_nor_logged(lab):
    server = lab.server()
    server.start()
    server.client().expect(200, "GET", "databases")
    server.client(key="1" * 40).call("GET", "databases")
    assert server.stop()
    for place in (server.data, server.log_path):
        assert not stored_in(place, server.key), f"the key lies readable in {place}"
    assert not stored_in(server.log_path, "1" * 40), "a wrong key was logged"
    old, server.key = server.key, "fresh-" + server.key
    server.start()
    server.client().expect(200, "GET", "databases")
    assert server.client(key=old).call("GET", "databases").status in (200, 401)
