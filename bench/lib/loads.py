"""Loads beside a measurement: an open-loop one by cv_load, and scans and inserts in the background."""
import http.client
import json
import os
import subprocess
import tempfile
import threading
import time

from server import KEY


def get_load(bench, path, rate):
    return [os.path.join(bench.args.tools, "cv_load"), "--port", str(bench.server.port), "--rate", str(rate),
            "--seconds", str(bench.args.seconds), "--connections", "64",
            "--header", "Authorization: ApiKey " + KEY, path]


def run(command):
    out = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    figures = json.loads(out)
    if figures["errors"]:
        raise SystemExit("errors under load: " + out)
    return figures


def scan_until(bench, path, stopped):
    connection = http.client.HTTPConnection("127.0.0.1", bench.server.port, timeout=120)
    while not stopped.is_set():
        try:
            connection.request("POST", path + "/count", json.dumps({"filter": {"score": -1}}),
                               {"Authorization": "ApiKey " + KEY, "Content-Type": "application/json"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return


def background(bench, path):
    """Two scans without a pause and 500 inserts a second; returns a function that ends them."""
    stopped = threading.Event()
    threads = [threading.Thread(target=scan_until, args=(bench, path, stopped)) for _ in range(2)]
    body = tempfile.NamedTemporaryFile("w", suffix=".json")
    json.dump({"name": "beside", "status": "active", "age": 40, "city": "Oslo", "note": "x" * 180}, body)
    body.flush()
    inserts = subprocess.Popen(
        [os.path.join(bench.args.tools, "cv_load"), "--port", str(bench.server.port), "--rate", "500",
         "--seconds", "60", "--connections", "16", "--header", "Authorization: ApiKey " + KEY,
         "--header", "Content-Type: application/json", "--method", "POST", "--body", body.name, path + "/records"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for thread in threads:
        thread.start()
    time.sleep(0.5)

    def stop():
        stopped.set()
        inserts.kill()
        inserts.wait()
        for thread in threads:
            thread.join()
        body.close()

    return stop
