"""What could smuggle a request is refused and the connection closed; what is merely odd works as RFC 9112 says."""
from runner.raw import Raw

HOST = "Host: localhost\r\n"
GET = "GET /healthz HTTP/1.1\r\n"
POST = "POST /v1/databases HTTP/1.1\r\n" + HOST + "Content-Type: application/json\r\nAuthorization: ApiKey {key}\r\n"
SECOND = "GET /healthz HTTP/1.1\r\nHost: second\r\n\r\n"
BODY = '{"name":"smuggled"}'

# Name, bytes, status. After each of them the connection must be closed, with one answer given.
REFUSED = [
    ("Transfer-Encoding with Content-Length", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SECOND, 400),
    ("Content-Length with Transfer-Encoding", POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + SECOND, 400),
    ("two Content-Lengths", POST + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SECOND, 400),
    ("the same Content-Length twice", POST + "Content-Length: 19\r\nContent-Length: 19\r\n\r\n" + BODY, 400),
    ("a list of Content-Lengths", POST + "Content-Length: 19, 19\r\n\r\n" + BODY, 400),
    ("a signed Content-Length", POST + "Content-Length: +19\r\n\r\n" + BODY, 400),
    ("a hexadecimal Content-Length", POST + "Content-Length: 0x13\r\n\r\n" + BODY, 400),
    ("a negative Content-Length", POST + "Content-Length: -1\r\n\r\n", 400),
    ("a Content-Length beyond 64 bits", POST + "Content-Length: 99999999999999999999999\r\n\r\n", 400),
    ("an empty Content-Length", POST + "Content-Length:\r\n\r\n" + SECOND, 400),
    ("two Transfer-Encodings", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked twice", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked with something", POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    ("chunked with a vertical tab", POST + "Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n", 400),
    ("another coding", POST + "Transfer-Encoding: gzip\r\n\r\n", 501),
    ("identity", POST + "Transfer-Encoding: identity\r\n\r\n", 501),
    ("Transfer-Encoding in HTTP/1.0", POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ("a blank before the colon", GET + HOST + "Content-Length : 5\r\n\r\nhello", 400),
    ("a field without a name", GET + HOST + ": x\r\n\r\n", 400),
    ("a field without a colon", GET + HOST + "Nothing\r\n\r\n", 400),
    ("a blank before the name", GET + HOST + " X: y\r\n\r\n", 400),
    ("a folded field", GET + HOST + "X: y\r\n z\r\n\r\n", 400),
    ("a folded field with a tab", GET + "X: y\r\n\tz\r\n" + HOST + "\r\n", 400),
    ("a bare LF in the head", GET + HOST + "X: y\nZ: z\r\n\r\n", 400),
    ("a bare LF after the request line", "GET /healthz HTTP/1.1\n" + HOST + "\r\n", 400),
    ("a bare CR in a value", GET + HOST + "X: a\rb\r\n\r\n", 400),
    ("NUL in a value", GET + HOST + "X: a\0b\r\n\r\n", 400),
    ("NUL in a name", GET + HOST + "X\0: b\r\n\r\n", 400),
    ("a byte beyond ASCII in a name", GET + HOST + "X\xe4: b\r\n\r\n", 400),
    ("no Host", GET + "\r\n", 400),
    ("two Hosts", GET + HOST + HOST + "\r\n", 400),
    ("an empty Host", GET + "Host:\r\n\r\n", 400),
    ("a Host with a path", GET + "Host: a/b\r\n\r\n", 400),
    ("a Host with a blank", GET + "Host: a b\r\n\r\n", 400),
    ("a Host with a user", GET + "Host: user@a\r\n\r\n", 400),
    ("two blanks in the request line", "GET  /healthz HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a tab in the request line", "GET\t/healthz HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a blank in the target", "GET /heal thz HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("no version", "GET /healthz\r\n" + HOST + "\r\n", 400),
    ("HTTP/2.0", "GET /healthz HTTP/2.0\r\n" + HOST + "\r\n", 505),
    ("HTTP/1.2", "GET /healthz HTTP/1.2\r\n" + HOST + "\r\n", 505),
    ("HTTP/0.9", "GET /healthz HTTP/0.9\r\n" + HOST + "\r\n", 505),
    ("http/1.1", "GET /healthz http/1.1\r\n" + HOST + "\r\n", 400),
    ("HTTP/1.1 with more behind", "GET /healthz HTTP/1.1x\r\n" + HOST + "\r\n", 400),
    ("no target", "GET HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a target that is no path", "GET healthz HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a fragment", "GET /healthz#x HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a byte beyond ASCII in the target", "GET /\xe4 HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("a method that is no token", "G(T /healthz HTTP/1.1\r\n" + HOST + "\r\n", 400),
    ("TLS on a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x07" * 64, 400),
    ("HTTP/2 by prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 505)),
    ("another expectation", POST + "Content-Length: 19\r\nExpect: 200-ok\r\n\r\n" + BODY, 417),
    ("101 fields", GET + HOST + "X: y\r\n" * 100 + "\r\n", 431),
    ("a head over 16 KiB", GET + HOST + "X: " + "y" * 17000 + "\r\n\r\n", 431),
    ("a field without an end", GET + HOST + "X: " + "y" * 40000, 431),
    ("a target over 8 KiB", "GET /" + "a" * 9000 + " HTTP/1.1\r\n" + HOST + "\r\n", 414),
    ("a request line without an end", "GET /" + "a" * 40000, 414),
    ("a chunk size that is no number", POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + SECOND, 400),
    ("a chunk size with a blank before", POST + "Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n", 400),
    ("a signed chunk size", POST + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n", 400),
    ("a chunk size with 0x", POST + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", 400),
    ("a chunk size beyond 64 bits", POST + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx", 400),
    ("a chunk size that would wrap", POST + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n", 400),
    ("a chunk that is longer than it says", POST + "Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n", 400),
    ("a chunk size that ends in LF", POST + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n", 400),
    ("a chunk that ends in LF", POST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n", 400),
    ("endless chunk extensions", POST + "Transfer-Encoding: chunked\r\n\r\n5;" + "x" * 70000 + "\r\nhello\r\n0\r\n\r\n", 400),
    ("a trailer that is no field", POST + "Transfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n", 400),
]

# Name, bytes, the statuses of all answers, whether the connection stays open.
FINE = [
    ("pipelined", (GET + HOST + "\r\n") * 3, [200, 200, 200], True),
    ("an empty line before", "\r\n" + GET + HOST + "\r\n", [200], True),
    ("HTTP/1.0 closes", GET.replace("1.1", "1.0") + "\r\n", [200], False),
    ("HTTP/1.0 with keep-alive", GET.replace("1.1", "1.0") + "Connection: keep-alive\r\n\r\n", [200], True),
    ("Connection: close", GET + HOST + "Connection: close\r\n\r\n" + SECOND, [200], False),
    ("Connection: Close among others", GET + HOST + "Connection: foo, Close\r\n\r\n", [200], False),
    ("the absolute form", "GET http://localhost/healthz HTTP/1.1\r\n" + HOST + "\r\n", [200], True),
    ("OPTIONS *", "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n", [204], True),
    ("no blank after the colon", GET + "Host:localhost\r\n\r\n", [200], True),
    ("blanks around a value", GET + "Host: \t localhost \t\r\n\r\n", [200], True),
    ("names in capitals", GET + "HOST: localhost\r\n\r\n", [200], True),
    ("an IPv6 host", GET + "Host: [::1]:8080\r\n\r\n", [200], True),
    ("100 fields", GET + HOST + "X: y\r\n" * 99 + "\r\n", [200], True),
    ("a GET with an empty object", GET + HOST + "Content-Length: 2\r\n\r\n{}" + SECOND, [200, 200], True),
    ("a GET with a body", GET + HOST + "Content-Length: 5\r\n\r\nhello" + SECOND, [400, 200], True),
    ("a GET with a chunked body", GET + HOST + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + SECOND, [400, 200], True),
    ("an unread body before an error", "POST /v1/databases HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello" + SECOND, [401, 200], True),
    ("chunks", POST + "Transfer-Encoding: chunked\r\n\r\n9;a=b;c=\"d\"\r\n{\"name\":\"\r\nA\r\nchunked01\"\r\n1\r\n}\r\n0\r\nX-T: y\r\n\r\n" + SECOND, [201, 200], True),
    ("the coding in capitals", POST + "Transfer-Encoding: CHUNKED\r\n\r\n14\r\n{\"name\":\"chunked02\"}\r\n0\r\n\r\n", [201], True),
]


def refusal(server, data, wanted):
    """None, or what is wrong with how it was refused."""
    with Raw(server) as raw:
        raw.send(data.replace("{key}", server.key))
        try:
            answer = raw.answer()
        except AssertionError as error:
            return str(error)
        if answer.status not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            return f"expected {wanted}, got {answer}"
        if answer.fault():
            return answer.fault()
        if answer.header("Connection") != "close":
            return f"does not say that the connection closes: {answer.headers}"
        return None if raw.closed() and not raw.buffer else f"it goes on: {raw.buffer[:300]!r}"


def test_refused(lab):
    server = lab.server()
    server.start()
    for name, data, status in REFUSED:
        lab.check(name, refusal(server, data, status))
    names = [row["name"] for row in server.client().expect(200, "GET", "databases").body["data"]]
    lab.check("nothing was smuggled", None if not names else f"there are {names}")
    lab.check("the server is alive and leaves with 0", None if server.stop() else server.log_end())


def test_fine(lab):
    server = lab.server()
    server.start()
    for name, data, statuses, stays in FINE:
        with Raw(server) as raw:
            raw.send(data.replace("{key}", server.key))
            got = [raw.answer(head_only=False).status for _ in statuses]
            problem = None if got == statuses else f"expected {statuses}, got {got}"
            if stays and not problem:
                raw.request("GET", "/healthz")
                problem = None if raw.answer().status == 200 else "the connection does not go on"
            elif not problem:
                problem = None if raw.closed() and not raw.buffer else "the connection goes on"
            lab.check(name, problem)


def test_pipelined_requests_are_answered_in_order(lab):
    server = lab.server()
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "order"})
    client.expect(201, "POST", "databases/order/collections", {"name": "rows"})
    rows = "/v1/databases/order/collections/rows/records"
    client.expect(201, "POST", rows, [{"id": f"r{i}"} for i in range(200)])
    with Raw(server) as raw:
        for i in range(200):
            raw.request("GET", f"{rows}/r{i}")
            if i % 20 == 10:
                raw.request("POST", rows, b'{"id":"new%d"}' % i)
        for i in range(200):
            assert raw.answer().body["data"]["id"] == f"r{i}"
            if i % 20 == 10:
                assert raw.answer().body["data"]["id"] == f"new{i}"


def test_expect_continue(lab):
    server = lab.server()
    server.start()
    with Raw(server) as raw:
        raw.send(POST.replace("{key}", server.key) + "Content-Length: 14\r\nExpect: 100-continue\r\n\r\n")
        assert raw.answer().status == 100
        raw.send('{"name":"wait"}'[:14])
        assert raw.answer().status == 400
    with Raw(server) as raw:
        raw.send(POST.replace("{key}", server.key) + "Content-Length: 15\r\nExpect: 100-Continue\r\n\r\n")
        assert raw.answer().status == 100
        raw.send('{"name":"wait"}')
        assert raw.answer().status == 201
    with Raw(server) as raw:
        raw.send(POST.replace("{key}", "x" * 32) + "Content-Length: 15\r\nExpect: 100-continue\r\n\r\n")
        assert raw.answer().status == 401, "a refused request must not ask for its body"


def test_head_has_the_length_and_no_body(lab):
    server = lab.server()
    server.start()
    with Raw(server) as raw:
        raw.request("HEAD", "/healthz")
        assert raw.answer(head_only=True).status == 200
        raw.request("GET", "/healthz")
        assert raw.answer().status == 200, "what followed HEAD was its body"


def test_bodies_that_break_off(lab):
    server = lab.server()
    server.start()
    before = POST.replace("{key}", server.key)
    for head in ("Content-Length: 100\r\n\r\n" + BODY, "Transfer-Encoding: chunked\r\n\r\n13\r\n" + BODY):
        with Raw(server) as raw:
            raw.send(before + head).finish_sending()
            answer = raw.answer()
            assert answer.status == 400 and answer.code == "MALFORMED_REQUEST", answer
        with Raw(server) as raw:
            raw.send(before + head)
    assert server.client().expect(200, "GET", "databases").body["data"] == []
