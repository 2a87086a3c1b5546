// $inc, $mul, $bit. Integers stay integers and must stay within 64 bits, as in MongoDB; with a double on either side
// the result is a double, which must be finite, since JSON has no other.
#include <cmath>
#include <utility>
#include <vector>

#include "json/writer.h"
#include "query/update/modifier.h"

namespace credvault::query {
namespace {

enum class Arithmetic : bool { Sum, Product };

class ArithmeticModifier final : public Modifier {
public:
    ArithmeticModifier(std::string_view op, std::string path, const json::View& operand, Arithmetic kind)
        : Modifier(op, std::move(path), {}), operand_(operand.text()), kind_(kind) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        const json::View operand(operand_);
        if (current == nullptr) {
            out += kind_ == Arithmetic::Sum ? operand_ : operand.type() == json::Type::Int ? "0" : "0.0";
            return Change::Written;
        }
        if (!current->is_number()) {
            return wrong("it needs a number there; the record has " + std::string(described_type(*current)));
        }
        const std::size_t start = out.size();
        if (current->type() == json::Type::Int && operand.type() == json::Type::Int) {
            TRY_VOID(append_integer(out, current->as_int(), operand.as_int()));
        } else {
            TRY_VOID(append_real(out, current->as_double(), operand.as_double()));
        }
        if (std::string_view(out).substr(start) != current->text()) return Change::Written;
        out.resize(start);
        return Change::Kept;
    }

private:
    Status append_integer(std::string& out, std::int64_t a, std::int64_t b) const {
        std::int64_t result = 0;
        const bool overflow = kind_ == Arithmetic::Sum ? __builtin_add_overflow(a, b, &result)
                                                       : __builtin_mul_overflow(a, b, &result);
        if (overflow) return wrong("the result would not fit into 64 bits");
        json::append_int(out, result);
        return {};
    }
    Status append_real(std::string& out, double a, double b) const {
        const double result = kind_ == Arithmetic::Sum ? a + b : a * b;
        if (!std::isfinite(result)) return wrong("the result would not be a finite number");
        json::append_double(out, result);
        return {};
    }

    std::string operand_;
    Arithmetic kind_;
};

enum class Bits : std::uint8_t { And, Or, Xor };

class BitModifier final : public Modifier {
public:
    using Step = std::pair<Bits, std::int64_t>;
    BitModifier(std::string path, std::vector<Step> steps)
        : Modifier("$bit", std::move(path), {}), steps_(std::move(steps)) {}

    Result<Change> apply(const json::View* current, const ModifierInput&, std::string& out) const override {
        if (current != nullptr && current->type() != json::Type::Int) {
            return wrong("it needs an integer there; the record has " +
                         std::string(current->is_number() ? "a number with a point or exponent"
                                                          : described_type(*current)));
        }
        std::int64_t value = current == nullptr ? 0 : current->as_int();
        for (const auto& [kind, operand] : steps_) {
            switch (kind) {
                case Bits::And: value &= operand; break;
                case Bits::Or: value |= operand; break;
                case Bits::Xor: value ^= operand; break;
            }
        }
        if (current != nullptr && value == current->as_int()) return Change::Kept;
        json::append_int(out, value);
        return Change::Written;
    }

private:
    std::vector<Step> steps_;
};

ModifierResult make_arithmetic(std::string_view op, std::string path, const json::View& argument,
                               Arithmetic kind) {
    if (!argument.is_number()) {
        return wrong_argument(op, path,
                              "it takes a number, this is " + std::string(described_type(argument)));
    }
    return std::make_unique<ArithmeticModifier>(op, std::move(path), argument, kind);
}

std::optional<Bits> bits_of(std::string_view name) {
    if (name == "and") return Bits::And;
    if (name == "or") return Bits::Or;
    if (name == "xor") return Bits::Xor;
    return std::nullopt;
}

}  // namespace

ModifierResult make_inc(std::string path, const json::View& argument) {
    return make_arithmetic("$inc", std::move(path), argument, Arithmetic::Sum);
}

ModifierResult make_mul(std::string path, const json::View& argument) {
    return make_arithmetic("$mul", std::move(path), argument, Arithmetic::Product);
}

ModifierResult make_bit(std::string path, const json::View& argument) {
    constexpr std::string_view right = R"(it takes {"and": n}, {"or": n} or {"xor": n}, n being an integer)";
    if (!argument.is_object() || argument.empty()) return wrong_argument("$bit", path, right);
    std::vector<BitModifier::Step> steps;
    for (const json::Member& member : argument.members()) {
        const std::optional<Bits> kind = bits_of(member.name);
        if (!kind || member.value.type() != json::Type::Int) return wrong_argument("$bit", path, right);
        steps.emplace_back(*kind, member.value.as_int());
    }
    return std::make_unique<BitModifier>(std::move(path), std::move(steps));
}

}  // namespace credvault::query
