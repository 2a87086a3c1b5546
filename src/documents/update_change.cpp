#include "documents/update_change.h"

#include "documents/record_input.h"

namespace credvault::documents {

Result<std::string> UpdateChange::apply(const json::View& current) const {
    query::UpdateInput input;
    input.now_ms = now_ms_;
    if (update_.is_positional()) TRY_VOID(filter_.test(current, &input.position));
    return update_.apply(current, input);
}

Result<std::string> UpdateChange::insertion() const {
    query::UpdateInput input;
    input.now_ms = now_ms_;
    TRY(std::string record, update_.insertion(filter_, input));
    TRY_VOID(check_upsert(json::View(record)));
    return record;
}

}  // namespace credvault::documents
