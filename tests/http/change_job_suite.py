"""Updates and deletes of many records as jobs: kill -9 in the middle, a stop, cancelling, what changes the filter's own
field. Every record is changed once, whatever happens."""
import json
import random
import threading
import time

ROWS = "databases/many/collections/rows"


def prepared(lab, total, config="[jobs]\nreport_ms = 50\n"):
    server = lab.server(config)
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "many"})
    client.expect(201, "POST", "databases/many/collections", {"name": "rows"})
    client.expect((201, 202), "POST", ROWS + "/indexes", {"name": "by_n", "fields": ["n"]})
    data = "".join(json.dumps({"id": f"r{i:07}", "n": 0, "k": i, "text": "x" * 100}) + "\n" for i in range(total))
    answer = client.call("POST", ROWS + "/import", data.encode(), content_type="application/x-ndjson")
    assert answer.body["data"]["inserted"] == total, answer.data
    return server, client


def ended(client, job, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        told = client.expect(200, "GET", "jobs/" + job).body["data"]
        if told["state"] not in ("queued", "running"):
            return told
        time.sleep(0.05)
    raise AssertionError(f"the job has not ended after {seconds} s: {told}")


def started(client, call, body, headers=None):
    answer = client.expect(202, "POST", f"{ROWS}/{call}", body, headers)
    job = answer.body["data"]["id"]
    assert answer.header("Location") == "/v1/jobs/" + job, answer
    return job


def running(client, job):
    """Waits until the job has changed something."""
    while True:
        told = client.expect(200, "GET", "jobs/" + job).body["data"]
        if told["state"] not in ("queued", "running") or told["progress"]["done"] > 0:
            return told
        time.sleep(0.01)


def count(client, condition):
    return client.expect(200, "POST", ROWS + "/count", {"filter": condition}).body["data"]["count"]


def counts_by_n(client):
    pipeline = [{"$group": {"_id": "$n", "records": {"$sum": 1}}}]
    rows = client.expect(200, "POST", ROWS + "/aggregate", {"pipeline": pipeline}).body["data"]
    return {row["_id"]: row["records"] for row in rows}


def test_kill_in_the_middle(lab):
    """The update raises the field that its filter asks for, by an index: no record may be raised twice."""
    total = 20_000 if lab.quick else 60_000
    server, client = prepared(lab, total)
    job = started(client, "update", {"filter": {"n": {"$gte": 0}}, "update": {"$inc": {"n": 1}}, "multi": True})
    for _ in range(3):
        running(client, job)
        time.sleep(random.uniform(0, 0.2))
        server.kill()
        server.check_data()
        server.start()
        client = server.client()
    told = ended(client, job)
    assert told["state"] == "succeeded", told
    assert told["result"] == {"matched_count": total, "modified_count": total}, told
    assert told["progress"] == {"done": total, "total": total, "unit": "records"}, told
    assert counts_by_n(client) == {1: total}, counts_by_n(client)
    job = started(client, "delete", {"filter": {"k": {"$gte": 1000}}, "multi": True})
    time.sleep(random.uniform(0.05, 0.3))
    server.kill()
    server.check_data()
    server.start()
    client = server.client()
    told = ended(client, job)
    assert told["state"] == "succeeded" and told["result"] == {"deleted_count": total - 1000}, told
    assert count(client, {}) == 1000


def test_a_stop_in_the_middle(lab):
    total = 30_000
    server, client = prepared(lab, total)
    job = started(client, "update", {"filter": {}, "update": {"$inc": {"n": 1}}, "multi": True})
    running(client, job)
    assert server.stop(), server.log_end()
    server.start()
    client = server.client()
    assert ended(client, job)["result"]["modified_count"] == total
    assert counts_by_n(client) == {1: total}


def test_cancelling(lab):
    total = 60_000
    server, client = prepared(lab, total)
    job = started(client, "update", {"filter": {"n": 0}, "update": {"$set": {"n": 1}}, "multi": True})
    running(client, job)
    client.expect(200, "POST", f"jobs/{job}/cancel")
    told = ended(client, job)
    done = told["result"]["modified_count"]
    assert told["state"] == "cancelled" and 0 < done < total, told
    # What is done stays done, and the result says how much that is.
    assert counts_by_n(client) == {0: total - done, 1: done}, counts_by_n(client)
    assert done % 500 == 0, "a batch was done in part"
    text = client.expect(200, "GET", "/metrics").data.decode()
    assert 'credvault_jobs_ended_total{type="update",state="cancelled"} 1' in text, text
    assert "credvault_jobs_running 0" in text and "credvault_jobs_waiting 0" in text, text
    assert server.stop(), server.log_end()


def test_others_write_meanwhile(lab):
    """Records that others change while the job runs are changed by it once or, where they match no longer, not at all."""
    total = 20_000
    server, client = prepared(lab, total)
    stop = threading.Event()

    def write():
        own = server.client()
        while not stop.is_set():
            own.expect(200, "PATCH", f"{ROWS}/records/r{random.randrange(total):07}", {"$set": {"k": -1}})

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        job = started(client, "update", {"filter": {"k": {"$gte": 0}}, "update": {"$inc": {"n": 1}}, "multi": True})
        told = ended(client, job)
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    changed = told["result"]["modified_count"]
    assert told["state"] == "succeeded" and 0 < changed <= total, told
    assert counts_by_n(client).get(1) == changed and set(counts_by_n(client)) <= {0, 1}, (told, counts_by_n(client))
    assert count(client, {"k": {"$gte": 0}, "n": 0}) == 0
