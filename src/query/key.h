// The order-preserving encoding of values: bytes that compare with memcmp as the values do (json/order.h), so that
// index entries, sort positions and cursors share one definition. Each encoded value is self-delimiting; a sequence of
// them compares as the tuple does. Integers and doubles interleave exactly; -0.0 equals 0; strings escape NUL; objects
// are encoded with their members sorted by name. A missing value is encoded as null; an empty array in a position
// where its elements are meant sorts before null. Stored on disk: a change of these bytes needs every index rebuilt.
// Thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "json/view.h"
#include "query/sort.h"

namespace credvault::query {

constexpr std::size_t max_key_bytes = 1024;        ///< Of one index entry's values.
constexpr std::size_t max_index_entries = 10'000;  ///< Of one record in one index.
constexpr std::size_t max_index_elements =
    100'000;  ///< Array elements of one record that one index looks at.

/// Appends one value. Inverted bytes order descending.
void append_key(std::string& out, const json::View& value, bool descending = false);
void append_key(std::string& out, const json::Value& value, bool descending = false);
/// Appends the id that ends an entry or a position.
void append_id_key(std::string& out, std::string_view id, bool descending);
/// The id that append_id_key made these bytes of; they hold it and nothing else. Fails with INVALID_CURSOR on others.
Result<std::string> decode_id_key(std::string_view bytes, bool descending);
/// The length of the first encoded value in `bytes` (for walking a tuple); the id that ends a tuple is no value. Fails
/// with INVALID_CURSOR on bytes that are no key.
Result<std::size_t> key_length(std::string_view bytes, bool descending);

/// The string that the bytes begin with; nothing where they begin with another value or are no key.
std::optional<std::string> string_in_key(std::string_view bytes, bool descending);

/// What one record puts into one index.
struct IndexEntry {
    std::string key;           ///< Values, then the id, both as encoded above.
    bool least = true;         ///< The record's first entry in the index's order (one per record).
    bool greatest = true;      ///< The record's last one. Both serve sorting, forward and in reverse.
    std::int64_t payload = 0;  ///< Of a text index instead of them: TextPayload, packed; never 0.
};

struct IndexKeys {
    std::vector<IndexEntry> entries;    ///< Unique keys, sorted.
    bool multikey = false;              ///< An array took part.
    std::uint32_t multikey_fields = 0;  ///< In which fields, by bit; not 0 exactly where multikey.
    bool cut = false;                   ///< A key was cut to max_key_bytes.
};

enum class IndexType : std::uint8_t {
    Value,  ///< By the fields' values.
    Text,   ///< By the words of their strings: an entry for each term, then the id (text/text_source.h).
    Geo,    ///< By the places of their points: an entry for each cell, then the id (geo/cells.h).
};

struct IndexFields {
    Sort fields;  ///< 1 to 32, in order, with directions. The id that ends an entry follows the last one's.
    bool sparse = false;  ///< Leaves out records that have none of the fields. Text and Geo always do.
    IndexType type = IndexType::Value;
    std::vector<std::uint32_t> weights{};            ///< Text: one for each field, 1 to max_text_weight.
    std::string language{};                          ///< Text: its name (text/language.h).
    std::shared_ptr<const class TextSource> text{};  ///< Text: all of this, prepared; may be left out.
};

/// Fills `text` where it is a text index. Precondition: a known language and a weight for each field.
void prepare(IndexFields& index);

/// The entries of a record, as MongoDB makes them: an array gives one for each of its elements, and so does each array
/// on the way to a field (but where the path names a position in it). Fields that lead through the same array go
/// through it together. Values that need more than max_key_bytes - 16 bytes are cut there, and followed by a 16-byte
/// hash of the whole, so that unequal values stay unequal. Fails with INVALID_RECORD where two fields hold different
/// arrays, or where an array is beyond max_index_entries or max_index_elements; `field` is the path. Text and geo
/// indexes have terms and cells instead of values, and fail where a record has too many.
Result<IndexKeys> index_keys(const json::View& record, const IndexFields& index);
/// The values' part of an entry's key, without the id: what a unique index compares.
std::string_view values_of_entry(std::string_view key, const IndexFields& index);

}  // namespace credvault::query
