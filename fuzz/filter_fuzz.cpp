// A line of filter, then a record: the filter is refused, naming what is wrong, or it gives one answer, with and
// without asking for the position, and its negation gives the other one.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/filter.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const std::string& filter_text, const std::string& record_text) {
    const auto filter = query::parse_filter(json::View(filter_text));
    if (!filter.ok()) {
        const ErrorCode code = filter.error().code;
        require(code == ErrorCode::INVALID_FILTER || code == ErrorCode::UNSUPPORTED_OPERATOR);
        require(!filter.error().message.empty() && filter.error().field.size() < 100'000);
        return;
    }
    const json::View record(record_text);
    const bool found = filter->matches(record);
    std::optional<std::uint32_t> position;
    require(filter->matches(record, &position) == found);
    require(found || !position);
    require(query::both(*filter, *filter).matches(record) == found);

    const std::string negated = R"({"$nor":[)" + filter_text + "]}";
    const auto negation = query::parse_filter(json::View(negated));
    if (negation.ok()) require(negation->matches(record) != found);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto filter = json::canonicalize(text.substr(0, line));
    const auto record = json::canonicalize(text.substr(line + 1));
    if (filter.ok() && record.ok() && json::View(*record).is_object()) check(*filter, *record);
    return 0;
}
