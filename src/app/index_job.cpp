#include "app/index_job.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "documents/index_build_order.h"
#include "json/writer.h"
#include "storage/errors.h"

namespace credvault::app {
namespace {

constexpr std::chrono::milliseconds between_looks{100};

/// One run of an index's job.
class IndexWatch {
public:
    IndexWatch(storage::Engine& engine, documents::IndexBuildOrder order, jobs::JobRun& run)
        : engine_(engine), order_(std::move(order)), run_(run) {}

    Result<std::string> finish() {
        while (true) {
            TRY(const storage::IndexInfo index, look());
            if (index.state == storage::IndexState::Ready) {
                run_.report({records_, records_}, {});
                return result("ready");
            }
            if (index.state == storage::IndexState::Failed)
                return Error(ErrorCode::INVALID_INDEX, index.failure, order_.index);
            run_.report({index.records_done, index.records_total}, {});
            records_ = index.records_total;
            if (run_.stop_asked()) {
                if (run_.cancelled()) TRY_VOID(drop());
                return Error(ErrorCode::SHUTTING_DOWN);
            }
            std::this_thread::sleep_for(between_looks);
        }
    }

private:
    /// Fails with INDEX_NOT_FOUND where it was dropped, and as Engine::describe_collection does.
    Result<storage::IndexInfo> look() {
        TRY(const storage::CollectionInfo info,
            run_.loop().wait(engine_.describe_collection(order_.database, order_.collection)));
        const auto found = std::ranges::find_if(info.indexes, [&](const storage::IndexInfo& index) {
            return index.spec.name == order_.index && index.created_ms == order_.created_ms;
        });
        if (found == info.indexes.end()) return storage::index_not_found(order_.index);
        if (records_ == 0) records_ = info.records;
        return *found;
    }

    Status drop() {
        storage::WriteBatch batch;
        batch.database = order_.database;
        batch.actor = run_.actor();
        batch.operations.push_back(storage::DropIndex{order_.collection, order_.index});
        TRY_VOID(run_.loop().wait(engine_.write(batch)));
        run_.report({}, result("dropped"));
        return {};
    }

    std::string result(std::string_view status) const {
        std::string text;
        json::Writer out(text);
        out.begin_object().key("index").string(order_.index).key("status").string(status).end_object();
        return text;
    }

    storage::Engine& engine_;
    const documents::IndexBuildOrder order_;
    jobs::JobRun& run_;
    std::uint64_t records_ = 0;
};

}  // namespace

void add_index_job(jobs::Jobs& jobs, storage::Engine& engine, const api::JobDatabases& databases) {
    jobs::JobType type;
    type.name = "index";
    type.unit = "records";
    type.resumable = true;
    type.watches = true;
    type.run = [&engine, &databases](jobs::JobRun& run) -> Result<std::string> {
        TRY(documents::IndexBuildOrder order, documents::IndexBuildOrder::parse(run.parameters()));
        TRY(const documents::DatabaseRef database,
            databases.open(run.actor(), run.workspace(), order.database));
        order.database = database->id;
        return IndexWatch(engine, std::move(order), run).finish();
    };
    jobs.add(std::move(type));
}

}  // namespace credvault::app
