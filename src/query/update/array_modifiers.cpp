// $addToSet, $pop, $pull, $pullAll.
#include <utility>
#include <vector>

#include "json/order.h"
#include "json/value.h"
#include "query/filter.h"
#include "query/filter_parser.h"
#include "query/operand.h"
#include "query/update/modifier.h"
#include "query/whole_number.h"

namespace credvault::query {
namespace {

/// What all modifiers of arrays refuse.
std::string needs_array(const json::View& current) {
    return "it needs an array there; the record has " + std::string(described_type(current));
}

/// A set of values that is searched without a walk over all.
class Values {
public:
    explicit Values(const std::vector<json::View>& views) {
        for (const json::View view : views) values_.push_back(std::make_unique<json::Value>(view));
        std::vector<const json::Value*> pointers;
        for (const auto& value : values_) pointers.push_back(value.get());
        set_ = std::make_unique<ValueSet>(pointers);
    }
    std::optional<std::size_t> find(const json::View& value) const { return set_->find(&value); }
    std::size_t size() const { return set_->size(); }

private:
    std::vector<std::unique_ptr<json::Value>> values_;
    std::unique_ptr<ValueSet> set_;
};

std::vector<json::View> elements_of(const json::View& array) {
    std::vector<json::View> elements;
    for (const json::View element : array.elements()) elements.push_back(element);
    return elements;
}

void append_element(std::string& out, const json::View& element) {
    if (out.back() != '[') out += ',';
    out += element.text();
}

class AddToSet final : public Modifier {
public:
    AddToSet(std::string path, const std::vector<json::View>& values)
        : Modifier("$addToSet", std::move(path), {}), set_(values) {
        // Each value once, in the order given.
        std::vector<bool> seen(set_.size());
        for (const json::View value : values) {
            const std::size_t id = *set_.find(value);
            if (seen[id]) continue;
            seen[id] = true;
            added_.emplace_back(id, value.text());
        }
    }

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        std::vector<bool> present(set_.size());
        if (current == nullptr) {
            out += '[';
        } else {
            if (!current->is_array()) return wrong(needs_array(*current));
            std::size_t missing = added_.size();
            for (const json::View element : current->elements()) {
                const auto id = set_.find(element);
                if (!id || present[*id]) continue;
                present[*id] = true;
                --missing;
            }
            if (missing == 0) return Change::Kept;
            out += current->text().substr(0, current->text().size() - 1);
        }
        for (const auto& [id, text] : added_) {
            // An array that is copied whole ends in its last element.
            if (!present[id]) append_element(out, json::View(text));
        }
        out += ']';
        return Change::Written;
    }

private:
    Values set_;
    std::vector<std::pair<std::size_t, std::string>> added_;
};

class Pop final : public Modifier {
public:
    Pop(std::string path, bool first)
        : Modifier("$pop", std::move(path), {.creates = false}), first_(first) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        if (!current->is_array()) return wrong(needs_array(*current));
        if (current->empty()) return Change::Kept;
        const std::vector<json::View> elements = elements_of(*current);
        out += '[';
        const std::size_t begin = first_ ? 1 : 0;
        for (std::size_t i = begin; i + 1 < elements.size() + begin; ++i) append_element(out, elements[i]);
        out += ']';
        return Change::Written;
    }

private:
    bool first_;
};

/// What $pull and $pullAll share: they take elements out.
class Removal : public Modifier {
public:
    Removal(std::string_view op, std::string path) : Modifier(op, std::move(path), {.creates = false}) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        if (!current->is_array()) return wrong(needs_array(*current));
        const std::size_t start = out.size();
        bool removed = false;
        out += '[';
        for (const json::View element : current->elements()) {
            TRY(const bool taken, takes(element));
            if (taken) {
                removed = true;
            } else {
                append_element(out, element);
            }
        }
        out += ']';
        if (removed) return Change::Written;
        out.resize(start);
        return Change::Kept;
    }

private:
    virtual Result<bool> takes(const json::View& element) const = 0;
};

class PullEqual final : public Removal {
public:
    PullEqual(std::string path, const json::View& value)
        : Removal("$pull", std::move(path)), value_(value.text()) {}

private:
    Result<bool> takes(const json::View& element) const override {
        return json::equal(element, json::View(value_));
    }
    std::string value_;
};

class PullMatching final : public Removal {
public:
    /// `wrapped`: the filter is about {"v": element} and any element; else about elements that are objects.
    PullMatching(std::string path, Filter filter, bool wrapped)
        : Removal("$pull", std::move(path)), filter_(std::move(filter)), wrapped_(wrapped) {}

private:
    Result<bool> takes(const json::View& element) const override {
        if (!wrapped_) return element.is_object() ? filter_.test(element) : Result<bool>(false);
        std::string document = R"({"v":)";
        document.append(element.text()).append("}");
        return filter_.test(json::View(document));
    }
    Filter filter_;
    bool wrapped_;
};

class PullAll final : public Removal {
public:
    PullAll(std::string path, const std::vector<json::View>& values)
        : Removal("$pullAll", std::move(path)), set_(values) {}

private:
    Result<bool> takes(const json::View& element) const override { return set_.find(element).has_value(); }
    Values set_;
};

}  // namespace

ModifierResult make_add_to_set(std::string path, const json::View& argument) {
    const auto each = argument.find("$each");
    if (!each) return std::make_unique<AddToSet>(std::move(path), std::vector{argument});
    if (!each->is_array()) return wrong_argument("$addToSet", path, "$each takes an array");
    if (argument.size() > 1)
        return wrong_argument("$addToSet", path, "only $each may stand beside $each here");
    return std::make_unique<AddToSet>(std::move(path), elements_of(*each));
}

ModifierResult make_pop(std::string path, const json::View& argument) {
    const std::optional<std::int64_t> end = whole_number(argument);
    if (!end || (*end != 1 && *end != -1))
        return wrong_argument("$pop", path, "it takes 1 (the last element) or -1 (the first)");
    return std::make_unique<Pop>(std::move(path), *end == -1);
}

ModifierResult make_pull(std::string path, const json::View& argument) {
    if (!argument.is_object()) return std::make_unique<PullEqual>(std::move(path), argument);
    const bool wrapped = is_operator_document(argument);
    std::string document;
    if (wrapped) document.append(R"({"v":)").append(argument.text()).append("}");
    FilterLimits limits;
    limits.no_search = "The elements of arrays can't be searched";
    Result<Filter> filter = parse_filter(wrapped ? json::View(document) : argument, limits);
    if (!filter.ok()) {
        Error error = std::move(filter).error();
        error.message = "'$pull' on '" + path + "': " + error.message;
        error.field = std::move(path);
        return error;
    }
    return std::make_unique<PullMatching>(std::move(path), *std::move(filter), wrapped);
}

ModifierResult make_pull_all(std::string path, const json::View& argument) {
    if (!argument.is_array()) {
        return wrong_argument(
            "$pullAll", path,
            "it takes an array of values, this is " + std::string(described_type(argument)));
    }
    return std::make_unique<PullAll>(std::move(path), elements_of(argument));
}

}  // namespace credvault::query
