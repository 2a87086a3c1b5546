// Any text as CSV: it is refused with a line, or each record is a canonical object with a member for each column.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/sample_csv.h"
#include "json/canonical.h"
#include "json/view.h"

namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace credvault;
    const auto records = app::records_of_csv({reinterpret_cast<const char*>(data), size});
    if (!records.ok()) {
        require(!records.error().message.empty());
        return 0;
    }
    std::size_t columns = 0;
    for (const std::string& record : *records) {
        const auto canonical = json::canonicalize(record);
        require(canonical.ok() && *canonical == record);
        const json::View view(record);
        if (columns == 0) columns = view.size();
        require(view.is_object() && view.size() == columns);
    }
    return 0;
}
