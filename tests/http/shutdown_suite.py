"""SIGTERM: stop accepting, finish what is in flight within a bound, leave with 0; nothing acknowledged is lost."""
import signal
import time

from runner.ledger import Ledger
from runner.raw import Raw


def test_sigterm_under_load(lab):
    ledger, server = Ledger(padding=200), lab.server()
    server.start()
    ledger.prepare(server.client())
    for _ in range(2 if lab.quick else 4):
        ledger.start(server)
        time.sleep(0.4)
        assert server.stop(40), f"left with {server.process.returncode}\n{server.log_end()}"
        ledger.join()
        server.check_data()
        server.start()
        ledger.verify(server.client())
    assert ledger.acknowledged > 50, "that was no load"


def test_clients_that_hang_hold_nothing_up(lab):
    """Idle connections, a head and a body that never come whole."""
    server = lab.server()
    server.start()
    with Raw(server) as idle, Raw(server) as head, Raw(server) as body:
        head.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        body.send(f"POST /v1/databases HTTP/1.1\r\nHost: x\r\nAuthorization: ApiKey {server.key}\r\n"
                  "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\"")
        idle.request("GET", "/healthz")
        assert idle.answer().status == 200
        assert server.stop(40), f"left with {server.process.returncode}\n{server.log_end()}"


def test_sigint_is_the_same(lab):
    server = lab.server()
    server.start()
    server.signal(signal.SIGINT)
    assert server.leave(40) == 0, server.log_end()


def test_no_more_connections(lab):
    server = lab.server()
    server.start()
    assert server.stop()
    try:
        Raw(server, timeout=5)
    except OSError:
        return
    raise AssertionError("the port is still open")
