"""One server process of a test: started, watched, stopped or killed."""
import os
import resource
import secrets
import signal
import socket
import subprocess
import time

from runner.client import Client

# What the case files rely on.
ORIGIN = "https://app.example.com"
OWNER = {"CREDVAULT_ADMIN_EMAIL": "owner@example.com", "CREDVAULT_ADMIN_PASSWORD": "correct horse battery"}
# Password hashes as cheap as they come.
IDENTITY = "[identity]\npassword_memory_kib = 8\npassword_passes = 1\naddress_attempts = 1000000\n"
CASE_CONFIG = (f'[server]\ncors_origins = ["{ORIGIN}"]\n[storage]\nttl_ms = 200\n'
               f"{IDENTITY}account_attempts = 3\n"
               '[outgoing]\nallowed_addresses = ["127.0.0.1"]\n')


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server. It may be stopped and started again on the same data; leaving the with-block kills it."""

    def __init__(self, program, directory, engine=None, config=None, env=None, tls=None):
        self.program, self.directory, self.engine, self.tls = program, directory, engine, tls
        self.data, self.log_path, self.config_path = directory / "data", directory / "log", directory / "config.toml"
        self.key, self.port, self.process, self.env = secrets.token_hex(20), free_port(), None, env or {}
        self.was_killed = False
        directory.mkdir(parents=True, exist_ok=True)
        self.configure(config)

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, *_):
        self.kill()

    def configure(self, config):
        if config:
            self.config_path.write_text(config)

    def launch(self, preexec=None):
        """Starts the process and does not wait for it."""
        command = [self.program, "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}"]
        command += ["--engine", self.engine] if self.engine else []
        command += ["--config", str(self.config_path)] if self.config_path.exists() else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CREDVAULT_")}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=preexec,
                                            env={**environment, "CREDVAULT_ADMIN_KEY": self.key, **self.env})

    def start(self, seconds=60, preexec=None):
        self.launch(preexec)
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            if self.process.poll() is not None:
                raise AssertionError(f"the server left with {self.process.returncode} at its start\n{self.log_end()}")
            try:
                probe = self.client(timeout=5)
                if probe.send("GET", "/readyz").status in (200, 503) and probe.close() is None:
                    self.start_seconds = time.monotonic() - started
                    return self
            except OSError:
                time.sleep(0.01)
        raise AssertionError(f"the server was not ready after {seconds} s\n{self.log_end()}")

    def client(self, key=True, timeout=120):
        return Client("127.0.0.1", self.port, self.key if key is True else key, timeout, self.tls)

    def signal(self, number):
        self.process.send_signal(number)

    def leave(self, seconds=40):
        """Waits for the process to end by itself and returns its exit status; None where it does not."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def stop(self, seconds=40):
        """SIGTERM; whether it left with 0 within the time."""
        self.signal(signal.SIGTERM)
        status = self.leave(seconds)
        if status is None:
            self.kill()
        return status == 0

    def kill(self):
        if self.process and self.process.poll() is None:
            self.was_killed = True
            self.process.kill()
            self.process.wait()

    def run(self, *arguments, timeout=300):
        """Another command of the program, `credvault check` for instance."""
        return subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, timeout=timeout)

    def log_text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_end(self):
        return "its log ends:\n" + self.log_text()[-3000:]

    def check_data(self):
        """Raises AssertionError where `credvault check` finds something in the data directory."""
        checked = self.run("check", self.data)
        if checked.returncode != 0:
            raise AssertionError(f"credvault check: {checked.returncode}\n{checked.stdout[-3000:]}{checked.stderr[-3000:]}")


def memory_bytes(pid):
    """Resident memory of a process."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()
