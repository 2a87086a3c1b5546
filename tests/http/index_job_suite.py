"""Builds of indexes as jobs: progress, cancelling, a crash in the middle, an index that can't be built."""
import json
import time

ROWS = "databases/built/collections/rows"


def prepared(lab, total):
    server = lab.server("[jobs]\nreport_ms = 20\n")
    server.start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "built"})
    client.expect(201, "POST", "databases/built/collections", {"name": "rows"})
    data = "".join(json.dumps({"n": i, "even": i - i % 2, "words": [f"w{i + k}" for k in range(12)]}) + "\n" for i in range(total))
    answer = client.call("POST", ROWS + "/import", data.encode(), content_type="application/x-ndjson")
    assert answer.body["data"]["inserted"] == total, answer.data
    return server, client


def job_of(client, index):
    """Of the latest index: there is one job for each."""
    jobs = client.expect(200, "GET", "jobs?type=index&target=built/rows&sort=-created_at&limit=1").body["data"]
    assert len(jobs) == 1, (index, jobs)
    return jobs[0]["id"]


def ended(client, job, seconds=120):
    deadline = time.monotonic() + seconds
    seen = []
    while time.monotonic() < deadline:
        told = client.expect(200, "GET", "jobs/" + job).body["data"]
        seen.append(told["progress"]["done"])
        if told["state"] not in ("queued", "running"):
            return told, seen
        time.sleep(0.02)
    raise AssertionError(f"the job has not ended after {seconds} s: {told}")


def test_builds_are_jobs(lab):
    total = 20_000 if lab.quick else 40_000
    server, client = prepared(lab, total)
    made = client.expect(201, "POST", ROWS + "/indexes", {"name": "by_words", "fields": ["words"]}).body["data"]
    assert made["status"] == "building", made
    told, seen = ended(client, job_of(client, "by_words"))
    assert told["state"] == "succeeded" and told["result"] == {"index": "by_words", "status": "ready"}, told
    assert told["progress"] == {"done": total, "total": total, "unit": "records"}, told
    assert seen == sorted(seen), f"progress goes back: {seen}"
    client.expect(201, "POST", ROWS + "/indexes", {"name": "unique", "fields": ["even"], "unique": True})
    told, _ = ended(client, job_of(client, "unique"))
    assert told["state"] == "failed" and told["error"]["code"] == "INVALID_INDEX", told
    assert "even" in told["error"]["message"], told
    assert server.stop(), server.log_end()


def test_cancelling_drops_the_index(lab):
    server, client = prepared(lab, 40_000)
    client.expect(201, "POST", ROWS + "/indexes", {"name": "by_words", "fields": ["words", "n"]})
    job = job_of(client, "by_words")
    client.expect(200, "POST", f"jobs/{job}/cancel")
    told, _ = ended(client, job)
    assert told["state"] == "cancelled", told
    client.expect(404, "GET", ROWS + "/indexes/by_words")
    # One that is dropped meanwhile ends its job.
    client.expect(201, "POST", ROWS + "/indexes", {"name": "again", "fields": ["words", "n"]})
    job = job_of(client, "again")
    client.expect(204, "DELETE", ROWS + "/indexes/again")
    told, _ = ended(client, job)
    assert told["state"] == "failed" and told["error"]["code"] == "INDEX_NOT_FOUND", told
    assert server.stop(), server.log_end()
    server.check_data()


def test_kill_in_the_middle(lab):
    total = 40_000
    server, client = prepared(lab, total)
    client.expect(201, "POST", ROWS + "/indexes", {"name": "by_words", "fields": ["words"]})
    job = job_of(client, "by_words")
    time.sleep(0.1)
    server.kill()
    server.start()
    client = server.client()
    told, _ = ended(client, job)
    assert told["state"] == "succeeded", told
    index = client.expect(200, "GET", ROWS + "/indexes/by_words").body["data"]
    assert index["status"] == "ready", index
    server.stop()
    server.check_data()
