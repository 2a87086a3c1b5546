// $dateToString and $dateFromString. What they fall back to is evaluated only where it is needed, so that they are
// nodes of their own.
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "query/date/calendar.h"
#include "query/date/date_format.h"
#include "query/expression/date_argument.h"
#include "query/expression/families.h"
#include "query/expression/parser.h"
#include "query/expression/text_argument.h"

namespace credvault::query {
namespace {

constexpr std::string_view utc_format = "%Y-%m-%dT%H:%M:%S.%LZ";
constexpr std::string_view local_format = "%Y-%m-%dT%H:%M:%S.%L";

enum At : std::uint8_t { Input, Format, Zone, OnNull, OnError };
constexpr std::size_t max_parts = 5;
using Parts = std::array<NodePtr, max_parts>;

/// What both nodes have: a format, a zone, and what to return for null.
class DateTextNode : public ExpressionNode {
public:
    DateTextNode(std::string_view name, DateFormatUse use, Parts parts)
        : name_(name), use_(use), parts_(std::move(parts)) {}

    Result<Item> evaluate(Evaluation& evaluation) const override {
        const MemoryFrame frame(evaluation);
        return frame.keep(apply(evaluation));
    }

    /// Checks what is constant once.
    Status prepare() {
        Evaluation evaluation(0);
        const Call call = this->call(evaluation);
        if (parts_[Format] != nullptr && parts_[Format]->constant() != nullptr) {
            TRY_VOID(check_format(call, *parts_[Format]->constant()));
            format_is_checked_ = true;
        }
        if (parts_[Zone] != nullptr && parts_[Zone]->constant() != nullptr) {
            TRY(zone_, zone_argument(call, Zone, *parts_[Zone]->constant()));
        }
        return {};
    }

protected:
    /// Precondition: none of the arguments is null or missing, but for the format where it was not given.
    virtual Result<Item> result(Evaluation& evaluation, const Item& input, const Item& format,
                                const TimeZone& zone) const = 0;

    Call call(Evaluation& evaluation) const {
        const std::uint32_t given = parts_[Zone] != nullptr ? ~0U : ~(1U << Zone);
        return {name_, evaluation, nullptr, given};
    }
    const NodePtr& part(At at) const { return parts_[at]; }

private:
    Result<Item> apply(Evaluation& evaluation) const {
        const Call call = this->call(evaluation);
        TRY_VOID(call.spend(1));
        TRY(const Item input, parts_[Input]->evaluate(evaluation));
        Item format;
        if (parts_[Format] != nullptr) {
            TRY(format, parts_[Format]->evaluate(evaluation));
            if (!format_is_checked_) TRY_VOID(check_format(call, format));
        }
        std::optional<TimeZone> zone = zone_;
        if (!zone) {
            Item name;
            if (parts_[Zone] != nullptr) {
                TRY(name, parts_[Zone]->evaluate(evaluation));
            }
            TRY(zone, zone_argument(call, Zone, name));
        }
        if (input.is_nullish()) {
            return parts_[OnNull] != nullptr ? parts_[OnNull]->evaluate(evaluation) : Item(nullptr);
        }
        if (!zone || (parts_[Format] != nullptr && format.is_nullish())) return Item(nullptr);
        return result(evaluation, input, format, *zone);
    }

    Status check_format(const Call& call, const Item& format) const {
        if (format.is_nullish()) return {};
        if (!format.is_string()) return call.wrong_type("'format' must be a string", format);
        const auto fault = date_format_fault(*TextArgument(format), use_);
        if (fault) return call.wrong(*fault);
        return {};
    }

    std::string_view name_;
    DateFormatUse use_;
    Parts parts_;
    bool format_is_checked_ = false;
    std::optional<TimeZone> zone_;
};

class DateToStringNode final : public DateTextNode {
public:
    explicit DateToStringNode(Parts parts)
        : DateTextNode("$dateToString", DateFormatUse::Writing, std::move(parts)) {}

private:
    Result<Item> result(Evaluation& evaluation, const Item& input, const Item& format,
                        const TimeZone& zone) const override {
        const Call call = this->call(evaluation);
        TRY(const std::int64_t ms, date_argument(call, "'date'", input));
        if (format.is_missing())
            return call.string(format_date(zone.is_utc() ? utc_format : local_format, {ms, zone}));
        const TextArgument text(format);
        // A specifier of two bytes makes nine at most ("September").
        constexpr std::size_t growth = 5;
        TRY_VOID(call.charge(text->size() * growth));
        return Item(format_date(*text, {ms, zone}));
    }
};

class DateFromStringNode final : public DateTextNode {
public:
    explicit DateFromStringNode(Parts parts)
        : DateTextNode("$dateFromString", DateFormatUse::Reading, std::move(parts)) {}

private:
    Result<Item> result(Evaluation& evaluation, const Item& input, const Item& format,
                        const TimeZone& zone) const override {
        auto read = this->read(call(evaluation), input, format, zone);
        if (read.ok() || part(OnError) == nullptr) return read;
        return part(OnError)->evaluate(evaluation);
    }

    static Result<Item> read(const Call& call, const Item& input, const Item& format, const TimeZone& zone) {
        if (!input.is_string()) return call.wrong_type("'dateString' must be a string", input);
        const TextArgument text(input);
        DateFault fault;
        const auto read =
            format.is_missing() ? read_date(*text, fault) : read_date(*text, *TextArgument(format), fault);
        if (!read) return call.wrong("the string is no date: " + fault.message);
        if (read->zone && !zone.is_utc()) {
            return call.wrong("the string names its time zone, so that 'timezone' must not name another");
        }
        return date_result(call, read->zone.value_or(zone).to_utc(read->local_ms));
    }
};

template <class Node>
Result<NodePtr> parse(ExpressionParser& parser, const json::View& argument, std::string_view input,
                      std::string_view optional) {
    TRY(const auto given, parser.named(argument, input, optional));
    constexpr std::array<std::string_view, max_parts> names = {"", "format", "timezone", "onNull", "onError"};
    Parts parts;
    for (std::size_t i = 0; i < given.size(); ++i) {
        if (!given[i]) continue;
        TRY(parts[i], parser.expression(i == Input ? input : names[i], *given[i]));
    }
    auto node = std::make_unique<Node>(std::move(parts));
    TRY_VOID(node->prepare());
    return NodePtr(std::move(node));
}

Result<NodePtr> parse_date_to_string(ExpressionParser& parser, const json::View& argument) {
    return parse<DateToStringNode>(parser, argument, "date", "format timezone onNull");
}

Result<NodePtr> parse_date_from_string(ExpressionParser& parser, const json::View& argument) {
    return parse<DateFromStringNode>(parser, argument, "dateString", "format timezone onNull onError");
}

constexpr Operator table[] = {
    {.name = "$dateFromString", .parse = parse_date_from_string},
    {.name = "$dateToString", .parse = parse_date_to_string},
};

}  // namespace

std::span<const Operator> date_text_operators() { return table; }

}  // namespace credvault::query
