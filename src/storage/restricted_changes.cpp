#include "storage/restricted_changes.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace credvault::storage {
namespace {

bool admits(const RecordNarrowing& narrowing, const std::optional<std::string>& image) {
    return image && narrowing.admits(json::View(*image));
}

void strip(const RecordNarrowing& narrowing, std::string& text) {
    std::string scratch;
    const json::View shown = narrowing.shown(json::View(text), scratch);
    if (shown.text().data() != text.data()) text = std::string(shown.text());
}

/// What the change is to somebody for whom the rule decides. False: nothing.
bool rewrite(Change& change, const RecordNarrowing& narrowing) {
    if (!is_of_record(change.kind)) return true;
    const bool before = admits(narrowing, change.before), after = admits(narrowing, change.after);
    if (!before) change.before.reset();
    if (!after) change.after.reset();
    if (change.current && !narrowing.admits(json::View(change.current->text))) change.current.reset();
    if (!before && !after) return false;
    if (change.kind != ChangeKind::Changed || before == after) return true;
    change.kind = after ? ChangeKind::Inserted : ChangeKind::Removed;
    return true;
}

/// False: the change is not for this credential.
bool narrow(Change& change, const Narrowing& narrowing, const ChangesRequest& request) {
    if (!narrowing.allows(change.collection)) return false;
    const RecordNarrowing& records = narrowing.of(change.collection);
    if (records.has_rows() && !rewrite(change, records)) return false;
    // Why an index could not be built may tell of records that are not shown.
    if (!is_of_record(change.kind) && (records.has_rows() || records.hidden)) change.after.reset();
    if (!request.images) {
        change.before.reset();
        change.after.reset();
    }
    if (!request.current) change.current.reset();
    if (!records.hidden) return true;
    if (change.before) strip(records, *change.before);
    if (change.after) strip(records, *change.after);
    if (change.current) strip(records, change.current->text);
    return true;
}

}  // namespace

bool has_rows(const Narrowing& narrowing, std::string_view collection) {
    if (!collection.empty()) return narrowing.of(collection).has_rows();
    return narrowing.others.has_rows() ||
           std::any_of(narrowing.by_collection.begin(), narrowing.by_collection.end(),
                       [](const auto& named) { return named.second.has_rows(); });
}

void narrow_changes(ChangesPage& page, const Narrowing& narrowing, const ChangesRequest& request) {
    std::erase_if(page.changes, [&](Change& change) { return !narrow(change, narrowing, request); });
}

Error images_needed() {
    return Error(
        ErrorCode::FORBIDDEN,
        "The credential sees only some of the records of this collection: it can follow their changes only "
        "where the collection keeps both images (change_images: both)");
}

}  // namespace credvault::storage
