// An id on the first line, a time on the second, then an object a line: the first becomes a record that the others
// change. What is stored is canonical, is read back at its ends, and a change of nothing writes nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "json/canonical.h"
#include "storage/contract_checks.h"
#include "storage/record.h"

namespace {

using namespace credvault;

constexpr std::int64_t noon = 1'769'860'800'000;  // 2026-01-31T12:00:00Z

void require(bool holds) {
    if (!holds) std::abort();
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

void check_time(std::string_view text) {
    const auto ms = parse_time(text);
    if (!ms) return;
    const std::string normal = format_time(*ms);
    require(normal.size() == 24 && parse_time(normal) == ms);
}

void check_record(const std::string& record, std::string_view id, std::uint64_t version) {
    const json::View view(record);
    require(storage::wrong_record(view).empty());
    require(view.find("id")->as_string() == id &&
            view.find("id")->escaped() == storage::record_id_escaped(view));
    require(storage::record_version(view) == version);
    const auto again = storage::changed_record(view, view, noon);
    require(again.ok() && again->empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::string_view id = take_line(text);
    check_time(take_line(text));
    if (!storage::check_id(id).ok()) return 0;
    std::string record;
    std::uint64_t version = 0;
    while (!text.empty()) {
        const auto object = json::canonicalize(take_line(text));
        if (!object.ok() || !json::View(*object).is_object()) continue;
        const json::View fields(*object);
        const auto stored = version == 0 ? storage::new_record(fields, id, noon, size % 2 == 0)
                                         : storage::changed_record(json::View(record), fields, noon);
        require(stored.ok());
        if (stored->empty()) continue;
        record = *stored;
        check_record(record, id, ++version);
    }
    return 0;
}
