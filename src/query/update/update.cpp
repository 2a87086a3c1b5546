#include "query/update/update.h"

#include <algorithm>
#include <utility>

#include "json/order.h"
#include "query/update/insertion.h"
#include "query/update/update_parser.h"
#include "query/update/update_walk.h"

namespace credvault::query {
namespace {

/// Levels of nesting: a scalar has 0, {} has 1.
std::size_t depth_of(std::string_view text) {
    std::size_t depth = 0;
    std::size_t deepest = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (text[i]) {
            case '"':
                for (++i; text[i] != '"'; ++i) i += text[i] == '\\' ? 1 : 0;
                break;
            case '{':
            case '[': deepest = std::max(deepest, ++depth); break;
            case '}':
            case ']': --depth; break;
            default: break;
        }
    }
    return deepest;
}

Status check_result(const std::string& text, const UpdateLimits& limits) {
    if (text.size() > limits.max_bytes) {
        return Error(ErrorCode::PAYLOAD_TOO_LARGE, "The updated record would be larger than " +
                                                       std::to_string(limits.max_bytes >> 20) + " MiB");
    }
    if (depth_of(text) > limits.max_depth) {
        return Error(ErrorCode::INVALID_UPDATE, "The updated record would have more than " +
                                                    std::to_string(limits.max_depth) + " levels of nesting");
    }
    return {};
}

/// A replacement may repeat the record's id, as it was read, but not name another one.
Status check_same_id(const json::View& record, const json::View& changed) {
    const auto id = changed.find("id");
    const auto own = record.find("id");
    if (!id || !own || id->text() == own->text()) return {};
    return Error(ErrorCode::IMMUTABLE_FIELD,
                 "The update gives another 'id' than the record has; leave it out", "id");
}

/// What a pipeline may do to the platform's fields: leave them as they are or out, and give an `id` to what has none.
Status check_platform_fields(const json::View& record, const json::View& changed) {
    for (const std::string_view name : {"id", "created_at", "updated_at", "_version"}) {
        const auto after = changed.find(name);
        const auto before = record.find(name);
        if (!after || (before ? json::equal(*before, *after) : name == "id")) continue;
        return Error(ErrorCode::IMMUTABLE_FIELD,
                     "The field '" + std::string(name) + "' is set by the platform; the pipeline changes it",
                     std::string(name));
    }
    return {};
}

/// The record, begun with the seed's id where it has none of its own: a whole new content keeps what the filter fixed.
std::string with_id_of(const json::View& seed, std::string record) {
    const auto id = seed.find("id");
    if (!id || json::View(record).find("id")) return record;
    std::string begun = R"({"id":)";
    begun.append(id->text());
    if (!json::View(record).empty()) begun += ',';
    return begun.append(record, 1);
}

Result<std::string> after_pipeline(const ParsedUpdate& update, const json::View& record,
                                   std::int64_t now_ms) {
    Evaluation evaluation(now_ms);
    TRY(std::string changed, update.pipeline->apply(record, evaluation));
    TRY_VOID(check_result(changed, update.limits));
    TRY_VOID(check_platform_fields(record, json::View(changed)));
    return changed;
}

}  // namespace

Result<Update> Update::parse(const json::View& spec, const std::optional<json::View>& array_filters,
                             const UpdateLimits& limits) {
    return UpdateParser(limits).parse(spec, array_filters);
}

UpdateKind Update::kind() const { return parsed_->kind; }

bool Update::is_positional() const { return parsed_->positional; }

Result<std::string> Update::apply(const json::View& record, const UpdateInput& input) const {
    if (parsed_->kind == UpdateKind::Replacement) {
        TRY_VOID(check_same_id(record, json::View(parsed_->replacement)));
        return parsed_->replacement;
    }
    if (parsed_->kind == UpdateKind::Pipeline) return after_pipeline(*parsed_, record, input.now_ms);
    std::string out;
    out.reserve(record.text().size() + 64);
    TRY(const Change change, UpdateWalk(*parsed_, record, input).run(out));
    if (change == Change::Kept) return std::string(record.text());
    TRY_VOID(check_result(out, parsed_->limits));
    return out;
}

Result<std::string> Update::insertion(const Filter& filter, UpdateInput input) const {
    input.inserting = true;
    if (parsed_->kind == UpdateKind::Replacement) {
        TRY(const std::string seed, insertion_seed(filter, SeedFields::IdAlone));
        TRY_VOID(check_same_id(json::View(seed), json::View(parsed_->replacement)));
        return with_id_of(json::View(seed), parsed_->replacement);
    }
    TRY(const std::string seed, insertion_seed(filter, SeedFields::All));
    TRY(std::string record, apply(json::View(seed), input));
    TRY_VOID(check_same_id(json::View(seed), json::View(record)));
    return parsed_->kind == UpdateKind::Pipeline ? with_id_of(json::View(seed), std::move(record)) : record;
}

}  // namespace credvault::query
