#include "query/pipeline/accumulator.h"

#include <algorithm>
#include <array>

#include "json/writer.h"

namespace credvault::query {
namespace {

/// What stands behind the operator.
enum class ArgumentForm : std::uint8_t {
    One,      ///< An expression.
    Nothing,  ///< {}.
    Options,  ///< An object that the maker reads.
};

struct Row {
    std::string_view name;
    ArgumentForm form;
    AccumulatorMaker make;
};

constexpr auto rows = std::to_array<Row>({
    {"$addToSet", ArgumentForm::One, make_set},
    {"$avg", ArgumentForm::One, make_average},
    {"$bottom", ArgumentForm::Options, make_ranked},
    {"$bottomN", ArgumentForm::Options, make_ranked},
    {"$concatArrays", ArgumentForm::One, make_push},
    {"$count", ArgumentForm::Nothing, make_sum},
    {"$first", ArgumentForm::One, make_first},
    {"$firstN", ArgumentForm::Options, make_some},
    {"$last", ArgumentForm::One, make_last},
    {"$lastN", ArgumentForm::Options, make_some},
    {"$max", ArgumentForm::One, make_extreme},
    {"$maxN", ArgumentForm::Options, make_some},
    {"$median", ArgumentForm::Options, make_percentile},
    {"$mergeObjects", ArgumentForm::One, make_merge},
    {"$min", ArgumentForm::One, make_extreme},
    {"$minN", ArgumentForm::Options, make_some},
    {"$percentile", ArgumentForm::Options, make_percentile},
    {"$push", ArgumentForm::One, make_push},
    {"$setUnion", ArgumentForm::One, make_set},
    {"$stdDevPop", ArgumentForm::One, make_deviation},
    {"$stdDevSamp", ArgumentForm::One, make_deviation},
    {"$sum", ArgumentForm::One, make_sum},
    {"$top", ArgumentForm::Options, make_ranked},
    {"$topN", ArgumentForm::Options, make_ranked},
});

const Row* find_row(std::string_view operation) {
    const auto* const found = std::ranges::find(rows, operation, &Row::name);
    return found != rows.end() ? found : nullptr;
}

Error unknown(std::string_view operation, const StagePlace& place) {
    std::string known;
    for (const Row& row : rows) known += (known.empty() ? "" : ", ") + std::string(row.name);
    return Error(ErrorCode::UNSUPPORTED_OPERATOR,
                 "There is no accumulator '" + shown_name(operation) + "'; there are " + known, place.where);
}

}  // namespace

class AccumulatorParser {
public:
    static Result<AccumulatorRef> parse(const Row& row, std::string field, const json::View& argument,
                                        const StagePlace& place) {
        std::optional<Expression> expression;
        if (row.form == ArgumentForm::One) {
            if (argument.is_array()) {
                return place.wrong(std::string(row.name) +
                                   " takes one expression here; {\"$literal\": [...]} is an array");
            }
            TRY(expression, place.expression(argument, {}));
        } else if (row.form == ArgumentForm::Nothing) {
            if (!argument.is_object() || !argument.empty()) {
                return place.wrong(std::string(row.name) + " takes an empty object");
            }
            TRY(expression, place.expression(json::View("1"), {}));
        } else if (!argument.is_object()) {
            return place.wrong(std::string(row.name) + " takes an object of options");
        }
        TRY(std::unique_ptr<Accumulator> made, row.make({row.name, argument, place}));
        if (expression) made->argument_ = std::move(expression);
        made->field_ = json::escape_key(field);
        made->where_ = place.where;
        return AccumulatorRef(std::move(made));
    }
};

bool is_accumulator(std::string_view operation) { return find_row(operation) != nullptr; }

Result<AccumulatorRef> parse_accumulator(std::string field, std::string_view operation,
                                         const json::View& argument, const StagePlace& place) {
    const Row* const row = find_row(operation);
    if (row == nullptr) return unknown(operation, place);
    return AccumulatorParser::parse(*row, std::move(field), argument, place);
}

Result<AccumulatorRef> parse_accumulator(const json::Member& field, const StagePlace& place) {
    std::string name;
    json::append_decoded(name, field.name);
    if (name.find('.') != std::string::npos || name.starts_with('$')) {
        return place.wrong("A result's name must have no dots and must not begin with '$'", shown_name(name));
    }
    const json::View& spec = field.value;
    if (!spec.is_object() || spec.size() != 1 || !(*spec.members().begin()).name.starts_with('$')) {
        return place.wrong(
            "A result must be an object with one accumulator, for instance {\"$sum\": \"$amount\"}",
            shown_name(name));
    }
    const json::Member member = *spec.members().begin();
    StagePlace inner = place;
    inner.where = place.below(shown_name(name)) + "." + shown_name(member.name);
    return parse_accumulator(std::move(name), member.name, member.value, inner);
}

}  // namespace credvault::query
