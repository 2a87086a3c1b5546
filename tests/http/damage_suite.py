"""A damaged database file: that one answers 503 DATABASE_DAMAGED, the others and the server work."""
import os
import shutil

NAMES = ("sound", "broken")


def prepare(lab):
    """A stopped server with two databases of 500 records; returns it and the file of the second."""
    server = lab.server()
    server.start()
    client, files = server.client(), {}
    for name in NAMES:
        before = set((server.data / "db").glob("*.db"))
        client.expect(201, "POST", "databases", {"name": name})
        client.expect(201, "POST", f"databases/{name}/collections", {"name": "rows"})
        client.expect(201, "POST", f"databases/{name}/collections/rows/records",
                      [{"id": f"r{i:04}", "name": name, "text": "t" * 500} for i in range(500)])
        files[name] = (set((server.data / "db").glob("*.db")) - before).pop()
    assert server.stop(), server.log_end()
    server.check_data()
    return server, files["broken"]


def overwrite(path, start, size):
    with open(path, "r+b") as file:
        file.seek(start)
        file.write(os.urandom(size))


def zero_middle(path):
    size = os.path.getsize(path)
    overwrite(path, size // 4 // 4096 * 4096, size // 2)


DAMAGE = {"no database at all": lambda path: path.write_bytes(b"this is not a database" * 1000),
          "a random header": lambda path: overwrite(path, 0, 200),
          "cut in half": lambda path: os.truncate(path, os.path.getsize(path) // 2 // 4096 * 4096),
          "random pages in the middle": zero_middle,
          "empty": lambda path: os.truncate(path, 0),
          "gone": lambda path: path.unlink(),
          "a directory": lambda path: (path.unlink(), path.mkdir())}


def judge(lab, server, name):
    """Reads and writes every way there is: each gets what is right or DATABASE_DAMAGED, one at least gets the latter."""
    client, rows, refused = server.client(), "databases/broken/collections/rows", 0
    calls = [("GET", f"{rows}/records/r{i:04}", None, 200) for i in range(0, 500, 25)]
    calls += [("GET", f"{rows}/records?limit=1000", None, 200), ("POST", f"{rows}/count", {"filter": {"text": "x"}}, 200),
              ("POST", f"{rows}/query", {"filter": {"name": "broken"}, "sort": "text"}, 200)]
    calls += [("POST", f"{rows}/records", {"id": f"new{i}", "text": "n" * 500}, 201) for i in range(20)]
    for method, path, body, good in calls:
        answer = client.call(method, path, body)
        problem = answer.fault()
        if answer.status == 503:
            refused += 1
            wanted = "STORAGE_UNAVAILABLE" if name == "a directory" else "DATABASE_DAMAGED"
            problem = problem or (None if answer.code == wanted else f"{answer}")
            problem = problem or (None if answer.header("Retry-After") else "no Retry-After")
        elif answer.status != good:
            problem = problem or f"{answer}"
        if problem:
            raise AssertionError(f"{name}: {method} {path}: {problem}\n{server.log_end()}")
    assert refused, f"{name}: nobody noticed"
    assert client.expect(200, "POST", "databases/sound/collections/rows/count", {}).body["data"]["count"] == 500
    client.expect(201, "POST", "databases/sound/collections/rows/records", {"after": name})
    client.expect(204, "DELETE", client.expect(201, "POST", "databases/sound/collections/rows/records", {})
                  .header("Location"))
    ready = client.call("GET", "/readyz")
    broken = [store["reason"] for store in ready.body["data"]["stores"] if not store["ready"]]
    # What can't be opened at the moment is tried again with each call, and not known to be broken.
    assert ready.status == 200 and len(broken) == (name != "a directory"), f"{name}: {ready}"
    client.expect(200, "GET", "databases")


def test_damaged(lab):
    for name, damage in DAMAGE.items():
        place = lab.directory / name.replace(" ", "_")
        original, lab.directory = lab.directory, place
        try:
            server, path = prepare(lab)
            damage(path)
            checked = server.run("check", server.data)
            lab.check(f"{name}: credvault check sees it",
                      None if checked.returncode != 0 else f"it says {checked.stdout}{checked.stderr}")
            server.start()
            judge(lab, server, name)
            stopped = server.stop()
            lab.check(f"{name}: that one answers 503, the others work", None if stopped else server.log_end())
        except AssertionError as error:
            lab.check(f"{name}: that one answers 503, the others work", str(error))
        finally:
            lab.directory = original


def test_a_damaged_database_can_be_dropped(lab):
    server, path = prepare(lab)
    DAMAGE["a random header"](path)
    server.start()
    client = server.client()
    client.expect(503, "GET", "databases/broken/collections/rows/records")
    client.expect(204, "DELETE", "databases/broken")
    client.expect(404, "GET", "databases/broken")
    client.expect(201, "POST", "databases", {"name": "broken"})
    client.expect(200, "GET", "databases/broken/collections")
    assert server.stop()
    server.check_data()


def refused(server):
    """Whether the server says on its start that system.db is lost, and leaves."""
    before = len(server.log_text())
    server.launch()
    status, text = server.leave(30), server.log_text()[before:]
    said = "system.db" in text and "backup" in text
    return None if said and status not in (0, None) else f"it left with {status} and said: {text}"


def test_the_system_database(lab):
    """Without it nothing starts, and nothing that is there is taken for a leftover."""
    server, _ = prepare(lab)
    path, kept = server.data / "system.db", lab.directory / "kept.db"
    shutil.copy(path, kept)
    for name in ("a random header", "cut in half", "empty", "gone"):
        DAMAGE[name](path)
        checked = server.run("check", server.data)
        lab.check(f"{name}: credvault check sees it", None if checked.returncode == 1 else f"{checked}")
        lab.check(f"{name}: the start is refused", refused(server))
        shutil.copy(kept, path)
    server.start()
    for name in NAMES:
        assert server.client().expect(200, "GET", f"databases/{name}").body["data"]["statistics"]["records"] == 500
    assert server.stop()


def test_a_system_database_that_was_set_back(lab):
    """A database that it does not name is kept until the right one is there again."""
    server = lab.server().start()
    server.client().expect(201, "POST", "databases", {"name": "early"})
    assert server.stop()
    path, early, late = server.data / "system.db", lab.directory / "early.db", lab.directory / "late.db"
    shutil.copy(path, early)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "late"})
    client.expect(201, "POST", "databases/late/collections", {"name": "rows"})
    client.expect(201, "POST", "databases/late/collections/rows/records", {"id": "r"})
    assert server.stop()
    shutil.copy(path, late)
    shutil.copy(early, path)
    server.start()
    server.client().expect(404, "GET", "databases/late")
    assert "has no name" in server.log_text(), server.log_end()
    assert server.stop()
    shutil.copy(late, path)
    server.start()
    server.client().expect(200, "GET", "databases/late/collections/rows/records/r")
    assert server.stop()
