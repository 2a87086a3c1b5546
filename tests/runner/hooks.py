"""A receiver of webhooks for tests: notes what arrives, checks signatures, and fails as it is told."""
import base64
import hashlib
import hmac
import http.server
import json
import random
import socket
import threading
import time


def standard_signature(secret, message, timestamp, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Arrival:
    """One attempt as it came. `status` is what it was answered with; None where the connection was dropped."""

    def __init__(self, headers, raw, status):
        self.headers, self.raw, self.status, self.at = headers, raw, status, time.monotonic()
        self.body = json.loads(raw)
        self.id = headers["webhook-id"]


class Hooks:
    """Listens until stop(). `behave(arrivals so far)` gives a status, "drop" or ("slow", seconds); `secrets` are those
    that a signature may be of: an arrival that none of them has signed goes to `unsigned`."""

    def __init__(self, behave=None, port=0, tls=None):
        self.behave, self.secrets, self.tls = behave or (lambda _: 200), [], tls
        self.arrivals, self.unsigned, self.lock = [], [], threading.Lock()
        self.headers, self.answer = {}, b"ok"
        self.server = None
        self.start(port)

    def start(self, port=0):
        hooks = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                hooks.take(self, raw)

            def log_message(self, *_):
                pass

        class Listener(http.server.ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Listener(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def restart(self, pause=0.3):
        self.stop()
        time.sleep(pause)
        self.start(self.port)

    @property
    def url(self):
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/in"

    def take(self, handler, raw):
        what = self.behave(len(self.arrivals))
        if isinstance(what, tuple):
            time.sleep(what[1])
            what = 200
        arrival = Arrival(dict(handler.headers), raw, what if isinstance(what, int) else None)
        with self.lock:
            self.arrivals.append(arrival)
            if self.secrets and not self.is_signed(arrival):
                self.unsigned.append(arrival)
        if what == "drop":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(what)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.answer)))
        handler.end_headers()
        handler.wfile.write(self.answer)

    def is_signed(self, arrival):
        stamp = arrival.headers["webhook-timestamp"]
        given = arrival.headers["webhook-signature"].split(" ")
        return any(standard_signature(secret, arrival.id, stamp, arrival.raw) in given for secret in self.secrets)

    def wait_for(self, enough, seconds=60):
        """Until `enough(arrivals)`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with self.lock:
                arrivals = list(self.arrivals)
            if enough(arrivals):
                return arrivals
            time.sleep(0.02)
        raise AssertionError(f"only {len(self.arrivals)} arrivals: {[a.body for a in self.arrivals[-3:]]}")


def until(probe, seconds=30):
    """What the probe says, once it says something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = probe()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come to that")


def moody(failing=0.1, dropping=0.02, slow=0.01):
    """Fails at random, drops connections, answers slowly."""
    def behave(_):
        luck = random.random()
        if luck < failing:
            return random.choice([400, 429, 500, 503])
        if luck < failing + dropping:
            return "drop"
        return ("slow", random.uniform(0.05, 0.4)) if luck < failing + dropping + slow else 200
    return behave
