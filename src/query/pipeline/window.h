// What $setWindowFields computes: a partition of documents in their order, the window of each, and the functions over
// it. Internal to query/pipeline/.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/date/date_arithmetic.h"
#include "query/expression/expression.h"
#include "query/pipeline/accumulator.h"
#include "query/pipeline/batch.h"
#include "query/pipeline/run.h"
#include "query/pipeline/stage_parsing.h"
#include "query/sort.h"

namespace credvault::query {

/// Documents of one partition, in their order.
struct Partition {
    Batch documents;
    std::vector<std::string> ranks;  ///< Of each, the bytes of its sort values: equal for peers.
    std::string where;
    Run& run;
    const Sort& sort;

    std::size_t size() const { return documents.size(); }
    /// Evaluates an expression on a document.
    Result<Item> value(const Expression& expression, std::size_t document);
    /// The sort's one value of each document as a number, or the milliseconds of a date where `dates` is set. Fails
    /// with INVALID_EXPRESSION on others.
    Result<std::vector<double>> axis(bool dates);
};

/// Which documents around one are looked at.
struct Window {
    enum class Kind : std::uint8_t { Documents, Range };

    Kind kind = Kind::Documents;
    std::optional<double> lower;  ///< Nothing: unbounded. In units, where there is one.
    std::optional<double> upper;
    std::optional<TimeUnit> unit;

    /// First and one behind the last document of each window.
    using Spans = std::vector<std::pair<std::size_t, std::size_t>>;
    Result<Spans> spans(Partition& partition) const;
    static Result<Window> parse(const json::View& spec, const Sort& sort, const StagePlace& place);
};

class WindowFunction {
public:
    virtual ~WindowFunction() = default;
    /// A result for each document, as canonical text; empty where the field is to be missing.
    virtual Result<std::vector<std::string>> compute(Partition& partition) const = 0;
};

using WindowFunctionRef = std::unique_ptr<const WindowFunction>;

/// `spec` is {"$op": argument, "window": {…}}. Fails with INVALID_PIPELINE, UNSUPPORTED_OPERATOR, or as expressions do.
Result<WindowFunctionRef> parse_window_function(const json::View& spec, const Sort& sort,
                                                const StagePlace& place);

/// One of the functions of window_functions.cpp; null where the name is none of them.
struct WindowFunctionSpec {
    std::string_view operation;
    const json::View& argument;
    std::optional<Window> window;
    const Sort& sort;
    const StagePlace& place;
};
Result<WindowFunctionRef> make_rank(const WindowFunctionSpec& spec);
Result<WindowFunctionRef> make_shift(const WindowFunctionSpec& spec);
Result<WindowFunctionRef> make_moving_average(const WindowFunctionSpec& spec);
Result<WindowFunctionRef> make_fill(const WindowFunctionSpec& spec);
Result<WindowFunctionRef> make_covariance(const WindowFunctionSpec& spec);
Result<WindowFunctionRef> make_slope(const WindowFunctionSpec& spec);  ///< $derivative and $integral.

}  // namespace credvault::query
