#include "app/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace credvault::app {
namespace {

Error wrong(std::string_view file, const toml::node& node, const std::string& key, const std::string& what) {
    return Error(
        ErrorCode::INVALID_PARAMETER,
        std::string(file) + ", line " + std::to_string(node.source().begin.line) + ": " + key + " " + what,
        key);
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "\"" : ", \"") + word + "\"";
    return text;
}

/// What a value must be, for messages.
std::string expectation(const ConfigKey& key) {
    if (!key.choices.empty()) return "must be one of " + joined(key.choices);
    if (std::holds_alternative<std::string*>(key.target)) return "must be a string";
    if (std::holds_alternative<bool*>(key.target)) return "must be true or false";
    if (std::holds_alternative<std::vector<std::string>*>(key.target)) return "must be an array of strings";
    return "must be an integer from " + std::to_string(key.min) + " to " + std::to_string(key.max);
}

bool set_string(const ConfigKey& key, std::string* to, const toml::node& node) {
    const auto value = node.value_exact<std::string>();
    if (!value) return false;
    if (!key.choices.empty() &&
        std::find(key.choices.begin(), key.choices.end(), *value) == key.choices.end()) {
        return false;
    }
    *to = *value;
    return true;
}

bool set_strings(std::vector<std::string>* to, const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return false;
    to->clear();
    for (const toml::node& element : *array) {
        const auto value = element.value_exact<std::string>();
        if (!value) return false;
        to->push_back(*value);
    }
    return true;
}

/// False where the value will not do.
bool set(const ConfigKey& key, const toml::node& node) {
    return std::visit(
        [&](auto* to) {
            using T = std::remove_pointer_t<decltype(to)>;
            if constexpr (std::is_same_v<T, std::string>) {
                return set_string(key, to, node);
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                return set_strings(to, node);
            } else if constexpr (std::is_same_v<T, bool>) {
                const auto value = node.value_exact<bool>();
                if (value) *to = *value;
                return value.has_value();
            } else {
                const auto value = node.value_exact<std::int64_t>();
                if (!value || *value < key.min || *value > key.max) return false;
                *to = static_cast<T>(*value);
                return true;
            }
        },
        key.target);
}

std::string value_text(const ConfigKey& key) {
    return std::visit(
        [](const auto* value) -> std::string {
            using T = std::remove_cvref_t<decltype(*value)>;
            std::ostringstream out;
            if constexpr (std::is_same_v<T, std::string>) {
                out << toml::value<std::string>(*value);
            } else if constexpr (std::is_same_v<T, bool>) {
                out << (*value ? "true" : "false");
            } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
                toml::array array;
                for (const std::string& element : *value) array.push_back(element);
                out << array;
            } else {
                out << *value;
            }
            return out.str();
        },
        key.target);
}

/// Whether sections begin with this name: "tiers" where there is "tiers.free".
bool is_section(const std::vector<ConfigKey>& keys, const std::string& name) {
    return std::any_of(keys.begin(), keys.end(), [&](const ConfigKey& key) {
        return key.section == name || key.section.starts_with(name + ".");
    });
}

Status apply_section(const toml::table& table, const std::string& section, const std::vector<ConfigKey>& keys,
                     std::string_view name) {
    for (const auto& [key_node, value] : table) {
        const std::string key_name(key_node.str());
        const std::string full = section + "." + key_name;
        if (value.is_table() && is_section(keys, full)) {
            TRY_VOID(apply_section(*value.as_table(), full, keys, name));
            continue;
        }
        const auto found = std::find_if(keys.begin(), keys.end(), [&](const ConfigKey& key) {
            return key.section == section && key.name == key_name;
        });
        if (found == keys.end()) return wrong(name, value, full, "is no key of the configuration");
        if (!set(*found, value)) return wrong(name, value, full, expectation(*found));
    }
    return {};
}

Status apply(const toml::table& file, const std::vector<ConfigKey>& keys, std::string_view name) {
    for (const auto& [section, node] : file) {
        const std::string section_name(section.str());
        if (!node.is_table() || !is_section(keys, section_name))
            return wrong(name, node, section_name, "is no section of the configuration");
        TRY_VOID(apply_section(*node.as_table(), section_name, keys, name));
    }
    return {};
}

/// Budgets are kept in nanoseconds: more than a million requests a second could not be told apart.
Status check_rate(std::int64_t requests, std::int64_t window_s, const std::string& key,
                  std::string_view name) {
    if (requests / window_s <= 1'000'000) return {};
    return Error(ErrorCode::INVALID_PARAMETER,
                 std::string(name) + ": " + key + " must be at most a million a second; 0 is no limit", key);
}

Status check_rates(const Config& config, std::string_view name) {
    TRY_VOID(
        check_rate(config.addresses.requests, config.addresses.window_s, "access.address_requests", name));
    for (std::size_t i = 0; i < access::tier_names.size(); ++i) {
        const access::TierSettings& tier = config.tiers.tiers[i];
        const std::string section = "tiers." + std::string(access::tier_names[i]);
        for (const access::TierSettings::Requests& of : tier.requests) {
            TRY_VOID(check_rate(of.requests, tier.window_s, section + ": requests", name));
            TRY_VOID(
                check_rate(of.workspace_requests, tier.window_s, section + ": workspace requests", name));
        }
    }
    return {};
}

/// An origin: it also stands in the Content-Security-Policy of the pages.
Status check_server(const std::string& url, std::string_view name) {
    const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : url.size();
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::strchr(".-:[]", c) != nullptr;
    };
    if (host < url.size() && std::all_of(url.begin() + static_cast<std::ptrdiff_t>(host), url.end(), fits))
        return {};
    return Error(ErrorCode::INVALID_PARAMETER,
                 std::string(name) + ": api.servers holds '" + url +
                     "', which is no origin such as \"https://eu.example.com\", without a path",
                 "api.servers");
}

}  // namespace

Result<Config> parse_config(std::string_view text, std::string_view name) {
    Config config;
    try {
        const toml::table file = toml::parse(text, name);
        TRY_VOID(apply(file, config_keys(config), name));
    } catch (const toml::parse_error& error) {
        return Error(ErrorCode::INVALID_PARAMETER, std::string(name) + ", line " +
                                                       std::to_string(error.source().begin.line) + ": " +
                                                       std::string(error.description()));
    }
    if (config.tls.certificate_chain.empty() != config.tls.private_key.empty()) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     std::string(name) + ": TLS needs both tls.certificate_chain and tls.private_key", "tls");
    }
    for (const std::string& url : config.api_servers) TRY_VOID(check_server(url, name));
    if (const Status proxies = api::ClientAddresses::check(config.pipeline.trusted_proxies); !proxies.ok()) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     std::string(name) + ": server.trusted_proxies: " + proxies.error().message,
                     "server.trusted_proxies");
    }
    if (const Status ranges = outgoing::Client::check(config.outgoing); !ranges.ok()) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     std::string(name) + ": outgoing.allowed_addresses: " + ranges.error().message,
                     "outgoing.allowed_addresses");
    }
    TRY_VOID(check_rates(config, name));
    return config;
}

Result<Config> read_config(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file || std::filesystem::is_directory(path))
        return Error(ErrorCode::INVALID_PARAMETER, "The configuration " + path + " can't be read", "config");
    std::ostringstream text;
    text << file.rdbuf();
    return parse_config(text.str(), path);
}

std::string config_text(Config config) {
    std::string text;
    std::string section;
    for (const ConfigKey& key : config_keys(config)) {
        if (key.section != section) {
            text += (section.empty() ? "[" : "\n[") + key.section + "]\n";
            section = key.section;
        }
        text += "# " + key.description + "\n" + key.name + " = " + value_text(key) + "\n";
    }
    return text;
}

Result<Address> parse_address(std::string_view text, std::string_view field) {
    const Error wrong_form(ErrorCode::INVALID_PARAMETER,
                           "An address is HOST:PORT, for instance 127.0.0.1:8080 or [::1]:8080",
                           std::string(field));
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong_form;
    std::string_view host = text.substr(0, colon);
    const bool bracketed = host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos)) return wrong_form;
    Address address{std::string(host == "localhost" ? "127.0.0.1" : host), 0};
    const std::string_view port = text.substr(colon + 1);
    const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size() || port.empty())
        return wrong_form;
    return address;
}

}  // namespace credvault::app
