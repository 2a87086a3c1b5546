// Searches against an engine: specs of text and geo indexes, filters that know a text index, rows with their ranks.
#pragma once

#include <string>
#include <vector>

#include "engine/store.h"
#include "query/text/text_source.h"

namespace credvault::storage::suite {

inline IndexSpec text_index(std::string_view fields, std::string language = "english",
                            std::vector<std::uint32_t> weights = {}) {
    const bool all = fields == query::all_strings;
    IndexSpec spec = index_of("texts", all ? std::string_view() : fields);
    if (all) spec.keys.fields.push_back({*query::parse_path(fields), false});
    spec.keys.type = query::IndexType::Text;
    spec.keys.language = std::move(language);
    spec.keys.weights = std::move(weights);
    spec.keys.weights.resize(spec.keys.fields.size(), 1);
    query::prepare(spec.keys);
    return spec;
}

inline IndexSpec geo_index(std::string_view field) {
    IndexSpec spec = index_of("places", field);
    spec.keys.type = query::IndexType::Geo;
    return spec;
}

inline query::Filter search_of(std::string_view json, const IndexSpec& text) {
    const auto filter = query::parse_filter(json::View(canonical(json)), {}, {}, text.keys.text);
    EXPECT_TRUE(filter.ok()) << json << ": " << (filter.ok() ? "" : filter.error().message);
    return filter.ok() ? *filter : query::Filter();
}

inline query::Sort best_first() {
    const auto sort = query::parse_sort(json::View(R"({"score":{"$meta":"textScore"}})"));
    EXPECT_TRUE(sort.ok());
    return *sort;
}

/// Keeps ids and ranks.
class RankSink final : public RowSink {
public:
    bool row(const Row& row) override {
        ids.push_back(id_of(std::string(row.record.text())));
        ranks.push_back(row.rank);
        return true;
    }
    void restart() override {
        ids.clear();
        ranks.clear();
    }

    std::vector<std::string> ids;
    std::vector<double> ranks;
};

}  // namespace credvault::storage::suite
