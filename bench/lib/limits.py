"""A key that sends three times what it may, and another that keeps to it: what passes, and what the other one notices."""
import json
import os
import re
import subprocess
import tempfile
import time

import loads
from server import KEY, Server, free_port

RATE, BURST, SECONDS = 100, 600, 60
CONFIG = f"""[access]
default_tier = "free"
[tiers.free]
requests = {RATE * 60}
burst = {BURST}
workspace_requests = 0
concurrency = 0
"""


def first_key(program, directory, config):
    """The key that a first start makes and prints; its workspace has the configuration's tier from then on."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen([program, "serve", "--data", directory, "--listen", f"127.0.0.1:{free_port()}",
                                    "--config", config], stdout=log)
        for _ in range(500):
            log.seek(0)
            found = re.search(r"cv_live_\w+", log.read().decode())
            if found:
                break
            time.sleep(0.02)
        process.terminate()
        process.wait()
    return found.group()


def command(bench, port, key, rate, seconds):
    return [os.path.join(bench.args.tools, "cv_load"), "--port", str(port), "--rate", str(rate), "--seconds", str(seconds),
            "--connections", "8", "--header", "Authorization: ApiKey " + key, "/v1/databases"]


def limits(bench, directory):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
        config.write(CONFIG)
        config.flush()
        calm_key = first_key(bench.args.server, directory, config.name)
        server = Server(bench.args.server, directory, ["--config", config.name])
        server.start()
        calm = command(bench, server.port, calm_key, RATE / 2, SECONDS)
        alone = loads.run(calm)
        time.sleep(10)
        with subprocess.Popen(command(bench, server.port, KEY, 3 * RATE, SECONDS), stdout=subprocess.PIPE, text=True) as noisy:
            beside = loads.run(calm)
            figures = json.loads(noisy.communicate()[0])
        server.close()
    passed, may = figures["answered"], RATE * SECONDS + BURST
    bench.row(f"a key at {3 * RATE}/s that may {RATE}/s and a burst of {BURST}, in {SECONDS} s",
              f"{passed} passed of {passed + figures['errors']}, {100 * (passed / may - 1):+.1f}% of limit and burst", "within 2%")
    bench.row(f"another key at {RATE // 2}/s beside it", f"p99 {beside['p99_us']} µs, alone {alone['p99_us']} µs", "no change")
