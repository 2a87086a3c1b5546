#!/usr/bin/env python3
"""Plays runner/scenario.py and writes what it saw into src/api/openapi_examples.json, which the OpenAPI document holds.

    tests/examples.py --server build/release/credvault

Build again afterwards. tests/http/examples_suite.py plays the same and compares.
"""
import argparse
import json
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from runner import scenario
from runner.server import Server

PATH = pathlib.Path(__file__).resolve().parents[1] / "src/api/openapi_examples.json"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", required=True)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="credvault-examples-") as directory:
        with Server(os.path.abspath(args.server), pathlib.Path(directory), config=scenario.CONFIG) as server:
            recorded, _ = scenario.play(server)
    PATH.write_text(json.dumps(recorded, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
