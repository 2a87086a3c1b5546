#!/usr/bin/env python3
"""Runs a command against a server of its own: with_server.py --server build/release/credvault -- COMMAND...

In the command, {base} stands for the server's address and {key} for an API key with all scopes. The server has an
empty data directory and a free port. Exits with the command's status, or with 1 if the server does not become ready,
dies, or does not leave with 0 on SIGTERM.
"""
import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(server, base, seconds=30):
    deadline = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(base + "/readyz", timeout=2):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


def stop(server):
    """Whether the server was still there and leaves with 0."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
        try:
            return server.wait(timeout=30) == 0
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    base, key = f"http://127.0.0.1:{free_port()}", secrets.token_hex(20)
    with tempfile.TemporaryDirectory() as directory, tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [args.server, "serve", "--data", directory + "/data", "--listen", base.removeprefix("http://")],
            stdout=log, stderr=log, env={**os.environ, "CREDVAULT_ADMIN_KEY": key})
        try:
            status = 1
            if wait_until_ready(server, base):
                words = [word.replace("{base}", base).replace("{key}", key) for word in args.command]
                status = subprocess.run(words).returncode
        finally:
            clean = stop(server)
        if not clean:
            log.seek(0)
            tail = log.read()[-4000:].decode(errors="replace")
            print(f"the server was not ready or did not leave with 0 ({server.returncode}); its log ends:\n{tail}",
                  file=sys.stderr)
        sys.exit(status if clean else status or 1)


if __name__ == "__main__":
    main()
