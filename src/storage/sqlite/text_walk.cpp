// The records that have a term of a search, by id: the entries of each term are in the order of ids, and are merged.
#include <algorithm>
#include <deque>
#include <utility>

#include "query/key_bytes.h"
#include "query/text/text_query.h"
#include "storage/errors.h"
#include "storage/sqlite/key_bounds.h"
#include "storage/sqlite/search_walks.h"
#include "storage/sqlite/text_terms.h"

namespace credvault::storage {
namespace {

using query::max_search_terms;

/// So many entries of all terms are held at a time, about.
constexpr std::size_t postings_at_once = 8192;

/// One term's entries, read in batches that grow.
class Postings {
public:
    Postings(std::string prefix, std::size_t term, query::KeyRange ids)
        : prefix_(std::move(prefix)), term_(term), ids_(std::move(ids)) {}

    std::size_t term() const { return term_; }
    bool at_end() const { return at_ == batch_.size(); }
    /// So many are read at once at most, but some in any case.
    void bound_batch(std::int64_t most) { largest_ = std::clamp<std::int64_t>(most, first_batch, 512); }
    std::string_view id_key() const {
        return std::string_view(bytes_).substr(batch_[at_].begin, batch_[at_].size);
    }
    std::int64_t rid() const { return batch_[at_].rid; }
    query::TextPayload payload() const { return query::TextPayload::unpacked(batch_[at_].mark); }
    void advance() { ++at_; }

    /// Reads on where nothing is left of the batch. Afterwards at_end() means the end.
    int fill(Connection& connection, std::int64_t index, bool reverse) {
        if (!at_end() || ended_) return SQLITE_OK;
        keep_place(reverse);
        batch_.clear();
        bytes_.clear();
        at_ = 0;
        Statement& statement = connection[reverse ? Sql::PostingsDown : Sql::PostingsUp];
        const StatementScope scope(statement);
        const std::string low = prefix_ + ids_.low;
        const std::string high = ids_.high.empty() ? prefix_end(prefix_) : prefix_ + ids_.high;
        statement.bind(1, index).bind_bytes(2, low).bind_bytes(3, high).bind(4, size_);
        int code = SQLITE_ROW;
        while ((code = statement.step()) == SQLITE_ROW) {
            const std::string_view id = statement.bytes(0).substr(prefix_.size());
            batch_.push_back({bytes_.size(), id.size(), statement.integer(1), statement.integer(2)});
            bytes_ += id;
        }
        if (code != SQLITE_DONE) return code;
        ended_ = static_cast<std::int64_t>(batch_.size()) < size_;
        size_ = std::min(size_ * 4, largest_);
        return SQLITE_OK;
    }
    /// Forgets what was read and not given: it may change before the walk goes on.
    void forget(bool reverse) {
        if (at_end() && ended_) return;
        keep_place(reverse);
        batch_.clear();
        at_ = 0;
        ended_ = false;
    }

private:
    struct Posting {
        std::size_t begin;
        std::size_t size;
        std::int64_t rid;
        std::int64_t mark;
    };

    /// Leaves behind what was given.
    void keep_place(bool reverse) {
        if (at_ == 0) return;
        const Posting& last = batch_[at_ - 1];
        const std::string_view id = std::string_view(bytes_).substr(last.begin, last.size);
        if (reverse) {
            ids_.high = id;
        } else {
            ids_.low = id;
            ids_.low += '\0';
        }
    }

    static constexpr std::int64_t first_batch = 32;

    std::string prefix_;
    std::size_t term_;
    query::KeyRange ids_;
    std::vector<Posting> batch_;
    std::string bytes_;
    std::size_t at_ = 0;
    std::int64_t size_ = first_batch;
    std::int64_t largest_ = first_batch;
    bool ended_ = false;
};

class TextWalk final : public Walk {
public:
    TextWalk(const query::Plan& plan, const WalkTarget& target)
        : text_(plan.text), target_(target), reverse_(plan.reverse), weights_(plan.text->terms().size()) {
        if (!plan.ranges.empty()) ids_ = plan.ranges[0];
        ended_ = plan.ranges.empty();
    }

    int next(Connection& connection, Candidate& candidate) override {
        if (ended_) return SQLITE_DONE;
        if (!opened_) {
            const int code = open(connection);
            if (code != SQLITE_OK) return code;
        }
        if (!merging_) {
            const int code = start_merge(connection);
            if (code != SQLITE_OK) return code;
        }
        while (!heap_.empty()) {
            const int code = take_next(connection);
            if (code != SQLITE_OK) return code;
            candidate = {};
            candidate.passed_over = !has_required();
            if (candidate.passed_over) return SQLITE_ROW;
            candidate.rid = rid_;
            candidate.id_key = id_;
            if (target_.ranking) candidate.rank = target_.ranking->score(weights_, length_);
            if (target_.keys_only) return SQLITE_ROW;
            const int fetched = fetch(connection, candidate);
            if (fetched != SQLITE_DONE) return fetched;
        }
        return SQLITE_DONE;
    }
    void pause() override {
        if (record_ != nullptr) record_->reset();
        record_ = nullptr;
        for (Postings& each : postings_) each.forget(reverse_);
        merging_ = false;
    }
    std::optional<Error> failure() override { return std::exchange(failure_, std::nullopt); }

private:
    int open(Connection& connection) {
        const std::vector<query::SearchTerm>& terms = text_->terms();
        for (std::size_t i = 0; i < terms.size(); ++i) {
            if (!terms[i].prefix) {
                std::string prefix;
                query::append_term(prefix, terms[i].text);
                postings_.emplace_back(std::move(prefix), i, ids_);
                continue;
            }
            std::vector<std::string> found;
            const int code = terms_with_prefix(connection, target_.index, terms[i].text, found);
            const bool too_many =
                code == SQLITE_ABORT || postings_.size() + found.size() > max_prefix_terms + max_search_terms;
            if (too_many) failure_ = prefix_too_short(terms[i].text);
            if (too_many) return SQLITE_ABORT;
            if (code != SQLITE_OK) return code;
            for (std::string& each : found) postings_.emplace_back(std::move(each), i, ids_);
        }
        const std::size_t share = postings_at_once / std::max<std::size_t>(postings_.size(), 1);
        for (Postings& each : postings_) each.bound_batch(static_cast<std::int64_t>(share));
        opened_ = true;
        return SQLITE_OK;
    }

    int start_merge(Connection& connection) {
        heap_.clear();
        for (Postings& each : postings_) {
            const int code = enter(connection, each);
            if (code != SQLITE_OK) return code;
        }
        merging_ = true;
        return SQLITE_OK;
    }

    /// Whether `a` comes after `b`: std's heaps have the greatest in front.
    bool is_after(const Postings* a, const Postings* b) const {
        return reverse_ ? a->id_key() < b->id_key() : a->id_key() > b->id_key();
    }
    int enter(Connection& connection, Postings& postings) {
        const int code = postings.fill(connection, target_.index, reverse_);
        if (code != SQLITE_OK || postings.at_end()) return code;
        heap_.push_back(&postings);
        std::ranges::push_heap(heap_,
                               [this](const Postings* a, const Postings* b) { return is_after(a, b); });
        return SQLITE_OK;
    }

    /// The next id, with all that its record has of the terms.
    int take_next(Connection& connection) {
        std::ranges::fill(weights_, 0);
        id_ = heap_.front()->id_key();
        do {
            std::ranges::pop_heap(heap_,
                                  [this](const Postings* a, const Postings* b) { return is_after(a, b); });
            Postings& postings = *heap_.back();
            heap_.pop_back();
            const query::TextPayload payload = postings.payload();
            std::uint32_t& weight = weights_[postings.term()];
            weight = std::min(weight + payload.weight, query::TextPayload::max_weight);
            length_ = payload.length;
            rid_ = postings.rid();
            postings.advance();
            const int code = enter(connection, postings);
            if (code != SQLITE_OK) return code;
        } while (!heap_.empty() && heap_.front()->id_key() == id_);
        return SQLITE_OK;
    }

    bool has_required() const {
        const std::vector<query::SearchTerm>& terms = text_->terms();
        for (std::size_t i = 0; i < terms.size(); ++i) {
            if (terms[i].required && weights_[i] == 0) return false;
        }
        return true;
    }

    int fetch(Connection& connection, Candidate& candidate) {
        record_ = &connection[Sql::VersionByRid];
        record_->reset();
        const int code = record_->bind(1, candidate.rid).step();
        if (code != SQLITE_ROW) return code;
        candidate.version = record_->integer(0);
        candidate.record = record_->bytes(1);
        return SQLITE_ROW;
    }

    const std::shared_ptr<const query::TextQuery> text_;
    const WalkTarget target_;
    const bool reverse_;
    query::KeyRange ids_;
    std::deque<Postings> postings_;
    std::vector<Postings*> heap_;
    std::vector<std::uint32_t> weights_;  ///< Of the record at hand, by term.
    std::string id_;
    std::int64_t rid_ = 0;
    std::uint32_t length_ = 0;
    Statement* record_ = nullptr;
    std::optional<Error> failure_;
    bool opened_ = false;
    bool merging_ = false;
    bool ended_ = false;
};

}  // namespace

std::unique_ptr<Walk> make_text_walk(const query::Plan& plan, const WalkTarget& target) {
    return std::make_unique<TextWalk>(plan, target);
}

}  // namespace credvault::storage
