// Reading and writing the records of the system database, as values, for the services of this folder. No state but the
// engine; thread-safe.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/reply.h"
#include "json/value.h"
#include "storage/engine.h"
#include "storage/listing.h"

namespace credvault::access {

/// An index of a collection: its fields as a sort ("workspace,email").
struct RecordIndex {
    std::string_view name, fields;
    bool unique = false;
    bool sparse = false;
    bool expires = false;  ///< Its only field is the time at which the record goes.
};

/// A change of a record that a function makes on a writer's thread, perhaps more than once.
class ChangeBy final : public storage::RecordChange {
public:
    explicit ChangeBy(std::function<Status(json::Value&)> change) : change_(std::move(change)) {}
    Result<std::string> apply(const json::View& current) const override;

private:
    std::function<Status(json::Value&)> change_;
};

using RecordValue = std::optional<json::Value>;

class SystemRecords {
public:
    explicit SystemRecords(storage::Engine& engine) : engine_(engine) {}

    /// Makes what is missing of the collection and its indexes.
    Reply<void> open(std::string_view collection, std::vector<RecordIndex> indexes);
    /// Nothing where there is none.
    Reply<RecordValue> get(std::string_view collection, std::string id);
    /// The first one, by id, that matches the filter, a canonical document.
    Reply<RecordValue> first(std::string_view collection, std::string filter);
    Reply<std::vector<json::Value>> all(std::string_view collection, std::string filter,
                                        std::uint64_t limit = storage::no_limit);
    Reply<std::uint64_t> count(std::string_view collection, std::string filter);
    /// The page of a list, of what matches `own` beside the query's filter. Fields of `hidden` are neither shown nor
    /// reached by filters and sorts.
    Reply<storage::Listing> list(std::string_view collection, std::string own, storage::ListQuery query,
                                 query::HiddenFieldsRef hidden);
    /// What the batch refers to lives until the reply is ready.
    Reply<storage::WriteOutcome> write(const storage::WriteBatch& batch) { return engine_.write(batch); }

    storage::Engine& engine() { return engine_; }

private:
    storage::Engine& engine_;
};

/// An empty batch for the system database. The actor must live as long.
storage::WriteBatch system_batch(std::string_view actor = {});
/// From a filter that this program wrote.
query::Filter parsed_filter(std::string_view text);

inline void add_conditions(json::Value::Object&) {}
template <class Held, class... Members>
void add_conditions(json::Value::Object& filter, std::string_view name, Held&& value, Members&&... members) {
    json::Value::Object condition;
    condition.emplace_back("$eq", json::Value(std::forward<Held>(value)));
    filter.emplace_back(name, json::Value(std::move(condition)));
    add_conditions(filter, std::forward<Members>(members)...);
}
/// A filter for records whose members are equal to these: name, value, name, value … No list in braces, which GCC 12
/// can't build inside a co_await.
template <class... Members>
std::string filter_text(Members&&... members) {
    json::Value::Object filter;
    add_conditions(filter, std::forward<Members>(members)...);
    return json::Value(std::move(filter)).text();
}
/// The same, parsed.
template <class... Members>
query::Filter filter_of(Members&&... members) {
    return parsed_filter(filter_text(std::forward<Members>(members)...));
}
/// These members, and those of the platform that resources don't show.
query::HiddenFieldsRef hidden_members(std::initializer_list<std::string_view> hidden);
/// A resource as users see it.
std::string public_text(const json::Value& record, const query::HiddenFields& hidden);

/// A member's text; empty where it is missing or something else.
std::string text_of(const json::Value& record, std::string_view name);
std::int64_t int_of(const json::Value& record, std::string_view name);
bool flag_of(const json::Value& record, std::string_view name);
/// A member's time in milliseconds; 0 where it is missing or none.
std::int64_t time_of(const json::Value& record, std::string_view name);

}  // namespace credvault::access
