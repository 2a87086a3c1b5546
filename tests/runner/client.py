"""A client for one thread: a connection that is kept, answers as JSON, and what every answer must keep to."""
import ctypes
import gzip
import http.client
import json
import re

from runner import codes

# What no message may show: statements, source files, the engines' own names for things.
LEAKS = re.compile(r"\b(SELECT|INSERT INTO|PRAGMA|sqlite|SQLITE_\w+|errno|std::\w+)\b|\.(cpp|h|db|db-wal)\b|/tmp/|db_[0-9a-z]{26}")


class NotJson(Exception):
    """The body is not the strict JSON that was promised."""


def pairs(members):
    if len({name for name, _ in members}) != len(members):
        raise NotJson("a member comes twice")
    return dict(members)


def no_constant(text):
    raise NotJson(f"{text} is no JSON")


def strict_json(data):
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=no_constant)
    except ValueError as error:
        raise NotJson(str(error)) from error


def unzstd(data):
    """By the library that the server itself needs; Python has no module for it."""
    zstd = ctypes.CDLL("libzstd.so.1")
    zstd.ZSTD_decompress.restype = zstd.ZSTD_isError.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(64 * 1024 * 1024)
    size = zstd.ZSTD_decompress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)))
    if zstd.ZSTD_isError(ctypes.c_size_t(size)):
        raise NotJson("the body is not zstd")
    return room.raw[:size]


class Answer:
    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        coding = self.header("Content-Encoding")
        self.data = gzip.decompress(raw) if coding == "gzip" else unzstd(raw) if coding == "zstd" else raw

    def header(self, name):
        """Its value, several joined by a comma; None where it is absent."""
        values = [value for field, value in self.headers if field.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def is_json(self):
        return (self.header("Content-Type") or "").startswith("application/json") and bool(self.data)

    @property
    def body(self):
        return strict_json(self.data) if self.is_json else None

    @property
    def code(self):
        return self.body.get("code") if self.status >= 400 and self.is_json else None

    def fault(self):
        """What is wrong with it whatever was asked; None where nothing is."""
        request_id = self.header("X-Request-Id")
        if not request_id:
            return "no X-Request-Id"
        try:
            body = self.body
        except NotJson as error:
            return f"the body is not valid JSON: {error}"
        if self.status < 400 or not self.data or not self.is_json:
            return None if self.status < 400 or not self.data else "an error without the JSON envelope"
        if body.get("status") != "error" or not body.get("message") or body.get("code") not in codes.KNOWN:
            return f"not the error envelope: {body}"
        if body.get("request_id") != request_id:
            return f"request_id is {body.get('request_id')}, X-Request-Id is {request_id}"
        leak = LEAKS.search(body["message"])
        return f"the message shows {leak.group()!r}" if leak else None

    def __str__(self):
        text = self.data[:2000].decode("utf-8", "replace")
        return f"{self.status} {dict(self.headers)}\n{text}"


class Client:
    def __init__(self, host, port, key=None, timeout=60, tls=None):
        self.host, self.port, self.key, self.timeout, self.tls = host, port, key, timeout, tls
        self.connection = None

    def connect(self):
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=self.tls)
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def send(self, method, path, data=None, headers=None):
        """Sends one request as it is. A kept connection that the server closed meanwhile is opened again once."""
        fresh = self.connection is None
        try:
            self.connection = self.connection or self.connect()
            self.connection.request(method, path, data, headers or {})
            response = self.connection.getresponse()
            answer = Answer(response.status, response.getheaders(), response.read())
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if fresh or method not in ("GET", "HEAD"):
                raise
            return self.send(method, path, data, headers)
        except BaseException:
            self.close()
            raise
        if response.will_close:
            self.close()
        codes.saw(answer.code)
        return answer

    def call(self, method, path, body=None, headers=None, content_type="application/json"):
        """A request with the key, the body as JSON; `path` is below /v1 unless it begins with a slash."""
        fields = {"Authorization": "ApiKey " + self.key} if self.key else {}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            fields["Content-Type"] = content_type
        return self.send(method, path if path.startswith("/") else "/v1/" + path, data, {**fields, **(headers or {})})

    def expect(self, status, method, path, body=None, headers=None):
        """As call; an answer with another status (one or several may do) is an AssertionError."""
        answer = self.call(method, path, body, headers)
        wanted = status if isinstance(status, tuple) else (status,)
        if answer.status not in wanted or answer.fault():
            raise AssertionError(f"{method} {path}: expected {status}, got {answer} {answer.fault() or ''}")
        return answer
