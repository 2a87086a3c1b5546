#include "api/idempotency.h"

#include "api/operation.h"
#include "base/clock.h"
#include "json/canonical.h"

namespace credvault::api {

IdempotencyRegistry::Ticket::~Ticket() {
    if (registry_ == nullptr) return;
    Shard& shard = registry_->shard_of(key_);
    std::lock_guard lock(shard.mutex);
    shard.keys.erase(key_);
}

IdempotencyRegistry::Shard& IdempotencyRegistry::shard_of(const std::string& key) {
    return shards_[std::hash<std::string>()(key) % shards_.size()];
}

Result<IdempotencyRegistry::Ticket> IdempotencyRegistry::begin(std::string key) {
    Shard& shard = shard_of(key);
    std::lock_guard lock(shard.mutex);
    if (!shard.keys.insert(key).second) {
        Error error(
            ErrorCode::IDEMPOTENCY_KEY_IN_FLIGHT,
            "A request with this Idempotency-Key is being worked on; repeat it when that one is answered",
            "Idempotency-Key");
        error.retry_after_seconds = 1;
        return error;
    }
    return Ticket(*this, std::move(key));
}

std::string StoredAnswer::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("created").boolean(created);
    out.key("location").string(location);
    out.key("etag").string(etag);
    if (!violations.empty()) out.key("violations").raw(violations);
    out.key("data").raw(data);
    out.end_object();
    return text;
}

Result<StoredAnswer> StoredAnswer::parse(std::string_view text) {
    const Error broken(ErrorCode::INTERNAL, {}, {}, "a stored answer can't be read");
    if (!text.starts_with('{')) return broken;
    const json::View view(text);
    const auto created = view.find("created"), location = view.find("location"), etag = view.find("etag"),
               data = view.find("data");
    if (!created || !location || !etag || !data) return broken;
    const auto violations = view.find("violations");
    return StoredAnswer{created->as_bool(), std::string(data->text()), location->as_string(),
                        etag->as_string(), std::string(violations ? violations->text() : std::string_view())};
}

Result<KeyedWrite> begin_keyed_write(Context& context, const std::optional<IdempotencyKey>& key,
                                     std::function<std::string(const storage::WriteOutcome&)> answer) {
    if (!key) return KeyedWrite{};
    std::string scoped(context.actor());
    scoped.append(" ").append(context.operation.id).append(" ").append(key->text);
    TRY(IdempotencyRegistry::Ticket ticket, context.services.idempotency.begin(scoped));
    return KeyedWrite{std::move(ticket), storage::Idempotency{std::move(scoped), context.fingerprint(),
                                                              now_ms() + idempotency_ms, std::move(answer)}};
}

}  // namespace credvault::api
