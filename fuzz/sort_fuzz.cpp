// A sort on the first line, as text and as JSON, then a record a line: what is accepted has a text that means the same,
// and every record a position that can be taken apart again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/cursor.h"
#include "query/key.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

void check_record(std::string_view text, const query::Sort& sort) {
    const auto record = json::canonicalize(text);
    if (!record.ok() || !json::View(*record).is_object()) return;
    query::Cursor cursor;
    query::append_position(cursor.position, json::View(*record), sort);
    std::string_view rest(cursor.position);
    for (const query::SortKey& key : sort) {
        const auto length = query::key_length(rest, key.descending);
        require(length.ok());
        rest.remove_prefix(*length);
    }
    require(query::decode_id_key(rest, query::id_descending(sort)).ok());
    const std::uint64_t fingerprint = query::fingerprint_of("{}", sort);
    const auto decoded = query::decode_cursor(query::encode_cursor(cursor, fingerprint), fingerprint, sort);
    require(decoded.ok() && decoded->position == cursor.position);
}

void check_sort(const Result<query::Sort>& sort, std::string_view records) {
    if (!sort.ok()) {
        require(sort.error().code == ErrorCode::INVALID_SORT && !sort.error().message.empty());
        return;
    }
    require(sort->size() <= query::max_sort_keys);
    while (!records.empty()) {
        const std::size_t end = std::min(records.find('\n'), records.size());
        check_record(records.substr(0, end), *sort);
        records.remove_prefix(std::min(end + 1, records.size()));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(text.find('\n'), size);
    const std::string_view records = text.substr(std::min(line + 1, size));
    const auto from_text = query::parse_sort(text.substr(0, line));
    check_sort(from_text, records);
    if (from_text.ok()) {
        const auto again = query::parse_sort(query::sort_text(*from_text));
        require(again.ok() && query::sort_text(*again) == query::sort_text(*from_text));
    }
    const auto document = json::canonicalize(text.substr(0, line));
    if (document.ok()) check_sort(query::parse_sort(json::View(*document)), records);
    return 0;
}
