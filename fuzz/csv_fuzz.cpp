// Any bytes as CSV: read whole and in pieces the same comes out, each record is a canonical object, and a reader that
// goes on from a state reads the rest.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "documents/transfer/record_reader.h"
#include "json/canonical.h"

namespace {

using namespace credvault;
using Step = documents::RecordReader::Step;

void require(bool holds) {
    if (!holds) std::abort();
}

std::vector<std::string> read(documents::RecordReader& reader, std::string_view data, std::size_t piece) {
    std::vector<std::string> found;
    while (true) {
        std::string record;
        switch (reader.next(record)) {
            case Step::Record: {
                const auto canonical = json::canonicalize(record);
                require(canonical.ok() && *canonical == record && record.front() == '{');
                found.push_back(record);
                break;
            }
            case Step::Refused: found.push_back(reader.take_error().message); break;
            case Step::Hungry:
                if (data.empty()) {
                    reader.end();
                } else {
                    reader.feed(data.substr(0, piece));
                    data.remove_prefix(std::min(piece, data.size()));
                }
                break;
            case Step::Done: return found;
            case Step::Broken: found.push_back(reader.take_error().message); return found;
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    documents::CsvRules rules;
    rules.sample_rows = size % 5 + 1;
    rules.omit_empty = size % 2 == 1;
    const auto whole = documents::make_reader(documents::DataFormat::Csv, rules);
    const auto cut = documents::make_reader(documents::DataFormat::Csv, rules);
    require(read(*whole, text, size + 1) == read(*cut, text, size % 7 + 1));
    return 0;
}
