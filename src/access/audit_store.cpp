#include "access/audit_store.h"

#include <algorithm>
#include <utility>

#include "access/system.h"
#include "base/clock.h"
#include "base/ids.h"
#include "query/hidden_fields.h"

namespace credvault::access {
namespace {

constexpr std::string_view pending_collection = "audit_pending";
constexpr std::string_view heads_collection = "audit_heads";
constexpr std::string_view entries_collection = "audit";
constexpr std::uint64_t at_once = 500;

class TextsSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        texts.emplace_back(row.record.text());
        return true;
    }
    void restart() override { texts.clear(); }

    std::vector<std::string> texts;
};

std::string pending_text(std::string_view id, const AuditEntry& entry, bool done) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    if (!id.empty()) out.key("id").string(id);
    out.key("done").boolean(done);
    append_members(out, entry);
    out.end_object();
    return text;
}

storage::WriteBatch batch_in(std::string_view database, std::string_view actor = {}) {
    storage::WriteBatch batch;
    batch.database = database;
    batch.actor = actor;
    return batch;
}

Reply<void> make_collection(storage::Engine& engine, std::string_view database, std::string_view name,
                            std::string_view index_fields) {
    storage::WriteBatch batch = batch_in(database);
    batch.operations.push_back(storage::CreateCollection{name, "{}"});
    if (!index_fields.empty()) {
        CO_TRY(query::Sort fields, query::parse_sort(index_fields));
        batch.operations.push_back(
            storage::CreateIndex{name, storage::IndexSpec{"by_seq", {std::move(fields), false}, false}});
    }
    const auto made = co_await engine.write(batch);
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) co_return made.error();
    co_return Status();
}

storage::FindRequest find_in(std::string_view database, std::string_view collection, std::uint64_t limit) {
    storage::FindRequest request;
    request.database = database;
    request.collection = collection;
    request.limit = limit;
    return request;
}

std::string string_of(const json::View& record, std::string_view name) {
    const auto member = record.find(name);
    return member && member->is_string() ? member->as_string() : std::string();
}

std::uint64_t seq_of(const json::View& record) {
    const auto member = record.find("seq");
    return member && member->type() == json::Type::Int ? static_cast<std::uint64_t>(member->as_int()) : 0;
}

Digest digest_member(const json::View& record, std::string_view name) {
    return digest_from_hex(string_of(record, name)).value_or(Digest{});
}

/// {"workspace": …} and what else must hold.
std::string in_workspace(const std::string& workspace, std::string_view also = {}) {
    std::string filter;
    json::Writer out(filter);
    out.begin_object().key("$and").begin_array();
    out.begin_object().key("workspace").string(workspace).end_object();
    if (!also.empty()) out.raw(also);
    out.end_array().end_object();
    return filter;
}

/// The store's own members of an entry, and the one that every caller knows.
const query::HiddenFieldsRef& hidden_members() {
    static const auto hidden = std::make_shared<const query::HiddenFields>(
        query::HiddenFields{"workspace", "created_at", "updated_at", "_version"});
    return hidden;
}

}  // namespace

/// What one step chains: finished entries by their pending ids, and loose ones, which have none.
struct AuditStore::Links {
    std::vector<std::pair<std::string, AuditEntry>> entries;
    std::vector<std::string> known;  ///< Pending ids that an interrupted step had chained already.
};

Reply<void> AuditStore::open() {
    CO_TRY_VOID(co_await make_collection(engine_, system_database, pending_collection, {}));
    CO_TRY_VOID(co_await make_collection(engine_, system_database, heads_collection, {}));
    co_return co_await make_collection(engine_, events_database, entries_collection, "workspace,seq");
}

Reply<std::string> AuditStore::begin(AuditEntry entry) {
    const std::string text = pending_text({}, entry, false);
    storage::WriteBatch batch = batch_in(system_database, entry.actor);
    batch.operations.push_back(storage::InsertRecord{pending_collection, text});
    CO_TRY(const storage::WriteOutcome written, co_await engine_.write(batch));
    co_return written.operations.front().id;
}

Reply<void> AuditStore::finish(std::string id, AuditEntry entry) {
    const std::string text = pending_text(id, entry, true);
    storage::WriteBatch batch = batch_in(system_database, entry.actor);
    batch.operations.push_back(storage::PutRecord{pending_collection, id, text, false, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> AuditStore::add(AuditEntry entry) {
    const std::string text = pending_text({}, entry, true);
    storage::WriteBatch batch = batch_in(system_database, entry.actor);
    batch.operations.push_back(storage::InsertRecord{pending_collection, text});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> AuditStore::settle_interrupted() {
    storage::FindRequest request = find_in(system_database, pending_collection, storage::no_limit);
    CO_TRY(request.filter, query::parse_filter(json::View(R"({"done":false})")));
    TextsSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    for (const std::string& text : sink.texts) {
        const json::View record(text);
        AuditEntry entry = audit_entry_of(record);
        entry.outcome = "interrupted";
        CO_TRY_VOID(co_await finish(string_of(record, "id"), std::move(entry)));
    }
    co_return Status();
}

Reply<AuditHead> AuditStore::load_head(std::string workspace) {
    AuditHead head;
    TextsSink stored;
    const storage::RecordKey key{system_database, heads_collection, workspace};
    CO_TRY(const bool there, co_await engine_.get(key, stored));
    if (there) head = audit_head_of(json::View(stored.texts.front()));
    // The entries may be ahead of what the system database knows: a crash between the two.
    storage::FindRequest request = find_in(events_database, entries_collection, 1);
    const std::string filter = in_workspace(workspace);
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    CO_TRY(request.sort, query::parse_sort("-seq"));
    TextsSink last;
    CO_TRY_VOID(co_await engine_.find(request, last));
    if (!last.texts.empty() && seq_of(json::View(last.texts.front())) > head.seq) {
        head.seq = seq_of(json::View(last.texts.front()));
        head.hash = digest_member(json::View(last.texts.front()), "hash");
    }
    co_return head;
}

Reply<void> AuditStore::chain(std::vector<AuditEntry> loose) {
    for (bool more = true; more;) {
        storage::FindRequest request = find_in(system_database, pending_collection, at_once);
        CO_TRY(request.filter, query::parse_filter(json::View(R"({"done":true})")));
        TextsSink sink;
        CO_TRY_VOID(co_await engine_.find(request, sink));
        more = sink.texts.size() == at_once;
        Links links;
        for (const std::string& text : sink.texts) {
            const json::View record(text);
            std::string id = string_of(record, "id");
            TextsSink found;
            const std::string chained = "aud_" + id;
            const storage::RecordKey key{events_database, entries_collection, chained};
            CO_TRY(const bool known, co_await engine_.get(key, found));
            if (known) {
                links.known.push_back(std::move(id));
            } else {
                links.entries.emplace_back(std::move(id), audit_entry_of(record));
            }
        }
        if (!more) {
            for (AuditEntry& entry : loose) links.entries.emplace_back(std::string(), std::move(entry));
        }
        if (links.entries.empty() && links.known.empty()) break;
        CO_TRY_VOID(co_await chain_step(std::move(links)));
    }
    co_return Status();
}

Reply<void> AuditStore::chain_step(Links links) {
    std::map<std::string, AuditHead> heads;
    std::vector<std::string> texts;
    texts.reserve(links.entries.size());
    for (const auto& [id, entry] : links.entries) {
        if (!heads_.contains(entry.workspace)) {
            CO_TRY(AuditHead loaded, co_await load_head(entry.workspace));
            heads_.emplace(entry.workspace, loaded);
        }
        AuditHead& head = heads.try_emplace(entry.workspace, heads_[entry.workspace]).first->second;
        std::string& text = texts.emplace_back();
        json::Writer out(text);
        out.begin_object();
        out.key("id").string(id.empty() ? make_id("aud") : "aud_" + id);
        out.key("seq").number(static_cast<std::int64_t>(++head.seq));
        append_members(out, entry);
        const Digest previous = std::exchange(head.hash, next_link(head.hash, json::View(text + "}")));
        out.key("prev").string(hex_of(previous));
        out.key("hash").string(hex_of(head.hash));
        out.end_object();
    }
    if (!texts.empty()) {
        storage::WriteBatch batch = batch_in(events_database);
        for (const std::string& text : texts)
            batch.operations.push_back(storage::InsertRecord{entries_collection, text});
        CO_TRY_VOID(co_await engine_.write(batch));
        for (auto& [workspace, head] : heads) heads_[workspace] = head;
    }
    std::vector<std::string> head_texts;
    head_texts.reserve(heads.size());
    storage::WriteBatch batch = batch_in(system_database);
    for (const auto& [workspace, head] : heads) {
        head_texts.push_back(audit_head_text(workspace, head));
        batch.operations.push_back(
            storage::PutRecord{heads_collection, workspace, head_texts.back(), true, {}});
    }
    for (const auto& [id, entry] : links.entries) {
        if (!id.empty()) batch.operations.push_back(storage::RemoveRecord{pending_collection, id, {}});
    }
    for (const std::string& id : links.known)
        batch.operations.push_back(storage::RemoveRecord{pending_collection, id, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<void> AuditStore::remove_before(std::int64_t at_ms) {
    storage::FindRequest request = find_in(system_database, heads_collection, storage::no_limit);
    TextsSink heads;
    CO_TRY_VOID(co_await engine_.find(request, heads));
    for (const std::string& text : heads.texts) {
        CO_TRY_VOID(co_await remove_from(string_of(json::View(text), "id"), at_ms));
    }
    co_return Status();
}

Reply<void> AuditStore::remove_from(std::string workspace, std::int64_t at_ms) {
    if (!heads_.contains(workspace)) {
        CO_TRY(AuditHead loaded, co_await load_head(workspace));
        heads_.emplace(workspace, loaded);
    }
    storage::FindRequest request = find_in(events_database, entries_collection, at_once);
    const std::string filter = in_workspace(workspace);
    CO_TRY(request.filter, query::parse_filter(json::View(filter)));
    CO_TRY(request.sort, query::parse_sort("seq"));
    TextsSink sink;
    CO_TRY_VOID(co_await engine_.find(request, sink));
    AuditHead head = heads_[workspace];
    const std::uint64_t kept_before = head.kept_seq;
    std::vector<std::string> ids;
    for (const std::string& text : sink.texts) {
        const json::View record(text);
        // In the chain's order, so that what is kept stays whole although clocks may step back.
        if (parse_time(string_of(record, "at")).value_or(0) >= at_ms) break;
        ids.push_back(string_of(record, "id"));
        if (seq_of(record) < kept_before) continue;
        head.kept_seq = seq_of(record) + 1;
        head.kept_prev = digest_member(record, "hash");
    }
    if (ids.empty()) co_return Status();
    const std::string text = audit_head_text(workspace, head);
    storage::WriteBatch mark = batch_in(system_database);
    mark.operations.push_back(storage::PutRecord{heads_collection, workspace, text, true, {}});
    CO_TRY_VOID(co_await engine_.write(mark));
    heads_[workspace] = head;
    storage::WriteBatch batch = batch_in(events_database);
    for (const std::string& id : ids)
        batch.operations.push_back(storage::RemoveRecord{entries_collection, id, {}});
    CO_TRY_VOID(co_await engine_.write(batch));
    co_return Status();
}

Reply<storage::Listing> AuditStore::list(std::string workspace, storage::ListQuery query) {
    if (query.sort.empty()) {
        CO_TRY(query.sort, query::parse_sort("seq"));
    }
    storage::ListSource source{events_database, entries_collection, {}};
    source.own = in_workspace(workspace);
    source.hidden = hidden_members();
    co_return co_await storage::list_page(engine_, source, std::move(query));
}

Reply<std::vector<std::string>> AuditStore::verify(std::string workspace, std::uint64_t& entries) {
    AuditVerifier verifier;
    TextsSink head;
    const storage::RecordKey key{system_database, heads_collection, workspace};
    CO_TRY(const bool there, co_await engine_.get(key, head));
    if (there) verifier.head(json::View(head.texts.front()));
    std::uint64_t after = 0;
    for (bool more = true; more;) {
        storage::FindRequest request = find_in(events_database, entries_collection, at_once);
        const std::string filter =
            in_workspace(workspace, R"({"seq":{"$gt":)" + std::to_string(after) + "}}");
        CO_TRY(request.filter, query::parse_filter(json::View(filter)));
        CO_TRY(request.sort, query::parse_sort("seq"));
        TextsSink sink;
        CO_TRY_VOID(co_await engine_.find(request, sink));
        for (const std::string& text : sink.texts) verifier.entry(json::View(text));
        more = sink.texts.size() == at_once;
        if (more) after = seq_of(json::View(sink.texts.back()));
    }
    entries = verifier.entries();
    co_return verifier.finish();
}

}  // namespace credvault::access
