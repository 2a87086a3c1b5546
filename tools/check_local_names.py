#!/usr/bin/env python3
"""Refuses names that only mean something on the machine at hand: the directory the checkout lies in, the home
directory, the host's name, the package mirrors this machine is set up with. None belongs in a file that is published.

Exit status 1 and a line for each place.
"""
import os
import pathlib
import re
import socket
import subprocess
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMMON = {"/", "/root", "/home", "/tmp", "/var/tmp", "/srv", "/opt", "/usr", "/usr/src", "/usr/local/src", "/mnt"}
PUBLIC = {"pypi.org", "registry.npmjs.org", "proxy.golang.org", "deb.debian.org", "security.debian.org", "localhost"}
MIRROR_VARIABLES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_INDEX_URL", "NPM_CONFIG_REGISTRY", "npm_config_registry",
                    "GOPROXY", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
MIRROR_FILES = ("/etc/pip.conf", "~/.config/pip/pip.conf", "~/.pip/pip.conf", "~/.npmrc", "/etc/npmrc",
                "/etc/apt/sources.list")


def mirror_hosts():
    texts = [os.environ.get(name, "") for name in MIRROR_VARIABLES]
    files = [pathlib.Path(name).expanduser() for name in MIRROR_FILES] + list(pathlib.Path("/etc/apt").rglob("*.list"))
    texts += [file.read_text(errors="replace") for file in files if file.is_file() and os.access(file, os.R_OK)]
    hosts = {urllib.parse.urlparse(url).hostname for text in texts for url in re.findall(r"https?://[^\s\"',]+", text)}
    return {host for host in hosts if host and host not in PUBLIC and not host.startswith("127.")}


def local_paths():
    paths = {str(ROOT), str(ROOT.parent), str(pathlib.Path.home())}
    return {path for path in paths if path not in COMMON}


def main():
    names = [re.escape(path) + r"(?![\w-])" for path in local_paths()]
    names += [rf"\b{re.escape(host)}\b" for host in mirror_hosts()]
    host = socket.gethostname()
    if len(host) >= 6 and host not in ("localhost", "debian"):
        names.append(rf"\b{re.escape(host)}\b")
    pattern, found = re.compile("|".join(f"(?<![\\w.])(?:{name})" for name in names)), False
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        file = ROOT / name
        for number, line in enumerate(file.read_text(errors="replace").splitlines() if file.is_file() else [], 1):
            match = pattern.search(line)
            if match:
                print(f"{name}:{number}: names this machine: {match.group()}")
                found = True
    sys.exit(found)


if __name__ == "__main__":
    main()
