#include "access/mail/message.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "json/canonical.h"
#include "json/value.h"
#include "json/writer.h"

namespace credvault::access {
namespace {

std::string base64_of(std::string_view text) {
    std::string encoded(sodium_base64_encoded_len(text.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(encoded.data(), encoded.size(), reinterpret_cast<const unsigned char*>(text.data()),
                      text.size(), sodium_base64_VARIANT_ORIGINAL);
    encoded.pop_back();
    return encoded;
}

/// RFC 2047 where the text is more than ASCII; an encoded word holds 75 characters at most.
std::string header_text(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        ' ');
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return text;
    constexpr std::size_t piece = 42;
    std::string encoded;
    while (!text.empty()) {
        std::size_t end = std::min(piece, text.size());
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
        if (!encoded.empty()) encoded += "\r\n ";
        encoded += "=?UTF-8?B?" + base64_of(text.substr(0, end)) + "?=";
        text.erase(0, end);
    }
    return encoded;
}

std::string date_text(std::int64_t ms) {
    const std::time_t seconds = static_cast<std::time_t>(ms / 1000);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    constexpr auto days = std::to_array<const char*>({"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"});
    constexpr auto months = std::to_array<const char*>(
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
    std::array<char, 32> rest{};
    // strftime's names follow the locale.
    std::strftime(rest.data(), rest.size(), " %Y %H:%M:%S +0000", &parts);
    return std::string(days[static_cast<std::size_t>(parts.tm_wday)]) + ", " + std::to_string(parts.tm_mday) +
           " " + months[static_cast<std::size_t>(parts.tm_mon)] + rest.data();
}

}  // namespace

std::string message_text(const Mail& mail, std::string_view from, std::string_view id, std::int64_t now_ms) {
    const std::size_t at = from.rfind('@');
    std::string text;
    text.append("From: CredVault <").append(from).append(">\r\n");
    text.append("To: <").append(mail.to).append(">\r\n");
    text.append("Subject: ").append(header_text(mail.subject)).append("\r\n");
    text.append("Date: ").append(date_text(now_ms)).append("\r\n");
    text.append("Message-ID: <")
        .append(id)
        .append(at == std::string_view::npos ? "@" : from.substr(at))
        .append(">\r\n");
    text.append("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n");
    text.append("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    const std::string body = base64_of(mail.text);
    constexpr std::size_t line = 76;
    for (std::size_t i = 0; i < body.size(); i += line) text.append(body.substr(i, line)).append("\r\n");
    return text;
}

std::string kept_text(const Mail& mail) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("to").string(mail.to);
    out.key("subject").string(mail.subject);
    out.key("text").string(mail.text).end_object();
    return text;
}

std::optional<Mail> mail_of(std::string_view kept) {
    const auto parsed = json::parse(kept);
    if (!parsed.ok()) return {};
    Mail mail;
    for (const auto& [name, to] : {std::pair<const char*, std::string*>{"to", &mail.to},
                                   {"subject", &mail.subject},
                                   {"text", &mail.text}}) {
        const json::Value* member = parsed->find(name);
        if (member == nullptr || !member->is_string()) return {};
        *to = member->as_string();
    }
    return mail;
}

}  // namespace credvault::access
