"""Users, sessions and workspaces: setup, second factors, throttling, timing, mail, and kill -9 between any two steps."""
import base64
import hashlib
import hmac
import random
import re
import statistics
import struct
import threading
import time

from runner import smtp
from runner.server import IDENTITY, OWNER

PASSWORD = OWNER["CREDVAULT_ADMIN_PASSWORD"]
EMAIL = OWNER["CREDVAULT_ADMIN_EMAIL"]
CHEAP = IDENTITY + "account_attempts = 1000000\n"


def sign_in(server, email=EMAIL, password=PASSWORD, status=200, **more):
    client = server.client(key=None)
    answer = client.expect(status, "POST", "auth/login", {"email": email, "password": password, **more})
    client.close()
    return answer.body.get("data")


def signed_in(server, email=EMAIL, **more):
    return server.client(key=sign_in(server, email, **more)["access_token"])


def invite(client, email, role="developer"):
    return client.expect(201, "POST", "invitations", {"email": email, "role": role}).body["data"]


def accept(server, token, status=200):
    body = {"token": token, "password": PASSWORD, "name": "Member"}
    return server.client(key=None).expect(status, "POST", "invitations/accept", body)


def code_at(secret, step):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), hashlib.sha1).digest()
    at = mac[19] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06d}"


def started(lab, config=CHEAP, **more):
    server = lab.server(config, env=OWNER, **more)
    return server.start()


def test_setup(lab):
    server = lab.server(CHEAP).start()
    code = re.search(r"cvs_\w+", server.log_text()).group()
    client = server.client(key=None)
    assert client.expect(200, "GET", "auth/setup").body["data"] == {"needed": True}
    owner = {"code": "cvs_" + "x" * 44, "email": EMAIL, "password": PASSWORD, "name": "Olga"}
    assert client.expect(400, "POST", "auth/setup", owner).code == "INVALID_CODE"
    made = client.expect(200, "POST", "auth/setup", {**owner, "code": code}).body["data"]
    assert made["workspace"]["role"] == "owner" and made["workspace"]["name"] == "default", made
    assert client.expect(409, "POST", "auth/setup", {**owner, "code": code}).code == "ALREADY_EXISTS"
    assert client.expect(200, "GET", "auth/setup").body["data"] == {"needed": False}
    assert server.stop()
    before = len(server.log_text())
    server.start()
    assert "cvs_" not in server.log_text()[before:], "a code though there is an owner"
    server.client(key=made["access_token"]).expect(200, "GET", "auth/me")


def test_second_factor(lab):
    server = started(lab)
    client = signed_in(server)
    secret = client.expect(200, "POST", "auth/totp", {"current_password": PASSWORD}).body["data"]["secret"]
    step = int(time.time()) // 30
    codes = client.expect(200, "POST", "auth/totp/confirm", {"code": code_at(secret, step)}).body["data"]["recovery_codes"]
    assert len(set(codes)) == 10
    again = client.expect(409, "POST", "auth/totp", {"current_password": PASSWORD})
    assert again.code == "ALREADY_EXISTS"
    anyone = server.client(key=None)
    login = {"email": EMAIL, "password": PASSWORD}
    assert anyone.expect(401, "POST", "auth/login", login).code == "SECOND_FACTOR_REQUIRED"
    used = {**login, "code": code_at(secret, step)}
    assert anyone.expect(401, "POST", "auth/login", used).code == "INVALID_CREDENTIALS"
    step = max(step, int(time.time()) // 30) + 1
    ahead = {**login, "code": code_at(secret, step)}
    anyone.expect(200, "POST", "auth/login", ahead)
    assert anyone.expect(401, "POST", "auth/login", ahead).code == "INVALID_CREDENTIALS"
    server.kill()
    server.start()
    anyone = server.client(key=None)
    assert anyone.expect(401, "POST", "auth/login", ahead).code == "INVALID_CREDENTIALS", "used for good"
    anyone.expect(200, "POST", "auth/login", {**login, "recovery_code": codes[0].upper()})
    assert anyone.expect(401, "POST", "auth/login", {**login, "recovery_code": codes[0]}).code == "INVALID_CREDENTIALS"
    client.close()
    client.expect(204, "POST", "auth/totp/disable", {"current_password": PASSWORD, "recovery_code": codes[1]})
    anyone.expect(200, "POST", "auth/login", login)
    key = server.data / "server.key"
    assert key.stat().st_mode & 0o777 == 0o600, oct(key.stat().st_mode)


def test_throttle(lab):
    server = started(lab, IDENTITY + "account_attempts = 2\nfirst_wait_ms = 1000\n")
    client = server.client(key=None)
    for email in (EMAIL, "nobody@example.com"):
        waits = []
        for _ in range(4):
            answer = client.call("POST", "auth/login", {"email": email, "password": "a wrong password"})
            if answer.status == 429:
                waits.append(int(answer.header("Retry-After")))
        assert waits == [1, 1], f"{email}: {waits}"
        assert client.expect(429, "POST", "auth/login", {"email": email, "password": PASSWORD}).code == "RATE_LIMITED"
    time.sleep(1.1)
    sign_in(server)
    address = started(lab, IDENTITY.replace("1000000", "3") + "account_attempts = 1000000\n", name="address")
    client, statuses = address.client(key=None), []
    for i in range(5):
        body = {"email": f"u{i}@example.com", "password": "a wrong password"}
        statuses.append(client.call("POST", "auth/login", body).status)
    assert statuses == [401, 401, 401, 429, 429], statuses


def times_of(calls, pairs, seed):
    """The times of two calls, in nanoseconds, taken in turns and in a random order."""
    order, taken = random.Random(seed), ([], [])
    for _ in range(pairs):
        for which in order.sample((0, 1), 2):
            began = time.perf_counter_ns()
            calls[which]()
            taken[which].append(time.perf_counter_ns() - began)
    return taken


def distance(a, b):
    """Kolmogorov and Smirnov's: the largest difference of the two distributions."""
    marked = sorted([(value, 1 / len(a)) for value in a] + [(value, -1 / len(b)) for value in b])
    height = largest = 0
    for _, change in marked:
        height += change
        largest = max(largest, abs(height))
    return largest


def compare(lab, what, calls, pairs, seed):
    """Generous bounds: an answer that skips a hash or a look-up differs by far more than a busy machine makes it."""
    problem = None
    for attempt in range(3):
        first, second = times_of(calls, pairs, seed + attempt)
        medians = statistics.median(first), statistics.median(second)
        apart, far = abs(medians[0] - medians[1]) / min(medians), distance(first, second)
        lab.note(f"{what}: medians {medians[0] / 1000:.0f} and {medians[1] / 1000:.0f} µs, distance {far:.3f}")
        problem = f"medians {apart:.0%} apart, distance {far:.3f}" if apart > 0.2 or far > 0.25 else None
        if not problem:
            break
    lab.check(what, problem)


def test_timing_tells_nothing(lab):
    server = started(lab, "[identity]\npassword_memory_kib = 1024\npassword_passes = 1\naddress_attempts = 1000000\n"
                          "account_attempts = 1000000\n[access]\naddress_requests = 0\n[log]\naccess = \"off\"\n")
    client, pairs = server.client(key=None), 300 if lab.quick else 10_000

    def tries(email):
        body = {"email": email, "password": "a wrong password"}
        return lambda: client.expect(401, "POST", "auth/login", body)
    compare(lab, "known and unknown accounts", (tries(EMAIL), tries("nobody@example.com")), pairs, 1)
    owner = signed_in(server)
    foreign = owner.expect(201, "POST", "workspaces", {"name": "Foreign"}).body["data"]["id"]
    token = invite(owner, "bob@example.com")["token"]
    accept(server, token)
    bob = signed_in(server, "bob@example.com")
    unknown = foreign[:-4] + "".join(reversed(foreign[-4:]))
    if unknown == foreign:
        unknown = foreign[:-1] + ("a" if foreign[-1] != "a" else "b")
    paths = tuple((lambda path=f"workspaces/{name}": bob.expect(404, "GET", path)) for name in (foreign, unknown))
    compare(lab, "foreign and unknown workspaces", paths, pairs, 2)
    picked = tuple((lambda name=name: bob.expect(404, "GET", "databases", None, {"X-CredVault-Workspace": name}))
                   for name in (foreign, unknown))
    compare(lab, "foreign and unknown workspaces, picked", picked, pairs, 3)


def test_revocation_holds_on_every_thread(lab):
    server = started(lab, "[server]\nthreads = 4\n" + CHEAP)
    for _ in range(10):
        tokens = sign_in(server)
        clients = [server.client(key=tokens["access_token"]) for _ in range(12)]
        for client in clients:
            client.expect(200, "GET", "auth/me")
        clients[0].expect(204, "POST", "auth/logout")
        for client in clients:
            client.expect(401, "GET", "auth/me")
            client.close()


def test_kill_between_refreshes(lab):
    server = started(lab, CHEAP)
    for number in range(3 if lab.quick else 8):
        tokens = sign_in(server)
        state = {"refresh": tokens["refresh_token"], "access": tokens["access_token"], "dead": []}

        def refresh(client):
            try:
                while True:
                    data = client.expect(200, "POST", "auth/refresh", {"refresh_token": state["refresh"]}).body["data"]
                    state["dead"].append(state["access"])
                    state["refresh"], state["access"] = data["refresh_token"], data["access_token"]
            except (OSError, AssertionError) as error:
                state["end"] = error
        thread = threading.Thread(target=refresh, args=(server.client(key=None),))
        thread.start()
        time.sleep(random.uniform(0.05, 0.3))
        server.kill()
        thread.join()
        assert isinstance(state["end"], OSError), state["end"]
        server.start()
        for token in state["dead"][-20:]:
            server.client(key=token).expect(401, "GET", "auth/me")
        # The last one that was answered goes on: as the current one, or as a retry of a refresh whose answer was lost.
        data = server.client(key=None).expect(200, "POST", "auth/refresh", {"refresh_token": state["refresh"]}).body["data"]
        server.client(key=data["access_token"]).expect(200, "GET", "auth/me")
        server.client(key=state["access"]).expect(401, "GET", "auth/me")
        lab.check(f"round {number}: {len(state['dead'])} refreshes")


def test_reuse_ends_the_session(lab):
    server = started(lab, CHEAP + "refresh_retry_ms = 0\n")
    first = sign_in(server)
    anyone = server.client(key=None)
    second = anyone.expect(200, "POST", "auth/refresh", {"refresh_token": first["refresh_token"]}).body["data"]
    time.sleep(0.01)
    anyone.expect(401, "POST", "auth/refresh", {"refresh_token": first["refresh_token"]})
    server.client(key=second["access_token"]).expect(401, "GET", "auth/me")
    server.kill()
    server.start()
    server.client(key=None).expect(401, "POST", "auth/refresh", {"refresh_token": second["refresh_token"]})
    server.client(key=second["access_token"]).expect(401, "GET", "auth/me")


def test_kill_between_invitations(lab):
    server = started(lab)
    for number in range(2 if lab.quick else 6):
        owner, made, joined = signed_in(server), [], []

        def work():
            try:
                for i in range(1000):
                    email = f"r{number}n{i}@example.com"
                    made.append((email, invite(owner, email)["token"]))
                    accept(server, made[-1][1])
                    joined.append(email)
            except OSError:
                pass
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(random.uniform(0.1, 0.4))
        server.kill()
        thread.join()
        server.check_data()
        server.start()
        owner = signed_in(server)
        for email, token in made:
            state = owner.expect(200, "GET", f"invitations?email={email}").body["data"][0]["status"]
            members = owner.expect(200, "GET", f"members?email={email}").body["pagination"]["total"]
            assert (state == "accepted") == (members == 1), f"{email}: {state}, {members} members"
            assert state == "accepted" or email not in joined, f"{email} was told that he joined"
            accept(server, token, 400 if state == "accepted" else 200)
            sign_in(server, email)
        lab.check(f"round {number}: {len(joined)} joined")


def test_kill_between_steps_of_a_deletion(lab):
    server = started(lab)
    for number in range(3 if lab.quick else 8):
        owner = signed_in(server)
        before = len(list((server.data / "db").glob("db_*.db")))
        place = owner.expect(201, "POST", "workspaces", {"name": "Brief"}).body["data"]["id"]
        there = {"X-CredVault-Workspace": place}
        for i in range(6):
            owner.expect(201, "POST", "databases", {"name": f"d{i}"}, there)
        token = owner.expect(201, "POST", "invitations", {"email": f"m{number}@example.com", "role": "viewer"}, there)
        token = token.body["data"]["token"]
        told = []

        def delete():
            try:
                told.append(owner.call("DELETE", f"workspaces/{place}?name=Brief", None, there).status)
            except OSError:
                pass
        thread = threading.Thread(target=delete)
        thread.start()
        time.sleep(number * 0.004)
        server.kill()
        thread.join()
        server.start()
        owner = signed_in(server)
        if told != [202] and owner.call("GET", "databases", None, there).status == 200:
            assert told == [], told
            continue  # It was never begun.
        owner.expect(404, "GET", "databases", None, there)
        accept(server, token, 400)
        deadline = time.monotonic() + 20
        while len(list((server.data / "db").glob("db_*.db"))) > before:
            assert time.monotonic() < deadline, "the databases of a deleted workspace stay"
            time.sleep(0.05)
        lab.check(f"round {number}: deleted")
    assert server.stop()
    server.check_data()


def mail_config(port, more="require_tls = false\n"):
    return f'{CHEAP}[mail]\nsmtp_url = "smtp://127.0.0.1:{port}"\nfrom = "vault@example.org"\nretry_ms = 50\n{more}'


def test_mail(lab):
    with smtp.Receiver() as receiver:
        server = started(lab, mail_config(receiver.port))
        owner = signed_in(server)
        invited = invite(owner, "bob@example.com")
        assert "token" not in invited and "link" not in invited, invited
        to, message = receiver.wait_for(1)[0]
        assert to == "bob@example.com" and "Invitation to default" in message["Subject"], message
        token = re.search(r"#token=(cvi_\w+)", smtp.text_of(message)).group(1)
        accept(server, token)
        anyone = server.client(key=None)
        for email in ("nobody@example.com", "bob@example.com"):
            anyone.expect(204, "POST", "auth/reset", {"email": email})
        to, message = receiver.wait_for(2)[1]
        assert to == "bob@example.com", to
        code = re.search(r"#code=(cvp_\w+)", smtp.text_of(message)).group(1)
        bob = signed_in(server, "bob@example.com")
        anyone.expect(204, "POST", "auth/reset/confirm", {"code": code, "password": "another good one"})
        bob.expect(401, "GET", "auth/me")
        assert anyone.expect(400, "POST", "auth/reset/confirm", {"code": code, "password": PASSWORD}).code == "INVALID_CODE"
        sign_in(server, "bob@example.com", "another good one")
        # Refused for now, twice, then taken; refused for good.
        receiver.refusals += ["451 later", "451 later"]
        invite(owner, "eve@example.com")
        assert receiver.wait_for(3)[2][0] == "eve@example.com"
        receiver.refusals += ["550 never"]
        invite(owner, "gone@example.com")
        invite(owner, "last@example.com")
        assert receiver.wait_for(4)[3][0] == "last@example.com"
        for secret in (token, code, PASSWORD, "another good one", "cva_", "cvr_"):
            assert secret not in server.log_text(), f"the log has {secret[:4]}…"


def test_mail_outlives_the_server(lab):
    with smtp.Receiver() as receiver:
        port = receiver.port
    server = started(lab, mail_config(port))
    invite(signed_in(server), "bob@example.com")
    time.sleep(0.2)
    server.kill()
    for file in (path for path in server.data.rglob("*") if path.is_file()):
        assert b"cvi_" not in file.read_bytes(), f"{file} has a token that waits to be mailed"
    server.start()
    with smtp.Receiver(port) as receiver:
        to, message = receiver.wait_for(1)[0]
        assert to == "bob@example.com"
        accept(server, re.search(r"#token=(cvi_\w+)", smtp.text_of(message)).group(1))


def test_mail_goes_over_tls_or_not_at_all(lab):
    import subprocess
    pem, key = lab.directory / "mail.pem", lab.directory / "mail.key"
    lab.directory.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", pem, "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    with smtp.Receiver() as plain:
        server = started(lab, mail_config(plain.port, ""), name="plain")
        invite(signed_in(server), "bob@example.com")
        deadline = time.monotonic() + 20
        while "could not be sent" not in server.log_text():
            assert time.monotonic() < deadline, server.log_end()
            time.sleep(0.05)
        assert not plain.mails, "sent in the clear"
    secret = lab.directory / "password"
    secret.write_text("mail password\n")
    more = f'ca_file = "{pem}"\nuser = "vault"\npassword_file = "{secret}"\n'
    with smtp.Receiver(certificate=(pem, key), user="vault", password="mail password") as receiver:
        server = started(lab, mail_config(receiver.port, more), name="secure")
        invite(signed_in(server), "bob@example.com")
        assert receiver.wait_for(1)[0][0] == "bob@example.com"
        assert "mail password" not in server.log_text()
    with smtp.Receiver(certificate=(pem, key)) as stranger:
        server = started(lab, mail_config(stranger.port, ""), name="stranger")
        invite(signed_in(server), "bob@example.com")
        deadline = time.monotonic() + 20
        while "could not be sent" not in server.log_text():
            assert time.monotonic() < deadline, server.log_end()
            time.sleep(0.05)
        assert not stranger.mails, "sent to a server that nobody vouches for"


def test_secrets_are_not_stored_or_logged(lab):
    server = started(lab)
    tokens = sign_in(server)
    cookies = server.client(key=None).expect(200, "POST", "auth/login",
                                             {"email": EMAIL, "password": PASSWORD, "cookie": True})
    session = re.search(r"credvault_session=(cva_\w+)", cookies.header("Set-Cookie")).group(1)
    server.client(key=None).expect(200, "GET", "auth/me", None, {"Cookie": f"credvault_session={session}"})
    token = invite(server.client(key=tokens["access_token"]), "bob@example.com")["token"]
    accept(server, token)
    sign_in(server, "bob@example.com", "a wrong password", status=401)
    assert server.stop()
    files = [server.log_path] + [file for file in server.data.rglob("*") if file.is_file()]
    for secret in (tokens["access_token"], tokens["refresh_token"], session, token, PASSWORD, "a wrong password"):
        for file in files:
            assert secret.encode() not in file.read_bytes(), f"{file} has {secret[:4]}…"


def test_reset_code_of_the_operator(lab):
    server = started(lab)
    refused = server.run("reset-code", "--data", server.data, EMAIL)
    assert refused.returncode == 1 and not refused.stdout, "while a server uses the data"
    bearer = signed_in(server)
    assert server.stop()
    assert server.run("reset-code", "--data", server.data, "nobody@example.com").returncode == 1
    made = server.run("reset-code", "--data", server.data, EMAIL)
    assert made.returncode == 0, made.stderr
    server.start()
    body = {"code": made.stdout.strip(), "password": "another good one"}
    server.client(key=None).expect(204, "POST", "auth/reset/confirm", body)
    bearer.close()
    bearer.port = server.port
    bearer.expect(401, "GET", "auth/me")
    sign_in(server, password="another good one")


def test_owners_leave_at_once(lab):
    server = started(lab)
    owner = signed_in(server)
    for number in range(10):
        place = owner.expect(201, "POST", "workspaces", {"name": "Race"}).body["data"]["id"]
        there = {"X-CredVault-Workspace": place}
        email = f"second{number}@example.com"
        invited = owner.expect(201, "POST", "invitations", {"email": email, "role": "owner"}, there).body["data"]
        accept(server, invited["token"])
        second, statuses = signed_in(server, email), []
        barrier = threading.Barrier(2)

        def leave(client):
            barrier.wait()
            statuses.append(client.call("POST", f"workspaces/{place}/leave").status)
        threads = [threading.Thread(target=leave, args=(client,)) for client in (owner, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(statuses) == [204, 409], statuses


def test_sign_ins_in_a_flood(lab):
    """Hashing has a pool and a queue of its own: what does not fit is refused at once, and everything else goes on."""
    server = started(lab, "[identity]\npassword_memory_kib = 65536\npassword_passes = 2\npassword_threads = 1\n"
                          "max_queued_passwords = 4\naddress_attempts = 1000000\naccount_attempts = 1000000\n")
    key, statuses = server.client(), []

    def knock(i):
        client = server.client(key=None)
        answer = client.call("POST", "auth/login", {"email": f"u{i}@example.com", "password": "a wrong password"})
        statuses.append((answer.status, answer.header("Retry-After")))
        client.close()
    threads = [threading.Thread(target=knock, args=(i,)) for i in range(40)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        key.expect(200, "GET", "databases")
    refused = [status for status in statuses if status[0] == 503]
    assert refused and all(wait for _, wait in refused), statuses
    assert {status for status, _ in statuses} == {401, 503}, statuses
