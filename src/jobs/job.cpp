#include "jobs/job.h"

#include <array>
#include <utility>

#include "base/clock.h"
#include "json/writer.h"

namespace credvault::jobs {
namespace {

constexpr std::array<std::pair<State, std::string_view>, 5> names{{{State::Queued, "queued"},
                                                                   {State::Running, "running"},
                                                                   {State::Succeeded, "succeeded"},
                                                                   {State::Failed, "failed"},
                                                                   {State::Cancelled, "cancelled"}}};

void put_time(json::Writer& out, std::string_view name, std::int64_t ms) {
    if (ms != 0) out.key(name).string(format_time(ms));
}

void put_progress(json::Writer& out, const JobFacts& facts) {
    out.key("progress").begin_object();
    out.key("done").number(static_cast<std::int64_t>(facts.progress.done));
    if (facts.progress.total != 0) out.key("total").number(static_cast<std::int64_t>(facts.progress.total));
    out.key("unit").string(facts.unit);
    out.end_object();
}

void put_error(json::Writer& out, const Error& error) {
    out.key("error").begin_object();
    out.key("code").string(error_name(error.code));
    out.key("message").string(error.message);
    if (!error.field.empty()) out.key("field").string(error.field);
    out.end_object();
}

std::string text_member(const json::View& object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::int64_t time_member(const json::View& record, std::string_view name) {
    return parse_time(text_member(record, name)).value_or(0);
}

std::uint64_t count_member(const json::View& object, std::string_view name) {
    const auto member = object.find(name);
    return member && member->type() == json::Type::Int ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

}  // namespace

std::string_view state_name(State state) { return names[static_cast<std::size_t>(state)].second; }

std::optional<State> state_named(std::string_view name) {
    for (const auto& [state, known] : names) {
        if (known == name) return state;
    }
    return {};
}

std::string JobFacts::text(std::string_view id) const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (!id.empty()) out.key("id").string(id);
    out.key("type").string(type);
    out.key("state").string(state_name(state));
    if (!target.empty()) out.key("target").string(target);
    put_progress(out, *this);
    if (!result.empty()) out.key("result").raw(result);
    if (error) put_error(out, *error);
    if (cancel_requested) out.key("cancel_requested").boolean(true);
    out.key("created_by").string(actor);
    put_time(out, "started_at", started_ms);
    put_time(out, "finished_at", finished_ms);
    out.key("workspace").string(workspace);
    out.end_object();
    return text;
}

JobFacts JobFacts::parse(const json::View& record) {
    JobFacts facts;
    facts.type = text_member(record, "type");
    facts.workspace = text_member(record, "workspace");
    facts.actor = text_member(record, "created_by");
    facts.target = text_member(record, "target");
    facts.state = state_named(text_member(record, "state")).value_or(State::Failed);
    if (const auto progress = record.find("progress")) {
        facts.unit = text_member(*progress, "unit");
        facts.progress = {count_member(*progress, "done"), count_member(*progress, "total")};
    }
    if (const auto result = record.find("result")) facts.result = result->text();
    facts.cancel_requested = record.find("cancel_requested").has_value();
    facts.started_ms = time_member(record, "started_at");
    facts.finished_ms = time_member(record, "finished_at");
    return facts;
}

Job::Job(std::string job_id, JobFacts facts, std::string job_parameters, std::string last_checkpoint)
    : id(std::move(job_id)),
      parameters(std::move(job_parameters)),
      checkpoint(std::move(last_checkpoint)),
      facts_(std::move(facts)) {}

Result<std::string> Job::apply(const json::View&) const { return facts().text({}); }

}  // namespace credvault::jobs
