// Which index a job watches while it is built: the parameters that are kept with it. A value type.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "json/value.h"
#include "json/writer.h"

namespace credvault::documents {

struct IndexBuildOrder {
    std::string database;  ///< The engine's id.
    std::string collection;
    std::string index;
    std::int64_t created_ms = 0;  ///< Of the index: one of the same name made later is another.

    std::string text() const {
        std::string text;
        json::Writer out(text);
        out.begin_object().key("database").string(database).key("collection").string(collection);
        out.key("index").string(index).key("created_ms").number(created_ms).end_object();
        return text;
    }
    /// Fails with INVALID_DATA on what text() did not make.
    static Result<IndexBuildOrder> parse(const json::View& text) {
        const json::Value order(text);
        for (const char* const name : {"database", "collection", "index", "created_ms"}) {
            if (order.is_object() && order.find(name) != nullptr) continue;
            return Error(ErrorCode::INVALID_DATA, {}, {}, "not the parameters of an index build");
        }
        return IndexBuildOrder{order.find("database")->as_string(), order.find("collection")->as_string(),
                               order.find("index")->as_string(), order.find("created_ms")->as_int()};
    }
};

}  // namespace credvault::documents
