#include "storage/searches.h"

#include "query/text/text_source.h"

namespace credvault::storage {

bool may_search(std::string_view filter) { return filter.find("$text") != std::string_view::npos; }

Reply<std::shared_ptr<const query::TextSource>> text_source(Engine& engine, std::string_view database,
                                                            std::string_view collection,
                                                            std::string_view filter) {
    using Source = std::shared_ptr<const query::TextSource>;
    if (!may_search(filter)) co_return Source();
    CO_TRY(const CollectionInfo info, co_await engine.describe_collection(database, collection));
    for (const IndexInfo& index : info.indexes) {
        if (index.spec.keys.type != query::IndexType::Text) continue;
        if (index.state == IndexState::Ready) co_return index.spec.keys.text;
        const bool building = index.state == IndexState::Building;
        co_return Error(ErrorCode::INVALID_FILTER,
                        "The text index '" + index.spec.name + "' " +
                            (building ? "is being built; search when its status is ready"
                                      : "could not be built; its 'failure' says why"),
                        "$text");
    }
    co_return Source();
}

}  // namespace credvault::storage
