"""A mail server for tests: takes what is sent, or refuses it as it is told, with STARTTLS where it has a certificate."""
import base64
import email
import socket
import ssl
import threading
import time


class Receiver:
    """Listens until the with-block ends. `mails` are (receiver, message) as they came."""

    def __init__(self, port=0, certificate=None, user=None, password=None):
        self.mails, self.refusals, self.connections = [], [], 0
        self.user, self.password = user, password
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate[0], certificate[1])
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            Talk(self, connection).run()
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def wait_for(self, count, seconds=20):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if len(self.mails) >= count:
                return self.mails
            time.sleep(0.02)
        raise AssertionError(f"{len(self.mails)} mails came instead of {count}")


class Talk:
    def __init__(self, receiver, connection):
        self.receiver, self.connection, self.file = receiver, connection, connection.makefile("rb")
        self.to, self.secure, self.signed_in = None, False, False

    def say(self, line):
        self.connection.sendall(line.encode() + b"\r\n")

    def run(self):
        self.say("220 test ready")
        while True:
            line = self.file.readline().decode().strip()
            word = line.split(" ")[0].upper()
            if not line or word == "QUIT":
                return
            getattr(self, "on_" + word.lower(), self.unknown)(line)

    def unknown(self, _):
        self.say("500 what?")

    def on_ehlo(self, _):
        self.say("250-test")
        if self.receiver.tls and not self.secure:
            self.say("250-STARTTLS")
        if self.receiver.user:
            self.say("250-AUTH PLAIN")
        self.say("250 8BITMIME")

    def on_starttls(self, _):
        self.say("220 go on")
        self.connection = self.receiver.tls.wrap_socket(self.connection, server_side=True)
        self.file, self.secure = self.connection.makefile("rb"), True

    def on_auth(self, line):
        words = line.split(" ")
        if len(words) == 2:
            self.say("334 ")
            words.append(self.file.readline().decode().strip())
        given = base64.b64decode(words[2]).decode().split("\0")
        self.signed_in = given[1:] == [self.receiver.user, self.receiver.password]
        self.say("235 welcome" if self.signed_in else "535 no")

    def on_mail(self, _):
        if self.receiver.user and not self.signed_in:
            return self.say("530 sign in")
        if self.receiver.refusals:
            return self.say(self.receiver.refusals.pop(0))
        self.say("250 ok")

    def on_rcpt(self, line):
        self.to = line[line.index("<") + 1:line.index(">")]
        self.say("250 ok")

    def on_data(self, _):
        self.say("354 send")
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        message = email.message_from_bytes(b"".join(lines))
        self.receiver.mails.append((self.to, message))
        self.say("250 taken")

    def on_rset(self, _):
        self.say("250 ok")


def text_of(message):
    return message.get_payload(decode=True).decode()
