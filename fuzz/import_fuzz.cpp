// Any bytes as NDJSON and as a JSON array: read whole and in pieces the same comes out, and each record is a canonical
// object.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "record_reading.h"

using namespace credvault;
using fuzz::read;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const auto format : {documents::DataFormat::Ndjson, documents::DataFormat::Json}) {
        const auto whole = documents::make_reader(format, {});
        const auto cut = documents::make_reader(format, {});
        require(read(*whole, text, size + 1) == read(*cut, text, size % 7 + 1));
    }
    return 0;
}
