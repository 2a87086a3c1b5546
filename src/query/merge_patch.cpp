// RFC 7396.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "query/patch.h"

namespace credvault::query {
namespace {

constexpr std::size_t few_members = 16;

/// Finds members by name in logarithmic time, as they stood when it was made; positions stay valid while members are
/// only added.
class MemberIndex {
public:
    explicit MemberIndex(const json::Value::Object& object) : object_(object), sorted_(object.size()) {
        for (std::size_t i = 0; i < sorted_.size(); ++i) sorted_[i] = i;
        std::ranges::sort(sorted_, {}, [this](std::size_t i) { return name(i); });
    }
    std::optional<std::size_t> find(std::string_view wanted) const {
        const auto found =
            std::ranges::lower_bound(sorted_, wanted, {}, [this](std::size_t i) { return name(i); });
        if (found == sorted_.end() || name(*found) != wanted) return std::nullopt;
        return *found;
    }

private:
    std::string_view name(std::size_t i) const { return object_[i].first; }

    const json::Value::Object& object_;
    std::vector<std::size_t> sorted_;
};

void merge_few(json::Value& target, const json::Value::Object& patch) {
    for (const auto& [name, change] : patch) {
        if (change.is_null()) {
            target.remove(name);
        } else if (json::Value* member = target.find(name)) {
            merge_patch(*member, change);
        } else {
            merge_patch(target.set(name, json::Value()), change);
        }
    }
}

void merge_many(json::Value::Object& target, const json::Value::Object& patch) {
    const std::size_t old_size = target.size();
    std::vector<bool> removed(old_size);
    target.reserve(old_size + patch.size());
    {
        const MemberIndex index(target);
        for (const auto& [name, change] : patch) {
            const std::optional<std::size_t> at = index.find(name);
            if (change.is_null()) {
                if (at) removed[*at] = true;
            } else if (at) {
                merge_patch(target[*at].second, change);
            } else {
                merge_patch(target.emplace_back(name, json::Value()).second, change);
            }
        }
    }
    std::size_t i = 0;
    std::erase_if(target, [&](const auto&) { return i < old_size ? removed[i++] : (++i, false); });
}

}  // namespace

void merge_patch(json::Value& target, const json::Value& patch) {
    if (!patch.is_object()) {
        target = patch;
        return;
    }
    if (!target.is_object()) target = json::Value::Object();
    if (patch.as_object().size() <= few_members) {
        merge_few(target, patch.as_object());
    } else {
        merge_many(target.as_object(), patch.as_object());
    }
}

}  // namespace credvault::query
