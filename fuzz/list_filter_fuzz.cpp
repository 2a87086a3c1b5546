// Parameters, a name=value a line: they are refused with INVALID_PARAMETER, or give a canonical filter document in
// which the parser finds nothing wrong but patterns and paths.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/list_filter.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        const std::size_t equals = std::min(line.find('='), line.size());
        parameters.emplace_back(line.substr(0, equals), line.substr(std::min(equals + 1, line.size())));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto document = query::list_filter(parameters);
    if (!document.ok()) {
        require(document.error().code == ErrorCode::INVALID_PARAMETER && !document.error().message.empty());
        return 0;
    }
    const auto canonical = json::canonicalize(*document);
    require(canonical.ok() && *canonical == *document);
    const auto filter = query::parse_filter(json::View(*document));
    require(filter.ok() || filter.error().code == ErrorCode::INVALID_FILTER);
    if (filter.ok()) (void)filter->matches(json::View(R"({"id":"x","a":[1,"b"],"created_at":"2026"})"));
    return 0;
}
