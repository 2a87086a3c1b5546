#include "api/endpoints/written.h"

#include <algorithm>

#include "http/uri.h"

namespace credvault::api {
namespace {

std::vector<storage::Revision> revisions_of(const EntityTags& tags) {
    std::vector<storage::Revision> revisions;
    for (const EntityTag& tag : tags.tags) {
        // If-Match compares strongly: a weak tag never matches (RFC 9110, section 8.8.3.2).
        const auto revision = tag.weak ? std::nullopt : documents::parse_etag(tag.text);
        if (revision) revisions.push_back(*revision);
    }
    return revisions;
}

void append_written(std::string& out, const storage::OperationOutcome& record, bool minimal) {
    if (minimal) {
        json::Writer(out).begin_object().key("id").string(record.id).end_object();
    } else {
        out += record.record;
    }
}

}  // namespace

std::string record_url(const CollectionPath& in, std::string_view id) {
    return in.url() + "/records/" + http::percent_encode(id);
}

storage::Precondition precondition_of(const std::optional<EntityTags>& if_match,
                                      const std::optional<EntityTags>& if_none_match) {
    storage::Precondition precondition;
    if (if_match) {
        precondition.if_exists = if_match->any;
        if (!if_match->any) precondition.if_match = revisions_of(*if_match);
    }
    if (if_none_match) {
        precondition.if_absent = if_none_match->any;
        precondition.if_none_match = revisions_of(*if_none_match);
    }
    return precondition;
}

documents::WriteOptions write_options(const Context& context, const Prefer& prefer) {
    documents::WriteOptions options;
    options.actor = context.actor();
    options.want_records = !prefer.minimal;
    return options;
}

std::string violations_text(std::uint64_t records, std::size_t first, std::string_view violations) {
    std::string text;
    json::Writer out(text);
    out.begin_object().key("records").number(static_cast<std::int64_t>(records));
    out.key("record").number(static_cast<std::int64_t>(first)).key("violations").raw(violations);
    out.end_object();
    return text;
}

std::string violations_of(const storage::WriteOutcome& outcome) {
    std::uint64_t records = 0;
    for (const storage::OperationOutcome& one : outcome.operations) records += one.warned;
    if (records == 0) return {};
    const auto first = std::ranges::find_if(outcome.operations, &storage::OperationOutcome::warned);
    return violations_text(records, static_cast<std::size_t>(first - outcome.operations.begin()),
                           first->warning);
}

StoredAnswer answer_of_insert(const CollectionPath& in, const storage::WriteOutcome& outcome, bool array,
                              bool minimal) {
    StoredAnswer answer;
    answer.created = true;
    answer.violations = violations_of(outcome);
    if (!array) {
        const storage::OperationOutcome& record = outcome.operations.front();
        append_written(answer.data, record, minimal);
        answer.location = record_url(in, record.id);
        answer.etag = documents::etag_text(record.revision);
        return answer;
    }
    answer.data = "[";
    for (const storage::OperationOutcome& record : outcome.operations) {
        if (answer.data.size() > 1) answer.data += ',';
        append_written(answer.data, record, minimal);
    }
    answer.data += ']';
    answer.location = in.url() + "/records";
    return answer;
}

}  // namespace credvault::api
