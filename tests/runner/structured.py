"""Structured fields (RFC 9651), as far as lists of strings and integers with parameters go. Strict: what the RFC has a
parser fail on raises ValueError."""
import re

STRING = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
INTEGER = re.compile(r"-?[0-9]{1,15}(?![0-9.])")
KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")


def bare_item(text, at):
    found = STRING.match(text, at)
    if found:
        return re.sub(r"\\(.)", r"\1", found.group(1)), found.end()
    found = INTEGER.match(text, at)
    if not found:
        raise ValueError(f"no string and no integer at {at} in {text!r}")
    return int(found.group()), found.end()


def item(text, at):
    """An item and its parameters."""
    value, at = bare_item(text, at)
    parameters = {}
    while text[at:at + 1] == ";":
        at += 1
        while text[at:at + 1] == " ":
            at += 1
        key = KEY.match(text, at)
        if not key:
            raise ValueError(f"no key at {at} in {text!r}")
        at = key.end()
        parameters[key.group()] = True
        if text[at:at + 1] == "=":
            parameters[key.group()], at = bare_item(text, at + 1)
    return (value, parameters), at


def parse_list(text):
    """[(value, {parameter: value})]"""
    text, at, items = text.strip(" "), 0, []
    while at < len(text):
        one, at = item(text, at)
        items.append(one)
        rest = text[at:].lstrip(" \t")
        if not rest:
            return items
        if not rest.startswith(",") or not rest[1:].strip(" \t"):
            raise ValueError(f"no list: {text!r}")
        at = len(text) - len(rest[1:].lstrip(" \t"))
    return items
