// Accumulators that keep values: $min, $max, $first, $last, $push, $concatArrays, $addToSet, $setUnion, $mergeObjects.
// Values are kept as their text.
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "query/key.h"
#include "query/pipeline/accumulator.h"

namespace credvault::query {
namespace {

constexpr std::size_t small_text = 15;  ///< Fits a std::string without memory of its own.

Error too_much(const MemoryShare& memory) { return memory.work().too_large({}); }

/// Replaces a kept text and accounts for its memory.
Status keep(std::string& kept, const Item& value, MemoryShare& memory) {
    const std::size_t before = kept.capacity();
    kept.clear();
    value.append_text(kept);
    if (kept.capacity() > before && kept.capacity() > small_text && !memory.take(kept.capacity() - before)) {
        if (memory.is_hopeless()) return too_much(memory);
    }
    return {};
}

Status append_to(std::string& text, const Item& value, MemoryShare& memory) {
    const std::size_t before = text.capacity();
    if (!text.empty()) text += ',';
    value.append_text(text);
    if (text.capacity() > before && !memory.take(text.capacity() - before) && memory.is_hopeless()) {
        return too_much(memory);
    }
    return {};
}

struct FirstState {
    std::string text;

    Status add(const Item& value, MemoryShare& memory) {
        return text.empty() ? keep(text, value, memory) : Status();
    }
    Status append(std::string& out) const {
        out += text.empty() ? std::string_view("null") : std::string_view(text);
        return {};
    }
};

struct LastState : FirstState {
    Status add(const Item& value, MemoryShare& memory) { return keep(text, value, memory); }
};

class Extreme final : public StateAccumulator<FirstState> {
public:
    explicit Extreme(bool greatest) : greatest_(greatest) {}
    Status add(void* state, const Item& value, MemoryShare& memory) const override {
        if (value.is_nullish()) return {};
        std::string& text = of(state).text;
        if (!text.empty()) {
            const auto order = compare(value, Item(json::View(text)));
            if (greatest_ ? order <= 0 : order >= 0) return {};
        }
        return keep(text, value, memory);
    }

private:
    bool greatest_;
};

struct ListState {
    std::string elements;

    Status add(const Item& value, MemoryShare& memory) {
        return value.is_missing() ? Status() : append_to(elements, value, memory);
    }
    Status append(std::string& out) const {
        out += '[';
        out += elements;
        out += ']';
        return {};
    }
};

Error no_array(std::string_view operation, const Item& value) {
    return Error(ErrorCode::INVALID_EXPRESSION,
                 std::string(operation) + ": it takes arrays, not " + std::string(type_name(value)),
                 std::string(operation));
}

class Concatenation final : public StateAccumulator<ListState> {
public:
    Status add(void* state, const Item& value, MemoryShare& memory) const override {
        if (value.is_missing()) return {};
        if (!value.is_array()) return no_array("$concatArrays", value);
        for (const Item element : value.elements()) TRY_VOID(append_to(of(state).elements, element, memory));
        return {};
    }
};

struct SetState {
    std::string elements;
    std::unordered_set<std::string> keys;

    Status add(const Item& value, MemoryShare& memory) {
        if (value.is_missing()) return {};
        std::string text;
        value.append_text(text);
        std::string key;
        append_key(key, json::View(text));
        constexpr std::size_t node_bytes = 64;
        const std::size_t bytes = key.size() + node_bytes;
        if (!keys.insert(std::move(key)).second) return {};
        if (!memory.take(bytes) && memory.is_hopeless()) return too_much(memory);
        return append_to(elements, value, memory);
    }
    Status append(std::string& out) const {
        out += '[';
        out += elements;
        out += ']';
        return {};
    }
};

class Union final : public StateAccumulator<SetState> {
public:
    Status add(void* state, const Item& value, MemoryShare& memory) const override {
        if (value.is_missing()) return {};
        if (!value.is_array()) return no_array("$setUnion", value);
        for (const Item element : value.elements()) TRY_VOID(of(state).add(element, memory));
        return {};
    }
};

/// Members by their name, at the place where the name first came.
struct ObjectState {
    std::vector<std::pair<std::string, std::string>> members;

    Status add(const Item& value, MemoryShare& memory) {
        if (value.is_nullish()) return {};
        if (!value.is_object()) {
            return Error(ErrorCode::INVALID_EXPRESSION,
                         "$mergeObjects: it takes objects, not " + std::string(type_name(value)),
                         "$mergeObjects");
        }
        const std::string text = value.text();
        for (const json::Member& member : json::View(text).members()) TRY_VOID(set(member, memory));
        return {};
    }
    Status set(const json::Member& member, MemoryShare& memory) {
        const auto [at, added] = places.try_emplace(std::string(member.name), members.size());
        if (added) members.emplace_back(member.name, std::string());
        members[at->second].second = member.value.text();
        constexpr std::size_t node_bytes = 160;
        const std::size_t bytes =
            member.value.text().size() + (added ? member.name.size() * 2 + node_bytes : 0);
        return memory.take(bytes) || !memory.is_hopeless() ? Status() : too_much(memory);
    }
    Status append(std::string& out) const {
        out += '{';
        bool first = true;
        for (const auto& [name, value] : members) {
            if (!std::exchange(first, false)) out += ',';
            out += '"';
            out += name;
            out += "\":";
            out += value;
        }
        out += '}';
        return {};
    }

    std::unordered_map<std::string, std::size_t> places;
};

template <class A>
Result<std::unique_ptr<Accumulator>> made() {
    return std::make_unique<A>();
}

}  // namespace

Result<std::unique_ptr<Accumulator>> make_first(const AccumulatorSpec&) {
    return made<StateAccumulator<FirstState>>();
}

Result<std::unique_ptr<Accumulator>> make_last(const AccumulatorSpec&) {
    return made<StateAccumulator<LastState>>();
}

Result<std::unique_ptr<Accumulator>> make_extreme(const AccumulatorSpec& spec) {
    return std::make_unique<Extreme>(spec.operation == "$max");
}

Result<std::unique_ptr<Accumulator>> make_push(const AccumulatorSpec& spec) {
    return spec.operation == "$push" ? made<StateAccumulator<ListState>>() : made<Concatenation>();
}

Result<std::unique_ptr<Accumulator>> make_set(const AccumulatorSpec& spec) {
    return spec.operation == "$addToSet" ? made<StateAccumulator<SetState>>() : made<Union>();
}

Result<std::unique_ptr<Accumulator>> make_merge(const AccumulatorSpec&) {
    return made<StateAccumulator<ObjectState>>();
}

}  // namespace credvault::query
