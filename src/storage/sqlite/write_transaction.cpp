#include "storage/sqlite/write_transaction.h"

#include <algorithm>

#include "storage/errors.h"
#include "storage/hidden.h"

namespace credvault::storage {
namespace {

/// What a row of the change log takes besides its texts, roughly.
constexpr std::size_t change_row_bytes = 40;

}  // namespace

Result<CollectionRef> WriteTransaction::collection(std::string_view name) const {
    CollectionRef found = state_.catalog->find(name);
    if (!found) return collection_not_found(name);
    return found;
}

Result<std::int64_t> WriteTransaction::log_change(const StoredCollection& collection,
                                                  const LoggedChange& change) {
    if (state_.sequence >= max_sequence)
        return Error(ErrorCode::INTERNAL, {}, {}, "the change sequence is used up");
    const std::int64_t hidden = is_hidden(collection.name) ? hidden_change : 0;
    if (!keeps_log_) {
        state_.last = {collection.number, std::string(change.id),
                       static_cast<std::int64_t>(change.kind) | hidden, change.now_ms, change.revision};
        return ++state_.sequence;
    }
    Statement& statement = connection_[Sql::InsertChange];
    const ChangeImages images = images_of(collection);
    const bool keeps_after =
        (images != ChangeImages::Off || !is_of_record(change.kind)) && !change.after.empty();
    const bool keeps_before = images == ChangeImages::Both && !change.before.empty();
    const std::size_t bytes = change_row_bytes + change.id.size() + actor_.size() +
                              (keeps_after ? change.after.size() : 0) +
                              (keeps_before ? change.before.size() : 0);
    statement.bind(1, state_.sequence + 1).bind(2, collection.number).bind_text(3, change.id);
    statement.bind(4, static_cast<std::int64_t>(change.kind) | hidden)
        .bind(5, change.now_ms)
        .bind_text(6, actor_);
    statement.bind(7, static_cast<std::int64_t>(change.revision.incarnation));
    statement.bind(8, static_cast<std::int64_t>(change.revision.version));
    statement.bind(9, static_cast<std::int64_t>(bytes));
    // What an earlier run bound stays bound.
    keeps_before ? statement.bind_text(10, change.before) : statement.bind_null(10);
    keeps_after ? statement.bind_text(11, change.after) : statement.bind_null(11);
    TRY_VOID(connection_.check(statement.run(), "logging a change"));
    count(change_log_number, state_.catalog->change_counts(), 1, static_cast<std::int64_t>(bytes));
    return ++state_.sequence;
}

ChangeImages WriteTransaction::images_of(const StoredCollection& collection) const {
    const CommitListener* const listener = context_.commit_listener.load(std::memory_order_acquire);
    if (listener == nullptr || collection.images == ChangeImages::Both) return collection.images;
    return std::max(collection.images, listener->images(database_, collection.name));
}

/// The row that the sequence goes on from, in the place of the one before.
Status WriteTransaction::save_last_change() {
    if (state_.last.collection == 0) return {};
    Statement& statement = connection_[Sql::InsertChange];
    statement.bind(1, state_.sequence).bind(2, state_.last.collection).bind_text(3, state_.last.id);
    statement.bind(4, state_.last.operation).bind(5, state_.last.now_ms).bind_text(6, actor_);
    statement.bind(7, static_cast<std::int64_t>(state_.last.revision.incarnation));
    statement.bind(8, static_cast<std::int64_t>(state_.last.revision.version));
    statement.bind(9, static_cast<std::int64_t>(change_row_bytes)).bind_null(10).bind_null(11);
    TRY_VOID(connection_.check(statement.run(), "logging a change"));
    Statement& older = connection_[Sql::DeleteChanges];
    TRY_VOID(connection_.check(older.bind(1, state_.sequence).run(), "trimming the change log"));
    const std::int64_t rows = 1 - connection_.changes();
    count(change_log_number, state_.catalog->change_counts(), rows,
          rows * static_cast<std::int64_t>(change_row_bytes));
    return {};
}

Result<std::string> WriteTransaction::check_rule(const StoredCollection& collection,
                                                 const json::View& record) const {
    const RecordRule* const rule = collection.rule->get(context_.record_rules, collection.options);
    return rule != nullptr ? rule->check(record) : Result<std::string>(std::string());
}

void WriteTransaction::count(std::int64_t number, const std::shared_ptr<Counts>& counts, std::int64_t rows,
                             std::int64_t bytes) {
    if (rows == 0 && bytes == 0) return;
    // The same few collections and indexes come again and again.
    const std::size_t oldest =
        std::max(marked_moves_, moves_.size() - std::min<std::size_t>(moves_.size(), 8));
    for (std::size_t i = moves_.size(); i > oldest; --i) {
        Move& move = moves_[i - 1];
        if (move.counts != counts) continue;
        move.rows += rows;
        move.bytes += bytes;
        return;
    }
    moves_.push_back({number, counts, rows, bytes});
}

std::int64_t WriteTransaction::rows(const std::shared_ptr<Counts>& counts) const {
    std::int64_t rows = counts->rows;
    for (const Move& move : moves_) {
        if (move.counts == counts) rows += move.rows;
    }
    return rows;
}

Status WriteTransaction::save_counts() {
    TRY_VOID(save_last_change());
    std::sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) { return a.number < b.number; });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < moves_.size(); ++i) {
        if (kept > 0 && moves_[kept - 1].number == moves_[i].number) {
            moves_[kept - 1].rows += moves_[i].rows;
            moves_[kept - 1].bytes += moves_[i].bytes;
        } else {
            if (kept != i) moves_[kept] = std::move(moves_[i]);
            ++kept;
        }
    }
    moves_.resize(kept);
    for (const Move& move : moves_) {
        if (move.rows == 0 && move.bytes == 0) continue;
        Statement& statement = connection_[Sql::AddCount];
        statement.bind(1, move.number).bind(2, move.rows).bind(3, move.bytes);
        TRY_VOID(connection_.check(statement.run(), "counting"));
    }
    return {};
}

Stock WriteTransaction::stock(const std::shared_ptr<Counts>& counts) const {
    Stock stock{counts->rows, counts->bytes};
    for (const Move& move : moves_) {
        if (move.counts == counts) stock += {move.rows, move.bytes};
    }
    return stock;
}

void WriteTransaction::publish_counts() {
    claim_.keep();
    for (const Move& move : moves_) {
        move.counts->rows += move.rows;
        move.counts->bytes += move.bytes;
    }
}

void WriteTransaction::raise_flags(const StoredCollection& collection, const StoredIndex& index,
                                   bool multikey, bool cut) {
    auto changed = std::make_shared<StoredIndex>(index);
    changed->multikey |= multikey;
    changed->cut |= cut;
    raised_.push_back(changed);
    state_.catalog = state_.catalog->with(collection.with_index(std::move(changed)));
}

WriteTransaction::State WriteTransaction::mark() {
    marked_moves_ = moves_.size();
    return {state_.catalog, state_.sequence, moves_.size(), raised_.size(),
            chores_.size(), claim_.net(),    state_.last};
}

void WriteTransaction::return_to(const State& mark) {
    state_.catalog = mark.catalog;
    state_.sequence = mark.sequence;
    state_.last = mark.last;
    claim_.return_to(mark.grown);
    moves_.resize(mark.moves);
    raised_.resize(mark.raised);
    chores_.resize(mark.chores);
}

}  // namespace credvault::storage
