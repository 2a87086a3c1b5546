#!/usr/bin/env python3
"""Prints "N passed, N failed" from a JUnit report of ctest. A test that was skipped, disabled or not run has failed."""
import sys
import xml.etree.ElementTree as ElementTree


def main():
    suite = ElementTree.parse(sys.argv[1]).getroot()
    suite = suite if suite.tag == "testsuite" else suite.find("testsuite")
    cases = suite.findall("testcase")
    bad = [case for case in cases if case.get("status") != "run"]
    for case in bad:
        print(f"{case.get('status')}: {case.get('name')}")
    print(f"{len(cases) - len(bad)} passed, {len(bad)} failed")


if __name__ == "__main__":
    main()
