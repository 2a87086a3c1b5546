#!/usr/bin/env python3
"""Runs the README's commands as written, in a fresh copy of the project, and compares what they print; then those of
docs/guides/*.md in the same shell, with the README's server, sample data and functions.

    ```sh               run, in one shell from first to last
    ```sh background    the server: run beside the others, which go on when it is ready, and stopped at the end
    ```sh no-run        shown only
    ```json output      what the block before prints, as JSON; members that differ from run to run are left out
    ```text output      the same, as text; … stands for anything

A command that fails, other output than stated, or a server that does not leave with 0 on SIGTERM: exit status 1.
The last line is "N passed, N failed".
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCE = re.compile(r"^```(\w*)[ \t]*([\w-]*)[^\n]*\n(.*?)^```[ \t]*$", re.MULTILINE | re.DOTALL)
VOLATILE = {"id", "created_at", "updated_at", "request_id", "next_cursor", "time_ms", "duration_ms"}
MARK = "@@readme-block"


class Block:
    def __init__(self, place, text, background):
        self.place, self.text, self.background = place, text, background
        self.expected = None  # (language, text) of the output block that follows


def blocks(file):
    markdown, found = file.read_text(encoding="utf-8"), []
    for match in FENCE.finditer(markdown):
        language, mark, text = match.groups()
        line = markdown.count("\n", 0, match.start()) + 1
        if language == "sh" and mark != "no-run":
            found.append(Block(f"{file.relative_to(ROOT)}:{line}", text, mark == "background"))
        elif mark == "output" and found:
            found[-1].expected = (language, text)
    return found


def script(found, url):
    """One bash script: a mark before each block, so that the output can be told apart."""
    parts = ["set -eo pipefail"]
    for number, block in enumerate(found):
        parts.append(f"echo; echo {MARK} {number}")
        if not block.background:
            parts.append(block.text)
            continue
        parts.append(f"""set -m; ( trap : TERM; {block.text.strip()} ) >server.log 2>&1 & server=$!; set +m
until curl -fsS -o /dev/null {url}/readyz 2>/dev/null; do
    kill -0 $server 2>/dev/null || {{ tail -n 50 server.log; exit 1; }}
    sleep 0.3
done
trap 'kill -TERM -- -$server 2>/dev/null || true' EXIT""")
    parts.append(f"echo; echo {MARK} {len(found)}")
    parts.append('trap - EXIT; if [[ ${server-} ]]; then kill -TERM -- -$server; wait $server; fi')
    parts.append(f"echo; echo {MARK} {len(found) + 1}")
    return "\n".join(parts) + "\n"


def stable(value):
    """A JSON value without the members that differ from run to run."""
    if isinstance(value, dict):
        return {k: stable(v) for k, v in value.items() if k not in VOLATILE}
    return [stable(v) for v in value] if isinstance(value, list) else value


def matches(expected, printed):
    language, text = expected
    if language == "json":
        try:
            return stable(json.loads(printed)) == stable(json.loads(text))
        except ValueError:
            return False
    pattern = "".join(".*?" if part == "…" else re.escape(part) for part in re.split("(…)", text.strip()))
    return re.fullmatch(pattern, printed.strip(), re.DOTALL) is not None


def fresh_copy(target):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def in_use(url):
    address = urllib.parse.urlparse(url)
    with socket.socket() as probe:
        return probe.connect_ex((address.hostname, address.port)) == 0


def judge(found, output):
    """Prints a line for each block and returns (passed, failed). A part of the output belongs to the mark before it."""
    parts = re.split(rf"^{MARK} (\d+)\n", output, flags=re.MULTILINE)
    printed = {int(number): text for number, text in zip(parts[1::2], parts[2::2])}
    failed = 0
    for number, block in enumerate(found):
        text, why = printed.get(number, ""), None
        if number + 1 not in printed:
            why = "failed" if number in printed else "not reached"
        elif block.expected and not matches(block.expected, text):
            why = "printed something else than the text says"
        failed += why is not None
        print(f"{block.place}: {why or 'ok'}")
        if why and why != "not reached":
            print(text[-4000:])
    if len(found) in printed and len(found) + 1 not in printed:
        print("the server did not leave with 0 on SIGTERM")
        failed += 1
    return max(0, len(found) - failed), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8080", help="where the README's server listens")
    parser.add_argument("--seconds", type=float, default=1500)
    args = parser.parse_args()
    files = [ROOT / "README.md", *sorted((ROOT / "docs/guides").glob("*.md"))]
    found = [block for file in files for block in blocks(file)]
    if in_use(args.url):
        sys.exit(f"something else listens at {args.url}, where the README's server should")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CREDVAULT_")}
    with tempfile.TemporaryDirectory(prefix="credvault-readme-") as directory:
        fresh_copy(pathlib.Path(directory))
        shell = subprocess.Popen(["bash", "-c", script(found, args.url)], cwd=directory, env=environment, text=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, errors = shell.communicate(timeout=args.seconds)
        except subprocess.TimeoutExpired:
            shell.terminate()
            output, errors = shell.communicate()
            print(f"not done after {args.seconds:.0f} s")
    passed, failed = judge(found, output)
    if failed:
        print(errors[-4000:])
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0 or passed == 0)


if __name__ == "__main__":
    main()
