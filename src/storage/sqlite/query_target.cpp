#include "storage/sqlite/query_target.h"

#include <utility>

#include "storage/errors.h"

namespace credvault::storage {

Result<QueryTarget> QueryTarget::make(std::shared_ptr<const Catalog> catalog, std::string_view collection,
                                      const query::QueryShape& query) {
    QueryTarget target;
    target.collection_ = catalog->find(collection);
    if (!target.collection_) return collection_not_found(collection);
    target.plan_ = query::make_plan(query, target.collection_->shapes);
    return target;
}

std::string_view QueryTarget::index_name() const {
    if (!plan_.uses_index()) return {};
    return collection_->indexes[plan_.index]->spec.name;
}

Matches QueryTarget::matches(const query::Filter& filter, bool keys_only) const {
    const bool has_keys = plan_.uses_index() || plan_.access == query::Access::IdRange;
    WalkTarget target{collection_->number, 0, keys_only && plan_.exact && has_keys, nullptr};
    if (plan_.uses_index()) target.index = collection_->indexes[plan_.index]->number;
    Matches::Source source;
    source.walk = make_walk(plan_, target);
    if (!plan_.exact) source.filter = filter;
    source.distinct = plan_.distinct_rows;
    source.keys_only = target.keys_only;
    return Matches(std::move(source));
}

Matches QueryTarget::candidates(std::shared_ptr<const query::TextRanking> ranking) const {
    const WalkTarget target{collection_->number, collection_->indexes[plan_.index]->number, true,
                            std::move(ranking)};
    Matches::Source source;
    source.walk = make_walk(plan_, target);
    source.keys_only = true;
    return Matches(std::move(source));
}

const StoredIndex* QueryTarget::text_index(const query::Filter& filter) const {
    if (filter.text() == nullptr) return nullptr;
    for (const IndexRef& index : collection_->indexes) {
        const bool same = index->state == IndexState::Ready &&
                          index->spec.keys.type == query::IndexType::Text && index->spec.keys.text &&
                          *index->spec.keys.text == filter.text()->source();
        if (same) return index.get();
    }
    return nullptr;
}

bool QueryTarget::holds_in(const Catalog& newer) const {
    const CollectionRef now = newer.find(collection_->name);
    if (now == collection_) return true;
    if (!now || now->number != collection_->number) return false;
    if (!plan_.uses_index()) return true;
    const StoredIndex& used = *collection_->indexes[plan_.index];
    const StoredIndex* const index = now->find_index(used.spec.name);
    return index != nullptr && index->number == used.number && index->state == used.state &&
           index->multikey == used.multikey && index->cut == used.cut;
}

}  // namespace credvault::storage
