#include <algorithm>

#include "access/usage.h"
#include "api/endpoints.h"
#include "api/endpoints/limit_shapes.h"
#include "base/clock.h"

namespace credvault::api {

enum class UsageGroup : std::uint8_t { Day, Hour, Class, Key };

template <>
struct EnumNames<UsageGroup> {
    static constexpr auto names =
        std::to_array<std::pair<std::string_view, UsageGroup>>({{"day", UsageGroup::Day},
                                                                {"hour", UsageGroup::Hour},
                                                                {"class", UsageGroup::Class},
                                                                {"key", UsageGroup::Key}});
};

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t usual_days = 30;
constexpr std::size_t day_characters = 10;

struct GetUsage {
    std::optional<std::string_view> from, to, key;
    std::vector<UsageGroup> group;

    static Fields fields() {
        return {
            query(&GetUsage::from, "from",
                  {.description = "The first day, in UTC; 30 days before the last one where it is left out.",
                   .example = "2026-01-01",
                   .min_length = 10,
                   .max_length = 10}),
            query(&GetUsage::to, "to",
                  {.description = "The last day; today where it is left out.",
                   .example = "2026-01-31",
                   .min_length = 10,
                   .max_length = 10}),
            query(&GetUsage::key, "key",
                  {.description = "Only what this key or user did.",
                   .example = "key_4f7Qd2",
                   .max_length = 128}),
            query(&GetUsage::group, "group",
                  {.description =
                       "What is told apart: any of `day`, `hour` (of the last days only), `class` and `key`.",
                   .example = R"(["day","class"])",
                   .max_items = 4,
                   .default_value = R"(["day"])"})};
    }
};

Result<std::int64_t> day_from(std::string_view text, std::string_view field) {
    const auto ms = parse_time(text);
    if (ms && text.size() == 10) return *ms;
    return Error(ErrorCode::INVALID_PARAMETER,
                 "Parameter '" + std::string(field) + "' must be a day, for instance 2026-01-31",
                 std::string(field));
}

Result<access::UsageQuery> query_of(Context& context, const GetUsage& request) {
    access::UsageQuery query;
    query.workspace = context.workspace();
    std::int64_t last = now_ms();
    if (request.to) {
        TRY(last, day_from(*request.to, "to"));
    }
    std::int64_t first = last - (usual_days - 1) * day_ms;
    if (request.from) {
        TRY(first, day_from(*request.from, "from"));
    }
    query.from = access::day_of(first);
    query.to = access::day_of(last);
    if (query.from > query.to)
        return Error(ErrorCode::INVALID_PARAMETER, "The first day must not come after the last one", "from");
    query.key = request.key.value_or("");
    const auto grouped = [&](UsageGroup by) {
        return std::ranges::find(request.group, by) != request.group.end();
    };
    query.by_day = request.group.empty() || grouped(UsageGroup::Day);
    query.by_hour = grouped(UsageGroup::Hour);
    query.by_class = grouped(UsageGroup::Class);
    query.by_key = grouped(UsageGroup::Key);
    return query;
}

std::optional<std::string> shown(bool told_apart, const std::string& value) {
    return told_apart ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<LatencyShape> shape_of(const access::Latencies& latencies) {
    const auto p50 = latencies.percentile_ms(0.5);
    if (!p50) return {};
    return LatencyShape{*p50, latencies.percentile_ms(0.95).value_or(0),
                        latencies.percentile_ms(0.99).value_or(0)};
}

UsageShape shape_of(const access::UsageRow& row, const access::UsageQuery& query) {
    UsageShape shape;
    shape.day = shown(query.by_day, row.period.substr(0, day_characters));
    shape.hour = shown(query.by_hour, row.period);
    shape.of_class = shown(query.by_class, row.of_class);
    shape.key = shown(query.by_key, row.key);
    shape.requests = static_cast<std::int64_t>(row.use.counts.requests);
    shape.limited = static_cast<std::int64_t>(row.use.counts.limited);
    shape.errors = static_cast<std::int64_t>(row.use.counts.errors);
    shape.latency_ms = shape_of(row.use.latencies);
    if (row.stored) {
        shape.stored_bytes = row.stored->bytes;
        shape.stored_records = row.stored->records;
    }
    return shape;
}

Reply<Resource<std::vector<UsageShape>>> run(Context& context, const GetUsage& request) {
    CO_TRY(const access::UsageQuery query, query_of(context, request));
    CO_TRY(const std::vector<access::UsageRow> rows, co_await context.services.usage.read(query));
    std::vector<UsageShape> shapes;
    shapes.reserve(rows.size());
    for (const access::UsageRow& row : rows) shapes.push_back(shape_of(row, query));
    co_return Resource<std::vector<UsageShape>>{std::move(shapes)};
}

}  // namespace

const Endpoint get_usage = Operation<GetUsage, Resource<std::vector<UsageShape>>>{
    .id = "getUsage",
    .method = http::Method::Get,
    .path = "/v1/usage",
    .tag = "Limits",
    .summary = "Get usage",
    .description =
        "How many calls were made with the workspace's keys and by its users, how long they took, and what "
        "was "
        "stored, by day or hour, class of call and key; in ascending order, at most 10,000 rows. Calls "
        "without "
        "a credential and those to probes are not counted. This call itself counts when it is answered. "
        "Without `class` and `key` every day, or hour, since it is known what was stored has a row, also "
        "where "
        "there were no calls.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::LIMIT_EXCEEDED, ErrorCode::QUERY_TIMEOUT},
    .run = run};

}  // namespace credvault::api
