#include "api/client_address.h"

#include <algorithm>
#include <optional>

namespace credvault::api {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t";
    const std::size_t first = std::min(text.find_first_not_of(space), text.size());
    return text.substr(first, text.find_last_not_of(space) + 1 - first);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "192.0.2.1", "192.0.2.1:4711", "[2001:db8::1]", "[2001:db8::1]:4711" and, where it stands bare, "2001:db8::1".
std::string_view address_in(std::string_view node) {
    std::string_view address = node;
    if (node.starts_with('[')) {
        const std::size_t end = node.find(']');
        if (end == std::string_view::npos) return ClientAddresses::unknown;
        const std::string_view rest = node.substr(end + 1);
        if (!rest.empty() && !(rest.front() == ':' && is_port(rest.substr(1))))
            return ClientAddresses::unknown;
        address = node.substr(1, end - 1);
        if (address.find(':') == std::string_view::npos) return ClientAddresses::unknown;
    } else if (std::count(node.begin(), node.end(), ':') == 1) {
        const std::size_t colon = node.find(':');
        if (!is_port(node.substr(colon + 1))) return ClientAddresses::unknown;
        address = node.substr(0, colon);
    }
    return parse_address(address) ? address : ClientAddresses::unknown;
}

/// Where the quoted string that begins at `from` ends, behind its quote; nothing where it does not.
std::optional<std::size_t> end_of_quoted(std::string_view line, std::size_t from) {
    for (std::size_t i = from + 1; i < line.size(); ++i) {
        if (line[i] == '\\') return {};  // No address needs an escape.
        if (line[i] == '"') return i + 1;
    }
    return {};
}

/// One element of Forwarded: pairs with semicolons between them.
std::optional<std::string_view> standard_element(std::string_view line, std::size_t& at) {
    std::optional<std::string_view> node;
    for (;;) {
        const std::size_t equals = line.find('=', at);
        if (equals == std::string_view::npos) return {};
        const std::string_view name = trimmed(line.substr(at, equals - at));
        if (name.empty() || name.find_first_of(",;\" \t") != std::string_view::npos) return {};
        std::size_t end = line.find_first_of(",;", equals);
        std::string_view value;
        if (equals + 1 < line.size() && line[equals + 1] == '"') {
            const auto quoted = end_of_quoted(line, equals + 1);
            if (!quoted) return {};
            value = line.substr(equals + 2, *quoted - equals - 3);
            end = line.find_first_of(",;", *quoted);
            const std::string_view behind = line.substr(*quoted, std::min(end, line.size()) - *quoted);
            if (!trimmed(behind).empty()) return {};
        } else {
            value = trimmed(line.substr(equals + 1, std::min(end, line.size()) - equals - 1));
            if (value.empty() || value.find_first_of("\"= \t") != std::string_view::npos) return {};
        }
        if (equal_ignoring_case(name, "for")) {
            if (node) return {};
            node = value;
        }
        at = end == std::string_view::npos ? line.size() : end + 1;
        const bool goes_on = end != std::string_view::npos && line[end] == ';';
        if (!goes_on) return node ? address_in(*node) : ClientAddresses::unknown;
    }
}

}  // namespace

std::optional<std::vector<std::string_view>> forwarded_addresses(std::string_view line, bool standard) {
    std::vector<std::string_view> addresses;
    std::size_t at = 0;
    while (at < line.size()) {
        if (standard) {
            const auto address = standard_element(line, at);
            if (!address) return {};
            addresses.push_back(*address);
            continue;
        }
        const std::size_t comma = std::min(line.find(',', at), line.size());
        const std::string_view node = trimmed(line.substr(at, comma - at));
        if (node.empty()) return {};
        addresses.push_back(address_in(node));
        at = comma + 1;
    }
    if (addresses.empty() || line.back() == ',') return {};
    return addresses;
}

ClientAddresses::ClientAddresses(const std::vector<std::string>& proxies, std::string_view field)
    : standard_(equal_ignoring_case(field, "Forwarded")) {
    for (const std::string& proxy : proxies) {
        if (auto range = AddressRange::parse(proxy); range.ok()) proxies_.push_back(*range);
    }
}

Status ClientAddresses::check(const std::vector<std::string>& proxies) {
    for (const std::string& proxy : proxies) TRY_VOID(AddressRange::parse(proxy));
    return {};
}

bool ClientAddresses::is_trusted(std::string_view address) const {
    const auto parsed = parse_address(address);
    return parsed && any_contains(proxies_, *parsed);
}

std::string_view ClientAddresses::behind_proxies(const http::Request& request) const {
    std::string_view client = request.remote_address;
    if (!is_trusted(client)) return client;
    const std::string_view wanted = standard_ ? "Forwarded" : "X-Forwarded-For";
    for (auto field = request.fields.rbegin(); field != request.fields.rend(); ++field) {
        if (!equal_ignoring_case(field->name, wanted)) continue;
        const auto addresses = forwarded_addresses(trimmed(field->value), standard_);
        if (!addresses) return unknown;
        for (auto address = addresses->rbegin(); address != addresses->rend(); ++address) {
            client = *address;
            if (client == unknown || !is_trusted(client)) return client;
        }
    }
    return client;
}

}  // namespace credvault::api
