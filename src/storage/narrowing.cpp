#include "storage/narrowing.h"

#include "base/clock.h"

namespace credvault::storage {

bool RecordNarrowing::admits(const json::View& record) const {
    if (!rows.has_expressions()) return rows.matches(record);
    const Result<bool> admitted = rows.bind({}, now_ms()).test(record);
    return admitted.ok() && *admitted;
}

json::View RecordNarrowing::shown(const json::View& record, std::string& scratch) const {
    return hidden ? query::without(record, *hidden, scratch) : record;
}

query::Filter RecordNarrowing::narrowed(const query::Filter& filter) const {
    if (!has_rows()) return blinded(filter);
    // The rule comes first, so that an expression of the caller is never evaluated on what he may not see.
    return query::both(rows.has_expressions() ? rows.bind({}, now_ms()) : rows, blinded(filter));
}

query::Sort RecordNarrowing::blinded(const query::Sort& sort) const {
    return hidden ? query::without(sort, *hidden) : sort;
}

bool Narrowing::allows(std::string_view collection) const {
    return !collections || collections->contains(collection);
}

const RecordNarrowing& Narrowing::of(std::string_view collection) const {
    const auto found = by_collection.find(collection);
    return found == by_collection.end() ? others : found->second;
}

Status Narrowing::check(std::string_view collection) const {
    if (allows(collection)) return {};
    return Error(ErrorCode::FORBIDDEN, "The credential may not use the collection '" +
                                           std::string(collection.substr(0, 64)) + "' of the database '" +
                                           database + "'");
}

}  // namespace credvault::storage
