"""A second opinion: random finds and updates on ordinary values, by the server and by npm's mingo, must agree. What is
known to be mingo's fault is left out by tools/mingo/known_faults.tsv, a line each with its reason; CREDVAULT_SEED plays
other rounds."""
import json
import os
import pathlib
import random
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
INSTALLED = ROOT / "build/mingo"
PLATFORM = ("id", "created_at", "updated_at", "_version")
NAMES = ("a", "b", "c", "tags", "items")


def known_faults():
    lines = (ROOT / "tools/mingo/known_faults.tsv").read_text().splitlines()
    return {line.split("\t")[0] for line in lines if line and not line.startswith("#")}


class Opinion:
    """mingo in a process of its own."""

    def __init__(self):
        self.process = subprocess.Popen(["node", ROOT / "tools/mingo/opinion.mjs", INSTALLED], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)


class Random(random.Random):
    """Ordinary values: small numbers, short texts, arrays of either, arrays of objects."""

    def scalar(self):
        return self.choice([self.randint(0, 9), self.choice(["x", "y", "zeta", ""]), self.randint(0, 9) + 0.5, True, None])

    def value(self, name):
        if name == "tags":
            return [self.choice(["red", "blue", "green", 1, 2]) for _ in range(self.randint(0, 4))]
        if name == "items":
            return [{"n": self.randint(0, 5), "s": self.choice("xyz")} for _ in range(self.randint(0, 3))]
        return self.scalar() if self.random() < 0.8 else {"n": self.randint(0, 5), "s": self.choice("xyz")}

    def document(self):
        return {name: self.value(name) for name in NAMES if self.random() < 0.8}

    def path(self):
        return self.choice(["a", "b", "c", "a.n", "tags", "items.n", "items.s", "c.s"])

    def operand(self, path):
        if path == "tags":
            return self.choice(["red", "blue", 1])
        if path.endswith(".n"):
            return self.randint(0, 5)
        return self.choice("xyz") if path.endswith(".s") else self.scalar()

    def predicate(self, path):
        kind = self.choice(["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$exists", "$type", "$size", "$not",
                            "$elemMatch", "$all", "$mod", "$regex"])
        if kind in ("$in", "$nin", "$all"):
            return {kind: [self.operand(path) for _ in range(self.randint(1, 3))]}
        if kind == "$exists":
            return {kind: self.random() < 0.5}
        if kind == "$type":
            return {kind: self.choice(["string", "number", "bool", "array", "object", "null"])}
        if kind == "$size":
            return {kind: self.randint(0, 3)}
        if kind == "$mod":
            return {kind: [self.randint(2, 4), self.randint(0, 2)]}
        if kind == "$regex":
            return {kind: self.choice(["^x", "e", "a$"])}
        if kind == "$not":
            return {"$not": {self.choice(["$gt", "$lt", "$eq"]): self.operand(path)}}
        if kind == "$elemMatch":
            return {kind: {"n": {"$gt": self.randint(0, 4)}, "s": self.choice("xyz")}} if self.random() < 0.5 else \
                {kind: {"$gte": self.randint(0, 2)}}
        return {kind: self.operand(path)}

    def filter(self, depth=2):
        if depth and self.random() < 0.25:
            return {self.choice(["$and", "$or", "$nor"]): [self.filter(depth - 1) for _ in range(2)]}
        path = self.path()
        return {path: self.predicate(path) if self.random() < 0.8 else self.operand(path)}

    def update(self):
        kind = self.choice(["$set", "$unset", "$inc", "$mul", "$min", "$max", "$rename", "$push", "$each", "$addToSet", "$pop",
                            "$pull", "$pullAll", "$bit", "$[]"])
        n = self.randint(0, 9)
        return {
            "$set": {"$set": {self.choice(["a", "d.e", "tags", "b"]): self.scalar()}},
            "$unset": {"$unset": {self.choice(["a", "b", "items", "none"]): ""}},
            "$inc": {"$inc": {self.choice(["counter", "d.n"]): n}},
            "$mul": {"$mul": {self.choice(["counter", "d.n"]): n}},
            "$min": {"$min": {"counter": n}},
            "$max": {"$max": {"counter": n}},
            "$rename": {"$rename": {"a": "renamed"}},
            "$push": {"$push": {"tags": self.operand("tags")}},
            "$each": {"$push": {"tags": {"$each": [1, 2, 3][:self.randint(0, 3)], "$position": self.randint(0, 2),
                                         "$slice": self.choice([-2, 2, 5])}}},
            "$addToSet": {"$addToSet": {"tags": self.operand("tags")}},
            "$pop": {"$pop": {"tags": self.choice([1, -1])}},
            "$pull": {"$pull": self.choice([{"tags": self.operand("tags")}, {"items": {"n": {"$gt": n % 5}}}])},
            "$pullAll": {"$pullAll": {"tags": ["red", 1]}},
            "$bit": {"$bit": {"bits": {self.choice(["and", "or", "xor"]): n}}},
            "$[]": {"$inc": {"numbers.$[]": n}},
        }[kind]


def parts_of(value, path=""):
    """What a filter or update is made of, as the file of known faults names it: "$size", "$size items.s", "$gte null"."""
    found = set()
    if isinstance(value, list):
        return set().union(*(parts_of(one, path) for one in value)) if value else found
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("$"):
                found |= {name, f"{name} {path}"} | parts_of(inner, path)
                found |= {f"{name} null"} if inner is None else set()
            else:
                found |= parts_of(inner, f"{path}.{name}" if path else name)
    return found


def bare(record):
    return {name: value for name, value in record.items() if name not in PLATFORM}


def normal(value):
    """JavaScript writes 1.0 as 1; objects are equal whatever the order of their keys."""
    if isinstance(value, list):
        return [normal(one) for one in value]
    if isinstance(value, dict):
        return {name: normal(value[name]) for name in sorted(value)}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def seed_of():
    return int(os.environ.get("CREDVAULT_SEED", "1"))


def insert(client, path, documents):
    client.expect(200, "POST", path + "/delete", {"filter": {}, "multi": True, "all": True})
    client.expect(201, "POST", path + "/records", documents, {"Prefer": "return=minimal"})


def prepared(lab):
    """A client and mingo; nothing where it can't be had."""
    if not shutil.which("node") or not (INSTALLED / "node_modules/mingo").is_dir():
        lab.did_not_run("node or mingo is not installed")
        return None, None
    server = lab.server(engine="memory").start()
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "m"})
    client.expect(201, "POST", "databases/m/collections", {"name": "docs"})
    return client, Opinion()


PATH = "databases/m/collections/docs"


def ordered(documents):
    return [json.dumps(normal(bare(one)), sort_keys=True) for one in documents]


def test_finds(lab):
    client, opinion = prepared(lab)
    if client is None:
        return
    choices, faults, compared = Random(seed_of()), known_faults(), 0
    for _ in range(6 if lab.quick else 30):
        documents = [{"_id": i, **choices.document()} for i in range(40)]
        insert(client, PATH, documents)
        for _ in range(50):
            question = choices.filter()
            if parts_of(question) & faults:
                continue
            theirs = opinion.ask(documents=documents, filter=question)
            ours = client.call("POST", PATH + "/query", {"filter": question, "sort": {"_id": 1}, "limit": 1000})
            assert ours.status == 200 and "found" in theirs, (question, theirs, ours.body)
            assert ordered(ours.body["data"]) == ordered(theirs["found"]), \
                f"{json.dumps(question)}: ours {ordered(ours.body['data'])}, mingo's {ordered(theirs['found'])}"
            compared += 1
    opinion.close()
    lab.note(f"{compared} finds agree")


def test_updates(lab):
    client, opinion = prepared(lab)
    if client is None:
        return
    choices, faults, compared = Random(seed_of()), known_faults(), 0
    for _ in range(60 if lab.quick else 400):
        documents = [{"_id": i, "counter": choices.randint(0, 9), "d": {"n": i}, "bits": i, "numbers": [1, i], "tags": ["red"],
                      **choices.document()} for i in range(8)]
        question, update = choices.filter(0), choices.update()
        if (parts_of(question) | parts_of(update)) & faults:
            continue
        for document in documents:
            if not isinstance(document["tags"], list):
                document["tags"] = []
        insert(client, PATH, documents)
        theirs = opinion.ask(documents=documents, filter=question, update=update)
        ours = client.call("POST", PATH + "/update", {"filter": question, "update": update, "multi": True})
        assert ours.status == 200 and "found" in theirs, (question, update, theirs, ours.body)
        after = client.expect(200, "POST", PATH + "/query", {"sort": {"_id": 1}, "limit": 1000}).body["data"]
        assert ordered(after) == ordered(theirs["found"]), \
            f"{json.dumps(question)} {json.dumps(update)}: ours {ordered(after)}, mingo's {ordered(theirs['found'])}"
        compared += 1
    opinion.close()
    lab.note(f"{compared} updates agree")
