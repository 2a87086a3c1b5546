"""docs/webhooks.md: each snippet that verifies deliveries, run in its language where that is there, takes what the server
sends and refuses what was changed."""
import json
import pathlib
import re
import shutil
import subprocess
import time

from runner.hooks import Hooks

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = """
import json, sys
for line in sys.stdin:
    case = json.loads(line)
    print(verify(case["secret"], case["headers"], case["body"].encode(), case["now"]), flush=True)
"""
NODE = """
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin })) {
    const { secret, headers, body, now } = JSON.parse(line);
    console.log(verify(secret, headers, body, now) ? "True" : "False");
}
"""
PHP = """
while (($line = fgets(STDIN)) !== false) {
    $case = json_decode($line, true);
    echo verify($case["secret"], $case["headers"], $case["body"], $case["now"]) ? "True\\n" : "False\\n";
}
"""
RUBY = """
require "json"
STDIN.each_line do |line|
  one = JSON.parse(line)
  puts verify(one["secret"], one["headers"], one["body"], one["now"]) ? "True" : "False"
end
"""
GO = """package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type one struct {
	Secret, Body string
	Headers      map[string]string
	Now          int64
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c one
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			panic(err)
		}
		h := c.Headers
		if Verify(c.Secret, h["webhook-id"], h["webhook-timestamp"], h["webhook-signature"], []byte(c.Body), c.Now) {
			fmt.Println("True")
		} else {
			fmt.Println("False")
		}
	}
}
"""
# language -> (the program that runs it, the file, what stands behind the snippet)
LANGUAGES = {"python": (["python3"], "verify.py", PYTHON), "javascript": (["node"], "verify.mjs", NODE),
             "php": (["php"], "verify.php", PHP), "ruby": (["ruby"], "verify.rb", RUBY)}


def snippets(kind=""):
    """By language; of a kind of signature that stands behind it."""
    text = (ROOT / "docs/webhooks.md").read_text()
    return {language: code for language, code in re.findall(rf"```(\w+){kind}\n(.*?)```", text, re.S)}


def cases(lab, signature="v1"):
    """Deliveries with what a verification must say of each."""
    server = lab.server('[outgoing]\nallowed_addresses = ["127.0.0.1"]\n').start()
    client, hooks = server.client(), Hooks()
    lab.cleanup.append(hooks.stop)
    wish = {"url": hooks.url, "events": ["webhook.test"], "signature": signature}
    secret = "secret" if signature == "v1" else "public_key"
    made = client.expect(201, "POST", "webhooks", wish).body["data"]
    assert ("secret" in made) == (signature == "v1"), "what signs by Ed25519 is shown to nobody"
    client.expect(200, "POST", f"webhooks/{made['id']}/test")
    fresh = client.expect(200, "POST", f"webhooks/{made['id']}/rotate", {"overlap_seconds": 60}).body["data"]
    client.expect(200, "POST", f"webhooks/{made['id']}/test", {"type": "document.created"})
    found = []
    for arrival in hooks.arrivals:
        headers = {name.lower(): value for name, value in arrival.headers.items()}
        good = {"secret": made[secret], "headers": headers, "body": arrival.raw.decode(), "now": int(time.time())}
        other = {**headers, "webhook-id": headers["webhook-id"] + "x"}
        found += [(good, True), ({**good, "body": good["body"] + " "}, False), ({**good, "headers": other}, False),
                  ({**good, "now": good["now"] + 400}, False), ({**good, "now": good["now"] - 400}, False)]
    found.append(({**found[0][0], "secret": fresh[secret]}, False))
    found.append(({**found[5][0], "secret": fresh[secret]}, True))
    return found


def play(lab, code, language, said, wanted):
    command, name, driver = LANGUAGES[language]
    if not shutil.which(command[0]):
        lab.note(f"{language} did not run: there is no {command[0]}")
        return
    (lab.directory / name).write_text(code + driver)
    lines = "".join(json.dumps(one) + "\n" for one in said)
    ran = subprocess.run([*command, name], cwd=lab.directory, input=lines, capture_output=True, text=True, check=False)
    right = [str(want) for want in wanted]
    lab.check(language, None if ran.stdout.split() == right else f"{ran.stdout.split()} instead of {right}\n{ran.stderr}")


def test_ed25519_snippets_verify(lab):
    said, wanted = zip(*cases(lab, "v1a"))
    code = snippets(" v1a")
    assert {*code} == {"javascript", "python"}, code.keys()
    play(lab, code["javascript"], "javascript", said, wanted)
    if subprocess.run(["python3", "-c", "import cryptography"], check=False, capture_output=True).returncode != 0:
        lab.note("python did not run: there is no cryptography")
        return
    play(lab, code["python"], "python", said, wanted)


def test_snippets_verify(lab):
    said, wanted = zip(*cases(lab))
    lines = "".join(json.dumps(one) + "\n" for one in said)
    code = snippets()
    assert {*LANGUAGES, "go"} <= {*code}, "a language has no snippet"
    for language in LANGUAGES:
        play(lab, code[language], language, said, wanted)
    if not shutil.which("go"):
        lab.note("go did not run: there is no go")
        return
    (lab.directory / "verify.go").write_text(code["go"].replace("package hooks", "package main"))
    (lab.directory / "main.go").write_text(GO)
    (lab.directory / "go.mod").write_text("module hooks\n")
    ran = subprocess.run(["go", "run", "."], cwd=lab.directory, input=lines, capture_output=True, text=True, check=False)
    lab.check("go", None if ran.stdout.split() == [str(want) for want in wanted] else ran.stdout + ran.stderr)
