#include "query/projection.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "json/writer.h"
#include "query/projection_tree.h"

namespace credvault::query {
namespace {

constexpr std::size_t few_fields = 8;

using Kind = ProjectedField::Kind;
using Fields = std::vector<ProjectedField>;

/// Writes one record through one projection.
class ProjectionWriter {
public:
    ProjectionWriter(std::string& out, const CompiledProjection& projection, const json::View& record,
                     std::optional<std::uint32_t> position)
        : out_(out),
          includes_(projection.mode == ProjectionMode::Include),
          record_(record),
          position_(position) {}

    /// `positional`: no array has been met yet on the way, so the positional `$` is still to be applied.
    Status object(const json::View& object, const Fields& fields, bool positional) {
        out_ += '{';
        bool first = true;
        for (const json::Member& member : object.members()) {
            const ProjectedField* field = find_field(fields, member.name);
            if (field == nullptr && includes_) continue;
            const std::size_t before = out_.size();
            if (!first) out_ += ',';
            out_ += '"';
            out_ += member.name;
            out_ += "\":";
            TRY(const bool kept, value(member.value, field, positional));
            if (kept) {
                first = false;
            } else {
                out_.resize(before);
            }
        }
        out_ += '}';
        return {};
    }

private:
    /// False where nothing is left of the value; then what was written is not to be kept.
    Result<bool> value(const json::View& value, const ProjectedField* field, bool positional) {
        if (field == nullptr) return raw(value);
        if (positional && field->positional && value.is_array()) return chosen_element(value, *field);
        switch (field->kind) {
            case Kind::Named: return includes_ ? raw(value) : false;
            case Kind::Slice: return value.is_array() ? slice(value, field->slice) : raw(value);
            case Kind::ElemMatch: return value.is_array() && matching_element(value, *field);
            case Kind::Fields: return nested(value, field->children, positional && field->positional);
        }
        return false;
    }

    Result<bool> nested(const json::View& value, const Fields& fields, bool positional) {
        if (value.is_object()) {
            TRY_VOID(object(value, fields, positional));
            return true;
        }
        if (!value.is_array()) return includes_ ? false : raw(value);
        out_ += '[';
        bool first = true;
        for (const json::View element : value.elements()) {
            const std::size_t before = out_.size();
            if (!first) out_ += ',';
            TRY(const bool kept, nested(element, fields, false));
            if (kept) {
                first = false;
            } else {
                out_.resize(before);
            }
        }
        out_ += ']';
        return true;
    }

    bool raw(const json::View& value) {
        out_ += value.text();
        return true;
    }

    /// The element that the query's filter matched, alone in its array.
    Result<bool> chosen_element(const json::View& array, const ProjectedField& field) {
        std::optional<json::View> chosen;
        if (position_) {
            std::uint32_t index = 0;
            for (const json::View element : array.elements()) {
                if (index++ == *position_) chosen = element;
            }
        }
        if (!chosen) {
            return Error(
                ErrorCode::INVALID_PROJECTION,
                "The positional operator found no element of the array that the filter matched; the filter "
                "must have a condition on the array, which the record matches by one of its elements");
        }
        out_ += '[';
        ProjectedField rest;
        const bool whole = field.kind == Kind::Named;
        TRY(const bool kept, whole ? Result<bool>(raw(*chosen)) : nested(*chosen, field.children, false));
        static_cast<void>(kept);
        out_ += ']';
        return true;
    }

    bool matching_element(const json::View& array, const ProjectedField& field) {
        std::optional<std::uint32_t> position;
        if (!field.condition->matches(record_, &position) || !position) return false;
        std::uint32_t index = 0;
        for (const json::View element : array.elements()) {
            if (index++ != *position) continue;
            out_ += '[';
            out_ += element.text();
            out_ += ']';
            return true;
        }
        return false;
    }

    bool slice(const json::View& array, const SliceRange& range) {
        const auto size = static_cast<std::int64_t>(array.size());
        const std::int64_t skip = range.skip >= 0 ? range.skip : std::max<std::int64_t>(size + range.skip, 0);
        const std::int64_t limit = range.limit.value_or(std::numeric_limits<std::int64_t>::max());
        std::int64_t index = 0;
        std::int64_t written = 0;
        out_ += '[';
        for (const json::View element : array.elements()) {
            if (written == limit) break;
            if (index++ < skip) continue;
            if (written++ > 0) out_ += ',';
            out_ += element.text();
        }
        out_ += ']';
        return true;
    }

    std::string& out_;
    const bool includes_;
    const json::View& record_;
    const std::optional<std::uint32_t> position_;
};

/// Behind the members of the object that ends `out`.
void append_ranks(std::string& out, const std::vector<std::string>& names, double rank) {
    out.pop_back();
    for (const std::string& name : names) {
        if (out.back() != '{') out += ',';
        out.append("\"").append(name).append("\":");
        json::append_double(out, rank);
    }
    out += '}';
}

}  // namespace

const ProjectedField* find_field(const Fields& fields, std::string_view escaped_name) {
    if (fields.size() <= few_fields) {
        for (const ProjectedField& field : fields) {
            if (field.name == escaped_name) return &field;
        }
        return nullptr;
    }
    const auto found = std::ranges::lower_bound(
        fields, escaped_name, {}, [](const ProjectedField& field) { return std::string_view(field.name); });
    return found != fields.end() && found->name == escaped_name ? &*found : nullptr;
}

bool Projection::wants_rank() const { return compiled_ != nullptr && !compiled_->ranks.empty(); }

Status Projection::append(std::string& out, const json::View& record, const Filter& filter,
                          double rank) const {
    if (!compiled_) {
        out += record.text();
        return {};
    }
    const std::size_t before = out.size();
    std::optional<std::uint32_t> position;
    if (compiled_->positional) TRY_VOID(filter.test(record, &position));
    ProjectionWriter writer(out, *compiled_, record, position);
    Status status = writer.object(record, compiled_->fields, compiled_->positional);
    if (!status.ok()) out.resize(before);
    if (status.ok() && !compiled_->ranks.empty()) append_ranks(out, compiled_->ranks, rank);
    return status;
}

}  // namespace credvault::query
