// $set, $setOnInsert, $unset, $min, $max, $currentDate, $rename.
#include <utility>
#include <vector>

#include "base/clock.h"
#include "json/order.h"
#include "json/writer.h"
#include "query/path.h"
#include "query/update/modifier.h"

namespace credvault::query {
namespace {

class SetModifier final : public Modifier {
public:
    SetModifier(std::string_view op, std::string path, const json::View& value, bool insert_only)
        : Modifier(op, std::move(path), {.insert_only = insert_only}), value_(value.text()) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        if (current != nullptr && current->text() == value_) return Change::Kept;
        out += value_;
        return Change::Written;
    }

private:
    std::string value_;
};

class UnsetModifier final : public Modifier {
public:
    UnsetModifier(std::string_view op, std::string path)
        : Modifier(op, std::move(path), {.creates = false, .lenient = true}) {}

    Result<Change> apply(const json::View*, const ModifierInput&, std::string&) const override {
        return Change::Removed;
    }
};

/// $min and $max: the operand where it comes first, or last, in the order of values.
class BoundModifier final : public Modifier {
public:
    BoundModifier(std::string_view op, std::string path, const json::View& value, bool least)
        : Modifier(op, std::move(path), {}), value_(value.text()), least_(least) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        if (current != nullptr) {
            const auto order = json::compare(json::View(value_), *current);
            if (least_ ? !std::is_lt(order) : !std::is_gt(order)) return Change::Kept;
        }
        out += value_;
        return Change::Written;
    }

private:
    std::string value_;
    bool least_;
};

class DateModifier final : public Modifier {
public:
    explicit DateModifier(std::string path) : Modifier("$currentDate", std::move(path), {}) {}

    Result<Change> apply(const json::View*, const ModifierInput& in, std::string& out) const override {
        out += '"';
        append_time(out, in.now_ms);
        out += '"';
        return Change::Written;
    }
};

class RenameTo final : public Modifier {
public:
    RenameTo(std::string to, std::string_view from) : Modifier("$rename", std::move(to), {}), from_(from) {
        for (std::size_t begin = 0; begin <= from.size();) {
            const std::size_t end = std::min(from.find('.', begin), from.size());
            parts_.push_back(json::escape_key(from.substr(begin, end - begin)));
            begin = end + 1;
        }
    }

    Result<Change> apply(const json::View* current, const ModifierInput& in,
                         std::string& out) const override {
        TRY(const std::optional<json::View> source, find(in.record));
        if (!source) return Change::Kept;
        if (in.inside_array) return wrong("the new path must not lead through an array");
        if (current != nullptr && current->text() == source->text()) return Change::Kept;
        out += source->text();
        return Change::Written;
    }
    bool has_work(const json::View& record) const override {
        const auto source = find(record);
        return !source.ok() || *source;
    }
    bool is_rename() const override { return true; }

private:
    Result<std::optional<json::View>> find(const json::View& record) const {
        std::optional<json::View> at = record;
        for (const std::string& part : parts_) {
            if (at->is_array()) {
                const Result<Path> index = parse_lookup_path(part);
                if (!index.ok() || !index->parts[0].index || *index->parts[0].index >= at->size()) {
                    return std::optional<json::View>();
                }
                return wrong("the old path '" + shown_name(from_) + "' must not lead through an array");
            }
            at = at->find(part);
            if (!at) return std::optional<json::View>();
        }
        return at;
    }

    std::string from_;
    std::vector<std::string> parts_;  ///< Escaped.
};

}  // namespace

ModifierResult make_set(std::string path, const json::View& argument) {
    return std::make_unique<SetModifier>("$set", std::move(path), argument, false);
}

ModifierResult make_set_on_insert(std::string path, const json::View& argument) {
    return std::make_unique<SetModifier>("$setOnInsert", std::move(path), argument, true);
}

ModifierResult make_unset(std::string path, const json::View&) {
    return std::make_unique<UnsetModifier>("$unset", std::move(path));
}

ModifierResult make_min(std::string path, const json::View& argument) {
    return std::make_unique<BoundModifier>("$min", std::move(path), argument, true);
}

ModifierResult make_max(std::string path, const json::View& argument) {
    return std::make_unique<BoundModifier>("$max", std::move(path), argument, false);
}

ModifierResult make_current_date(std::string path, const json::View& argument) {
    bool good = argument.type() == json::Type::Bool;
    if (argument.is_object()) {
        std::size_t members = 0;
        for (const json::Member& member : argument.members()) {
            const std::string_view type = member.value.text();
            good =
                ++members == 1 && member.name == "$type" && (type == "\"date\"" || type == "\"timestamp\"");
        }
    }
    if (!good) {
        return wrong_argument("$currentDate", path,
                              R"(it takes true, {"$type":"date"} or {"$type":"timestamp"})");
    }
    return std::make_unique<DateModifier>(std::move(path));
}

std::unique_ptr<Modifier> make_rename_to(std::string to, std::string_view from) {
    return std::make_unique<RenameTo>(std::move(to), from);
}

std::unique_ptr<Modifier> make_rename_from(std::string from) {
    return std::make_unique<UnsetModifier>("$rename", std::move(from));
}

}  // namespace credvault::query
