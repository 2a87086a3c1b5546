// Operations of a bulk or a transaction, as clients write them, made ready for an engine: {"insert": {…}},
// {"update": {"filter" or "id", "update", …}}, {"replace": …}, {"delete": …} and, in transactions, {"check": …}. Owns
// what the engine's operations refer to. Built and used by one call.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "documents/updates.h"
#include "json/view.h"
#include "storage/write.h"

namespace credvault::documents {

struct ListedOperation {
    std::string_view kind;  ///< "insert", "update", "replace", "delete", "check".
    std::string_view collection;
    storage::Operation operation;
    bool versioned = false;  ///< Names the version that it changes, or changes nothing that is there.
    /// Of an operation that finds its records: the same for Updates.
    std::optional<Selection> selection;
    std::shared_ptr<const UpdateChange> change;  ///< None: a removal.
    bool upsert = false;
    std::optional<Error> refused;  ///< What is wrong with its content; then there is no operation.
};

/// What a $text in filters on a collection searches, by its name.
using SearchedTexts = std::map<std::string, std::shared_ptr<const query::TextSource>, std::less<>>;

struct ListRules {
    bool may_set_times = false;  ///< Keep created_at and updated_at of inserted records.
    bool checks = false;         ///< Whether "check" is an operation.
    SearchedTexts texts = {};
};

class OperationList {
public:
    explicit OperationList(ListRules rules) : rules_(std::move(rules)) {}
    OperationList(const OperationList&) = delete;
    OperationList& operator=(const OperationList&) = delete;

    /// Adds {"insert": {…}} and the like, on the collection given or, where none is, on the one it names. What is wrong
    /// with its form fails with INVALID_PARAMETER, MISSING_PARAMETER or UNKNOWN_PARAMETER; what is wrong with its
    /// content is kept in `refused`. The document and the name must outlive the list.
    Status add(const json::View& document, std::string_view collection);
    /// Adds {"collection", "id" or "filter", "if_version", …}.
    Status add_check(const json::View& document);

    const std::vector<ListedOperation>& operations() const { return operations_; }
    std::size_t size() const { return operations_.size(); }

private:
    struct Fields;

    Status add_body(std::string_view kind, std::string_view collection, const json::View& body);
    Status fill(ListedOperation& listed, const json::View& body);
    Status fill_insert(ListedOperation& listed, const json::View& record);
    Status fill_update(ListedOperation& listed, const Fields& fields);
    Status fill_replace(ListedOperation& listed, const Fields& fields);
    Status fill_delete(ListedOperation& listed, const Fields& fields);
    Status fill_check(ListedOperation& listed, const Fields& fields);
    /// By a filter: the first match, or all.
    Status fill_matches(ListedOperation& listed, const Fields& fields, std::optional<query::Update> update);
    Result<storage::Precondition> precondition(const ListedOperation& listed, const Fields& fields);
    Result<query::Filter> filter(const ListedOperation& listed, const json::View& document) const;
    std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

    ListRules rules_;
    std::vector<ListedOperation> operations_;
    std::deque<std::string> texts_;
    std::deque<query::Filter> filters_;
};

}  // namespace credvault::documents
