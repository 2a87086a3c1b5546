#include "api/rate_limits.h"

#include <charconv>
#include <utility>

#include "base/clock.h"

namespace credvault::api {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

std::int64_t seconds_up(std::int64_t ns) { return (ns + second_ns - 1) / second_ns; }

/// A field's value that is made without the heap.
class FieldText {
public:
    FieldText& add(std::string_view text) {
        text.copy(at_, text.size());
        at_ += text.size();
        return *this;
    }
    FieldText& add(std::int64_t number) {
        at_ = std::to_chars(at_, text_.data() + text_.size(), number).ptr;
        return *this;
    }
    /// An item of RateLimit: its name, what is left, when it is whole again.
    void add(std::string_view name, const access::Admission& now) {
        if (at_ != text_.data()) add(", ");
        add("\"").add(name).add("\";r=").add(now.remaining).add(";t=").add(seconds_up(now.whole_ns));
    }
    std::string_view text() const { return {text_.data(), static_cast<std::size_t>(at_ - text_.data())}; }

private:
    // Two names of at most 18 characters and four numbers of at most 19 digits fit.
    std::array<char, 160> text_;
    char* at_ = text_.data();
};

std::string_view refusal(LimitScope by) {
    switch (by) {
        case LimitScope::Key:
            return "Too many requests with this credential; wait as long as Retry-After says";
        case LimitScope::Workspace:
            return "Too many requests in this workspace; wait as long as Retry-After says";
        case LimitScope::Concurrency:
            return "The workspace has as many calls in flight as its tier allows; wait for one to end";
        case LimitScope::Address:
            return "Too many requests without a valid credential from this address; wait as long as "
                   "Retry-After "
                   "says";
        case LimitScope::None: break;
    }
    return {};
}

access::CallClass class_of(RateClass rate) {
    switch (rate) {
        case RateClass::Scan: return access::CallClass::Scan;
        case RateClass::Training: return access::CallClass::Training;
        case RateClass::Exempt:
        case RateClass::Standard: break;
    }
    return access::CallClass::Standard;
}

/// A stream whose call is in flight until it goes.
class CountedStream final : public http::BodySource {
public:
    CountedStream(std::unique_ptr<http::BodySource> inner, access::CallSlot slot)
        : slot_(std::move(slot)), inner_(std::move(inner)) {}
    Reply<std::string> next() override { return inner_->next(); }
    void abandon() override { inner_->abandon(); }

private:
    access::CallSlot slot_;
    std::unique_ptr<http::BodySource> inner_;
};

/// The older fields, of the budget of which less is left.
void describe_older(http::Response& response, const access::Budget& budget, const access::Admission& now) {
    response.fields.add("X-RateLimit-Limit", FieldText().add(budget.rate.requests).text());
    response.fields.add("X-RateLimit-Remaining", FieldText().add(now.remaining).text());
    const std::int64_t whole_at = now_ms() / 1000 + seconds_up(now.whole_ns);
    response.fields.add("X-RateLimit-Reset", FieldText().add(whole_at).text());
}

}  // namespace

RateLimits::RateLimits(access::Meters& meters, const access::AddressLimits& addresses)
    : meters_(meters),
      addresses_(addresses),
      address_policy_("\"address\";q=" + std::to_string(addresses.requests) +
                      ";w=" + std::to_string(addresses.window_s)) {}

Status RateLimits::refuse(Call& call, LimitScope by, std::int64_t wait_ns) {
    call.limits.refused_by = by;
    std::atomic<std::uint64_t>& count = refused_.mine()[static_cast<std::size_t>(by)];
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    Error error(ErrorCode::RATE_LIMITED, std::string(refusal(by)));
    error.retry_after_seconds = std::max<std::int64_t>(1, seconds_up(wait_ns));
    return error;
}

Status RateLimits::admit_address(Call& call, RateClass rate) {
    if (rate == RateClass::Exempt || !addresses_.budget().limited()) return {};
    LimitState& state = call.limits;
    state.by_address = true;
    state.key = addresses_.admit(call.http().remote_address, call.started_ns);
    if (state.key.admitted) return {};
    return refuse(call, LimitScope::Address, state.key.wait_ns);
}

Status RateLimits::admit_principal(Call& call, RateClass rate) {
    if (rate == RateClass::Exempt) return {};
    LimitState& state = call.limits;
    state.use = meters_.use(call.principal);
    state.of = class_of(rate);
    access::Meter& meter = state.use->meter();
    access::Allotment& allotment = *meter.allotment;
    state.tier = &allotment.tier();
    const access::Budget& key = state.tier->key(state.of);
    const access::Budget& workspace = state.tier->workspace(state.of);
    if (workspace.limited()) {
        // What is told where the key's own budget refuses.
        state.workspace = access::look(allotment.word(state.of).load(std::memory_order_relaxed), workspace,
                                       call.started_ns);
    }
    if (key.limited()) {
        state.key = access::admit(meter.word(state.of), key, call.started_ns);
        if (!state.key.admitted) return refuse(call, LimitScope::Key, state.key.wait_ns);
    }
    if (workspace.limited()) {
        state.workspace = access::admit(allotment.word(state.of), workspace, call.started_ns);
        if (!state.workspace.admitted) {
            if (key.limited()) access::give_back(meter.word(state.of), key);
            return refuse(call, LimitScope::Workspace, state.workspace.wait_ns);
        }
    }
    const std::int64_t most = state.tier->settings().concurrency;
    if (most > 0) {
        if (!allotment.begin_call(most)) {
            if (key.limited()) access::give_back(meter.word(state.of), key);
            if (workspace.limited()) access::give_back(allotment.word(state.of), workspace);
            return refuse(call, LimitScope::Concurrency, second_ns);
        }
        state.slot = access::CallSlot(meter.allotment);
    }
    return {};
}

void RateLimits::describe(Call& call, http::Response& response) {
    const LimitState& state = call.limits;
    if (state.by_address && state.use == nullptr) {
        FieldText now;
        now.add("address", state.key);
        response.fields.add("RateLimit-Policy", address_policy_);
        response.fields.add("RateLimit", now.text());
        return describe_older(response, addresses_.budget(), state.key);
    }
    if (state.tier == nullptr || state.tier->policy(state.of).empty()) return;
    const access::Budget& key = state.tier->key(state.of);
    const access::Budget& workspace = state.tier->workspace(state.of);
    FieldText now;
    if (key.limited()) now.add(access::key_budget_name(state.of), state.key);
    if (workspace.limited()) now.add(access::workspace_budget_name(state.of), state.workspace);
    response.fields.add("RateLimit-Policy", state.tier->policy(state.of));
    response.fields.add("RateLimit", now.text());
    const bool by_key =
        key.limited() && (!workspace.limited() || state.key.remaining <= state.workspace.remaining);
    describe_older(response, by_key ? key : workspace, by_key ? state.key : state.workspace);
}

void RateLimits::settle(Call& call, http::Response& response) {
    LimitState& state = call.limits;
    if (state.use) {
        state.use->count(state.of, state.refused_by != LimitScope::None, response.status >= 400,
                         call.duration_ns);
    }
    if (response.stream != nullptr && state.slot)
        response.stream = std::make_unique<CountedStream>(std::move(response.stream), std::move(state.slot));
}

std::uint64_t RateLimits::refused(LimitScope by) const {
    std::uint64_t sum = 0;
    for (const auto& counts : refused_.all())
        sum += (*counts)[static_cast<std::size_t>(by)].load(std::memory_order_relaxed);
    return sum;
}

}  // namespace credvault::api
