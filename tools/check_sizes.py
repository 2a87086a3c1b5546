#!/usr/bin/env python3
"""Holds files and functions to the project's limits, so that a file that grows is cut where it should be.

    source 500 lines, header 250, test 600, function 60, folder README 40, line 120 columns

Also: each folder with sources has a README, and each header opens with a comment of 1 to 8 lines. Exceptions stand in
tools/size_exceptions.tsv: "path" or "path:function", the limit that holds instead, the reason. Exit status 1 and a line
each for what is too long, and for exceptions that are no longer needed.
"""
import pathlib
import re
import sys

from cpp_functions import functions

ROOT = pathlib.Path(__file__).resolve().parent.parent
FILE_LIMITS = {"source": 500, "header": 250, "test": 600}
FUNCTION_LINES, README_LINES, COLUMNS = 60, 40, 120
TOPS = ("src", "tests", "fuzz", "bench", "tools", "web")
SUFFIXES = (".h", ".cpp", ".py", ".sh", ".ts", ".svelte", ".css")


class Exceptions:
    def __init__(self, path):
        self.limits, self.used = {}, set()
        for line in path.read_text().splitlines() if path.exists() else []:
            if line.strip() and not line.startswith("#"):
                name, limit, _reason = line.split("\t")
                self.limits[name] = int(limit)

    def limit(self, name, standard, size):
        """The limit for what is called name; an exception counts as used where the standard is exceeded."""
        if size > standard and name in self.limits:
            self.used.add(name)
            return self.limits[name]
        return standard


def kind(path):
    if path.suffix == ".h":
        return "header"
    return "test" if path.parts[0] == "tests" or path.stem.endswith("_test") else "source"


def opening_comment(lines):
    count = 0
    while count < len(lines) and lines[count].startswith("//"):
        count += 1
    return count


def check_file(path, exceptions):
    """Yields what is wrong with one file; path is relative to the root."""
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = text.splitlines()
    limit = exceptions.limit(str(path), FILE_LIMITS[kind(path)], len(lines))
    if len(lines) > limit:
        yield f"{path}: {len(lines)} lines, limit {limit} for a {kind(path)} file"
    if path.suffix not in (".h", ".cpp"):
        return
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS and 'R"' not in line and "http" not in line:
            yield f"{path}:{number}: {len(line)} columns, limit {COLUMNS}"
    if path.suffix == ".h" and not 1 <= opening_comment(lines) <= 8:
        yield f"{path}: a header opens with up to 8 lines of comment: what it is for, who owns what, thread safety"
    for name, line, size in functions(text):
        limit = exceptions.limit(f"{path}:{name}", FUNCTION_LINES, size)
        if size > limit:
            yield f"{path}:{line}: {name} has {size} lines, limit {limit}"


def check_readmes():
    for folder in sorted({file.parent for file in (ROOT / "src").rglob("*") if file.suffix in (".h", ".cpp")}):
        readme = folder / "README.md"
        if not readme.exists():
            yield f"{folder.relative_to(ROOT)}: has no README.md"
        elif len(readme.read_text().splitlines()) > README_LINES:
            yield f"{readme.relative_to(ROOT)}: over {README_LINES} lines"


def main():
    exceptions = Exceptions(ROOT / "tools/size_exceptions.tsv")
    found = list(check_readmes())
    for top in TOPS:
        for file in sorted((ROOT / top).rglob("*")):
            path = file.relative_to(ROOT)
            if file.is_file() and file.suffix in SUFFIXES and "node_modules" not in path.parts:
                found.extend(check_file(path, exceptions))
    for name in sorted(set(exceptions.limits) - exceptions.used):
        found.append(f"tools/size_exceptions.tsv: {name} keeps the standard limit now, remove the exception")
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
