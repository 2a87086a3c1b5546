// A letter that says which field, then its value: Authorization, If-Match, Idempotency-Key, Prefer, X-Request-Id,
// a query.
// Parsers take or refuse it; what they take stays within its bounds and points into the text (or the scratch).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "access/secret.h"
#include "api/headers.h"
#include "api/parameter_text.h"
#include "api/request_id.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void entity_tags(std::string_view text) {
    const auto tags = api::parse_entity_tags(text);
    if (!tags) return;
    require(tags->any ? tags->tags.empty()
                      : !tags->tags.empty() && tags->tags.size() <= api::max_entity_tags);
    for (const api::EntityTag& tag : tags->tags) {
        require(tag.text.size() >= 2 && tag.text.front() == '"' && tag.text.back() == '"');
        require(text.find(tag.text) != std::string_view::npos);
        require(api::matches_weakly(*tags, tag.text));
        require(tag.weak || api::matches_strongly(*tags, tag.text));
    }
}

void idempotency_key(std::string_view text) {
    api::Scratch scratch;
    const auto key = api::parse_idempotency_key(text, scratch);
    if (!key) return;
    require(!key->text.empty() && key->text.size() <= 255);
    for (const char c : key->text) require(c >= 0x20 && c < 0x7f);
}

void authorization(std::string_view text) {
    const auto secret = access::secret_in(text);
    require(!secret || (!secret->empty() && secret->size() <= access::max_secret_bytes));
    if (secret) (void)access::is_well_formed(*secret);
}

void request_id(std::string_view text) {
    api::RequestId id;
    require(!id.accept(text) || id.text() == text);
}

void query(std::string_view text) {
    api::Problems problems;
    api::Scratch scratch;
    std::size_t pairs = 0, decoded = 0;
    while (!text.empty()) {
        const std::string_view pair = api::take_pair(text);
        std::string_view name, value;
        ++pairs;
        decoded += api::decode_pair(pair, name, value, scratch, problems) ? 1 : 0;
    }
    require((pairs == decoded) == problems.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0]) {
        case 'A': authorization(text); break;
        case 'M': entity_tags(text); break;
        case 'I': idempotency_key(text); break;
        case 'P': (void)api::parse_prefer(text); break;
        case 'R': request_id(text); break;
        case 'Q': query(text); break;
        default: break;
    }
    return 0;
}
