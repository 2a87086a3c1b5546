#!/usr/bin/env python3
"""Schemathesis against a live server: what the document allows to ask must be answered as the document says.

    tests/schemathesis/run.py --server build/release/credvault --schemathesis build/venv-openapi/bin/schemathesis [--seconds 120]

Two runs: with an API key over all operations, links followed, and as a signed-in owner over what is for users. Each ends
after --seconds. No 5xx, no status, media type, header or body that the document does not have. The last line is
"N passed, N failed": an operation or a finding each.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from runner.server import IDENTITY, OWNER, Server

CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
          "response_headers_conformance")
# They would end the session, or what it stands on, under the run.
ENDING = ("logOut", "endSession", "changePassword", "deleteWorkspace", "leaveWorkspace", "switchWorkspace", "createWorkspace",
          "enrolTotp", "confirmTotp", "updateWorkspace", "updateMember", "removeMember")
USERS = r"^/v1/(auth|workspaces|members|invitations)"


def furnish(server):
    """What the examples of parameters name."""
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "shop"})
    client.expect(201, "POST", "databases/shop/collections", {"name": "users"})
    path = "databases/shop/collections/users"
    rows = [{"id": "01JBV3M6Q4Z0X8T5D2N7K9W1RA", "name": "Ada", "age": 36, "status": "active"}]
    rows += [{"name": f"N{n}", "age": n, "status": "waiting", "tags": ["a", n], "body": "a text"} for n in range(30)]
    client.expect(201, "POST", path + "/records", rows)
    client.expect(201, "POST", path + "/indexes", {"name": "by_status", "fields": ["status", "-created_at"]})


def run(name, program, server, credential, *more):
    command = [program, "run", f"http://127.0.0.1:{server.port}/v1/openapi.json", "--header", f"Authorization: {credential}",
               "--checks", CHECKS, "--continue-on-failure", "--no-color", "--warnings", "off", "--request-timeout", "30",
               "--generation-database", "none", *more]
    env = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(pathlib.Path(__file__).resolve().parent)}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=server.directory, env=env)
    text = ran.stdout + ran.stderr
    tested = re.search(r"Tested: (\d+)", text)
    failed = re.search(r"(\d+) unique failures?", text)
    failures = int(failed.group(1)) if failed else int(ran.returncode != 0)
    if failures:
        print(f"{name}:\n{text}")
    cases = re.search(r"(\d+) generated", text)
    print(f"{name}: {tested.group(1) if tested else '?'} operations, {cases.group(1) if cases else '?'} cases, {failures} failures")
    server_died = server.process.poll() is not None
    if server_died:
        print(f"{name}: the server left with {server.process.returncode}\n{server.log_end()}")
    return (int(tested.group(1)) if tested else 0), failures + server_died


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    parser.add_argument("--schemathesis", required=True)
    parser.add_argument("--seconds", type=int, default=120)
    args = parser.parse_args()
    program, bound = os.path.abspath(args.schemathesis), ("--max-time", str(args.seconds))
    with tempfile.TemporaryDirectory(prefix="credvault-schemathesis-") as directory:
        with Server(os.path.abspath(args.server), pathlib.Path(directory), config=IDENTITY, env=OWNER) as server:
            furnish(server)
            results = [run("with a key", program, server, "ApiKey " + server.key, *bound, "-n", "25")]
            body = {"email": OWNER["CREDVAULT_ADMIN_EMAIL"], "password": OWNER["CREDVAULT_ADMIN_PASSWORD"]}
            token = server.client(key=None).expect(200, "POST", "auth/login", body).body["data"]["access_token"]
            ending = [word for name in ENDING for word in ("--exclude-operation-id", name)]
            results.append(run("as an owner", program, server, "Bearer " + token, *bound, "-n", "25",
                               "--include-path-regex", USERS, *ending))
            left = server.stop()
            results.append((int(left), int(not left)))
    passed, failed = (sum(numbers) for numbers in zip(*results))
    print(f"{max(0, passed - failed)} passed, {failed} failed")
    return int(failed > 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main())
