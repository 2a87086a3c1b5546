#include <algorithm>

#include "access/usage.h"
#include "api/endpoints.h"
#include "api/endpoints/limit_shapes.h"
#include "base/clock.h"

namespace credvault::api {

enum class UsageGroup : std::uint8_t { Day, Class, Key };

template <>
struct EnumNames<UsageGroup> {
    static constexpr auto names = std::to_array<std::pair<std::string_view, UsageGroup>>(
        {{"day", UsageGroup::Day}, {"class", UsageGroup::Class}, {"key", UsageGroup::Key}});
};

namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t usual_days = 30;

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
                  {.description = "What is told apart: any of `day`, `class` and `key`.",
                   .example = R"(["day","class"])",
                   .max_items = 3,
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
    query.by_class = grouped(UsageGroup::Class);
    query.by_key = grouped(UsageGroup::Key);
    return query;
}

std::optional<std::string> shown(bool told_apart, const std::string& value) {
    return told_apart ? std::optional<std::string>(value) : std::nullopt;
}

Reply<Resource<std::vector<UsageShape>>> run(Context& context, const GetUsage& request) {
    CO_TRY(const access::UsageQuery query, query_of(context, request));
    CO_TRY(const std::vector<access::UsageRow> rows, co_await context.services.usage.read(query));
    std::vector<UsageShape> shapes;
    for (const access::UsageRow& row : rows) {
        shapes.push_back({shown(query.by_day, row.day), shown(query.by_class, row.of_class),
                          shown(query.by_key, row.key), static_cast<std::int64_t>(row.counts.requests),
                          static_cast<std::int64_t>(row.counts.limited),
                          static_cast<std::int64_t>(row.counts.errors)});
    }
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
        "How many calls were made with the workspace's keys and by its users, by day, class of call and key; "
        "in ascending order, at most 10,000 rows. Calls without a credential and those to probes are not "
        "counted. This call itself counts when it is answered.",
    .scope = Scope::LogsRead,
    .rate = RateClass::Standard,
    .errors = {ErrorCode::LIMIT_EXCEEDED, ErrorCode::QUERY_TIMEOUT},
    .run = run};

}  // namespace credvault::api
