#!/usr/bin/env python3
"""Holds the sources to the layers of ARCHITECTURE.md: a folder under src/ includes only what stands right of it.

Prints a line for each include that breaks the table and exits with 1 if there is one.
"""
import pathlib
import re
import sys

SERVICES = ["access", "documents", "clusters", "jobs", "webhooks", "integrations", "intelligence"]
CALLERS = ["webhooks", "integrations"]  # Services that call the outside.
ENGINES = ["storage/memory", "storage/sqlite", "storage/postgres"]
# Folder -> the folders next below it; what those may include, it may too. Services never include each other.
LAYERS = {
    "base": [],
    "json": ["base"],
    "query": ["json"],
    "storage": ["query"],
    **{engine: ["storage"] for engine in ENGINES},
    "http": ["json"],
    "pages": ["http"],
    "outgoing": ["base"],
    **{service: ["storage"] for service in SERVICES},
    **{service: ["storage", "outgoing"] for service in CALLERS},
    "api": SERVICES + ["http", "pages"],
    "app": ["api"] + ENGINES,
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"


def reach(folder):
    """The folders that `folder` may include, itself among them."""
    return {folder}.union(*(reach(below) for below in LAYERS[folder]))


def folder_of(path):
    """The longest entry of the table that a path relative to src/ lies in, or None."""
    parents = [parent.as_posix() for parent in pathlib.PurePosixPath(path).parents]
    return next((parent for parent in parents if parent in LAYERS), None)


def allowed(path):
    folders = reach(folder_of(path))
    if path.endswith(("_test.cpp", "_testing.h", "fixture.h")) and "storage" in folders:
        folders |= set(ENGINES)  # A service is tested on real engines.
    return folders


def faults(file, path):
    """Yields what is wrong with the includes of one file; path is None outside src/, where any module is allowed."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, target = match.groups()
        where = f"{file.relative_to(ROOT)}:{number}"
        known = (SOURCE / target).is_file()
        if target.endswith(".cpp"):
            yield f"{where}: includes the source file {target}"
        elif quote == "<" and known:
            yield f"{where}: write \"{target}\" for a header of ours"
        elif quote == '"' and path and not known:
            yield f"{where}: there is no src/{target}; name headers from src/ on, libraries in <>"
        elif known and path and folder_of(target) not in allowed(path):
            yield f"{where}: {folder_of(path)} may not include {target} (allowed: {', '.join(sorted(allowed(path)))})"


def main():
    found = []
    for top in ("src", "tests", "fuzz", "bench"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix not in (".h", ".cpp", ".def"):
                continue
            path = file.relative_to(SOURCE).as_posix() if top == "src" else None
            if path and folder_of(path) is None:
                found.append(f"src/{path}: its folder is not in the table of tools/check_includes.py")
            else:
                found.extend(faults(file, path))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
