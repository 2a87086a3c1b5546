// $facet: several pipelines over the same documents, each giving an array of one result document. Where none of them
// asks the store they run side by side as the documents come; else the service holds the documents and runs them.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "query/pipeline/pipeline.h"

namespace credvault::query {

class FacetStage final : public Stage {
public:
    struct Facet {
        std::string name;  ///< Escaped.
        Pipeline pipeline;
    };

    FacetStage(std::vector<Facet> facets, std::string where);
    std::unique_ptr<Step> step(Run& run, Step& next) const override;
    bool asks_store() const override { return asks_store_; }
    const std::vector<Facet>& facets() const { return facets_; }
    const std::string& where() const { return where_; }

private:
    std::vector<Facet> facets_;
    std::string where_;
    bool asks_store_ = false;
};

}  // namespace credvault::query
