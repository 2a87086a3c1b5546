#include <sodium.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "query/key.h"
#include "query/key_bytes.h"
#include "query/key_walk.h"
#include "query/search_keys.h"

namespace credvault::query {
namespace {

constexpr std::size_t hash_bytes = max_key_bytes - whole_key_bytes;

/// Replaces what lies beyond whole_key_bytes after `begin` by a hash of it all; false where there was nothing to do.
bool cut_key(std::string& bytes, std::size_t begin) {
    const std::size_t size = bytes.size() - begin;
    if (size <= whole_key_bytes) return false;
    unsigned char hash[hash_bytes];
    const auto* whole = reinterpret_cast<const unsigned char*>(bytes.data() + begin);
    crypto_generichash(hash, sizeof hash, whole, size, nullptr, 0);
    bytes.resize(begin + whole_key_bytes);
    bytes.append(reinterpret_cast<const char*>(hash), sizeof hash);
    return true;
}

Error too_many(const Path& path) {
    return Error(ErrorCode::INVALID_RECORD,
                 "The array is too large for an index on '" + shown_name(path.text) +
                     "': a record may have at most " + std::to_string(max_index_entries) +
                     " different values there, of at most " + std::to_string(max_index_elements) +
                     " elements",
                 shown_name(path.text));
}

/// Makes the entries of one record. A field is settled once its value is known; while some are not, they lead to one
/// and the same array, whose elements are gone through.
class EntryMaker {
public:
    EntryMaker(const json::View& record, const IndexFields& index) : record_(record), index_(index) {}

    Result<IndexKeys> run() {
        if (!append_single()) TRY_VOID(append_from_arrays());
        if (index_.sparse && !present_) keys_.entries.clear();
        keys_.multikey = keys_.multikey_fields != 0;
        return std::move(keys_);
    }

private:
    static bool is_array(const KeyStep& step) { return step.kind == KeyStep::Kind::Array; }
    static bool same_array(const KeyStep& a, const KeyStep& b) {
        return a.value.text().data() == b.value.text().data();
    }

    void note(const KeyStep& step, std::size_t field) {
        // An array at the path's end is a value of the field, whatever is in it.
        present_ |= step.kind == KeyStep::Kind::Value ||
                    (is_array(step) && step.part == index_.fields[field].path.parts.size());
        if (is_array(step) || step.positional) keys_.multikey_fields |= std::uint32_t{1} << field;
    }

    void append_id(std::string& out) const {
        const std::optional<json::View> id = record_.find("id");
        std::string scratch;
        append_id_key(out, id && id->is_string() ? id->decoded(scratch) : std::string_view(),
                      id_descending(index_.fields));
    }

    /// Of most records: the one entry where no array is to be gone through. False where one is.
    bool append_single() {
        constexpr std::size_t usual_bytes = 96;
        std::string key;
        key.reserve(usual_bytes);
        for (std::size_t i = 0; i < index_.fields.size(); ++i) {
            const KeyStep step = first_step(record_, index_.fields[i].path);
            note(step, i);
            if (is_array(step)) return false;
            const std::size_t begin = key.size();
            append_step(key, step, index_.fields[i].descending);
            cut_key(key, begin);
        }
        keys_.cut = cut_key(key, 0);
        append_id(key);
        keys_.entries.emplace_back().key = std::move(key);
        return true;
    }

    Status append_from_arrays() {
        std::vector<KeyStep> steps;
        for (std::size_t i = 0; i < index_.fields.size(); ++i) {
            steps.push_back(first_step(record_, index_.fields[i].path));
            note(steps[i], i);
        }
        append_id(id_);
        values_.resize(steps.size());
        TRY_VOID(expand(steps, ~std::uint32_t{0}));
        if (!tidy()) return too_many(index_.fields[array_field_].path);
        return {};
    }

    void settle(std::size_t field, const KeyStep& step) {
        values_[field].clear();
        append_step(values_[field], step, index_.fields[field].descending);
        // Each field for itself first, so that many elements beside one long value stay cheap.
        cut_key(values_[field], 0);
    }

    /// Settles the fields of `open` (by bit), whose steps are given; goes through the array that some of them lead to.
    Status expand(const std::vector<KeyStep>& steps, std::uint32_t open) {
        std::uint32_t arrays = 0;
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if ((open >> i & 1) == 0) continue;
            if (!is_array(steps[i])) {
                settle(i, steps[i]);
                continue;
            }
            if (arrays == 0) array_field_ = i;
            if (!same_array(steps[i], steps[array_field_])) return parallel_arrays(array_field_, i);
            arrays |= std::uint32_t{1} << i;
        }
        if (arrays == 0) return append_tuple();
        return expand_array(steps, arrays);
    }

    Status expand_array(const std::vector<KeyStep>& steps, std::uint32_t arrays) {
        const json::View array = steps[array_field_].value;
        std::vector<KeyStep> next(steps);
        for (const json::View element : array.elements()) {
            for (std::size_t i = 0; i < steps.size(); ++i) {
                if ((arrays >> i & 1) == 0) continue;
                next[i] = next_step(element, index_.fields[i].path, steps[i].part);
                note(next[i], i);
            }
            TRY_VOID(expand(next, arrays));
        }
        if (!array.empty()) return {};
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if ((arrays >> i & 1) == 0) continue;
            values_[i].clear();
            append_empty_array(values_[i], index_.fields[i].descending);
        }
        return append_tuple();
    }

    Status append_tuple() {
        if (++tuples_ > max_index_elements) return too_many(index_.fields[array_field_].path);
        std::string& key = keys_.entries.emplace_back().key;
        for (const std::string& value : values_) key.append(value);
        keys_.cut |= cut_key(key, 0);
        key.append(id_);
        if (keys_.entries.size() >= 2 * max_index_entries && !tidy()) {
            return too_many(index_.fields[array_field_].path);
        }
        return {};
    }

    /// Sorts the entries, drops repetitions and marks the outermost; false where too many are left.
    bool tidy() {
        std::vector<IndexEntry>& entries = keys_.entries;
        std::ranges::sort(entries, {}, &IndexEntry::key);
        const auto [begin, end] = std::ranges::unique(entries, {}, &IndexEntry::key);
        entries.erase(begin, end);
        for (IndexEntry& entry : entries) {
            entry.least = &entry == &entries.front();
            entry.greatest = &entry == &entries.back();
        }
        return entries.size() <= max_index_entries;
    }

    Error parallel_arrays(std::size_t a, std::size_t b) const {
        const std::string one = shown_name(index_.fields[a].path.text);
        const std::string two = shown_name(index_.fields[b].path.text);
        return Error(ErrorCode::INVALID_RECORD,
                     "An index on several fields can take an array in one of them only; here '" + one +
                         "' and '" + two + "' hold two different arrays",
                     two);
    }

    const json::View& record_;
    const IndexFields& index_;
    IndexKeys keys_;
    std::vector<std::string> values_;  ///< Encoded, of the fields that are settled.
    std::string id_;
    std::size_t tuples_ = 0;
    std::size_t array_field_ = 0;
    bool present_ = false;
};

}  // namespace

Result<IndexKeys> index_keys(const json::View& record, const IndexFields& index) {
    if (index.type == IndexType::Text) return text_keys(record, index);
    if (index.type == IndexType::Geo) return geo_keys(record, index);
    return EntryMaker(record, index).run();
}

std::string_view values_of_entry(std::string_view key, const IndexFields& index) {
    // What was cut is no whole tuple within its first whole_key_bytes, whatever the hash behind them looks like.
    std::size_t size = 0;
    for (const SortKey& field : index.fields) {
        const Result<std::size_t> length = key_length(key.substr(size), field.descending);
        size += length.ok() ? *length : max_key_bytes;
        if (size > whole_key_bytes) return key.substr(0, max_key_bytes);
    }
    return key.substr(0, size);
}

}  // namespace credvault::query
