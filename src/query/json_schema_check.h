// One evaluation of a schema on a value: goes through the nodes and the value's text together, and collects what is
// wrong if it is asked to. Internal to query/. Used once, by one thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/view.h"
#include "query/json_schema.h"
#include "query/json_schema_node.h"

namespace credvault::query {

class SchemaCheck {
public:
    /// `work` bounds how many schemas and members are looked at, 0: not at all. `most`: violations to collect; with 0
    /// the first one ends the check.
    SchemaCheck(const std::vector<SchemaNode>& nodes, std::uint64_t work, std::size_t most)
        : nodes_(nodes), work_(work), most_(most) {}

    bool run(const json::View& value) { return holds(0, value) && !exhausted_; }
    std::vector<SchemaViolation> take() { return std::move(violations_); }

private:
    bool holds(SchemaRef schema, const json::View& value);
    bool holds_quietly(SchemaRef schema, const json::View& value);
    bool holds_below(SchemaRef schema, std::string_view token, const json::View& value);
    bool type(const SchemaNode& node, const json::View& value);
    bool number(const SchemaNode& node, const json::View& value);
    bool string(const SchemaNode& node, const json::View& value);
    bool array(const SchemaNode& node, const json::View& value);
    bool elements(const SchemaNode& node, const json::View& value, std::int64_t& size);
    bool unique(const json::View& value);
    bool object(const SchemaNode& node, const json::View& value);
    bool member(const SchemaNode& node, const json::Member& member, std::size_t& required_seen);
    bool names_required(const SchemaNode& node, const json::View& value);
    bool dependencies(const SchemaNode& node, const json::View& value);
    bool combinations(const SchemaNode& node, const json::View& value);

    bool spend(std::uint64_t work = 1);
    /// Notes a violation; false.
    bool fail(std::string_view keyword, std::string message);
    /// Whether an evaluation that has found a violation goes on for more of them.
    bool goes_on() const { return quiet_ == 0 && violations_.size() < most_ && !exhausted_; }

    const std::vector<SchemaNode>& nodes_;
    const std::uint64_t work_;
    std::uint64_t spent_ = 0;
    bool exhausted_ = false;
    const std::size_t most_;
    std::size_t quiet_ = 0;
    std::string pointer_;
    std::vector<SchemaViolation> violations_;
};

}  // namespace credvault::query
