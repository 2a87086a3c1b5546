#include "outgoing/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace credvault::outgoing {
namespace {

using Handle = std::unique_ptr<CURLU, void (*)(CURLU*)>;

Error wrong(std::string message) { return Error(ErrorCode::INVALID_PARAMETER, std::move(message), "url"); }

Error not_a_url() {
    return wrong("A URL is like https://example.com/hooks: http or https, a host, and nothing but ASCII");
}

std::optional<std::string> part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

bool is_visible_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

/// What stands between "://" and the path: where credentials would be, even empty ones.
std::string_view authority_of(std::string_view text) {
    const std::size_t begin = text.find("://");
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + 3);
    return text.substr(0, text.find_first_of("/?#"));
}

bool ends_in(std::string_view host, std::string_view name) {
    return host == name ||
           (host.size() > name.size() && host.ends_with(name) && host[host.size() - name.size() - 1] == '.');
}

/// RFC 6761: names that never leave the machine.
bool is_local_name(std::string host) {
    std::transform(host.begin(), host.end(), host.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    while (host.ends_with('.')) host.pop_back();
    return ends_in(host, "localhost");
}

/// Labels of letters, digits, '-' and '_'. What is percent-encoded has been decoded: from letters of other scripts the
/// resolver would make others, and digits. A name that ends in a number is meant as an address (WHATWG URL, 3.5), and
/// what could not be read as one is left to nobody's reading.
bool is_name(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    bool numeric = false;
    while (true) {
        const std::string_view label = host.substr(0, host.find('.'));
        const auto is_of = [label](std::string_view marks, auto fits) {
            return !label.empty() && std::all_of(label.begin(), label.end(), [&](char c) {
                return fits(c) || marks.find(c) != std::string_view::npos;
            });
        };
        const auto digit = [](char c) { return c >= '0' && c <= '9'; };
        const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        if (!is_of("-_", [&](char c) { return digit(c) || letter(c); })) return false;
        const bool hex = label.starts_with("0x") || label.starts_with("0X");
        numeric = hex || is_of("", digit);
        if (label.size() == host.size()) return !numeric;
        host.remove_prefix(label.size() + 1);
    }
}

Status read_host(CURLU* handle, Url& url) {
    const auto host = part_of(handle, CURLUPART_HOST);
    if (!host || host->empty()) return not_a_url();
    url.host = *host;
    const bool bracketed = url.host.front() == '[' && url.host.back() == ']';
    if (part_of(handle, CURLUPART_ZONEID)) return wrong("An address in a URL has no zone");
    if (bracketed) url.host = url.host.substr(1, url.host.size() - 2);
    // A dot at the end makes a name of what is an address to whoever strips it.
    const std::string bare = url.host.ends_with('.') ? url.host.substr(0, url.host.size() - 1) : url.host;
    url.address = parse_address(bare);
    if (!url.address && (bracketed || !is_name(url.host))) return not_a_url();
    url.mapped = bracketed && url.address && url.address->is_v4();
    return {};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > max_url_bytes)
        return wrong("A URL has at most " + std::to_string(max_url_bytes) + " bytes");
    if (!is_visible_ascii(text)) return not_a_url();
    if (authority_of(text).empty()) return not_a_url();
    if (authority_of(text).find('@') != std::string_view::npos)
        return wrong("A URL has no credentials: send a header instead");
    const Handle handle(curl_url(), &curl_url_cleanup);
    const std::string terminated(text);
    if (!handle || curl_url_set(handle.get(), CURLUPART_URL, terminated.c_str(), 0) != CURLUE_OK)
        return not_a_url();
    if (part_of(handle.get(), CURLUPART_USER) || part_of(handle.get(), CURLUPART_PASSWORD))
        return wrong("A URL has no credentials: send a header instead");
    Url url;
    const auto scheme = part_of(handle.get(), CURLUPART_SCHEME);
    if (!scheme || (*scheme != "http" && *scheme != "https")) return not_a_url();
    url.secure = *scheme == "https";
    TRY_VOID(read_host(handle.get(), url));
    const std::string port = part_of(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
    const auto read = std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (read.ec != std::errc() || url.port == 0) return wrong("The port of a URL is from 1 to 65535");
    curl_url_set(handle.get(), CURLUPART_FRAGMENT, nullptr, 0);
    const auto whole = part_of(handle.get(), CURLUPART_URL);
    if (!whole) return not_a_url();
    url.text = *whole;
    return url;
}

Result<Url> checked_url(std::string_view text, const AddressGuard& guard) {
    TRY(Url url, parse_url(text));
    std::optional<Address> at = url.address;
    if (!at && is_local_name(url.host)) at = parse_address("127.0.0.1");
    if (!at) return url;
    const std::string_view why = guard.refusal(*at, url.mapped);
    if (why.empty()) return url;
    return Error(ErrorCode::ADDRESS_NOT_ALLOWED,
                 "The server does not call '" + url.host + "' (" + std::string(why) +
                     "): name an address of the public internet, or have the operator allow the range",
                 "url");
}

}  // namespace credvault::outgoing
