"""Compares an answer with what a case expects. Plain objects are partial: members that are not named may be there.

An object with one member whose name begins with $ is a matcher:
    {"$any": true}         anything that is there         {"$absent": true}      not there
    {"$type": "string"}    string number integer boolean array object null
    {"$regex": "^a"}       a string in which it is found  {"$length": 3}         of an array, object or string
    {"$exact": value}      no other members at any depth, and 1 is not 1.0
    {"$not": expected}     {"$oneof": [expected…]}        {"$contains": expected} an array with such an element
    {"$unordered": […]}    these elements in any order    {"$between": [0, 9]}
"""
import json
import re

MISSING = object()
TYPES = {"string": str, "array": list, "object": dict, "boolean": bool, "null": type(None)}


def short(value):
    text = "nothing" if value is MISSING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "…"


def is_type(value, name):
    if name in ("number", "integer"):
        number = isinstance(value, int) or name == "number" and isinstance(value, float)
        return number and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def unordered(expected, got):
    if not isinstance(got, list) or len(got) != len(expected):
        return False
    rest = list(got)
    for one in expected:
        hit = next((i for i, value in enumerate(rest) if mismatch(one, value) is None), None)
        if hit is None:
            return False
        rest.pop(hit)
    return True


MATCHERS = {
    "$any": lambda want, got: got is not MISSING,
    "$absent": lambda want, got: got is MISSING,
    "$type": lambda want, got: got is not MISSING and is_type(got, want),
    "$regex": lambda want, got: isinstance(got, str) and re.search(want, got) is not None,
    "$length": lambda want, got: isinstance(got, (list, dict, str)) and len(got) == want,
    "$exact": lambda want, got: got is not MISSING and json.dumps(want, sort_keys=True) == json.dumps(got, sort_keys=True),
    "$not": lambda want, got: mismatch(want, got) is not None,
    "$oneof": lambda want, got: any(mismatch(one, got) is None for one in want),
    "$contains": lambda want, got: isinstance(got, list) and any(mismatch(want, one) is None for one in got),
    "$unordered": lambda want, got: unordered(want, got),
    "$between": lambda want, got: is_type(got, "number") and want[0] <= got <= want[1],
}


def matcher_of(expected):
    if isinstance(expected, dict) and len(expected) == 1:
        name = next(iter(expected))
        return name if name in MATCHERS else None
    return None


def mismatch(expected, got, place=""):
    """None, or where and how `got` differs."""
    name = matcher_of(expected)
    if name:
        return None if MATCHERS[name](expected[name], got) else f"{place or '/'}: expected {short(expected)}, got {short(got)}"
    if isinstance(expected, dict) and isinstance(got, dict):
        found = (mismatch(value, got.get(key, MISSING), f"{place}/{key}") for key, value in expected.items())
        return next((problem for problem in found if problem), None)
    if isinstance(expected, list) and isinstance(got, list):
        if len(expected) != len(got):
            return f"{place or '/'}: expected {len(expected)} elements, got {len(got)}: {short(got)}"
        found = (mismatch(one, other, f"{place}/{i}") for i, (one, other) in enumerate(zip(expected, got)))
        return next((problem for problem in found if problem), None)
    same = isinstance(expected, bool) == isinstance(got, bool) and expected == got
    return None if same else f"{place or '/'}: expected {short(expected)}, got {short(got)}"
