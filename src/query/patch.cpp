#include "query/patch.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/canonical.h"
#include "json/order.h"
#include "query/path.h"

namespace credvault::query {
namespace {

using Pointer = std::vector<std::string>;

std::optional<Pointer> parse_pointer(std::string_view text) {
    Pointer pointer;
    if (text.empty()) return pointer;
    if (text[0] != '/') return std::nullopt;
    for (const char c : text) {
        if (c == '/') {
            pointer.emplace_back();
        } else if (!pointer.back().empty() && pointer.back().back() == '\0') {
            // A tilde was met: no name holds U+0000, so that it can stand for one.
            if (c != '0' && c != '1') return std::nullopt;
            pointer.back().back() = c == '0' ? '~' : '/';
        } else {
            pointer.back().push_back(c == '~' ? '\0' : c);
        }
    }
    const auto is_open = [](const std::string& part) { return part.ends_with('\0'); };
    if (std::ranges::any_of(pointer, is_open)) return std::nullopt;
    return pointer;
}

/// RFC 6901's array index: digits, no zero before others.
std::optional<std::size_t> array_index(std::string_view token) {
    constexpr std::size_t max_digits = 9;
    if (token.empty() || token.size() > max_digits || (token.size() > 1 && token[0] == '0'))
        return std::nullopt;
    std::size_t index = 0;
    for (const char c : token) {
        if (c < '0' || c > '9') return std::nullopt;
        index = index * 10 + static_cast<std::size_t>(c - '0');
    }
    return index;
}

std::size_t depth_of(const json::Value& value) {
    std::size_t deepest = 0;
    if (value.is_array()) {
        for (const json::Value& element : value.as_array()) deepest = std::max(deepest, depth_of(element));
    } else if (value.is_object()) {
        for (const auto& [name, member] : value.as_object()) deepest = std::max(deepest, depth_of(member));
    } else {
        return 0;
    }
    return deepest + 1;
}

/// One run of a patch over a copy of the target.
class Patcher {
public:
    Patcher(json::Value& target, std::size_t max_bytes)
        : target_(target),
          max_bytes_(max_bytes),
          bytes_(target.text().size()),
          budget_(work_factor * max_bytes) {}

    Status run(const json::Value& operation, std::size_t position) {
        place_ = "/" + std::to_string(position);
        if (!operation.is_object()) return wrong("An operation must be an object", "");
        TRY(const std::string_view op, text_member(operation, "op"));
        TRY(const Pointer path, pointer_member(operation, "path"));
        if (op == "add" || op == "replace" || op == "test") {
            const json::Value* value = operation.find("value");
            if (value == nullptr) return wrong("The operation '" + std::string(op) + "' needs a 'value'", "");
            if (op == "test") return test(path, *value);
            return op == "add" ? add(path, *value) : replace(path, *value);
        }
        if (op == "remove") return remove(path, "/path");
        if (op != "move" && op != "copy") {
            return wrong("Unknown operation '" + shown_name(op) +
                             "'; known are add, remove, replace, move, copy and test",
                         "/op");
        }
        TRY(const Pointer from, pointer_member(operation, "from"));
        return op == "move" ? move(from, path) : copy(from, path);
    }

private:
    static constexpr std::size_t work_factor = 8;

    Error wrong(std::string message, std::string_view member) const {
        return Error(ErrorCode::INVALID_PATCH, std::move(message), place_ + std::string(member));
    }

    Result<std::string_view> text_member(const json::Value& operation, std::string_view name) const {
        const json::Value* value = operation.find(name);
        if (value == nullptr) return wrong("The operation needs a '" + std::string(name) + "'", "");
        if (!value->is_string()) {
            return wrong("The operation's '" + std::string(name) + "' must be a string",
                         "/" + std::string(name));
        }
        return std::string_view(value->as_string());
    }

    Result<Pointer> pointer_member(const json::Value& operation, std::string_view name) const {
        TRY(const std::string_view text, text_member(operation, name));
        std::optional<Pointer> pointer = parse_pointer(text);
        if (pointer) return *std::move(pointer);
        return wrong("'" + shown_name(text) +
                         "' is no JSON pointer; one begins with '/', and '~' stands only in '~0' and '~1'",
                     "/" + std::string(name));
    }

    Error missing(const Pointer& pointer, std::size_t parts, std::string_view member) const {
        std::string shown;
        for (std::size_t i = 0; i < parts; ++i) shown += "/" + pointer[i];
        return wrong("There is nothing at '" + shown_name(shown) + "'", member);
    }

    /// Takes from what all operations together may cost.
    Status spend(std::size_t work) {
        if (work > budget_)
            return wrong("The patch needs too much work; send fewer operations on large values", "");
        budget_ -= work;
        return {};
    }

    /// The value that the first `parts` parts of a pointer name.
    Result<json::Value*> find(const Pointer& pointer, std::size_t parts, std::string_view member) {
        json::Value* at = &target_;
        for (std::size_t i = 0; i < parts; ++i) {
            json::Value* next = nullptr;
            if (at->is_object()) {
                TRY_VOID(spend(at->as_object().size()));
                next = at->find(pointer[i]);
            } else if (at->is_array()) {
                const std::optional<std::size_t> index = array_index(pointer[i]);
                if (index && *index < at->as_array().size()) next = &at->as_array()[*index];
            }
            if (next == nullptr) return missing(pointer, i + 1, member);
            at = next;
        }
        return at;
    }

    /// What `add` puts its value in the place of; null where that is nothing.
    Result<const json::Value*> replaced_at(const Pointer& path) {
        const json::Value* none = nullptr;
        if (path.empty()) return &std::as_const(target_);
        TRY(const json::Value* parent, find(path, path.size() - 1, "/path"));
        if (!parent->is_object()) return none;
        TRY_VOID(spend(parent->as_object().size()));
        return parent->find(path.back());
    }

    /// Accounts for a value that comes in at a place, instead of another or of none.
    Status account(const json::Value& value, const Pointer& path, const json::Value* replaced) {
        if (replaced != nullptr) TRY_VOID(shrink(*replaced));
        const std::size_t size = value.text().size();
        TRY_VOID(spend(size));
        bytes_ += size;
        if (replaced == nullptr && !path.empty()) bytes_ += path.back().size();
        if (bytes_ > max_bytes_) {
            return wrong("The patched record would be larger than " + std::to_string(max_bytes_) + " bytes",
                         "");
        }
        return check_depth(value, path);
    }

    Status check_depth(const json::Value& value, const Pointer& path) const {
        const std::size_t max_depth = json::ParseLimits{}.max_depth;
        if (path.size() + depth_of(value) <= max_depth) return {};
        return wrong(
            "The patched record would have more than " + std::to_string(max_depth) + " levels of nesting",
            "");
    }

    Status shrink(const json::Value& value) {
        const std::size_t size = value.text().size();
        bytes_ -= std::min(bytes_, size);
        return spend(size);
    }

    Status add(const Pointer& path, const json::Value& value) {
        TRY(const json::Value* replaced, replaced_at(path));
        // Before the value is copied: a record of many megabytes needs several times as much as values.
        TRY_VOID(account(value, path, replaced));
        return put(path, json::Value(value));
    }

    Status put(const Pointer& path, json::Value value) {
        const std::string_view member = "/path";
        if (path.empty()) {
            target_ = std::move(value);
            return {};
        }
        TRY(json::Value * parent, find(path, path.size() - 1, member));
        if (parent->is_object()) {
            TRY_VOID(spend(parent->as_object().size()));
            parent->set(path.back(), std::move(value));
            return {};
        }
        if (!parent->is_array()) return missing(path, path.size(), member);
        json::Value::Array& array = parent->as_array();
        const std::optional<std::size_t> index = path.back() == "-" ? array.size() : array_index(path.back());
        if (!index || *index > array.size()) {
            return wrong("'" + shown_name(path.back()) + "' is no position in an array of " +
                             std::to_string(array.size()) + "; '-' stands for its end",
                         member);
        }
        TRY_VOID(spend(array.size() - *index));
        array.insert(array.begin() + static_cast<std::ptrdiff_t>(*index), std::move(value));
        return {};
    }

    Status replace(const Pointer& path, const json::Value& value) {
        TRY(json::Value * old, find(path, path.size(), "/path"));
        TRY_VOID(account(value, path, old));
        *old = value;
        return {};
    }

    Status remove(const Pointer& path, std::string_view member) {
        TRY(const json::Value taken, take(path, member));
        return shrink(taken);
    }

    Result<json::Value> take(const Pointer& path, std::string_view member) {
        if (path.empty()) return wrong("The whole document can't be removed", member);
        TRY(json::Value * value, find(path, path.size(), member));
        json::Value taken = std::move(*value);
        TRY(json::Value * parent, find(path, path.size() - 1, member));
        if (parent->is_object()) {
            TRY_VOID(spend(parent->as_object().size()));
            parent->remove(path.back());
            return taken;
        }
        json::Value::Array& array = parent->as_array();
        const std::size_t index = *array_index(path.back());
        TRY_VOID(spend(array.size() - index));
        array.erase(array.begin() + static_cast<std::ptrdiff_t>(index));
        return taken;
    }

    Status move(const Pointer& from, const Pointer& path) {
        if (from.size() < path.size() && std::equal(from.begin(), from.end(), path.begin())) {
            return wrong("A value can't be moved into itself", "/path");
        }
        if (from == path) {
            TRY_VOID(find(from, from.size(), "/from"));
            return {};
        }
        TRY(json::Value taken, take(from, "/from"));
        TRY_VOID(shrink(taken));
        TRY(const json::Value* replaced, replaced_at(path));
        TRY_VOID(account(taken, path, replaced));
        return put(path, std::move(taken));
    }

    Status copy(const Pointer& from, const Pointer& path) {
        TRY(const json::Value* value, find(from, from.size(), "/from"));
        return add(path, *value);
    }

    Status test(const Pointer& path, const json::Value& value) {
        TRY(const json::Value* found, find(path, path.size(), "/path"));
        TRY_VOID(spend(value.text().size()));
        if (json::equal(*found, value)) return {};
        std::string shown;
        for (const std::string& part : path) shown += "/" + part;
        return wrong("The test fails: the value at '" + shown_name(shown) + "' is another one", "");
    }

    json::Value& target_;
    std::size_t max_bytes_;
    std::size_t bytes_;   ///< Of the target's text, about.
    std::size_t budget_;  ///< Work that is left: bytes copied, members and elements passed.
    std::string place_;   ///< The operation, as a pointer into the patch.
};

}  // namespace

Status json_patch(json::Value& target, const json::Value& patch, std::size_t max_bytes) {
    if (!patch.is_array()) return Error(ErrorCode::INVALID_PATCH, "A JSON patch is an array of operations");
    const json::Value::Array& operations = patch.as_array();
    if (operations.size() > max_patch_operations) {
        return Error(ErrorCode::INVALID_PATCH,
                     "A JSON patch may have at most " + std::to_string(max_patch_operations) +
                         " operations, this one has " + std::to_string(operations.size()));
    }
    json::Value work = target;
    Patcher patcher(work, max_bytes);
    for (std::size_t i = 0; i < operations.size(); ++i) TRY_VOID(patcher.run(operations[i], i));
    target = std::move(work);
    return {};
}

}  // namespace credvault::query
