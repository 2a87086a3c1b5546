// What the contract wrapper asks of pages of the change log (contract_checks.h).
#include "storage/contract_checks.h"
#include "storage/hidden.h"

namespace credvault::storage {
namespace {

std::string wrong_images(const Change& change, bool wanted) {
    if (!wanted && (change.before || change.after)) return "images that were not asked for";
    if (change.before && change.kind == ChangeKind::Inserted) return "an insertion with an image before it";
    if (change.after && change.kind == ChangeKind::Removed) return "a removal with an image after it";
    for (const auto& image : {change.before, change.after}) {
        if (!image) continue;
        if (std::string wrong = wrong_record(json::View(*image)); !wrong.empty()) return wrong;
    }
    return {};
}

std::string wrong_change(const ChangesRequest& request, const Change& change) {
    if (change.collection.empty()) return "a change of no collection";
    if (is_hidden(change.collection)) return "a change of a hidden collection";
    if (!request.collection.empty() && change.collection != request.collection)
        return "a change of another collection";
    if (change.time_ms <= 0) return "a change without a time";
    if (is_of_catalogue(change.kind) && !request.catalogue) return "a change of the catalogue";
    if (!is_of_record(change.kind))
        return change.id.empty() != is_of_index(change.kind) && !change.before && !change.current &&
                       (!change.after || (change.kind == ChangeKind::IndexFailed && request.images))
                   ? ""
                   : "a change of a collection with a record";
    if (change.id.empty()) return "a change without the record's id";
    if (change.revision.incarnation == 0 || change.revision.version == 0)
        return "a change without a revision";
    if (change.current && !request.current) return "a current record that was not asked for";
    if (change.current) {
        if (std::string wrong = wrong_record(json::View(change.current->text)); !wrong.empty()) return wrong;
    }
    return wrong_images(change, request.images);
}

}  // namespace

std::string wrong_request(const ChangesRequest& request) {
    if (std::string wrong = wrong_database_id(request.database); !wrong.empty()) return wrong;
    return request.limit > max_changes_page ? "too large a page of changes" : "";
}

std::string wrong_answer(const ChangesRequest& request, const ChangesPage& page) {
    if (page.changes.size() > request.limit) return "more changes than wanted";
    if (page.oldest > page.horizon || page.position > page.horizon) return "a position beyond the horizon";
    if (page.position < page.oldest || (request.after && page.position < *request.after))
        return "a position that lies back";
    std::uint64_t last = request.after.value_or(page.oldest);
    for (const Change& change : page.changes) {
        if (change.sequence <= last) return "changes out of order";
        last = change.sequence;
        if (std::string wrong = wrong_change(request, change); !wrong.empty()) return wrong;
    }
    return last > page.position ? "a change beyond the position" : "";
}

}  // namespace credvault::storage
