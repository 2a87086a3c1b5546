"""TLS, and its certificates reloaded on SIGHUP."""
import signal
import socket
import ssl
import subprocess
import time

from runner.client import Client
from runner.raw import Raw


def make_certificate(place, serial):
    """A self-signed certificate for localhost, put in place as a whole."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-days", "2",
                    "-set_serial", str(serial), "-keyout", str(place / "new.key"), "-out", str(place / "new.pem")],
                   check=True, capture_output=True)
    (place / "new.key").rename(place / "tls.key")
    (place / "new.pem").rename(place / "tls.pem")


def trusting(place):
    context = ssl.create_default_context(cafile=str(place / "tls.pem"))
    return context


def shown_serial(port):
    """The serial number of the certificate that a new connection is shown."""
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as wrapped:
        der = wrapped.getpeercert(binary_form=True)
    text = subprocess.run(["openssl", "x509", "-inform", "der", "-noout", "-serial"], input=der, capture_output=True)
    return int(text.stdout.decode().split("=")[1], 16)


def started(lab):
    make_certificate(lab.directory, 1001)
    server = lab.server(f'[tls]\ncertificate_chain = "{lab.directory}/tls.pem"\nprivate_key = "{lab.directory}/tls.key"\n',
                        tls=trusting(lab.directory))
    return server.start()


def test_tls(lab):
    server = started(lab)
    client = server.client()
    client.expect(201, "POST", "databases", {"name": "secret"})
    client.expect(201, "POST", "databases/secret/collections", {"name": "rows"})
    rows = "databases/secret/collections/rows/records"
    client.expect(201, "POST", rows, [{"id": f"r{i}", "text": "t" * 20_000} for i in range(200)])
    page = client.expect(200, "GET", rows + "?limit=200").body["data"]
    assert len(page) == 200 and all(record["text"] == "t" * 20_000 for record in page)
    with Raw(server) as raw:
        raw.request("GET", "/healthz")
        assert raw.closed(), "a plain request on a TLS port must not hang"
    old = ssl._create_unverified_context()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    try:
        Client("127.0.0.1", server.port, server.key, 10, old).call("GET", "databases")
        raise AssertionError("TLS 1.1 is spoken")
    except OSError:
        pass
    client.expect(200, "GET", "databases/secret")
    assert server.stop()


def test_reload(lab):
    server = started(lab)
    kept = server.client()
    kept.expect(200, "GET", "databases")
    assert shown_serial(server.port) == 1001
    make_certificate(lab.directory, 1002)
    server.signal(signal.SIGHUP)
    deadline = time.monotonic() + 20
    while shown_serial(server.port) != 1002:
        assert time.monotonic() < deadline, "the new certificate is not shown\n" + server.log_end()
        time.sleep(0.05)
    kept.expect(200, "GET", "databases")
    server.tls = trusting(lab.directory)
    server.client().expect(200, "GET", "databases")
    (lab.directory / "tls.pem").write_text("no certificate")
    before = len(server.log_text())
    server.signal(signal.SIGHUP)
    while "tls" not in server.log_text()[before:].lower() and "certificate" not in server.log_text()[before:].lower():
        assert time.monotonic() < deadline + 20, "nothing is logged about a certificate that can't be read"
        time.sleep(0.05)
    assert shown_serial(server.port) == 1002, "what was in use must stay"
    assert server.stop()


def test_sighup_without_tls(lab):
    server = lab.server().start()
    server.signal(signal.SIGHUP)
    time.sleep(0.3)
    server.client().expect(200, "GET", "databases")
    assert server.stop()


def test_a_certificate_that_can_not_be_read(lab):
    server = lab.server(f'[tls]\ncertificate_chain = "{lab.directory}/none.pem"\nprivate_key = "{lab.directory}/none.key"\n')
    server.launch()
    assert server.leave(30) not in (0, None), "it starts without its certificate"
    assert "none.pem" in server.log_text(), server.log_end()
