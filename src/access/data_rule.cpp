#include "access/data_rule.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "json/value.h"
#include "storage/record.h"

namespace credvault::access {
namespace {

constexpr std::size_t max_denied = 100;
constexpr std::size_t max_name_bytes = 1024;
constexpr std::size_t max_rows_bytes = 64 * 1024;
/// Matches no record.
constexpr std::string_view nothing = R"({"$nor":[{}]})";

Error wrong(std::string message, std::string field) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), std::move(field));
}

/// The value of a variable of rules; null where the text names none.
const std::string* variable(std::string_view text, const RuleVariables& identity) {
    if (text == "$$user") return &identity.user;
    if (text == "$$key") return &identity.key;
    if (text == "$$workspace") return &identity.workspace;
    return nullptr;
}

/// Puts values for the variables. False where one has none.
bool bind(json::Value& value, const RuleVariables& identity) {
    if (value.is_string()) {
        const std::string* const bound = variable(value.as_string(), identity);
        if (bound == nullptr) return true;
        if (bound->empty()) return false;
        value = json::Value(*bound);
        return true;
    }
    bool good = true;
    if (value.is_array()) {
        for (json::Value& element : value.as_array()) good &= bind(element, identity);
    } else if (value.is_object()) {
        for (auto& [name, member] : value.as_object()) good &= bind(member, identity);
    }
    return good;
}

Result<std::string> name_in(const json::View& value, const std::string& place) {
    if (value.is_string() && !value.empty() && value.text().size() <= 66) return value.as_string();
    return wrong("It is a name, or \"*\" for all", place);
}

Result<std::vector<std::string>> fields_in(const json::View& list, const std::string& place) {
    if (!list.is_array() || list.size() > max_denied)
        return wrong("'denied_fields' is an array of at most 100 names", place);
    std::vector<std::string> fields;
    for (const json::View element : list.elements()) {
        const std::string at = place + "." + std::to_string(fields.size());
        if (!element.is_string() || element.empty() || element.text().size() > max_name_bytes)
            return wrong("A denied field is the name of a field", at);
        fields.push_back(element.as_string());
        if (storage::is_platform_field(fields.back()))
            return wrong("The platform's fields (id, created_at, updated_at, _version) can't be denied", at);
        if (fields.back().find('.') != std::string::npos)
            return wrong("Only fields at a record's top can be denied, with all that is in them", at);
    }
    std::sort(fields.begin(), fields.end());
    fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
    return fields;
}

}  // namespace

Result<DataRule> DataRule::parse(const json::View& document, const std::string& place) {
    if (!document.is_object()) return wrong("A rule is an object", place);
    DataRule rule;
    for (const json::Member& member : document.members()) {
        const std::string at =
            place.empty() ? std::string(member.name) : place + "." + std::string(member.name);
        if (member.name == "database") {
            TRY(rule.database, name_in(member.value, at));
        } else if (member.name == "collection") {
            TRY(rule.collection, name_in(member.value, at));
        } else if (member.name == "denied_fields") {
            TRY(rule.denied_fields, fields_in(member.value, at));
        } else if (member.name == "rows") {
            if (!member.value.is_object() || member.value.text().size() > max_rows_bytes)
                return wrong("'rows' is a filter of at most 64 KiB", at);
            rule.rows = member.value.text();
        } else {
            return wrong("A rule has 'database', 'collection', 'denied_fields' and 'rows'", at);
        }
    }
    if (rule.rows == "{}") rule.rows.clear();
    if (rule.rows.empty() && rule.denied_fields.empty())
        return wrong("A rule says 'denied_fields', 'rows' or both", place);
    // Variables stand for strings, also in expressions.
    const DataRule tried = rule.bound({"ws", "key", "user"});
    if (!tried.rows.empty()) {
        Result<query::Filter> filter = query::parse_filter(json::View(tried.rows));
        if (!filter.ok()) {
            Error error = std::move(filter).error();
            error.field =
                (place.empty() ? "rows" : place + ".rows") + (error.field.empty() ? "" : "." + error.field);
            return error;
        }
    }
    return rule;
}

void DataRule::append(json::Writer& out) const {
    out.begin_object().key("database").string(database).key("collection").string(collection);
    if (!denied_fields.empty()) {
        out.key("denied_fields").begin_array();
        for (const std::string& field : denied_fields) out.string(field);
        out.end_array();
    }
    if (!rows.empty()) out.key("rows").raw(rows);
    out.end_object();
}

std::string DataRule::text() const {
    std::string text;
    json::Writer out(text);
    append(out);
    return text;
}

DataRule DataRule::bound(const RuleVariables& identity) const {
    DataRule rule = *this;
    if (rows.empty()) return rule;
    json::Value filter{json::View(rows)};
    rule.rows = bind(filter, identity) ? filter.text() : std::string(nothing);
    return rule;
}

storage::RecordNarrowing narrowing_of(const std::vector<const DataRule*>& rules) {
    storage::RecordNarrowing narrowing;
    auto hidden = std::make_shared<query::HiddenFields>();
    for (const DataRule* const rule : rules) {
        for (const std::string& field : rule->denied_fields) {
            std::string escaped = json::escape_key(field);
            if (!query::is_hidden(*hidden, escaped)) hidden->push_back(std::move(escaped));
        }
        if (rule->rows.empty()) continue;
        Result<query::Filter> rows = query::parse_filter(json::View(rule->rows));
        // A rule that an earlier version took and this one can't read admits nothing.
        if (!rows.ok()) rows = query::parse_filter(json::View(nothing));
        narrowing.rows = query::both(narrowing.rows, *rows);
    }
    if (!hidden->empty()) narrowing.hidden = std::move(hidden);
    return narrowing;
}

}  // namespace credvault::access
