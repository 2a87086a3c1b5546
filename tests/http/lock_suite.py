"""One process holds a data directory; another gets a clear error. What can't be started says why."""
import pathlib


def refused(server, *words):
    """The server must leave by itself with an error that has the words."""
    before = len(server.log_text())
    server.launch()
    status = server.leave(30)
    text = server.log_text()[before:]
    assert status not in (0, None) and status > 0, f"left with {status}: {text}"
    missing = [word for word in words if word.lower() not in text.lower()]
    assert not missing, f"the error does not say {missing}: {text}"


def test_two_servers_on_one_directory(lab):
    first = lab.server()
    first.start()
    client = first.client()
    client.expect(201, "POST", "databases", {"name": "mine"})
    second = lab.server(name="second")
    second.data = first.data
    refused(second, str(first.data), "in use")
    checked = first.run("check", first.data)
    assert checked.returncode != 0 and "in use" in (checked.stdout + checked.stderr).lower(), checked
    client.expect(200, "GET", "databases/mine")
    first.kill()
    second.start()
    second.client().expect(200, "GET", "databases/mine")


def test_a_port_that_is_taken(lab):
    first, second = lab.server(), lab.server(name="second")
    first.start()
    second.port = first.port
    refused(second, str(first.port))


def test_a_data_directory_that_is_a_file(lab):
    server = lab.server()
    server.data.write_text("no directory")
    refused(server, str(server.data))


def test_a_configuration_with_an_unknown_key(lab):
    refused(lab.server(config="[server]\nlisten_adress = \"127.0.0.1\"\n"), "listen_adress")


def test_a_configuration_that_is_no_toml(lab):
    refused(lab.server(config="[server\n"), "config.toml", "line 1")


def test_a_configuration_file_that_is_not_there(lab):
    server = lab.server(config="x = 1")
    server.config_path = pathlib.Path(server.config_path)
    command = server.run("serve", "--data", server.data, "--config", "/nowhere/config.toml")
    assert command.returncode != 0 and "/nowhere/config.toml" in command.stdout + command.stderr, command
    command = server.run("serve", "--data", server.data, "--config", lab.directory)
    assert command.returncode != 0 and str(lab.directory) in command.stderr, command


def test_an_admin_key_that_is_too_short(lab):
    server = lab.server()
    server.key = "short"
    refused(server, "CREDVAULT_ADMIN_KEY", "32")


def test_an_unknown_command(lab):
    command = lab.server().run("serv")
    assert command.returncode == 2 and "'serv'" in command.stderr and "serve, check" in command.stderr, command
