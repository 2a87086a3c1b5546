"""The error codes: those there are, those the suites have seen, and that none is left unprovoked without a reason."""
import pathlib
import re

TESTS = pathlib.Path(__file__).resolve().parent.parent
TABLE = TESTS.parent / "src/base/error_codes.def"
EXCUSED = TESTS / "unprovoked_codes.tsv"

KNOWN = re.findall(r"^CREDVAULT_ERROR\((\w+),", TABLE.read_text(), re.MULTILINE)
_seen = set()


def saw(code):
    if code:
        _seen.add(code)


def excused():
    """Code -> why no request provokes it."""
    lines = [line.split("\t") for line in EXCUSED.read_text().splitlines() if line and not line.startswith("#")]
    return {code: reason for code, reason in lines}


def check_documented(report):
    """docs/api/errors.md names every code, and no other."""
    named = set(re.findall(r"`([A-Z][A-Z_]+[A-Z])`", (TESTS.parent / "docs/api/errors.md").read_text(encoding="utf-8")))
    odd = [f"{code} {'is missing' if code in KNOWN else 'is no code'}" for code in sorted(named ^ set(KNOWN))]
    report.check("docs/api/errors.md has every code", ", ".join(odd))


def check_all_provoked(report):
    reasons = excused()
    report.section("every error code is provoked, or excused in tests/unprovoked_codes.tsv")
    for code in KNOWN:
        problem = None
        if code not in _seen and code not in reasons:
            problem = "no case provokes it, and tests/unprovoked_codes.tsv gives no reason"
        elif code in _seen and code in reasons:
            problem = "it is provoked: take it out of tests/unprovoked_codes.tsv"
        report.check(f"code {code}", problem)
    for code in sorted(set(reasons) - set(KNOWN)):
        report.fail(f"code {code}", "tests/unprovoked_codes.tsv names a code that is not in error_codes.def")
