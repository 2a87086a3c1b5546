#include <array>
#include <optional>
#include <string>
#include <utility>

#include "query/expression/conversion.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

using Arguments = std::span<Item>;

template <ConversionType To>
Result<Item> convert_to(const Call& call, Arguments arguments) {
    auto converted = convert(arguments[0], Conversion{.to = To});
    if (!converted.ok()) return call.wrong(converted.error().message);
    return converted;
}

Result<Item> type(const Call& call, Arguments arguments) {
    return call.string(std::string(type_name(arguments[0])));
}

Result<Item> is_number(const Call&, Arguments arguments) {
    return Item(!arguments[0].is_missing() && arguments[0].is_number());
}

/// $convert: what it falls back to is evaluated only where it is needed.
class ConvertNode final : public ExpressionNode {
public:
    enum Part : std::uint8_t { Input, To, OnError, OnNull, Base, Format, ByteOrder };
    static constexpr std::string_view required = "input to";
    static constexpr std::string_view optional = "onError onNull base format byteOrder";
    static constexpr std::size_t parts = 7;
    using Parts = std::array<NodePtr, parts>;

    explicit ConvertNode(Parts nodes) : nodes_(std::move(nodes)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(apply(evaluation));
    }

private:
    Result<Item> apply(Evaluation& evaluation) const {
        const Call call{"$convert", evaluation};
        TRY_VOID(call.spend(1));
        TRY(const Item to, value(To, evaluation));
        TRY(const Item input, value(Input, evaluation));
        TRY(const auto type, target(call, to));
        if (input.is_nullish()) return nodes_[OnNull] ? value(OnNull, evaluation) : Item(nullptr);
        if (!type) return Item(nullptr);
        TRY_VOID(check_word(evaluation, Format, "auto base64 base64url hex utf8 uuid"));
        TRY_VOID(check_word(evaluation, ByteOrder, "big little"));
        Conversion conversion{.to = *type};
        TRY_VOID(read_base(evaluation, conversion));
        auto converted = convert(input, conversion);
        if (converted.ok()) return converted;
        if (nodes_[OnError]) return value(OnError, evaluation);
        return call.wrong(converted.error().message);
    }

    Result<Item> value(Part part, Evaluation& evaluation) const {
        if (nodes_[part] == nullptr) return Item();
        return nodes_[part]->evaluate(evaluation);
    }

    static Result<std::optional<ConversionType>> target(const Call& call, const Item& to) {
        if (to.is_nullish()) return std::optional<ConversionType>();
        const Item named = to.is_object() ? to.find("type") : to;
        std::optional<ConversionType> found;
        if (!named.is_missing() && named.is_string()) {
            found = conversion_type(*TextArgument(named));
        } else if (const auto code = whole_32(named)) {
            found = conversion_type(*code);
        }
        if (found) return found;
        return call.wrong("'to' must be a type's name, such as \"int\", or its number, or {type: …}");
    }

    Status check_word(Evaluation& evaluation, Part part, std::string_view known) const {
        TRY(const Item word, value(part, evaluation));
        if (word.is_nullish()) return {};
        const std::string spaced = " " + std::string(known) + " ";
        if (word.is_string() && spaced.find(" " + word.string() + " ") != std::string::npos) return {};
        const std::string name = part == Format ? "'format'" : "'byteOrder'";
        return Call{"$convert", evaluation}.wrong(name + " must be one of " + std::string(known));
    }

    Status read_base(Evaluation& evaluation, Conversion& conversion) const {
        TRY(const Item base, value(Base, evaluation));
        if (base.is_nullish()) return {};
        const auto number = whole_32(base);
        if (!number || (*number != 2 && *number != 8 && *number != 10 && *number != 16)) {
            return Call{"$convert", evaluation}.wrong("'base' must be 2, 8, 10 or 16");
        }
        conversion.base = static_cast<int>(*number);
        conversion.has_base = true;
        return {};
    }

    Parts nodes_;
};

Result<NodePtr> parse_convert(ExpressionParser& parser, const json::View& argument) {
    static constexpr std::string_view names[] = {"input", "to",     "onError",  "onNull",
                                                 "base",  "format", "byteOrder"};
    TRY(const auto given, parser.named(argument, ConvertNode::required, ConvertNode::optional));
    ConvertNode::Parts parts;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!given[i]) continue;
        TRY(parts[i], parser.expression(names[i], *given[i]));
    }
    return NodePtr(std::make_unique<ConvertNode>(std::move(parts)));
}

using To = ConversionType;
constexpr Operator table[] = {
    {.name = "$convert", .parse = parse_convert},
    {.name = "$isNumber", .least = 1, .most = 1, .apply = is_number},
    {.name = "$toBool", .least = 1, .most = 1, .apply = convert_to<To::Bool>, .nullish = Nullish::MakesNull},
    {.name = "$toDate", .least = 1, .most = 1, .apply = convert_to<To::Date>, .nullish = Nullish::MakesNull},
    {.name = "$toDecimal",
     .least = 1,
     .most = 1,
     .apply = convert_to<To::Decimal>,
     .nullish = Nullish::MakesNull},
    {.name = "$toDouble",
     .least = 1,
     .most = 1,
     .apply = convert_to<To::Double>,
     .nullish = Nullish::MakesNull},
    {.name = "$toInt", .least = 1, .most = 1, .apply = convert_to<To::Int>, .nullish = Nullish::MakesNull},
    {.name = "$toLong", .least = 1, .most = 1, .apply = convert_to<To::Long>, .nullish = Nullish::MakesNull},
    {.name = "$toObjectId",
     .least = 1,
     .most = 1,
     .apply = convert_to<To::ObjectId>,
     .nullish = Nullish::MakesNull},
    {.name = "$toString",
     .least = 1,
     .most = 1,
     .apply = convert_to<To::String>,
     .nullish = Nullish::MakesNull},
    {.name = "$toUUID", .least = 1, .most = 1, .apply = convert_to<To::Uuid>, .nullish = Nullish::MakesNull},
    {.name = "$type", .least = 1, .most = 1, .apply = type},
};

}  // namespace

std::span<const Operator> conversion_operators() { return table; }

}  // namespace credvault::query
