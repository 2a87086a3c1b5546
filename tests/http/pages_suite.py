"""The dashboard and the explorer as files: found, compressed, cached and fenced in; the API's paths stay the API's."""
import gzip
import re

NAVIGATION = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
DIRECTIVES = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
              "form-action 'none'")


def problem(answer, status=200, kind="text/html; charset=utf-8", **headers):
    """None, or what is not as it should be; header names with underscores, None for a header that must be absent."""
    if answer.status != status:
        return f"expected {status}, got {answer}"
    if kind is not None and answer.header("Content-Type") != kind:
        return f"Content-Type is {answer.header('Content-Type')}"
    for name, wanted in headers.items():
        if answer.header(name.replace("_", "-")) != wanted:
            return f"{name} is {answer.header(name.replace('_', '-'))!r}, expected {wanted!r}"
    return None


def assets_of(page):
    """Files that it loads; the document is the API's."""
    return [path for path in re.findall(r'(?:src|href)="(/[^"]+)"', page.data.decode()) if not path.startswith("/v1/")]


def test_pages(lab):
    server = lab.server()
    server.start()
    client = server.client(key=None)
    get = lambda path, **headers: client.send("GET", path, None, {k.replace("_", "-"): v for k, v in headers.items()})
    for path in ("/", "/api-docs", "/api-docs/"):
        page = get(path)
        policy = page.header("Content-Security-Policy") or ""
        lab.check(f"{path} is a page", problem(page, Cache_Control="public, no-cache", X_Frame_Options="DENY",
                                               X_Content_Type_Options="nosniff", Referrer_Policy="no-referrer",
                                               Cross_Origin_Opener_Policy="same-origin", Content_Encoding=None))
        missing = [one for one in DIRECTIVES if one not in policy.split("; ")]
        lab.check(f"{path} is fenced in", f"{missing} not in {policy}" if missing or "unsafe" in policy else None)
        inline = re.search(rb"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page.data)
        lab.check(f"{path} has nothing inline", inline and f"{inline.group()} in it")
        lab.check(f"{path} has scripts and styles", None if assets_of(page) else f"{page}")
        for asset in assets_of(page):
            check_asset(lab, get, asset)
    foreign = client.send("POST", "/", b"{}", {"Content-Type": "application/json"})
    lab.check("POST / is refused", problem(foreign, 405, "application/json", Allow="GET, HEAD, OPTIONS") or foreign.fault())
    lab.check("OPTIONS /", problem(client.send("OPTIONS", "/"), 204, None, Allow="GET, HEAD, OPTIONS"))
    assert server.stop()


def check_asset(lab, get, path):
    """Whole in each coding, with a tag for each, which answers 304."""
    plain = get(path)
    lab.check(f"{path} is there", problem(plain, kind=None, X_Content_Type_Options="nosniff", Content_Encoding=None))
    keeps = "public, max-age=31536000, immutable" if path.startswith("/assets/") else "public, no-cache"
    lab.check(f"{path} is kept as it may be", problem(plain, kind=None, Cache_Control=keeps))
    packed = get(path, Accept_Encoding="gzip")
    whole = None if packed.data == plain.data else "the unpacked bytes are others"
    lab.check(f"{path} in gzip is the same", whole)
    if packed.header("Content-Encoding"):
        tags = {packed.header("ETag"), plain.header("ETag"), get(path, Accept_Encoding="br").header("ETag")}
        lab.check(f"{path} has a tag for each coding", None if len(tags) == 3 else f"{tags}")
        lab.check(f"{path} varies", None if "Accept-Encoding" in (packed.header("Vary") or "") else f"{packed.headers}")
        assert gzip.decompress(packed.raw) == plain.data
    again = get(path, Accept_Encoding="gzip", If_None_Match=packed.header("ETag"))
    lab.check(f"{path} is not sent twice", problem(again, 304, None, ETag=packed.header("ETag")) or again.data or None)


def test_paths_of_the_dashboard_and_of_the_api(lab):
    server = lab.server()
    server.start()
    client = server.client(key=None)
    page = client.send("GET", "/")
    for path in ("/data/shop/users", "/settings/api-keys?tab=1", "/data/shop/users/a.b%2Fc", "/v1x"):
        view = client.send("GET", path, None, NAVIGATION)
        lab.check(f"{path} shows the dashboard", problem(view) or (None if view.data == page.data else "another page"))
        lab.check(f"{path} is no page for a script",
                  problem(client.send("GET", path, None, {"Accept": "*/*"}), 404, "application/json"))
    for path in ("/v1", "/v1/", "/v1/nothing", "/assets/nothing.js", "/assets/"):
        answer = client.send("GET", path, None, NAVIGATION)
        lab.check(f"{path} is 404 in JSON", problem(answer, 404, "application/json") or answer.fault())
    for path, kind in (("/healthz", "application/json"), ("/v1/openapi.json", "application/json")):
        lab.check(f"{path} is the API's", problem(client.send("GET", path, None, NAVIGATION), kind=kind))
    head = client.send("HEAD", "/")
    lab.check("HEAD / has the head alone", problem(head, Content_Length=page.header("Content-Length")) or head.raw or None)
    lab.check("the access log has pages", None if '"path":"/data/shop/users"' in stopped_log(server) else server.log_end())


def stopped_log(server):
    assert server.stop()
    return server.log_text()
