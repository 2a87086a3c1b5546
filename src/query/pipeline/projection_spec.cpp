#include "query/pipeline/projection_spec.h"

#include <optional>
#include <utility>

#include "json/writer.h"
#include "query/pipeline/field_tree.h"

namespace credvault::query {
namespace {

using Kind = TreeField::Kind;

constexpr std::size_t max_fields = 10'000;

class Projecting final : public Transform {
public:
    explicit Projecting(FieldTree tree) : tree_(std::move(tree)) {}
    Status append(std::string& out, const json::View& document, Evaluation& evaluation) const override {
        return tree_.append(out, document, evaluation);
    }

private:
    FieldTree tree_;
};

/// {"$add": …}; a document of fields has no names with dollar signs.
bool is_operation(const json::View& value) {
    return value.is_object() && !value.empty() && (*value.members().begin()).name.starts_with('$');
}

class FieldsParser {
public:
    FieldsParser(const StagePlace& place, Others others) : place_(place), tree_(others) {}

    /// $addFields: everything is an expression.
    Status new_fields(const json::View& object, const std::string& prefix) {
        for (const json::Member& member : object.members()) {
            TRY(const std::string path, path_of(member, prefix, false));
            if (member.value.is_object() && member.value.empty()) {
                return place_.wrong("An empty object adds nothing; write {\"$literal\": {}} for an empty one",
                                    shown_name(path));
            }
            if (member.value.is_object() && !is_operation(member.value)) {
                TRY_VOID(new_fields(member.value, path + "."));
            } else {
                TRY_VOID(compute(path, member.value));
            }
        }
        return {};
    }

    /// $project.
    Status projected(const json::View& object, const std::string& prefix) {
        for (const json::Member& member : object.members()) {
            TRY(const std::string path, path_of(member, prefix, true));
            const json::View& value = member.value;
            if (value.is_number()) {
                TRY_VOID(flag(path, value.as_double() != 0));
            } else if (value.type() == json::Type::Bool) {
                TRY_VOID(flag(path, value.as_bool()));
            } else if (value.is_object() && value.empty()) {
                return place_.wrong("An empty object projects nothing; use 1 or 0", shown_name(path));
            } else if (value.is_object() && !is_operation(value)) {
                TRY_VOID(projected(value, path + "."));
            } else {
                includes_ = true;
                TRY_VOID(check_mode(path));
                TRY_VOID(compute(path, value));
            }
        }
        return {};
    }

    Status unset(const json::View& name) {
        if (!name.is_string()) return place_.wrong("It needs the name of a field, or an array of names");
        return add(name.as_string(), Kind::Drop);
    }

    /// `id` and `_id` may go against the rest, where they say what would be so anyway.
    Result<TransformRef> finish_projection() {
        const bool includes = includes_ || (!excludes_ && id_included_);
        for (const auto& [path, included] : ids_) {
            if (included == includes) TRY_VOID(add(path, included ? Kind::Keep : Kind::Drop));
        }
        if (includes && !names_id_) TRY_VOID(add("id", Kind::Keep));
        tree_.set_others(includes ? Others::Dropped : Others::Kept);
        return finish();
    }

    Result<TransformRef> finish() {
        tree_.finish();
        return std::make_shared<Projecting>(std::move(tree_));
    }

private:
    Result<std::string> path_of(const json::Member& member, const std::string& prefix, bool dots) {
        std::string path = prefix;
        json::append_decoded(path, member.name);
        if (!prefix.empty() && !dots && member.name.find('.') != std::string_view::npos) {
            return place_.wrong("Names inside an object must not have dots", shown_name(path));
        }
        if (++count_ > max_fields) {
            return place_.wrong("A stage may name at most " + std::to_string(max_fields) + " fields");
        }
        if (path == "id" || path.starts_with("id.")) names_id_ = true;
        return path;
    }

    Status flag(const std::string& path, bool included) {
        if (path == "id" || path == "_id") {
            ids_.emplace_back(path, included);
            id_included_ = id_included_ || included;
            return {};
        }
        (included ? includes_ : excludes_) = true;
        TRY_VOID(check_mode(path));
        return add(path, included ? Kind::Keep : Kind::Drop);
    }

    Status check_mode(std::string_view path) const {
        if (!includes_ || !excludes_) return {};
        return place_.wrong(
            "A projection either includes and computes fields, or excludes them; only id and _id may go "
            "against "
            "the rest",
            shown_name(path));
    }

    Status compute(std::string_view path, const json::View& value) {
        TRY(Expression expression, place_.expression(value, path));
        TRY(TreeField* const field, insert(path));
        field->kind = Kind::Compute;
        field->expression = std::move(expression);
        return {};
    }

    Status add(std::string_view path, Kind kind) {
        TRY(TreeField* const field, insert(path));
        field->kind = kind;
        return {};
    }

    Result<TreeField*> insert(std::string_view text) {
        std::string quoted;
        json::append_string(quoted, text);
        TRY(const Path path, field_name(json::View(quoted), place_, shown_name(text)));
        return tree_.insert(path, place_);
    }

    const StagePlace& place_;
    FieldTree tree_;
    bool includes_ = false;
    bool excludes_ = false;
    bool id_included_ = false;
    bool names_id_ = false;
    std::vector<std::pair<std::string, bool>> ids_;  ///< `id` and `_id`, and whether they are included.
    std::size_t count_ = 0;
};

}  // namespace

Result<TransformRef> parse_project(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object() || spec.empty()) {
        return place.wrong("It needs an object that names fields, for instance {\"name\": 1}");
    }
    FieldsParser parser(place, Others::Dropped);
    TRY_VOID(parser.projected(spec, {}));
    return parser.finish_projection();
}

Result<TransformRef> parse_new_fields(const json::View& spec, const StagePlace& place) {
    if (!spec.is_object() || spec.empty()) {
        return place.wrong(
            "It needs an object that names fields, for instance {\"total\": {\"$add\": [\"$a\", \"$b\"]}}");
    }
    FieldsParser parser(place, Others::Kept);
    TRY_VOID(parser.new_fields(spec, {}));
    return parser.finish();
}

Result<TransformRef> parse_unset(const json::View& spec, const StagePlace& place) {
    FieldsParser parser(place, Others::Kept);
    if (!spec.is_array()) {
        TRY_VOID(parser.unset(spec));
        return parser.finish();
    }
    if (spec.empty()) return place.wrong("It needs at least one name");
    for (const json::View name : spec.elements()) TRY_VOID(parser.unset(name));
    return parser.finish();
}

}  // namespace credvault::query
