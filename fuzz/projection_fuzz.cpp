// A line of projection, a line of filter, then a record: the projection is refused, naming what is wrong, or what it
// makes of the record is canonical JSON and no larger than the record.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/filter.h"
#include "query/projection.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const std::string& projection_text, const std::string& filter_text,
           const std::string& record_text) {
    const auto filter = query::parse_filter(json::View(filter_text));
    if (!filter.ok()) return;
    const auto projection = query::parse_projection(json::View(projection_text), *filter);
    if (!projection.ok()) {
        const ErrorCode code = projection.error().code;
        require(code == ErrorCode::INVALID_PROJECTION || code == ErrorCode::UNSUPPORTED_OPERATOR);
        require(!projection.error().message.empty());
        return;
    }
    std::string out;
    if (!projection->append(out, json::View(record_text), *filter).ok()) {
        require(out.empty());
        return;
    }
    require(out.size() <= record_text.size());
    const auto canonical = json::canonicalize(out);
    require(canonical.ok() && *canonical == out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t first = text.find('\n');
    const std::size_t second = first == std::string_view::npos ? first : text.find('\n', first + 1);
    if (second == std::string_view::npos) return 0;
    const auto projection = json::canonicalize(text.substr(0, first));
    const auto filter = json::canonicalize(text.substr(first + 1, second - first - 1));
    const auto record = json::canonicalize(text.substr(second + 1));
    const bool good = projection.ok() && filter.ok() && record.ok() && json::View(*record).is_object();
    if (good) check(*projection, *filter, *record);
    return 0;
}
