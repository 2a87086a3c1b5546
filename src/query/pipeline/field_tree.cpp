#include "query/pipeline/field_tree.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace credvault::query {
namespace {

using Kind = TreeField::Kind;

constexpr std::size_t few_fields = 8;
constexpr std::size_t none = static_cast<std::size_t>(-1);

/// The place of the child of that name, or none.
std::size_t child_place(const TreeField& field, std::string_view escaped) {
    if (field.by_name.empty()) {
        for (std::size_t i = 0; i < field.children.size(); ++i) {
            if (field.children[i].name == escaped) return i;
        }
        return none;
    }
    const auto name_of = [&](std::uint32_t i) { return std::string_view(field.children[i].name); };
    const auto found = std::ranges::lower_bound(field.by_name, escaped, {}, name_of);
    return found != field.by_name.end() && name_of(*found) == escaped ? *found : none;
}

/// Which children of a field have been written, without memory of its own where they are few.
class Seen {
public:
    explicit Seen(std::size_t size) {
        if (size > 64) many_.resize(size);
    }
    void set(std::size_t i) {
        if (many_.empty()) {
            few_ |= std::uint64_t{1} << i;
        } else {
            many_[i] = true;
        }
    }
    bool operator[](std::size_t i) const { return many_.empty() ? (few_ >> i & 1) != 0 : many_[i]; }

private:
    std::uint64_t few_ = 0;
    std::vector<bool> many_;
};

/// Writes one document through one tree. Recursion is bounded by the depth of the document and of the tree.
class TreeWriter {
public:
    TreeWriter(std::string& out, Others others, Evaluation& evaluation)
        : out_(out), others_(others), evaluation_(evaluation) {}

    /// `object` may be null: then only what is computed is written.
    Status object(const json::View* object, const TreeField& fields) {
        out_ += '{';
        const std::size_t begin = out_.size();
        Seen seen(fields.children.size());
        if (object != nullptr) {
            for (const json::Member& member : object->members())
                TRY_VOID(old_member(member, fields, seen, begin));
        }
        for (std::size_t i = 0; fields.computes && i < fields.children.size(); ++i) {
            const TreeField& child = fields.children[i];
            if (seen[i] || !(child.kind == Kind::Compute || child.computes)) continue;
            const std::size_t before = out_.size();
            begin_member(child.name, begin);
            TRY(const bool kept, new_value(child));
            if (!kept) out_.resize(before);
        }
        out_ += '}';
        return {};
    }

private:
    void begin_member(std::string_view name, std::size_t begin) {
        if (out_.size() != begin) out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }

    Status old_member(const json::Member& member, const TreeField& fields, Seen& seen, std::size_t begin) {
        const std::size_t place = child_place(fields, member.name);
        if (place == none && others_ == Others::Dropped) return {};
        const TreeField* const child = place == none ? nullptr : &fields.children[place];
        if (child != nullptr && child->kind == Kind::Drop) return {};
        // Where other fields are dropped, a computed one is new, and stands behind those that are kept.
        if (child != nullptr && child->kind == Kind::Compute && others_ == Others::Dropped) return {};
        const std::size_t before = out_.size();
        begin_member(member.name, begin);
        if (child == nullptr || child->kind == Kind::Keep) {
            out_ += member.value.text();
            return {};
        }
        seen.set(place);
        TRY(const bool kept, child->kind == Kind::Compute ? computed(*child) : nested(member.value, *child));
        if (!kept) out_.resize(before);
        return {};
    }

    /// False where there is nothing to write; then what was written is not to be kept.
    Result<bool> new_value(const TreeField& field) {
        if (field.kind == Kind::Compute) return computed(field);
        TRY_VOID(object(nullptr, field));
        return true;
    }

    Result<bool> computed(const TreeField& field) {
        TRY(const Item item, field.expression->evaluate(evaluation_));
        if (item.is_missing()) return false;
        item.append_text(out_);
        return true;
    }

    Result<bool> nested(const json::View& value, const TreeField& field) {
        if (value.is_object()) {
            TRY_VOID(object(&value, field));
            return true;
        }
        if (value.is_array()) return elements(value, field);
        if (field.computes) return new_value(field);
        if (others_ == Others::Dropped) return false;
        out_ += value.text();
        return true;
    }

    Result<bool> elements(const json::View& array, const TreeField& field) {
        out_ += '[';
        bool first = true;
        for (const json::View element : array.elements()) {
            if (!evaluation_.spend(1)) return evaluation_.exhausted();
            const std::size_t before = out_.size();
            if (!first) out_ += ',';
            TRY(const bool kept, nested(element, field));
            if (kept) {
                first = false;
            } else {
                out_.resize(before);
            }
        }
        out_ += ']';
        return true;
    }

    std::string& out_;
    const Others others_;
    Evaluation& evaluation_;
};

}  // namespace

Status FieldTree::append(std::string& out, const json::View& document, Evaluation& evaluation) const {
    if (root_.computes) evaluation.begin(document);
    return TreeWriter(out, others_, evaluation).object(&document, root_);
}

Result<TreeField*> FieldTree::insert(const Path& path, const StagePlace& place) {
    TreeField* field = &root_;
    for (const PathPart& part : path.parts) {
        const bool last = &part == &path.parts.back();
        const std::size_t found = child_place(*field, part.escaped);
        if (found != none && (last || field->children[found].kind != Kind::Fields)) {
            return place.wrong("The path collides with another one of this stage: one contains the other",
                               shown_name(path.text));
        }
        if (found != none) {
            field = &field->children[found];
            continue;
        }
        field->children.emplace_back();
        field = &field->children.back();
        field->name = part.escaped;
    }
    return field;
}

void FieldTree::finish(TreeField& field) {
    for (TreeField& child : field.children) {
        finish(child);
        field.computes = field.computes || child.computes || child.kind == Kind::Compute;
    }
    if (field.children.size() <= few_fields) return;
    field.by_name.resize(field.children.size());
    std::iota(field.by_name.begin(), field.by_name.end(), 0U);
    std::ranges::sort(field.by_name, {},
                      [&](std::uint32_t i) { return std::string_view(field.children[i].name); });
}

}  // namespace credvault::query
