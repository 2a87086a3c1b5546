#include "documents/patch_change.h"

#include <array>
#include <utility>

#include "base/clock.h"
#include "documents/record_input.h"
#include "documents/update_change.h"
#include "json/order.h"
#include "query/patch.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

Result<std::string> checked_text(const json::Value& record) {
    std::string text = record.text();
    if (text.size() > storage::max_record_bytes) {
        return Error(ErrorCode::PAYLOAD_TOO_LARGE, "The patched record would be larger than 16 MiB");
    }
    if (depth_of(json::View(text)) > max_record_depth) {
        return Error(ErrorCode::INVALID_PATCH, "The patched record would have more than " +
                                                   std::to_string(max_record_depth) + " levels of nesting");
    }
    return text;
}

class MergeChange final : public storage::RecordChange {
public:
    explicit MergeChange(json::Value patch) : patch_(std::move(patch)) {}

    Result<std::string> apply(const json::View& current) const override {
        json::Value record(current);
        query::merge_patch(record, patch_);
        return checked_text(record);
    }

private:
    json::Value patch_;
};

class JsonPatchChange final : public storage::RecordChange {
public:
    explicit JsonPatchChange(json::Value patch) : patch_(std::move(patch)) {}

    Result<std::string> apply(const json::View& current) const override {
        const json::Value before(current);
        json::Value after = before;
        TRY_VOID(query::json_patch(after, patch_, storage::max_record_bytes));
        if (!after.is_object())
            return Error(ErrorCode::INVALID_PATCH, "A record must stay a JSON object", "");
        for (const std::string_view name : {"id", "created_at", "updated_at", "_version"}) {
            const json::Value* old_value = before.find(name);
            const json::Value* new_value = after.find(name);
            if (new_value != nullptr && old_value != nullptr && json::equal(*old_value, *new_value)) continue;
            return Error(ErrorCode::IMMUTABLE_FIELD,
                         "The field '" + std::string(name) + "' is set by the platform; the patch changes it",
                         std::string(name));
        }
        return checked_text(after);
    }

private:
    json::Value patch_;
};

/// With application/json: whether the body holds update operators (all names begin with '$') or is a merge (none does).
Result<bool> holds_operators(const json::View& body) {
    if (!body.is_object()) return Error(ErrorCode::INVALID_PATCH, "A patch of this type is a JSON object");
    std::size_t operators = 0;
    std::string_view first;
    for (const json::Member& member : body.members()) {
        if (!member.name.starts_with('$')) continue;
        if (operators++ == 0) first = member.name;
    }
    if (operators == 0) return false;
    if (operators == body.size()) return true;
    return Error(ErrorCode::INVALID_PATCH,
                 "Either all top-level names begin with '$' (update operators) or none does (a merge)",
                 std::string(first));
}

}  // namespace

Result<std::unique_ptr<storage::RecordChange>> make_patch(PatchKind kind, std::string_view body) {
    const json::View view(body);
    if (kind == PatchKind::JsonPatch) {
        if (!view.is_array())
            return Error(ErrorCode::INVALID_PATCH, "A JSON patch is an array of operations");
        return std::unique_ptr<storage::RecordChange>(std::make_unique<JsonPatchChange>(json::Value(view)));
    }
    if (kind == PatchKind::OperatorsOrMerge) {
        TRY(const bool operators, holds_operators(view));
        if (operators) {
            TRY(query::Update update, query::Update::parse(view));
            return std::unique_ptr<storage::RecordChange>(
                std::make_unique<UpdateChange>(std::move(update), query::Filter(), now_ms()));
        }
    }
    TRY_VOID(check_merge(view));
    return std::unique_ptr<storage::RecordChange>(std::make_unique<MergeChange>(json::Value(view)));
}

}  // namespace credvault::documents
