"""A server under measurement: its process, its CPU time and memory, and calls to it. Loopback only."""
import http.client
import json
import os
import signal
import socket
import subprocess
import tempfile
import time

KEY = "bench-key-0123456789-0123456789-abcdef"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_seconds(pid):
    """User and system time of all threads of a process so far."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


class Server:
    """Starts the program on a directory; close() ends it."""

    def __init__(self, program, directory, extra=()):
        self.program, self.directory, self.extra = program, directory, list(extra)
        self.port, self.process, self.connection = free_port(), None, None

    def start(self):
        """Returns the seconds until the first answer."""
        environment = dict(os.environ, CREDVAULT_ADMIN_KEY=KEY)
        self.log = tempfile.TemporaryFile()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.directory, "--listen", f"127.0.0.1:{self.port}", *self.extra],
            env=environment, stdout=self.log, stderr=self.log)
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() - begun > 30:
                    self.log.seek(0)
                    raise SystemExit("the server did not start: " + self.log.read().decode()[-2000:])
                time.sleep(0.002)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        status, _ = self.call("GET", "/readyz")
        if status != 200:
            raise SystemExit(f"the server is not ready: {status}")
        return time.monotonic() - begun

    def call(self, method, path, body=None):
        data = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        headers = {"Authorization": "ApiKey " + KEY}
        if data is not None:
            headers["Content-Type"] = "application/json"
        self.connection.request(method, path, data, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, (json.loads(text) if text[:1] == b"{" else text)

    def expect(self, method, path, body=None, status=(200, 201, 204)):
        got, answer = self.call(method, path, body)
        if got not in status:
            raise SystemExit(f"{method} {path}: {got} {str(answer)[:300]}")
        return answer

    def cpu(self):
        return cpu_seconds(self.process.pid)

    def memory(self):
        return memory_mib(self.process.pid)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)


def wrk(port, script=None, arguments=(), seconds=5, connections=64, path="/"):
    """Runs wrk and returns (requests, requests per second). Refuses a run in which an answer was no success."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    if script:
        command += ["-s", script]
    command += [f"http://127.0.0.1:{port}{path}"]
    if script:
        command += ["--", *map(str, arguments)]
    out = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60).stdout
    requests = rate = None
    for line in out.splitlines():
        if " requests in " in line:
            requests = int(line.split()[0])
        if line.startswith("Requests/sec:"):
            rate = float(line.split()[1])
        if "Non-2xx" in line or line.startswith("status "):
            raise SystemExit("not a success: " + out[-1500:])
    if not requests:
        raise SystemExit("wrk did nothing: " + out[-1500:])
    return requests, rate
