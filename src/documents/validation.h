// The validation of a collection's records by a JSON Schema: the rule that the engine asks before it stores a record,
// and the check of what is stored already. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/reply.h"
#include "documents/place.h"
#include "query/json_schema.h"
#include "storage/engine.h"

namespace credvault::documents {

enum class ValidationMode : std::uint8_t { Off, Warn, Error };
std::string_view validation_mode_name(ValidationMode mode);

/// So many violations are told of one record.
constexpr std::size_t max_violations_told = 20;

/// A schema for records. Fails with INVALID_SCHEMA; `field` begins with `name`.
Result<query::JsonSchema> parse_record_schema(const json::View& schema, std::string_view name);

/// What a check of stored records found.
struct ValidationReport {
    std::uint64_t checked = 0;
    std::uint64_t invalid = 0;
    std::string violations;  ///< A canonical array; of the first invalid records.
};

class Validation final : public storage::RecordRules {
public:
    /// `engine` must outlive the service, and the service the engine's stop().
    explicit Validation(storage::Engine& engine) : engine_(engine) {}

    std::shared_ptr<const storage::RecordRule> rule_of(std::string_view options) const override;

    /// Checks all records against the schema (or the collection's own, where there is none) without changing anything.
    /// Tells the violations of the first `limit` invalid records. Fails with INVALID_SCHEMA, QUERY_TIMEOUT, and with
    /// INVALID_PARAMETER where the collection has no schema either.
    Reply<ValidationReport> check(Place place, std::optional<std::string> schema, std::size_t limit,
                                  storage::WorkLimits limits);

    /// Records that were stored although they violate a schema, and those that were refused.
    std::uint64_t warned() const { return counts_->warned; }
    std::uint64_t refused() const { return counts_->refused; }

private:
    friend class SchemaRule;
    struct Counts {
        std::atomic<std::uint64_t> warned{0};
        std::atomic<std::uint64_t> refused{0};
        std::atomic<std::int64_t> logged_ns{0};
    };

    storage::Engine& engine_;
    const std::shared_ptr<Counts> counts_ = std::make_shared<Counts>();
};

}  // namespace credvault::documents
