// A line of expression, then a record: the expression is refused, naming what is wrong, or evaluating it ends within
// its budget with an error of the expression or with a value that JSON can hold; evaluated twice it says the same
// unless it draws at random, and so do its constants.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "json/canonical.h"
#include "query/expression/expression.h"
#include "query/filter.h"

namespace {

using namespace credvault;

void require(bool holds) {
    if (!holds) std::abort();
}

bool is_expressions_fault(const Error& error) {
    return error.code == ErrorCode::INVALID_EXPRESSION || error.code == ErrorCode::UNSUPPORTED_OPERATOR ||
           error.code == ErrorCode::QUERY_TOO_LARGE;
}

/// The value as text, or the error's message.
std::string evaluated(const query::Expression& expression, const json::View& record) {
    query::Evaluation evaluation(1'700'000'000'000,
                                 {.max_work = 20'000, .max_memory = 1 << 20, .max_depth = 50});
    evaluation.begin(record);
    const auto value = expression.evaluate(evaluation);
    if (!value.ok()) {
        require(is_expressions_fault(value.error()) && !value.error().message.empty());
        return value.error().message;
    }
    if (value->is_missing()) return "missing";
    std::string text = value->text();
    const auto canonical = json::canonicalize(text, {.max_depth = 1'000, .max_bytes = 64 << 20});
    require(canonical.ok() && *canonical == text);
    require(value->value().text() == text && value->owned().text() == text);
    require(query::equal(*value, query::Item(json::View(text))));
    return text;
}

void check(const std::string& spec, const std::string& record) {
    const auto expression = query::Expression::parse(json::View(spec));
    if (!expression.ok()) {
        require(is_expressions_fault(expression.error()) && expression.error().field.size() < 100'000);
        return;
    }
    const std::string value = evaluated(*expression, json::View(record));
    const bool random = spec.find("$rand") != std::string::npos || spec.find("\\") != std::string::npos;
    require(random || evaluated(*expression, json::View(record)) == value);

    const std::string filter_text = R"({"$expr":)" + spec + "}";
    const auto filter = query::parse_filter(json::View(filter_text));
    if (!filter.ok()) return;
    const auto found = filter->test(json::View(record));
    require(random || !found.ok() || *found == filter->matches(json::View(record)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::size_t line = text.find('\n');
    if (line == std::string_view::npos) return 0;
    const auto spec = json::canonicalize(text.substr(0, line));
    const auto record = json::canonicalize(text.substr(line + 1));
    if (spec.ok() && record.ok() && json::View(*record).is_object()) check(*spec, *record);
    return 0;
}
