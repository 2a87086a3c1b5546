"""The records that the measurements run on: about 300 bytes of canonical JSON each, the same ones every time."""
import json
import random

CITIES = ["Berlin", "Lagos", "Lima", "Osaka", "Oslo", "Porto", "Quito", "Turin"]
STATUSES = ["active", "blocked", "invited", "paused"]
WORDS = ("amber basin cedar delta ember field grove haven inlet jewel knoll lemon maple north ocean "
         "pearl quartz river stone tower").split()


def record(number, rng):
    """Record `number`; its id is r and seven digits, so that load generators can name it."""
    return {
        "id": f"r{number:07d}",
        "name": f"user {number}",
        "email": f"user{number}@example.org",
        "status": rng.choice(STATUSES),
        "age": rng.randrange(18, 90),
        "score": round(rng.random() * 1000, 2),
        "city": rng.choice(CITIES),
        "tags": rng.sample(["red", "green", "blue", "black", "white"], 2),
        "address": {"street": f"Long Street {rng.randrange(1, 300)}", "zip": f"{rng.randrange(10000, 99999)}"},
        "about": " ".join(rng.choices(WORDS, k=16)),
    }


def batches(count, size=1000, first=0):
    """JSON texts of arrays of `size` records, `count` records in all."""
    rng = random.Random(first + 7)
    for start in range(first, first + count, size):
        yield json.dumps([record(n, rng) for n in range(start, min(start + size, first + count))],
                         separators=(",", ":"))
