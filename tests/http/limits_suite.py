"""Limits that need large data or two requests at once, each at its edge."""
import json
import threading

from runner.raw import Raw

ROWS = "databases/limits/collections/rows"
MIB = 1024 * 1024


def started(lab, config=None):
    server = lab.server(config).start()
    client = server.client(timeout=120)
    client.expect(201, "POST", "databases", {"name": "limits"})
    client.expect(201, "POST", "databases/limits/collections", {"name": "rows"})
    return server, client


def refusal(answer, status, code):
    return answer.fault() or (None if (answer.status, answer.code) == (status, code) else f"{answer}")


def test_body_limit(lab):
    """[limits] body_bytes, at its edge, announced or in chunks."""
    server, client = started(lab, "[limits]\nbody_bytes = 10000\n")
    body = json.dumps({"text": ""}).encode()

    def of_size(size):
        return json.dumps({"text": "t" * (size - len(body))}).encode()

    client.expect(201, "POST", ROWS + "/records", of_size(10_000))
    answer = client.call("POST", ROWS + "/records", of_size(10_001))
    lab.check("10,000 bytes, not 10,001", refusal(answer, 413, "PAYLOAD_TOO_LARGE"))
    for size, status in ((10_000, 201), (10_001, 413)):
        with Raw(server) as raw:
            data = of_size(size)
            raw.request("POST", "/v1/" + ROWS + "/records", fields="Content-Type: application/json\r\n"
                        "Transfer-Encoding: chunked\r\n")
            for at in range(0, size, 1000):
                piece = data[at:at + 1000]
                raw.send(b"%x\r\n" % len(piece) + piece + b"\r\n")
            answer = raw.send(b"0\r\n\r\n").answer()
            lab.check(f"{size} bytes in chunks", None if answer.status == status else f"{answer}")
    with Raw(server) as raw:
        raw.request("POST", "/v1/" + ROWS + "/records", fields="Content-Length: 999999999999\r\n"
                    "Content-Type: application/json\r\nExpect: 100-continue\r\n")
        answer = raw.answer()
        lab.check("a large one is refused before it is sent", refusal(answer, 413, "PAYLOAD_TOO_LARGE"))


def padded_get(path, size):
    """A GET whose head has exactly `size` bytes."""
    start = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Padding: "
    return start + "x" * (size - len(start) - 4) + "\r\n\r\n"


def test_head_limits(lab):
    """16 KiB of head and 8 KiB of target, and what the configuration makes of them."""
    usual = lab.server(name="usual").start()
    small = lab.server("[limits]\nheader_bytes = 2048\ntarget_bytes = 512\nheader_fields = 10\n", name="small").start()
    for server, head, target, fields in ((usual, 16384, 8192, 100), (small, 2048, 512, 10)):
        host = "Host: localhost\r\n"
        for what, data, status in (
                (f"a head of {head} bytes", padded_get("/healthz", head), 200),
                (f"a head of {head + 1} bytes", padded_get("/healthz", head + 1), 431),
                (f"a target of {target} bytes", f"GET /{'a' * (target - 1)} HTTP/1.1\r\n{host}\r\n", 404),
                (f"a target of {target + 1} bytes", f"GET /{'a' * target} HTTP/1.1\r\n{host}\r\n", 414),
                (f"{fields} fields", f"GET /healthz HTTP/1.1\r\n{host}" + "X: y\r\n" * (fields - 1) + "\r\n", 200),
                (f"{fields + 1} fields", f"GET /healthz HTTP/1.1\r\n{host}" + "X: y\r\n" * fields + "\r\n", 431)):
            with Raw(server) as raw:
                answer = raw.send(data).answer()
                lab.check(what, answer.fault() or (None if answer.status == status else f"{answer}"))


def test_limits_of_the_store(lab):
    _, client = started(lab, "[storage]\nmax_collections = 3\nmax_indexes = 2\n")
    for name in ("two", "three"):
        client.expect(201, "POST", "databases/limits/collections", {"name": name})
    answer = client.call("POST", "databases/limits/collections", {"name": "four"})
    lab.check("collections in a database", refusal(answer, 422, "LIMIT_EXCEEDED"))
    client.expect(204, "DELETE", "databases/limits/collections/two")
    client.expect(201, "POST", "databases/limits/collections", {"name": "four"})
    for name in ("a", "b"):
        client.expect(201, "POST", ROWS + "/indexes", {"fields": [name]})
    answer = client.call("POST", ROWS + "/indexes", {"fields": ["c"]})
    lab.check("indexes in a collection", refusal(answer, 422, "LIMIT_EXCEEDED"))


def test_limits_of_queries(lab):
    _, client = started(lab, "[queries]\npage_bytes = 10000\nmax_timeout_ms = 20000\n")
    client.expect(201, "POST", ROWS + "/records", [{"n": i, "text": "t" * 900} for i in range(100)])
    page = client.expect(200, "GET", ROWS + "/records?limit=1000&sort=n&count=exact").body
    seen = [record["n"] for record in page["data"]]
    lab.check("a page ends at its size", None if 8 <= len(seen) <= 12 and page["pagination"]["has_more"] else f"{seen}")
    while page["pagination"]["has_more"]:
        cursor = page["pagination"]["next_cursor"]
        page = client.expect(200, "GET", f"{ROWS}/records?limit=1000&sort=n&count=exact&cursor={cursor}").body
        seen += [record["n"] for record in page["data"]]
    lab.check("and the pages have everything once", None if seen == list(range(100)) else f"{seen}")
    client.expect(200, "POST", ROWS + "/query", {"timeout_ms": 3_600_000})
    answer = client.call("POST", ROWS + "/query", {"timeout_ms": 3_600_001})
    lab.check("the longest timeout", refusal(answer, 400, "INVALID_PARAMETER"))


def test_record_limit(lab):
    """A record has at most 16 MiB of canonical text, the platform's fields with it."""
    _, client = started(lab, f"[limits]\nbody_bytes = {40 * MIB}\n")
    small = client.expect(201, "POST", ROWS + "/records", {"id": "small", "text": ""})
    overhead = len(small.data) - len('{"status":"success","data":}') + len("big") - len("small")
    largest = {"id": "big", "text": "t" * (16 * MIB - overhead)}
    client.expect(201, "POST", ROWS + "/records", largest, {"Prefer": "return=minimal"})
    read = client.expect(200, "GET", ROWS + "/records/big")
    lab.check("16 MiB", None if len(read.data) == 16 * MIB + len('{"status":"success","data":}') else f"{len(read.data)}")
    answer = client.call("POST", ROWS + "/records", {"id": "bih", "text": largest["text"] + "t"})
    lab.check("one byte more", refusal(answer, 413, "PAYLOAD_TOO_LARGE"))
    answer = client.call("PATCH", ROWS + "/records/big", {"more": 1})
    lab.check("grown by a patch", refusal(answer, 413, "PAYLOAD_TOO_LARGE"))
    answer = client.call("POST", ROWS + "/records", b'{"id":"wide","v":[' + b"1 ,    " * (4 * MIB) + b"1]}")
    lab.check("white space does not count", None if answer.status == 201 else f"{answer.status}")
    client.expect(204, "DELETE", ROWS + "/records/wide")
    client.expect(201, "POST", ROWS + "/records", {"id": "bigger", "text": "u" * (15 * MIB)}, {"Prefer": "return=minimal"})
    page = client.expect(200, "GET", ROWS + "/records?sort=id&count=exact").body
    lab.check("a page ends at 16 MiB", None if len(page["data"]) == 1 and page["pagination"]["has_more"] else
              f"{len(page['data'])} records, {page['pagination']}")
    cursor = page["pagination"]["next_cursor"]
    page = client.expect(200, "GET", f"{ROWS}/records?sort=id&count=exact&cursor={cursor}").body
    lab.check("and goes on", None if page["data"][0]["id"] == "bigger" else f"{page['data'][0]['id']}")


def test_questions_that_need_too_much(lab):
    _, client = started(lab)
    for start in range(0, 100 if not lab.quick else 40, 10):
        client.expect(201, "POST", ROWS + "/records",
                      [{"n": start + i, "text": f"{start + i:04}" + "t" * 200_000} for i in range(10)],
                      {"Prefer": "return=minimal"})
    answer = client.call("POST", ROWS + "/distinct", {"field": "text"})
    if not lab.quick:
        lab.check("distinct values beyond 16 MiB", refusal(answer, 422, "QUERY_TOO_LARGE"))
    client.expect(201, "POST", "databases/limits/collections", {"name": "many"})
    for _ in range(12):
        client.expect(201, "POST", "databases/limits/collections/many/records",
                      [{"n": i, "text": "x" * 100} for i in range(10_000)], {"Prefer": "return=minimal"})
    slow = {"filter": {"text": {"$regex": "x.*x.*y"}}, "timeout_ms": 1}
    answer = client.call("POST", "databases/limits/collections/many/query", slow)
    lab.check("a query that takes too long", refusal(answer, 422, "QUERY_TIMEOUT"))
    answer = client.call("POST", "databases/limits/collections/many/query", {"sort": "text,n", "offset": 119_000, "limit": 1})
    lab.check("a sort without an index either fits or says what would help", None if answer.status == 200 or
              refusal(answer, 422, "QUERY_TOO_LARGE") is None and "text" in answer.body["message"] else f"{answer}")


def test_a_sort_beyond_the_memory_of_a_query(lab):
    _, client = started(lab, "[queries]\nmemory_bytes = 1048576\n")
    client.expect(201, "POST", ROWS + "/records", [{"n": i, "text": f"{i % 97} " + "t" * 500} for i in range(5000)],
                  {"Prefer": "return=minimal"})
    answer = client.call("POST", ROWS + "/query", {"sort": "text", "offset": 4000, "limit": 1000})
    lab.check("without an index", refusal(answer, 422, "QUERY_TOO_LARGE") or
              (None if "text" in answer.body["message"] else f"it does not name the index: {answer}"))
    client.expect((201, 202), "POST", ROWS + "/indexes", {"name": "by_text", "fields": ["text"]})
    for _ in range(200):
        if client.expect(200, "GET", ROWS + "/indexes/by_text").body["data"]["status"] == "ready":
            break
        threading.Event().wait(0.05)
    answer = client.call("POST", ROWS + "/query", {"sort": "text", "offset": 4000, "limit": 1000})
    lab.check("with it", None if answer.status == 200 and len(answer.body["data"]) == 1000 else f"{answer.status}")


def test_idempotency_keys_in_flight(lab):
    """Two requests at once with one key: one is done, the other is told so or gets the first answer."""
    server, client = started(lab)
    body = json.dumps([{"n": i, "text": "t" * 200} for i in range(3000)]).encode()
    in_flight = 0
    for attempt in range(40):
        with Raw(server) as first, Raw(server) as second:
            for raw in (first, second):
                raw.request("POST", "/v1/" + ROWS + "/records", body, f"Idempotency-Key: k{attempt}\r\nPrefer: return=minimal\r\n")
            answers = [first.answer(), second.answer()]
        good = [answer for answer in answers if answer.status == 201]
        for answer in answers:
            if answer.status != 201:
                problem = refusal(answer, 409, "IDEMPOTENCY_KEY_IN_FLIGHT")
                assert not problem, problem
                in_flight += 1
        assert good, f"both were refused: {answers[0]} {answers[1]}"
        assert all(answer.body["data"] == good[0].body["data"] for answer in good), "two answers for one key"
        count = client.expect(200, "POST", ROWS + "/count", {}).body["data"]["count"]
        assert count == 3000 * (attempt + 1), f"{count} records after {attempt + 1} keys"
        if in_flight and attempt >= 2:
            return
    raise AssertionError("none of 40 pairs was ever in flight at once")


def test_writes_at_once_to_one_record(lab):
    """Every PATCH with If-Match is either applied to what it names, or refused: none is lost."""
    server, client = started(lab)
    client.expect(201, "POST", ROWS + "/records", {"id": "one", "n": 0})
    done, workers = [], 6

    def count_up(own):
        for _ in range(30):
            while True:
                seen = own.expect(200, "GET", ROWS + "/records/one")
                changed = own.expect((200, 412), "PATCH", ROWS + "/records/one", {"n": seen.body["data"]["n"] + 1},
                                     {"If-Match": seen.header("ETag")})
                if changed.status == 200:
                    break
        done.append(True)

    threads = [threading.Thread(target=count_up, args=(server.client(),)) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    record = client.expect(200, "GET", ROWS + "/records/one").body["data"]
    assert len(done) == workers and record["n"] == 30 * workers and record["_version"] == 30 * workers + 1, record


def nested(levels):
    """An expression of so many operators in each other."""
    return "$n" if levels == 0 else {"$abs": [nested(levels - 1)]}


def test_limits_of_pipelines_and_expressions(lab):
    """What the configuration says of them, each at its edge."""
    _, client = started(lab, "[queries]\npipeline_stages = 4\npipeline_depth = 2\nexpression_depth = 5\n"
                        "expression_nodes = 20\nexpression_bytes = 400\nexpression_work = 2000\n"
                        "expression_memory_bytes = 20000\nvalue_depth = 6\nmemory_bytes = 600000\nspill_bytes = 0\n")
    client.expect(201, "POST", ROWS + "/records", [{"n": i, "text": "t" * 500} for i in range(300)])

    def ask(pipeline):
        return client.call("POST", ROWS + "/aggregate", {"pipeline": pipeline})

    def edge(what, within, beyond, status, code):
        answer = ask(within)
        lab.check(what, None if answer.status == 200 else f"{answer}")
        lab.check(f"{what}, and not one more", refusal(ask(beyond), status, code))

    def sub(levels):
        return [] if levels == 0 else [{"$unionWith": {"coll": "rows", "pipeline": sub(levels - 1)}}]

    def computed(expression):
        return [{"$limit": 1}, {"$project": {"x": expression}}]

    skip = {"$skip": 0}
    edge("4 stages", [skip] * 4, [skip] * 5, 400, "INVALID_PIPELINE")
    edge("4 stages, two of them within another", [skip, {"$unionWith": {"coll": "rows", "pipeline": [skip] * 2}}],
         [skip, {"$unionWith": {"coll": "rows", "pipeline": [skip] * 3}}], 400, "INVALID_PIPELINE")
    edge("pipelines nested twice", sub(2) + [{"$limit": 1}], sub(3), 400, "INVALID_PIPELINE")
    edge("5 levels of an expression", computed(nested(5)), computed(nested(6)), 400, "INVALID_EXPRESSION")
    edge("20 nodes", computed({"$add": ["$n"] * 18}), computed({"$add": ["$n"] * 20}), 400, "INVALID_EXPRESSION")
    edge("400 bytes", computed({"$concat": ["$text", "a" * 370]}), computed({"$concat": ["$text", "a" * 390]}),
         400, "INVALID_EXPRESSION")

    def added(times):
        return {"$reduce": {"input": {"$range": [0, times]}, "initialValue": 0, "in": {"$add": ["$$value", 1]}}}

    edge("2,000 steps", computed(added(600)), computed(added(700)), 422, "QUERY_TOO_LARGE")
    edge("20,000 bytes of values", computed({"$strLenCP": {"$concat": ["$text"] * 8}}),
         computed({"$reduce": {"input": {"$range": [0, 7]}, "initialValue": "$text",
                               "in": {"$concat": ["$$value", "$$value"]}}}), 422, "QUERY_TOO_LARGE")
    wrap = {"input": [1, 2, 3, 4], "initialValue": [], "in": ["$$value"]}
    deeper = dict(wrap, input=[1, 2, 3, 4, 5, 6, 7, 8])
    edge("6 levels of a value", computed({"$reduce": wrap}), computed({"$reduce": deeper}), 422, "QUERY_TOO_LARGE")

    def sorted_copies(copies):
        return [{"$set": {"k": {"$range": [0, copies]}}}, {"$unwind": "$k"}, {"$sort": {"text": 1, "k": 1}}, {"$count": "n"}]

    edge("the memory of a pipeline", sorted_copies(1), sorted_copies(8), 422, "QUERY_TOO_LARGE")
    answer = client.call("POST", ROWS + "/query", {"filter": {"$expr": nested(6)}})
    lab.check("filters are bound by them too", refusal(answer, 400, "INVALID_EXPRESSION"))
