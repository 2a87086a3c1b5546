#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "json/writer.h"
#include "query/filter_parser.h"
#include "query/projection.h"
#include "query/projection_tree.h"

namespace credvault::query {
namespace {

using Kind = ProjectedField::Kind;
using Fields = std::vector<ProjectedField>;

constexpr std::string_view positional_end = ".$";

Error wrong(std::string message, std::string_view path) {
    return Error(ErrorCode::INVALID_PROJECTION, std::move(message), shown_name(path));
}

/// `id` and `_id` may be excluded where others are included, and the other way round.
bool is_id(std::string_view path) { return path == "id" || path == "_id"; }

Result<std::int64_t> slice_number(const json::View& value, std::string_view path) {
    if (!value.is_number()) {
        return wrong("$slice needs a number of elements, or [skip, limit]; both are numbers", path);
    }
    constexpr double limit = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int64_t>(std::trunc(std::clamp(value.as_double(), -limit, limit)));
}

Result<SliceRange> slice_range(const json::View& value, std::string_view path) {
    SliceRange range;
    if (!value.is_array()) {
        TRY(const std::int64_t count, slice_number(value, path));
        if (count >= 0) {
            range.limit = count;
        } else {
            range.skip = count;
        }
        return range;
    }
    if (value.size() != 2) return wrong("$slice needs [skip, limit], two numbers", path);
    auto element = value.elements().begin();
    TRY(range.skip, slice_number(*element, path));
    TRY(const std::int64_t limit, slice_number(*++element, path));
    if (limit <= 0) return wrong("The limit of $slice must be positive", path);
    range.limit = limit;
    return range;
}

void sort_fields(Fields& fields) {
    std::ranges::sort(fields, {}, &ProjectedField::name);
    for (ProjectedField& field : fields) sort_fields(field.children);
}

}  // namespace

class ProjectionParser {
public:
    explicit ProjectionParser(bool has_filter) : has_filter_(has_filter) {}

    Result<Projection> parse(const json::View& document) {
        if (!document.is_object()) {
            return Error(ErrorCode::INVALID_PROJECTION,
                         "A projection must be an object, for instance {\"name\": 1, \"age\": 1}",
                         "projection");
        }
        TRY_VOID(members(document, {}));
        return finish();
    }

    Result<Projection> parse_names(std::string_view comma_separated) {
        std::vector<std::string_view> names;
        for (std::size_t begin = 0; begin <= comma_separated.size();) {
            const std::size_t end = std::min(comma_separated.find(',', begin), comma_separated.size());
            const std::string_view name = comma_separated.substr(begin, end - begin);
            if (std::ranges::find(names, name) == names.end()) {
                names.push_back(name);
                TRY_VOID(field(std::string(name), json::View("1")));
            }
            begin = end + 1;
        }
        return finish();
    }

private:
    Result<Projection> finish() {
        Projection projection;
        if (count_ == 0) return projection;
        if (!mode_)
            mode_ = has_elem_match_ || id_included_ ? ProjectionMode::Include : ProjectionMode::Exclude;
        const bool includes = mode_ == ProjectionMode::Include;
        for (const auto& [path, included] : ids_) {
            if (included == includes) TRY_VOID(add(path, Kind::Named));
        }
        const bool names_id = std::ranges::any_of(ids_, [](const auto& id) { return id.first == "id"; });
        const bool below_id =
            std::ranges::any_of(tree_.fields, [](const auto& field) { return field.name == "id"; });
        if (includes && !names_id && !below_id) TRY_VOID(add("id", Kind::Named));
        tree_.mode = *mode_;
        TRY_VOID(hide_fields_of_ranks());
        sort_fields(tree_.fields);
        projection.compiled_ = std::make_shared<const CompiledProjection>(std::move(tree_));
        return projection;
    }

    /// A field of the record that has the name of a rank gives way to it.
    Status hide_fields_of_ranks() {
        std::ranges::sort(tree_.ranks);
        for (const std::string& name : tree_.ranks) {
            const auto is_same = [&](const ProjectedField& field) { return field.name == name; };
            if (std::ranges::any_of(tree_.fields, is_same) || std::ranges::count(tree_.ranks, name) > 1) {
                return wrong("The projection names this field twice", name);
            }
            if (tree_.mode != ProjectionMode::Exclude) continue;
            ProjectedField& hidden = tree_.fields.emplace_back();
            hidden.name = name;
            hidden.kind = Kind::Named;
        }
        return {};
    }

    Status members(const json::View& object, const std::string& prefix) {
        for (const json::Member& member : object.members()) {
            std::string path = prefix;
            json::append_decoded(path, member.name);
            TRY_VOID(field(path, member.value));
        }
        return {};
    }

    Status field(const std::string& path, const json::View& value) {
        if (++count_ > max_projection_fields) {
            return wrong("A projection may name at most " + std::to_string(max_projection_fields) + " fields",
                         path);
        }
        if (value.is_number()) return flag(path, value.as_double() != 0);
        if (value.type() == json::Type::Bool) return flag(path, value.as_bool());
        if (value.is_object() && value.empty())
            return wrong("An empty object projects nothing; use 1 or 0", path);
        if (is_operator_document(value)) return operation(path, value);
        if (value.is_object()) return members(value, path + ".");
        return wrong(
            "A field is projected with 1 or true, 0 or false, an object of fields, $slice or $elemMatch; "
            "computed fields "
            "belong into an aggregation's $project",
            path);
    }

    Status flag(std::string_view path, bool included) {
        if (path.ends_with(positional_end)) return positional(path, included);
        if (is_id(path)) {
            ids_.emplace_back(path, included);
            id_included_ = id_included_ || included;
            return {};
        }
        TRY_VOID(set_mode(included ? ProjectionMode::Include : ProjectionMode::Exclude, path));
        return add(path, Kind::Named);
    }

    Status positional(std::string_view path, bool included) {
        if (!included) return wrong("The positional operator can't be used to exclude", path);
        if (tree_.positional || has_elem_match_) {
            return wrong("A projection may have one positional operator, and none beside $elemMatch", path);
        }
        if (!has_filter_) {
            return wrong("The positional operator needs a filter with a condition on an array", path);
        }
        TRY_VOID(set_mode(ProjectionMode::Include, path));
        tree_.positional = true;
        TRY(ProjectedField* const field, insert(path.substr(0, path.size() - positional_end.size()), true));
        field->kind = Kind::Named;
        return {};
    }

    Status operation(const std::string& path, const json::View& value) {
        const json::Member member = *value.members().begin();
        const std::string place = path + "." + std::string(member.name);
        if (value.size() != 1)
            return wrong("An operator in a projection must stand alone in its object", path);
        if (path.ends_with(positional_end)) {
            return wrong("The positional operator can't be combined with another operator", path);
        }
        if (member.name == "$elemMatch") return elem_match(path, member.value, place);
        if (member.name == "$meta") return meta(path, member.value, place);
        if (member.name == "$slice") {
            TRY(const SliceRange range, slice_range(member.value, place));
            TRY(ProjectedField* const field, insert(path, false));
            field->kind = Kind::Slice;
            field->slice = range;
            return {};
        }
        return Error(ErrorCode::UNSUPPORTED_OPERATOR,
                     "The operator '" + shown_name(member.name) +
                         "' is not supported in a projection; $slice and "
                         "$elemMatch are, others belong into an aggregation's $project",
                     shown_name(place));
    }

    Status meta(const std::string& path, const json::View& what, const std::string& place) {
        if (what.text() != "\"textScore\"") return wrong("$meta takes \"textScore\"", place);
        TRY(const Path name, parse_path(path, ErrorCode::INVALID_PROJECTION));
        if (name.parts.size() != 1) return wrong("$meta can't be shown in a nested field", path);
        tree_.ranks.push_back(name.parts[0].escaped);
        return {};
    }

    Status elem_match(const std::string& path, const json::View& condition, const std::string& place) {
        if (!condition.is_object()) {
            return wrong("$elemMatch needs an object: a filter on the element", place);
        }
        TRY(ProjectedField* const field, insert(path, false));
        if (path.find('.') != std::string::npos) {
            return wrong("$elemMatch can't be used on a nested field", path);
        }
        if (tree_.positional) return wrong("$elemMatch can't be used beside a positional operator", path);
        has_elem_match_ = true;
        std::string text;
        json::Writer(text)
            .begin_object()
            .key(path)
            .begin_object()
            .key("$elemMatch")
            .raw(condition.text())
            .end_object()
            .end_object();
        Result<Filter> filter = parse_filter(json::View(text));
        if (!filter.ok()) {
            Error error = std::move(filter).error();
            if (error.code == ErrorCode::INVALID_FILTER) error.code = ErrorCode::INVALID_PROJECTION;
            return error;
        }
        field->kind = Kind::ElemMatch;
        field->condition = std::move(filter).value();
        return {};
    }

    Status set_mode(ProjectionMode mode, std::string_view path) {
        if (mode_.value_or(mode) != mode) {
            return wrong(
                "A projection either includes or excludes fields; only id and _id may go against the rest",
                path);
        }
        mode_ = mode;
        return {};
    }

    Status add(std::string_view path, Kind kind) {
        TRY(ProjectedField* const field, insert(path, false));
        field->kind = kind;
        return {};
    }

    /// The new field at this path, valid until the next one.
    Result<ProjectedField*> insert(std::string_view text, bool is_positional) {
        TRY(const Path path, parse_path(text, ErrorCode::INVALID_PROJECTION));
        Fields* fields = &tree_.fields;
        ProjectedField* field = nullptr;
        for (const PathPart& part : path.parts) {
            if (part.name.starts_with('$')) {
                return wrong(
                    "A path's names must not begin with '$'; the positional operator stands at the end",
                    text);
            }
            if (field != nullptr && field->kind != Kind::Fields) break;
            const auto found = std::ranges::find(*fields, part.escaped, &ProjectedField::name);
            const bool last = &part == &path.parts.back();
            if (found != fields->end() && last) {
                field = nullptr;
                break;
            }
            if (found == fields->end()) {
                field = &fields->emplace_back();
                field->name = part.escaped;
            } else {
                field = &*found;
            }
            field->positional = field->positional || is_positional;
            fields = &field->children;
            if (last) return field;
        }
        return wrong("The path collides with another one of the projection: one contains the other", text);
    }

    const bool has_filter_;
    CompiledProjection tree_;
    std::optional<ProjectionMode> mode_;
    std::vector<std::pair<std::string, bool>> ids_;  ///< `id` and `_id`, and whether they are included.
    bool id_included_ = false;
    bool has_elem_match_ = false;
    std::size_t count_ = 0;
};

Result<Projection> parse_projection(const json::View& document, const Filter& filter) {
    return parse_projection(document, !filter.matches_everything());
}

Result<Projection> parse_projection(const json::View& document, bool has_filter) {
    return ProjectionParser(has_filter).parse(document);
}

Result<Projection> projection_of_fields(std::string_view comma_separated) {
    return ProjectionParser(false).parse_names(comma_separated);
}

}  // namespace credvault::query
