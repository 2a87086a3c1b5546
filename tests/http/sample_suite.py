"""`credvault sample load`: real data over HTTP, the same again, and clear errors."""
import json
import os
import pathlib
import pty
import subprocess

INSTALLED = pathlib.Path(__file__).resolve().parents[2] / "build/sample/node_modules/vega-datasets/data"
COUNTS = {"movies": 3201, "cars": 406, "airports": 3376, "penguins": 344, "seattle-weather": 1461,
          "co2-concentration": 741}


def load(server, *more, key=None):
    os.environ["CREDVAULT_KEY"] = key or server.key
    try:
        return server.run("sample", "load", "--url", f"http://127.0.0.1:{server.port}", *more)
    finally:
        del os.environ["CREDVAULT_KEY"]


def counts(client):
    names = [row["name"] for row in client.expect(200, "GET", "databases/sample/collections?limit=100").body["data"]]
    base = "databases/sample/collections/"
    return {name: client.expect(200, "POST", f"{base}{name}/count", {}).body["data"]["count"] for name in names}


def test_load(lab):
    assert INSTALLED.is_dir(), "vega-datasets is not installed: ./dev test does it, or npm ci in tools/sample"
    server = lab.server().start()
    client = server.client()
    done = load(server, "--from", INSTALLED)
    assert done.returncode == 0, done
    assert counts(client) == COUNTS, counts(client)
    assert all(name in done.stdout for name in COUNTS) and "\r" not in done.stdout, done.stdout
    airport = client.expect(200, "GET", "databases/sample/collections/airports/records?iata=SEA").body["data"]
    assert len(airport) == 1 and isinstance(airport[0]["latitude"], float), airport
    again = load(server, "--from", INSTALLED)
    assert again.returncode == 0 and counts(client) == COUNTS, again
    first = client.expect(200, "GET", "databases/sample/collections/cars/records?limit=1").body["data"][0]
    client.expect(204, "DELETE", f"databases/sample/collections/cars/records/{first['id']}")
    odd = load(server, "--from", INSTALLED)
    assert odd.returncode != 0 and "cars" in odd.stderr and "--replace" in odd.stderr, odd
    replaced = load(server, "--from", INSTALLED, "--replace")
    assert replaced.returncode == 0 and counts(client) == COUNTS, replaced


def test_a_bar_on_a_terminal(lab):
    server = lab.server().start()
    ours, theirs = pty.openpty()
    with subprocess.Popen([server.program, "sample", "load", "--url", f"http://127.0.0.1:{server.port}", "--from", INSTALLED],
                          stdout=theirs, env={**os.environ, "CREDVAULT_KEY": server.key}) as loading:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # What a terminal says when the last writer has gone.
            pass
        assert loading.wait(120) == 0, shown
    os.close(ours)
    for wanted in (b"\rmovies", b"[##", b"3201 / 3201", b"3201 records loaded", b"is ready"):
        assert wanted in shown, f"{wanted} is not in {shown}"


def test_errors(lab):
    server = lab.server().start()
    wrong = load(server, "--from", INSTALLED, key="w" * 40)
    assert wrong.returncode != 0 and "key" in wrong.stderr.lower() and "w" * 40 not in wrong.stderr, wrong
    nowhere = load(server, "--from", lab.directory / "nowhere")
    assert nowhere.returncode != 0 and "nowhere" in nowhere.stderr, nowhere
    assert server.stop()
    down = load(server, "--from", INSTALLED)
    assert down.returncode != 0 and str(server.port) in down.stderr, down
    assert json.dumps(down.stderr).count("terminate") == 0
