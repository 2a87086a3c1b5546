"""Runs a program of tests/http: each function test_* of the module is a test, given a Lab."""
import importlib.util
import inspect
import traceback

from runner.server import Server


class Lab:
    """What a test has: a directory of its own, servers that end with it, and a place to report finer results."""

    def __init__(self, args, directory, name, report):
        self.program, self.quick, self.directory, self.name, self.report = args.server, args.quick, directory, name, report
        self.servers, self.cleanup, self.checks = [], [], 0

    def server(self, config=None, engine=None, env=None, name="server", tls=None, directory=None):
        """A server that is not yet started; on the embedded store unless told otherwise."""
        server = Server(self.program, directory or self.directory / name, engine, config, env, tls)
        self.servers.append(server)
        return server

    def check(self, what, problem=None):
        """Counts a test within the test."""
        self.checks += 1
        self.report.check(f"{self.name}: {what}", problem)

    def did_not_run(self, why):
        """Says so; the test counts neither as passed nor as failed."""
        self.checks += 1
        self.note(f"did not run: {why}")

    def note(self, text):
        self.report.note(f"{self.name}: {text}")

    def tell_of_crash(self, server):
        """A server that a signal ended, and not a test's kill(), is a failure whatever the test saw."""
        status = server.process.poll() if server.process else None
        if status not in (None, 0) and not server.was_killed and status < 0:
            self.report.fail(f"{self.name}: a server left with {status}", server.log_end())

    def finish(self):
        for server in self.servers:
            server.kill()
        for step in reversed(self.cleanup):
            step()


def place_of(error, path):
    """The innermost line of the program that led to the error."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return f"{path.name}:{lines[-1]}"


def run(path, name, args, directory, report):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tests = [(n, f) for n, f in inspect.getmembers(module, inspect.isfunction) if n.startswith("test_")]
    tests.sort(key=lambda entry: entry[1].__code__.co_firstlineno)
    for test_name, test in tests:
        full = f"{name}: {test_name.removeprefix('test_')}"
        place = directory / path.stem / test_name
        place.mkdir(parents=True)
        lab = Lab(args, place, full, report)
        try:
            test(lab)
            if lab.checks == 0:
                report.ok(full)
        except AssertionError as error:
            report.fail(full, f"{place_of(error, path)}: {error}" if str(error) else traceback.format_exc())
        except Exception:  # pylint: disable=broad-except
            report.fail(full, traceback.format_exc() + "".join(server.log_end() for server in lab.servers))
        finally:
            for server in lab.servers:
                lab.tell_of_crash(server)
            lab.finish()
