"""What passed and what failed, told as it happens and counted at the end."""
import sys


class Report:
    def __init__(self, verbose=False):
        self.verbose, self.passed, self.failed = verbose, 0, 0

    def section(self, name):
        print(f"-- {name}", flush=True)

    def ok(self, name):
        self.passed += 1
        if self.verbose:
            print(f"ok {name}", flush=True)

    def fail(self, name, why):
        self.failed += 1
        print(f"FAILED {name}\n    " + str(why).replace("\n", "\n    "), flush=True)

    def check(self, name, problem):
        """Counts one test: `problem` is None (or empty) where it passed, else why it failed."""
        if problem:
            self.fail(name, problem)
        else:
            self.ok(name)

    def note(self, text):
        print(f"   {text}", flush=True)

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(self.failed > 0 or self.passed == 0)
