#include "query/expression/field_path.h"

#include <span>
#include <utility>

#include "query/expression/node.h"

namespace credvault::query {
namespace {

using Parts = std::span<const PathPart>;
constexpr std::size_t bytes_per_step = 512;

/// One walk. Whether it may go on stands in the evaluation.
class Walk {
public:
    explicit Walk(Evaluation& evaluation) : evaluation_(evaluation) {}

    Result<Item> along(const Item& value, Parts parts) {
        if (parts.empty()) return value;
        if (value.view() != nullptr) return along(*value.view(), parts);
        if (value.is_object()) {
            if (!evaluation_.spend(1)) return evaluation_.exhausted();
            return along(value.find(parts[0].name), parts.subspan(1));
        }
        if (value.is_array()) return over(value, parts);
        return Item();
    }

private:
    Result<Item> along(json::View value, Parts parts) {
        for (; !parts.empty(); parts = parts.subspan(1)) {
            if (value.is_array()) return over(value, parts);
            const std::optional<json::View> found = value.find(parts[0].escaped);
            const std::size_t passed =
                found ? static_cast<std::size_t>(found->text().data() - value.text().data())
                      : value.text().size();
            if (!evaluation_.spend(1 + passed / bytes_per_step)) return evaluation_.exhausted();
            if (!found) return Item();
            value = *found;
        }
        return Item(value);
    }

    /// The results of an array's objects as an array. Arrays in it are passed over.
    Result<Item> over(const Item& array, Parts parts) {
        Item::Array results;
        for (const Item element : array.elements()) {
            if (!evaluation_.spend(1)) return evaluation_.exhausted();
            if (!element.is_object()) continue;
            TRY(Item result, along(element, parts));
            if (result.is_missing()) continue;
            TRY_VOID(evaluation_.charge(sizeof(Item)));
            results.push_back(std::move(result));
        }
        return Item(std::move(results));
    }

    Evaluation& evaluation_;
};

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
    FieldPath path;
    TRY(path.path_, parse_path(text, ErrorCode::INVALID_EXPRESSION));
    for (const PathPart& part : path.path_.parts) {
        if (!part.name.starts_with('$')) continue;
        return Error(ErrorCode::INVALID_EXPRESSION,
                     "A field's name in a path must not begin with $; $getField reads such a field",
                     shown_name(text));
    }
    return path;
}

Result<Item> FieldPath::from(const Item& value, Evaluation& evaluation) const {
    const MemoryFrame frame(evaluation);
    return frame.keep(Walk(evaluation).along(value, path_.parts));
}

}  // namespace credvault::query
