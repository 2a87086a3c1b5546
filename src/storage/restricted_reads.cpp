#include "storage/restricted_reads.h"

#include <algorithm>

#include "json/value.h"
#include "json/writer.h"
#include "query/text/text_source.h"

namespace credvault::storage {
namespace {

bool mentions(std::string_view text, const RecordNarrowing& narrowing) {
    if (!narrowing.hidden) return false;
    return std::any_of(narrowing.hidden->begin(), narrowing.hidden->end(), [&](const std::string& escaped) {
        std::string name;
        json::append_decoded(name, escaped);
        return text.find(name) != std::string_view::npos || text.find(escaped) != std::string_view::npos;
    });
}

/// What an error may say where what it said is not to be told.
std::string_view plain_message(ErrorCode code) {
    switch (code) {
        case ErrorCode::DUPLICATE_KEY: return "A unique index of the collection refuses the record";
        case ErrorCode::SCHEMA_VIOLATION: return "The record is not as the collection's schema wants it";
        case ErrorCode::QUERY_TOO_LARGE: return "The query needs more than it may";
        case ErrorCode::QUERY_TIMEOUT: return "The query took too long";
        default: return error_title(code);
    }
}

}  // namespace

bool NarrowingSink::row(const Row& row) {
    if (narrowing_.has_rows() && !narrowing_.admits(row.record)) return true;
    ++given_;
    Row shown = row;
    shown.record = narrowing_.shown(row.record, scratch_);
    return sink_.row(shown);
}

void NarrowingSink::restart() {
    given_ = 0;
    sink_.restart();
}

Error discreet(Error error, const RecordNarrowing& narrowing) {
    // Advice on an index speaks of the rule's fields too.
    const bool advises = error.code == ErrorCode::QUERY_TOO_LARGE && narrowing.has_rows();
    bool tells = advises || mentions(error.message, narrowing) || mentions(error.field, narrowing);
    for (const ErrorDetail& detail : error.details)
        tells |= mentions(detail.field, narrowing) || mentions(detail.message, narrowing);
    if (!tells || error.code == ErrorCode::FORBIDDEN) return error;
    error.message = plain_message(error.code);
    error.details.clear();
    // The place within a batch says nothing of fields.
    const std::size_t digits = error.field.find_first_not_of("0123456789");
    error.field.resize(std::min(digits, error.field.size()));
    return error;
}

void make_discreet(WorkStats& stats, const RecordNarrowing& narrowing, std::uint64_t seen) {
    if (!narrowing.narrows()) return;
    if (narrowing.has_rows()) {
        stats.entries_examined = 0;
        stats.records_examined = seen;
        stats.index.clear();
        if (!stats.plan.empty()) stats.plan = "narrowed by the credential's restrictions";
        stats.advice.clear();
        return;
    }
    if (mentions(stats.plan, narrowing)) stats.plan = "narrowed by the credential's restrictions";
    if (mentions(stats.advice, narrowing)) stats.advice.clear();
    if (mentions(stats.index, narrowing)) stats.index.clear();
}

bool names_hidden(const IndexSpec& spec, const RecordNarrowing& narrowing) {
    if (!narrowing.hidden) return false;
    return std::any_of(spec.keys.fields.begin(), spec.keys.fields.end(), [&](const query::SortKey& key) {
        return key.path.text == query::all_strings || query::is_hidden(*narrowing.hidden, key.path);
    });
}

void hide_definitions(CollectionInfo& info, const RecordNarrowing& narrowing) {
    std::erase_if(info.indexes, [&](const IndexInfo& index) { return names_hidden(index.spec, narrowing); });
    // The size of records tells of the fields that are hidden, and of the records.
    info.record_bytes = 0;
    for (IndexInfo& index : info.indexes) {
        if (!index.failure.empty()) index.failure = "The index could not be built";
        if (!narrowing.has_rows()) continue;
        index.entries = index.records_done = index.records_total = 0;
        index.multikey = index.cut = false;
    }
    if (!narrowing.hidden) return;
    json::Value options{json::View(info.options)};
    options.remove("schema");
    info.options = options.text();
}

}  // namespace credvault::storage
