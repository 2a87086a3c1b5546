// What the tests of expressions share: tables of expressions with a record and the value, and of what must fail.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "json/canonical.h"
#include "json/order.h"
#include "query/expression/expression.h"

namespace credvault::query {

struct Evaluated {
    std::string value;  ///< Canonical text; "missing" for what is missing.
    Error error;        ///< With a message where it failed.
    bool failed = false;
};

/// Parses JSON written by hand and evaluates it.
inline Evaluated evaluate(std::string_view expression_text, std::string_view record_text = "{}",
                          const EvaluationLimits& limits = {}) {
    const Result<std::string> spec = json::canonicalize(expression_text);
    const Result<std::string> record = json::canonicalize(record_text);
    EXPECT_TRUE(spec.ok() && record.ok()) << expression_text << " " << record_text;
    if (!spec.ok() || !record.ok()) return {"", Error(ErrorCode::INTERNAL, "bad test"), true};
    const Result<Expression> expression = Expression::parse(json::View(*spec));
    if (!expression.ok()) return {"", expression.error(), true};
    Evaluation evaluation(1'700'000'000'000, limits);
    evaluation.begin(json::View(*record));
    const Result<Item> item = expression->evaluate(evaluation);
    if (!item.ok()) return {"", item.error(), true};
    return {item->is_missing() ? "missing" : item->text(), {}, false};
}

struct ValueCase {
    std::string_view expression;
    std::string_view record;
    std::string_view value;  ///< JSON, or "missing".
};

inline void check(const std::vector<ValueCase>& cases) {
    for (const ValueCase& one : cases) {
        const Evaluated found = evaluate(one.expression, one.record);
        EXPECT_EQ(found.value, one.value)
            << one.expression << " on " << one.record << ": " << found.error.message;
    }
}

struct ErrorCase {
    std::string_view expression;
    std::string_view record;
    std::string_view field;    ///< As in the error.
    std::string_view message;  ///< A part of it.
    ErrorCode code = ErrorCode::INVALID_EXPRESSION;
};

inline void check(const std::vector<ErrorCase>& cases) {
    for (const ErrorCase& one : cases) {
        const Evaluated found = evaluate(one.expression, one.record);
        EXPECT_TRUE(found.failed) << one.expression << " on " << one.record << " gives " << found.value;
        EXPECT_EQ(error_name(found.error.code), error_name(one.code))
            << one.expression << found.error.message;
        EXPECT_EQ(found.error.field, one.field) << one.expression << ": " << found.error.message;
        EXPECT_NE(found.error.message.find(one.message), std::string::npos)
            << one.expression << ": " << found.error.message;
    }
}

}  // namespace credvault::query
