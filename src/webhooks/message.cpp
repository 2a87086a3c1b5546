#include "webhooks/message.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/clock.h"
#include "json/writer.h"

namespace credvault::webhooks {
namespace {

constexpr std::string_view base32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t time_characters = 10;
constexpr std::size_t hash_characters = 16;

void append_time_part(std::string& id, std::int64_t time_ms) {
    auto left = static_cast<std::uint64_t>(std::max<std::int64_t>(time_ms, 0));
    std::array<char, time_characters> text{};
    for (std::size_t i = time_characters; i-- > 0; left >>= 5) text[i] = base32[left & 31];
    id.append(text.data(), text.size());
}

template <std::size_t bytes>
std::array<unsigned char, bytes> hash_of(std::string_view first, std::string_view second,
                                         std::uint64_t number) {
    std::string content(first);
    content.append("\n").append(second).append("\n").append(std::to_string(number));
    std::array<unsigned char, 16> digest{};
    crypto_generichash(digest.data(), digest.size(), reinterpret_cast<const unsigned char*>(content.data()),
                       content.size(), nullptr, 0);
    std::array<unsigned char, bytes> cut{};
    std::copy_n(digest.begin(), bytes, cut.begin());
    return cut;
}

}  // namespace

std::string message_id(std::string_view webhook, const Origin& origin, std::string_view type,
                       std::int64_t time_ms) {
    std::string id;
    append_time_part(id, time_ms);
    const std::string of = origin.log + "/" + std::string(type);
    for (const unsigned char byte : hash_of<hash_characters>(webhook, of, origin.sequence))
        id += base32[byte & 31];
    return id;
}

std::string least_message_id(std::int64_t time_ms) {
    std::string id;
    append_time_part(id, time_ms);
    return id.append(hash_characters, '0');
}

std::uint64_t lane_of(std::string_view thing, std::string_view within) {
    std::uint64_t lane = 0;
    for (const unsigned char byte : hash_of<8>(thing, within, 0)) lane = lane << 8 | byte;
    return lane == 0 ? 1 : lane;
}

std::string body_of(const Event& event, PayloadFormat format, std::string_view id) {
    std::string body;
    json::Writer out(body);
    out.begin_object();
    if (format == PayloadFormat::Standard) {
        out.key("type").string(event.type).key("timestamp").string(format_time(event.time_ms));
    } else {
        out.key("specversion").string("1.0");
        out.key("id").string(std::string(message_prefix) + std::string(id));
        out.key("source").string(event.source).key("type").string(event.type);
        if (!event.subject.empty()) out.key("subject").string(event.subject);
        out.key("time").string(format_time(event.time_ms));
        out.key("datacontenttype").string("application/json");
        // As the extension wants it: a string whose order is that of its characters.
        std::string sequence = std::to_string(event.sequence);
        sequence.insert(0, sequence.size() < 20 ? 20 - sequence.size() : 0, '0');
        out.key("sequence").string(sequence);
    }
    out.key("data").raw(event.data).end_object();
    return body;
}

std::string_view content_type_of(PayloadFormat format) {
    return format == PayloadFormat::Standard ? "application/json" : "application/cloudevents+json";
}

}  // namespace credvault::webhooks
