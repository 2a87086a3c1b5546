"""Bytes on a socket, for what a well-behaved client can't send."""
import socket
import time

from runner import codes
from runner.client import Answer


class Raw:
    """One connection. Everything waits at most `timeout` seconds."""

    def __init__(self, server, timeout=30):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout)
        self.buffer, self.server = b"", server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode("latin-1"))
        return self

    def finish_sending(self):
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def more(self):
        """Whether something more came."""
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            return False
        self.buffer += data
        return bool(data)

    def until(self, mark):
        while mark not in self.buffer:
            if not self.more():
                raise AssertionError(f"the connection was closed after {self.buffer[-300:]!r}")
        before, self.buffer = self.buffer.split(mark, 1)
        return before

    def take(self, size):
        while len(self.buffer) < size:
            if not self.more():
                raise AssertionError("the connection was closed within a body")
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def chunks(self):
        body = b""
        while size := int(self.until(b"\r\n"), 16):
            body += self.take(size)
            self.take(2)
        self.until(b"\r\n")
        return body

    def answer(self, head_only=False):
        """The next response. Its status line and fields must be well-formed."""
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, status, _ = lines[0].split(" ", 2)
        if version not in ("HTTP/1.1", "HTTP/1.0"):
            raise AssertionError(f"no HTTP: {lines[0]!r}")
        answer = Answer(int(status), [tuple(line.split(": ", 1)) for line in lines[1:]], b"")
        if head_only or answer.status in (204, 304) or answer.status < 200:
            return answer
        if answer.header("Transfer-Encoding") == "chunked":
            body = self.chunks()
        else:
            body = self.take(int(answer.header("Content-Length") or 0))
        answer = Answer(answer.status, answer.headers, body)
        codes.saw(answer.code)
        return answer

    def closed(self):
        """Waits for the end of the connection; what still came lies in `buffer`."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                if not self.more():
                    return True
            except TimeoutError:
                return False
        return False

    def request(self, method, path, body=b"", fields="", version="HTTP/1.1"):
        """A plain request with the server's key."""
        head = f"{method} {path} {version}\r\nHost: localhost\r\nAuthorization: ApiKey {self.server.key}\r\n{fields}"
        if body:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return self.send(head.encode("latin-1") + b"\r\n" + body)
