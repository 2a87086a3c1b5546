// A target on the first line, a patch behind it: a merge leaves a valid value and is the same when done twice; a JSON
// patch does all or nothing and stays within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "json/order.h"
#include "query/patch.h"

namespace {

using namespace credvault;

constexpr std::size_t max_bytes = 4096;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_merge(json::Value target, const json::Value& patch) {
    query::merge_patch(target, patch);
    require(json::canonicalize(target.text()).ok());
    json::Value again = target;
    query::merge_patch(again, patch);
    require(json::equal(again, target));
}

void check_json_patch(json::Value target, const json::Value& patch) {
    const std::string before = target.text();
    const Status status = query::json_patch(target, patch, max_bytes);
    if (!status.ok()) {
        require(status.error().code == ErrorCode::INVALID_PATCH && target.text() == before);
        return;
    }
    require(json::canonicalize(target.text()).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto target = json::parse(text.substr(0, line));
    const auto patch = json::parse(text.substr(line + 1));
    if (!target.ok() || !patch.ok()) return 0;
    check_merge(*target, *patch);
    check_json_patch(*target, *patch);
    return 0;
}
