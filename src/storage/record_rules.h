// What the owner of a collection demands of its records beyond what every record must be. The engine asks before it
// stores a record, whichever operation made it, so that no way of writing gets round it. Implemented above storage/.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/view.h"

namespace credvault::storage {

/// The demands of one collection. Immutable; asked on writers' threads.
class RecordRule {
public:
    virtual ~RecordRule() = default;
    /// `record` is the whole record as it would be stored. Fails with SCHEMA_VIOLATION; a text is a warning, which goes
    /// into OperationOutcome.
    virtual Result<std::string> check(const json::View& record) const = 0;
};

class RecordRules {
public:
    virtual ~RecordRules() = default;
    /// The rule that a collection's options make; null where they make none. Called once per definition.
    virtual std::shared_ptr<const RecordRule> rule_of(std::string_view options) const = 0;
};

/// A collection's rule, made when it is first asked for.
class LazyRule {
public:
    const RecordRule* get(const RecordRules* rules, std::string_view options) {
        if (rules == nullptr) return nullptr;
        std::call_once(once_, [&] { rule_ = rules->rule_of(options); });
        return rule_.get();
    }

private:
    std::once_flag once_;
    std::shared_ptr<const RecordRule> rule_;
};

}  // namespace credvault::storage
