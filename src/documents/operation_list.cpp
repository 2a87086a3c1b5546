#include "documents/operation_list.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/clock.h"
#include "documents/record_input.h"
#include "storage/record.h"

namespace credvault::documents {
namespace {

constexpr std::string_view update_fields[] = {"id",        "filter",        "update", "multi",
                                              "upsert",    "array_filters", "sort",   "if_version",
                                              "if_exists", "if_matches"};
constexpr std::string_view replace_fields[] = {"id",   "filter",     "record",    "upsert",
                                               "sort", "if_version", "if_exists", "if_matches"};
constexpr std::string_view delete_fields[] = {"id",  "filter",     "multi",     "sort",
                                              "all", "if_version", "if_exists", "if_matches"};
constexpr std::string_view check_fields[] = {"id", "filter", "if_version", "if_exists", "if_matches"};
constexpr std::string_view kinds[] = {"insert", "update", "replace", "delete", "check"};

Error invalid(std::string message, std::string_view field) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), std::string(field));
}

std::string joined(std::span<const std::string_view> names) {
    std::string text;
    for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

bool is_of_form(ErrorCode code) {
    return code == ErrorCode::INVALID_PARAMETER || code == ErrorCode::MISSING_PARAMETER ||
           code == ErrorCode::UNKNOWN_PARAMETER;
}

Error under(std::string_view name, Error error) {
    error.field = error.field.empty() ? std::string(name) : std::string(name) + "." + error.field;
    return error;
}

}  // namespace

/// The members of an operation's body, each checked for its type.
struct OperationList::Fields {
    std::optional<json::View> id, filter, update, record, array_filters, sort, if_version, if_exists,
        if_matches;
    bool multi = false, upsert = false, all = false;

    static Result<Fields> read(const json::View& body, std::span<const std::string_view> known) {
        if (!body.is_object()) return invalid("An operation is an object", "");
        Fields fields;
        for (const json::Member& member : body.members()) {
            if (std::ranges::find(known, member.name) == known.end()) {
                return Error(ErrorCode::UNKNOWN_PARAMETER,
                             "'" + std::string(member.name.substr(0, 200)) + "' is unknown here; known are " +
                                 joined(known),
                             std::string(member.name.substr(0, 200)));
            }
            TRY_VOID(fields.take(member));
        }
        if (fields.id.has_value() == fields.filter.has_value()) {
            return Error(fields.id ? ErrorCode::INVALID_PARAMETER : ErrorCode::MISSING_PARAMETER,
                         "An operation names its record by 'id' or by 'filter', one of them", "id");
        }
        return fields;
    }

private:
    Status take(const json::Member& member) {
        if (member.value.is_null() && member.name != "update" && member.name != "record") return {};
        const std::string_view name = member.name;
        if (name == "multi") return flag(multi, member);
        if (name == "upsert") return flag(upsert, member);
        if (name == "all") return flag(all, member);
        if (name == "update") return any(update, member);
        if (name == "sort") return any(sort, member);
        if (name == "array_filters") return any(array_filters, member);
        if (name == "record") return of_kind(record, member, member.value.is_object(), "an object");
        if (name == "filter") return of_kind(filter, member, member.value.is_object(), "an object");
        if (name == "if_matches") return of_kind(if_matches, member, member.value.is_object(), "an object");
        if (name == "id") return of_kind(id, member, member.value.is_string(), "a string");
        if (name == "if_version")
            return of_kind(if_version, member, member.value.type() == json::Type::Int, "an integer");
        return of_kind(if_exists, member, member.value.type() == json::Type::Bool, "true or false");
    }
    static Status flag(bool& to, const json::Member& member) {
        if (member.value.type() != json::Type::Bool)
            return invalid("'" + std::string(member.name) + "' must be true or false", member.name);
        to = member.value.as_bool();
        return {};
    }
    static Status any(std::optional<json::View>& to, const json::Member& member) {
        to = member.value;
        return {};
    }
    static Status of_kind(std::optional<json::View>& to, const json::Member& member, bool good,
                          std::string_view what) {
        if (!good)
            return invalid("'" + std::string(member.name) + "' must be " + std::string(what), member.name);
        return any(to, member);
    }
};

Status OperationList::add(const json::View& document, std::string_view collection) {
    if (!document.is_object()) return invalid("An operation is an object such as {\"insert\": {…}}", "");
    const std::span<const std::string_view> known(kinds, rules_.checks ? 5 : 4);
    std::optional<json::Member> body;
    for (const json::Member& member : document.members()) {
        if (collection.empty() && member.name == "collection") continue;
        if (std::ranges::find(known, member.name) == known.end()) {
            return Error(ErrorCode::UNKNOWN_PARAMETER, "An operation is one of " + joined(known),
                         std::string(member.name.substr(0, 200)));
        }
        if (body) return invalid("An operation is one of " + joined(known) + ", not several", member.name);
        body = member;
    }
    if (!body) return Error(ErrorCode::MISSING_PARAMETER, "An operation is one of " + joined(known));
    if (collection.empty()) {
        const auto named = document.find("collection");
        if (!named || !named->is_string())
            return Error(ErrorCode::MISSING_PARAMETER, "An operation names its 'collection'", "collection");
        collection = keep(named->as_string());
    }
    return add_body(*std::ranges::find(kinds, body->name), collection, body->value);
}

Status OperationList::add_check(const json::View& document) {
    if (!document.is_object()) return invalid("A precondition is an object", "");
    const auto named = document.find("collection");
    if (!named || !named->is_string())
        return Error(ErrorCode::MISSING_PARAMETER, "A precondition names its 'collection'", "collection");
    std::string body = "{";
    for (const json::Member& member : document.members()) {
        if (member.name == "collection") continue;
        if (body.size() > 1) body += ',';
        body.append("\"").append(member.name).append("\":").append(member.value.text());
    }
    const json::View view(keep(body + "}"));
    // The client wrote no "check" around it.
    const auto unwrapped = [](Error error) {
        error.field = error.field == "check" ? "" : error.field.substr(std::string_view("check.").size());
        return error;
    };
    Status added = add_body("check", keep(named->as_string()), view);
    if (!added.ok()) return unwrapped(std::move(added).error());
    if (std::optional<Error>& refused = operations_.back().refused) refused = unwrapped(*std::move(refused));
    return {};
}

Status OperationList::add_body(std::string_view kind, std::string_view collection, const json::View& body) {
    ListedOperation listed;
    listed.kind = kind;
    listed.collection = collection;
    if (Status filled = fill(listed, body); !filled.ok()) {
        Error error = under(kind, std::move(filled).error());
        if (is_of_form(error.code)) return error;
        listed.refused = std::move(error);
    }
    operations_.push_back(std::move(listed));
    return {};
}

Status OperationList::fill(ListedOperation& listed, const json::View& body) {
    if (listed.kind == "insert") return fill_insert(listed, body);
    const bool updates = listed.kind == "update";
    const std::span<const std::string_view> known =
        updates                    ? std::span<const std::string_view>(update_fields)
        : listed.kind == "replace" ? std::span<const std::string_view>(replace_fields)
        : listed.kind == "delete"  ? std::span<const std::string_view>(delete_fields)
                                   : std::span<const std::string_view>(check_fields);
    TRY(const Fields fields, Fields::read(body, known));
    if (updates) return fill_update(listed, fields);
    if (listed.kind == "replace") return fill_replace(listed, fields);
    if (listed.kind == "delete") return fill_delete(listed, fields);
    return fill_check(listed, fields);
}

Status OperationList::fill_insert(ListedOperation& listed, const json::View& record) {
    TRY_VOID(check_insert(record, rules_.may_set_times, {}));
    listed.versioned = true;
    listed.operation = storage::InsertRecord{listed.collection, record.text(), rules_.may_set_times};
    return {};
}

Status OperationList::fill_update(ListedOperation& listed, const Fields& fields) {
    if (!fields.update) return Error(ErrorCode::MISSING_PARAMETER, "An update needs its 'update'", "update");
    TRY(query::Update update, query::Update::parse(*fields.update, fields.array_filters));
    if (fields.multi && update.kind() == query::UpdateKind::Replacement)
        return Error(ErrorCode::INVALID_UPDATE, "A replacement is for one record", "update");
    if (!fields.id) return fill_matches(listed, fields, std::move(update));
    if (fields.multi) return invalid("'multi' goes with a filter, not with an id", "multi");
    TRY(storage::Precondition precondition, this->precondition(listed, fields));
    if (fields.upsert) {
        return invalid("'upsert' goes with a filter, such as {\"id\": …}", "upsert");
    }
    listed.versioned = precondition.if_version.has_value();
    listed.change = std::make_shared<const UpdateChange>(std::move(update), query::Filter(), now_ms());
    listed.operation = storage::ModifyRecord{listed.collection, keep(fields.id->as_string()),
                                             listed.change.get(), std::move(precondition)};
    return {};
}

Status OperationList::fill_replace(ListedOperation& listed, const Fields& fields) {
    if (!fields.record)
        return Error(ErrorCode::MISSING_PARAMETER, "A replacement needs its 'record'", "record");
    if (!fields.id) {
        query::Update replacement;
        for (const json::Member& member : fields.record->members()) {
            if (member.name.starts_with('$'))
                return Error(ErrorCode::INVALID_UPDATE, "A replacement has no names that begin with '$'",
                             "record");
        }
        TRY(replacement, query::Update::parse(*fields.record));
        return fill_matches(listed, fields, std::move(replacement));
    }
    const std::string_view id = keep(fields.id->as_string());
    TRY_VOID(storage::check_id(id));
    TRY_VOID(check_put(*fields.record, id));
    TRY(storage::Precondition precondition, this->precondition(listed, fields));
    listed.versioned = precondition.if_version.has_value() || precondition.if_absent;
    listed.operation = storage::PutRecord{listed.collection, id, fields.record->text(), fields.upsert,
                                          std::move(precondition)};
    return {};
}

Status OperationList::fill_delete(ListedOperation& listed, const Fields& fields) {
    if (!fields.id) {
        TRY_VOID(fill_matches(listed, fields, std::nullopt));
        if (fields.multi && listed.selection->filter.matches_everything() && !fields.all)
            return invalid("An empty filter deletes all records: say \"all\": true if that is meant", "all");
        return {};
    }
    if (fields.multi) return invalid("'multi' goes with a filter, not with an id", "multi");
    TRY(storage::Precondition precondition, this->precondition(listed, fields));
    listed.versioned = precondition.if_version.has_value();
    listed.operation =
        storage::RemoveRecord{listed.collection, keep(fields.id->as_string()), std::move(precondition)};
    return {};
}

Status OperationList::fill_check(ListedOperation& listed, const Fields& fields) {
    listed.versioned = true;
    if (!fields.if_version && !fields.if_exists && !fields.if_matches) {
        return Error(ErrorCode::MISSING_PARAMETER,
                     "A precondition says 'if_version', 'if_exists' or 'if_matches'", "if_exists");
    }
    if (fields.id) {
        TRY(storage::Precondition precondition, this->precondition(listed, fields));
        listed.operation =
            storage::CheckRecord{listed.collection, keep(fields.id->as_string()), std::move(precondition)};
        return {};
    }
    if (!fields.if_exists || fields.if_version || fields.if_matches)
        return invalid("With a filter a precondition says 'if_exists', true or false", "if_exists");
    Result<query::Filter> filter = this->filter(listed, *fields.filter);
    if (!filter.ok()) return under("filter", std::move(filter).error());
    listed.operation =
        storage::CheckMatches{listed.collection, *std::move(filter), fields.if_exists->as_bool()};
    return {};
}

Status OperationList::fill_matches(ListedOperation& listed, const Fields& fields,
                                   std::optional<query::Update> update) {
    if (fields.if_version || fields.if_exists || fields.if_matches)
        return invalid("With a filter the condition is part of it; 'if_…' go with an id", "filter");
    if (fields.multi && fields.sort)
        return invalid("'sort' chooses one record and has no meaning with 'multi'", "sort");
    Selection selection;
    Result<query::Filter> filter = this->filter(listed, *fields.filter);
    if (!filter.ok()) return under("filter", std::move(filter).error());
    selection.filter = *std::move(filter);
    if (fields.sort) {
        TRY(selection.sort, query::parse_sort(*fields.sort));
    }
    selection.multi = fields.multi;
    TRY_VOID(complete_sort(selection));
    listed.versioned = fixes(selection.filter.root(), "_version");
    listed.upsert = fields.upsert;
    const std::uint64_t limit = fields.multi ? storage::no_limit : 1;
    if (update) {
        listed.change = std::make_shared<const UpdateChange>(*std::move(update), selection.filter, now_ms());
        listed.operation = storage::ModifyMatches{
            listed.collection, selection.filter, selection.sort, limit, listed.change.get(), fields.upsert};
    } else {
        listed.operation = storage::RemoveMatches{listed.collection, selection.filter, selection.sort, limit};
    }
    listed.selection = std::move(selection);
    return {};
}

Result<query::Filter> OperationList::filter(const ListedOperation& listed, const json::View& document) const {
    const auto text = rules_.texts.find(listed.collection);
    return query::parse_filter(document, {}, {}, text == rules_.texts.end() ? nullptr : text->second);
}

Result<storage::Precondition> OperationList::precondition(const ListedOperation& listed,
                                                          const Fields& fields) {
    storage::Precondition condition;
    if (fields.if_version) {
        if (fields.if_version->as_int() < 1) return invalid("'if_version' is 1 or more", "if_version");
        condition.if_version = static_cast<std::uint64_t>(fields.if_version->as_int());
    }
    if (fields.if_exists) (fields.if_exists->as_bool() ? condition.if_exists : condition.if_absent) = true;
    if (fields.if_matches) {
        Result<query::Filter> filter = this->filter(listed, *fields.if_matches);
        if (!filter.ok()) return under("if_matches", std::move(filter).error());
        condition.if_matches = &filters_.emplace_back(*std::move(filter));
    }
    return condition;
}

}  // namespace credvault::documents
