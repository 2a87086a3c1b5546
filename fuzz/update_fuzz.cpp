// A record on the first line, an update on the second, array filters on the third (optional): an update that parses
// gives canonical text or a declared error, on a record that is there, on one to insert, and as an upsert by the record
// as a filter.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/update/update.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_declared(ErrorCode code) {
    return code == ErrorCode::INVALID_UPDATE || code == ErrorCode::IMMUTABLE_FIELD ||
           code == ErrorCode::PAYLOAD_TOO_LARGE || code == ErrorCode::INVALID_EXPRESSION ||
           code == ErrorCode::INVALID_PIPELINE || code == ErrorCode::QUERY_TOO_LARGE;
}

/// Takes the next line off.
std::string_view line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view first = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return first;
}

void check(const query::Update& update, const std::string& record, bool inserting) {
    query::UpdateInput input;
    input.position = 0;
    input.inserting = inserting;
    const Result<std::string> after = update.apply(json::View(record), input);
    if (!after.ok()) {
        require(is_declared(after.error().code) && !after.error().message.empty());
        return;
    }
    const Result<std::string> canonical = json::canonicalize(*after);
    require(canonical.ok() && *canonical == *after && json::View(*after).is_object());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto record = json::canonicalize(line(text));
    const auto spec = json::canonicalize(line(text));
    const auto filters = json::canonicalize(line(text));
    if (!record.ok() || !spec.ok() || !json::View(*record).is_object()) return 0;
    query::UpdateLimits limits;
    limits.max_bytes = 1 << 20;
    limits.max_padding = 10'000;
    limits.max_work = 1'000'000;
    const auto array_filters = filters.ok() ? std::optional(json::View(*filters)) : std::nullopt;
    const auto update = query::Update::parse(json::View(*spec), array_filters, limits);
    if (!update.ok()) {
        require(!update.error().message.empty());
        return 0;
    }
    check(*update, *record, false);
    check(*update, *record, true);
    if (const auto filter = query::parse_filter(json::View(*record)); filter.ok()) {
        const auto inserted = update->insertion(*filter, {});
        require(inserted.ok() ? json::canonicalize(*inserted).ok() : is_declared(inserted.error().code));
    }
    return 0;
}
