"""A full disk: writes get 503 STORAGE_FULL and leave nothing behind, reads go on, writes resume when there is room."""
import subprocess
import time

from runner.ledger import PATH, Ledger


def mount(lab, size):
    """A file system of its own, in memory. Needs root, as CI has."""
    place = lab.directory / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "credvault-test", str(place)],
                          capture_output=True, text=True)
    assert made.returncode == 0, f"this test mounts a small tmpfs, which needs root: {made.stderr}"
    lab.cleanup.append(lambda: subprocess.run(["umount", "-l", str(place)], check=True))
    return place


def fill(client, limit=2000):
    """Inserts until the disk is full. Returns the ids that were acknowledged and the first refusal."""
    kept = []
    for i in range(limit):
        answer = client.call("POST", PATH + "/records", {"id": f"fill{i}", "serial": f"fill{i}", "v": 0, "pad": "p" * 60_000})
        if answer.status != 201:
            return kept, answer
        kept.append(f"fill{i}")
    raise AssertionError("the disk does not get full")


def test_full_disk(lab):
    place = mount(lab, "24m")
    server = lab.server(directory=place)
    server.log_path = lab.directory / "log"
    server.start()
    client, ledger = server.client(), Ledger(padding=2000)
    ledger.prepare(client)
    kept, refusal = fill(client)
    assert refusal.status == 503 and refusal.code == "STORAGE_FULL", refusal
    assert refusal.header("Retry-After"), refusal
    assert refusal.fault() is None, refusal.fault()
    for path in (f"{PATH}/records/{kept[-1]}", f"{PATH}/records?limit=1000&fields=v&sort=-serial", "databases", PATH):
        client.expect(200, "GET", path)
    client.expect(200, "POST", PATH + "/query", {"filter": {"serial": kept[0]}})
    assert client.expect(200, "POST", PATH + "/count", {}).body["data"]["count"] == len(kept)
    client.expect(404, "GET", f"{PATH}/records/fill{len(kept)}")
    # Under load it stays as it is: refused, or written and there.
    ledger.states.update({one: {0} for one in kept})
    ledger.start(server)
    time.sleep(0.5 if lab.quick else 2)
    ledger.stop()
    ledger.verify(client)
    assert ledger.refused.get("STORAGE_FULL"), f"nothing was refused: {ledger.refused}"
    for path in ("databases", "databases/ledger/collections"):
        # What is small may still fit.
        for number in range(500):
            answer = client.call("POST", path, {"name": f"late{number}"})
            if answer.status != 201:
                break
        assert answer.status == 503 and answer.code == "STORAGE_FULL", answer
        client.expect(404, "GET", f"{path}/late{number}")
    # It can be stopped and started as it is.
    assert server.stop(), server.log_end()
    server.start()
    client = server.client()
    client.expect(200, "GET", f"{PATH}/records/{kept[0]}")
    ledger.verify(client)
    subprocess.run(["mount", "-o", "remount,size=96m", str(place)], check=True)
    deadline = time.monotonic() + 60
    while (answer := client.call("POST", PATH + "/records", {"serial": "again"})).status != 201:
        assert time.monotonic() < deadline, f"writes do not resume: {answer}"
        time.sleep(0.1)
    client.expect(204, "DELETE", f"{PATH}/records/{answer.body['data']['id']}")
    before = ledger.acknowledged
    ledger.start(server)
    time.sleep(0.5)
    ledger.stop()
    assert ledger.acknowledged > before, "nothing is written though there is room"
    ledger.verify(client)
    assert server.stop(), server.log_end()
    server.check_data()
    server.start()
    ledger.verify(server.client())
