#!/usr/bin/env python3
"""Runs clang-tidy over the C++ sources that changed: tidy.py --database DIR --seconds N [--all]

Changed is what differs from the merge base with origin/main, or from the parent commit where that is the same commit;
without a parent, everything. A source also counts as changed when its header did. When the time is over, the files not
reached are counted and left for another run; the order differs from commit to commit, so that each gets its turn.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOPS = ("src/", "tests/", "fuzz/", "bench/")


def git(*words):
    """The output of a git command, or None if it fails."""
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def changed_files():
    """The changed paths, or None if there is nothing to compare with."""
    head = git("rev-parse", "HEAD")
    base = git("merge-base", "origin/main", "HEAD") or head
    if base == head and git("status", "--porcelain") == "":
        base = git("rev-parse", "HEAD~1")
    if not base:
        return None
    new = git("ls-files", "--others", "--exclude-standard") or ""
    return set((git("diff", "--name-only", base) or "").splitlines()) | set(new.splitlines())


def sources(database, everything):
    """The sources to read, in an order that depends on the commit."""
    listed = git("ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    files = sorted(f for f in listed if f.endswith(".cpp") and f.startswith(TOPS) and (ROOT / f).exists())
    known = (database / "compile_commands.json").read_text()
    files = [f for f in files if str(ROOT / f) in known]
    changed = None if everything else changed_files()
    if changed is not None:
        files = [f for f in files if f in changed or f.removesuffix(".cpp") + ".h" in changed]
    random.Random(git("rev-parse", "HEAD") or "").shuffle(files)
    return files


def read(file, database, deadline):
    """None where the time is over, else (exit status, what clang-tidy says)."""
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    command = ["clang-tidy-16", "--quiet", "-p", str(database), "--extra-arg=-Wno-unknown-warning-option", file]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=left)
    except subprocess.TimeoutExpired:
        return None
    return done.returncode, done.stdout + re.sub(r"^.* generated\.\n", "", done.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", type=pathlib.Path, required=True, help="directory of compile_commands.json")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    files, deadline = sources(args.database, args.all), time.monotonic() + args.seconds
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda file: read(file, args.database, deadline), files))
    bad = [file for file, result in zip(files, results) if result and result[0] != 0]
    for file, result in zip(files, results):
        if file in bad:
            print(f"{file}:\n{result[1]}")
    missed = results.count(None)
    print(f"clang-tidy: {len(files) - missed} of {len(files)} sources read, {len(bad)} with faults"
          + (f"; the time of {args.seconds:.0f} s was over before the other {missed}" if missed else ""))
    sys.exit(bool(bad))


if __name__ == "__main__":
    main()
