"""Searching: 1M texts of 20 words, of which 1% have one of two words; and as many places. Its own collection."""
import itertools
import json
import random
import statistics
import time

BASE = "/v1/databases/bench/collections/texts"
RARE = ("quasar", "zephyr")


def texts(count, size=1000):
    """JSON texts of arrays of records. Common words are common: the n-th one comes 1/n as often."""
    rng = random.Random(11)
    words = [f"{rng.choice('bcdfglmnprst')}{rng.choice('aeiou')}{rng.choice('lmnrst')}{n}" for n in range(20_000)]
    weights = list(itertools.accumulate(1 / (n + 10) for n in range(len(words))))
    for start in range(0, count, size):
        batch = []
        for n in range(start, min(start + size, count)):
            body = rng.choices(words, cum_weights=weights, k=20)
            if n % 100 == 0:
                body[rng.randrange(20)] = RARE[n // 100 % 2]
            batch.append({"id": f"t{n:07d}", "body": " ".join(body),
                          "at": [round(rng.uniform(-180, 180), 5), round(rng.uniform(-85, 85), 5)]})
        yield json.dumps(batch, separators=(",", ":"))


def build(bench, name, index):
    """Seconds until the index is ready, and its entries."""
    begun = time.monotonic()
    bench.server.expect("POST", BASE + "/indexes", {"name": name, **index})
    while True:
        status = bench.server.expect("GET", f"{BASE}/indexes/{name}")["data"]
        if status["status"] == "ready":
            return time.monotonic() - begun, status["entries"]
        time.sleep(0.2)


def median_ms(bench, bodies):
    times = []
    for body in bodies:
        begun = time.perf_counter()
        bench.server.expect("POST", BASE + "/query", body)
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def search(bench):
    server, count = bench.server, bench.args.records
    if server.call("GET", BASE)[0] != 200:
        server.expect("POST", "/v1/databases/bench/collections", {"name": "texts"})
        for text in texts(count):
            server.expect("POST", BASE + "/records", text)
        for name, index in (("words", {"fields": ["body"], "type": "text"}), ("places", {"fields": ["at"], "type": "geo"})):
            seconds, entries = build(bench, name, index)
            bench.row(f"building a {index['type']} index of {count:,} records", f"{seconds:.0f} s, {entries:,} entries", "")
    best = {"filter": {"$text": {"$search": " ".join(RARE)}}, "sort": {"score": {"$meta": "textScore"}}, "limit": 20}
    bench.row("the best 20 for two words that match 1% of the texts, p50",
              f"{median_ms(bench, [best] * 60):.1f} ms; {median_ms(bench, [dict(best, count='none')] * 60):.1f} ms with "
              "count=none", "10 ms")
    rng = random.Random(5)
    nearest = [{"filter": {"at": {"$near": {"$geometry": {"type": "Point", "coordinates": [
        rng.uniform(-180, 180), rng.uniform(-80, 80)]}}}}, "limit": 20, "count": "none"} for _ in range(60)]
    bench.row("the nearest 20, p50", f"{median_ms(bench, nearest):.1f} ms", "")
