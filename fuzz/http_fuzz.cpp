// What comes from the network before anything is trusted: request heads, chunked bodies, and the header and query
// texts. The first byte chooses the parser. However the input is cut, the outcome must be the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/chunked.h"
#include "http/coding.h"
#include "http/head.h"
#include "http/media.h"
#include "http/uri.h"

namespace {

using namespace credvault;
using namespace credvault::http;

void require(bool condition) {
    if (!condition) std::abort();
}

class PlainRequest final : public Request {
public:
    Reply<std::string_view> body(std::size_t) override { return std::string_view(); }
    Reply<std::string_view> read_some() override { return std::string_view(); }
    bool disconnected() const override { return false; }
};

struct Scanned {
    std::size_t end = 0;
    std::size_t start = 0;
    bool failed = false;
};

Scanned scan(std::string_view text, std::size_t step, const Limits& limits) {
    HeadScan state;
    for (std::size_t have = std::min(step, text.size());; have = std::min(have + step, text.size())) {
        const auto end = scan_head(text.substr(0, have), state, limits);
        if (!end.ok()) return {0, 0, true};
        if (*end > 0 || have == text.size()) return {*end, state.head_start, false};
    }
}

bool inside(std::string_view part, std::string_view whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_head(std::string_view text) {
    Limits limits;
    limits.header_bytes = 2048;
    limits.header_fields = 20;
    limits.target_bytes = 500;
    const Scanned whole = scan(text, text.size() + 1, limits);
    const Scanned trickled = scan(text, 1, limits);
    // Trickled, a limit or a bad first byte may show before the end that would otherwise be found: never the reverse.
    if (!trickled.failed)
        require(!whole.failed && whole.end == trickled.end && whole.start == trickled.start);
    if (whole.failed || whole.end == 0) return;
    const std::string_view head = text.substr(whole.start, whole.end - whole.start);
    require(head.size() <= limits.header_bytes && head.ends_with("\r\n\r\n"));
    PlainRequest request;
    Framing framing;
    if (!parse_head(head, limits, request, framing).ok()) return;
    require(request.fields.size() <= limits.header_fields && request.target.size() <= limits.target_bytes);
    require(request.path.starts_with('/') || request.path == "*");
    require(!framing.chunked || framing.content_length == 0);
    for (const Field& field : request.fields) require(inside(field.name, head) && inside(field.value, head));
    std::size_t hosts = 0;
    for (const Field& field : request.fields) hosts += field.name == "Host";
    require(hosts <= 1);
}

struct Decoded {
    std::string data;
    std::size_t used = 0;
    bool done = false;
    bool failed = false;
};

Decoded decode(std::string_view text, std::size_t step) {
    ChunkDecoder decoder({.extension_bytes = 64, .trailer_bytes = 64, .trailer_fields = 4});
    Decoded result;
    for (std::size_t at = 0; at < text.size() && !decoder.done(); at += step) {
        std::string_view part = text.substr(at, step);
        while (!part.empty() && !decoder.done()) {
            const auto piece = decoder.next(part);
            if (!piece.ok()) {
                result.failed = true;
                return result;
            }
            result.data.append(*piece);
        }
        result.used = std::min(at + step, text.size()) - part.size();
    }
    result.done = decoder.done();
    return result;
}

void check_chunks(std::string_view text) {
    const Decoded whole = decode(text, text.size() + 1);
    for (const std::size_t step : {1UL, 3UL}) {
        const Decoded cut = decode(text, step);
        require(cut.failed == whole.failed && cut.done == whole.done && cut.data == whole.data);
        if (!whole.failed) require(cut.used == whole.used);
    }
}

void check_texts(std::string_view text) {
    if (const auto decoded = percent_decode(text); decoded.ok()) {
        const auto again = percent_decode(percent_encode(*decoded));
        require(again.ok() && *again == *decoded);
    }
    static_cast<void>(parse_query(text));
    static_cast<void>(parse_media_type(text));
    for (const QualityItem& item : parse_quality_list(text))
        require(item.quality >= 0 && item.quality <= 1000);
    static_cast<void>(accepts(text, "application/json"));
    static_cast<void>(choose_coding(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
        case 0: check_head(text); break;
        case 1: check_chunks(text); break;
        default: check_texts(text);
    }
    return 0;
}
