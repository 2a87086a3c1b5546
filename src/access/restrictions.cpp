#include "access/restrictions.h"

#include <algorithm>
#include <set>
#include <utility>

#include "json/writer.h"

namespace credvault::access {
namespace {

constexpr std::size_t max_addresses = 100;
constexpr std::size_t max_grants = 1'000;
constexpr std::size_t max_rules = 100;

Error wrong(std::string message, const std::string& field) {
    return Error(ErrorCode::INVALID_PARAMETER, std::move(message), "restrictions." + field);
}

Result<std::vector<json::View>> elements_of(const json::View& list, std::string_view name, std::size_t most) {
    if (!list.is_array() || list.empty() || list.size() > most) {
        return wrong("'" + std::string(name) + "' must be an array of 1 to " + std::to_string(most) +
                         " elements; leave it out to restrict nothing",
                     std::string(name));
    }
    std::vector<json::View> elements;
    for (const json::View element : list.elements()) elements.push_back(element);
    return elements;
}

bool is_name(std::string_view text) { return !text.empty() && text.size() <= 64; }

}  // namespace

Status Restrictions::read(std::string_view name, const json::View& value) {
    const bool addresses = name == "addresses", databases = name == "databases",
               collections = name == "collections", rules = name == "rules";
    if (!addresses && !databases && !collections && !rules) {
        return wrong("'" + std::string(name.substr(0, 64)) +
                         "' is no restriction: there are 'databases', 'collections', 'rules' and 'addresses'",
                     std::string(name.substr(0, 64)));
    }
    TRY(const std::vector<json::View> elements,
        elements_of(value, name, addresses ? max_addresses : (rules ? max_rules : max_grants)));
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const std::string place = std::string(name) + "." + std::to_string(i);
        if (rules) {
            TRY(DataRule rule, DataRule::parse(elements[i], "restrictions." + place));
            add_rule(std::move(rule));
            continue;
        }
        if (!elements[i].is_string()) return wrong("It must be a string", place);
        const std::string text = elements[i].as_string();
        if (addresses) {
            Result<AddressRange> range = AddressRange::parse(text);
            if (!range.ok()) return wrong(range.error().message, place);
            addresses_.push_back(*range);
            continue;
        }
        limited_ = true;
        const std::size_t slash = std::min(text.find('/'), text.size());
        const std::string collection = text.substr(std::min(slash + 1, text.size()));
        if (collections && is_name(text.substr(0, slash)) && is_name(collection)) {
            add_grant({text.substr(0, slash), collection});
        } else if (databases && slash == text.size() && is_name(text)) {
            add_grant({text, {}});
        } else {
            return wrong(
                databases ? "A database is given by its name" : "A collection is given as \"database/name\"",
                place);
        }
    }
    return {};
}

void Restrictions::add_grant(Grant grant) {
    const auto covers = [&](const Grant& other) { return other.covers(grant); };
    if (std::any_of(grants_.begin(), grants_.end(), covers)) return;
    std::erase_if(grants_, [&](const Grant& other) { return grant.covers(other); });
    grants_.insert(std::lower_bound(grants_.begin(), grants_.end(), grant), std::move(grant));
}

void Restrictions::add_rule(DataRule rule) {
    const std::string text = rule.text();
    const auto at = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const DataRule& other) { return other.text() >= text; });
    if (at != rules_.end() && at->text() == text) return;
    rules_.insert(at, std::move(rule));
}

Result<RestrictionsRef> Restrictions::parse(const json::View& document) {
    if (!document.is_object()) {
        return Error(ErrorCode::INVALID_PARAMETER, "'restrictions' must be an object", "restrictions");
    }
    auto restrictions = std::make_shared<Restrictions>();
    for (const json::Member& member : document.members())
        TRY_VOID(restrictions->read(member.name, member.value));
    if (restrictions->is_empty()) return RestrictionsRef();
    return RestrictionsRef(std::move(restrictions));
}

RestrictionsRef Restrictions::of_rules(std::vector<DataRule> rules) {
    if (rules.empty()) return nullptr;
    auto restrictions = std::make_shared<Restrictions>();
    for (DataRule& rule : rules) restrictions->add_rule(std::move(rule));
    return restrictions;
}

std::string Restrictions::own_text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    const auto put = [&](std::string_view name, std::vector<std::string> strings) {
        if (strings.empty()) return;
        std::sort(strings.begin(), strings.end());
        out.key(name).begin_array();
        for (const std::string& string : strings) out.string(string);
        out.end_array();
    };
    std::vector<std::string> databases, collections, ranges;
    for (const Grant& grant : grants_) {
        if (grant.collection.empty()) databases.push_back(grant.database);
        if (!grant.collection.empty()) collections.push_back(grant.database + "/" + grant.collection);
    }
    for (const AddressRange& range : addresses_) ranges.push_back(range.text());
    put("databases", std::move(databases));
    put("collections", std::move(collections));
    if (!rules_.empty()) {
        out.key("rules").begin_array();
        for (const DataRule& rule : rules_) rule.append(out);
        out.end_array();
    }
    put("addresses", std::move(ranges));
    out.end_object();
    return text;
}

std::string Restrictions::text(const RestrictionsRef& restrictions) {
    return restrictions ? restrictions->own_text() : "{}";
}

Result<Restrictions::Grants> Restrictions::common_grants(const Restrictions& a, const Restrictions& b) {
    if (!a.limited_) return b.grants_;
    if (!b.limited_) return a.grants_;
    Restrictions both;
    for (const Grant& one : a.grants_) {
        for (const Grant& other : b.grants_) {
            if (one.covers(other)) {
                both.add_grant(other);
            } else if (other.covers(one)) {
                both.add_grant(one);
            }
        }
    }
    if (!both.grants_.empty()) return both.grants_;
    return Error(ErrorCode::FORBIDDEN, "Your own credential may use none of these databases and collections",
                 "restrictions.databases");
}

Result<RestrictionsRef> Restrictions::narrowed(const RestrictionsRef& holder, const RestrictionsRef& wanted) {
    if (!holder) return wanted;
    if (!wanted) return holder;
    auto both = std::make_shared<Restrictions>();
    both->limited_ = holder->limited_ || wanted->limited_;
    TRY(both->grants_, common_grants(*holder, *wanted));
    both->rules_ = wanted->rules_;
    for (const DataRule& rule : holder->rules_) both->add_rule(rule);
    both->addresses_ = wanted->addresses_;
    if (!holder->addresses_.empty()) {
        both->addresses_ =
            wanted->addresses_.empty() ? holder->addresses_ : common(holder->addresses_, wanted->addresses_);
        if (both->addresses_.empty()) {
            return Error(ErrorCode::FORBIDDEN,
                         "None of these addresses is among those that your own credential may be used from",
                         "restrictions.addresses");
        }
    }
    return RestrictionsRef(std::move(both));
}

bool Restrictions::is_within(const RestrictionsRef& inner, const RestrictionsRef& outer) {
    const auto both = narrowed(outer, inner);
    return both.ok() && text(*both) == text(inner);
}

storage::NarrowingRef Restrictions::compile(const std::string& database) const {
    auto narrowing = std::make_shared<storage::Narrowing>();
    narrowing->database = database;
    narrowing->fingerprint = own_text();
    const bool whole = !limited_ || std::binary_search(grants_.begin(), grants_.end(), Grant{database, {}});
    if (!whole) {
        narrowing->collections.emplace();
        for (const Grant& grant : grants_) {
            if (grant.database == database) narrowing->collections->insert(grant.collection);
        }
    }
    std::set<std::string> names;
    std::vector<const DataRule*> everywhere;
    for (const DataRule& rule : rules_) {
        if (rule.database != "*" && rule.database != database) continue;
        if (rule.collection == "*") everywhere.push_back(&rule);
        if (rule.collection != "*") names.insert(rule.collection);
    }
    for (const std::string& name : names) {
        std::vector<const DataRule*> rules;
        for (const DataRule& rule : rules_) {
            if (rule.is_about(database, name)) rules.push_back(&rule);
        }
        narrowing->by_collection.emplace(name, narrowing_of(rules));
    }
    narrowing->others = narrowing_of(everywhere);
    if (whole && names.empty() && everywhere.empty()) return nullptr;
    return narrowing;
}

RestrictionsRef Restrictions::bound(const RestrictionsRef& restrictions, const RuleVariables& identity) {
    if (!restrictions) return nullptr;
    auto bound = std::make_shared<Restrictions>(*restrictions);
    bound->rules_.clear();
    for (const DataRule& rule : restrictions->rules_) bound->add_rule(rule.bound(identity));
    for (const Grant& grant : bound->grants_) {
        if (!bound->named_.contains(grant.database))
            bound->named_.emplace(grant.database, bound->compile(grant.database));
    }
    for (const DataRule& rule : bound->rules_) {
        if (!bound->limited_ && rule.database != "*" && !bound->named_.contains(rule.database))
            bound->named_.emplace(rule.database, bound->compile(rule.database));
    }
    // No database has an empty name: what is left are the rules for all.
    if (!bound->limited_) bound->others_ = bound->compile({});
    return bound;
}

bool Restrictions::allows_address(std::string_view address) const {
    if (addresses_.empty()) return true;
    const auto parsed = parse_address(address);
    return parsed && any_contains(addresses_, *parsed);
}

bool Restrictions::allows_database(std::string_view name) const { return !limited_ || named_.contains(name); }

bool Restrictions::allows_all_of(std::string_view name) const {
    const auto narrowing = database(name);
    return narrowing.ok() && *narrowing == nullptr;
}

Result<storage::NarrowingRef> Restrictions::database(std::string_view name) const {
    if (const auto named = named_.find(name); named != named_.end()) return named->second;
    if (!limited_) return others_;
    return Error(ErrorCode::FORBIDDEN,
                 "The credential may not use the database '" + std::string(name.substr(0, 64)) + "'");
}

}  // namespace credvault::access
