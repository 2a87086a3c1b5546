#include "app/import_job.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "documents/transfer/import_order.h"
#include "http/decoding.h"
#include "storage/platform.h"

namespace credvault::app {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;
constexpr std::int64_t checkpoint_ns = 2'000'000'000;

/// A spooled file, read once.
class Input {
public:
    explicit Input(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~Input() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    /// The next bytes; empty at the end. Fails with STORAGE_UNAVAILABLE.
    Result<std::string_view> read() {
        ssize_t got = -1;
        do {
            got = ::read(descriptor_, buffer_.data(), buffer_.size());
        } while (got < 0 && errno == EINTR);
        if (got < 0) {
            return Error(ErrorCode::STORAGE_UNAVAILABLE, "The data of the import can't be read any more", {},
                         std::strerror(errno));
        }
        read_ += static_cast<std::uint64_t>(got);
        return std::string_view(buffer_.data(), static_cast<std::size_t>(got));
    }
    std::uint64_t bytes_read() const { return read_; }

private:
    int descriptor_;
    std::uint64_t read_ = 0;
    std::vector<char> buffer_ = std::vector<char>(read_bytes);
};

/// One run of an import's job.
class ImportRun {
public:
    ImportRun(storage::Engine& engine, const documents::TransferSettings& settings,
              documents::ImportOrder order, jobs::JobRun& run)
        : run_(run),
          order_(std::move(order)),
          input_(settings.spool_directory + "/" + order_.file),
          importer_(engine, target(), order_.rules),
          limits_{settings.max_expansion} {}

    Result<std::string> finish() {
        const json::View checkpoint = run_.checkpoint();
        if (!checkpoint.is_null()) TRY_VOID(importer_.resume(checkpoint));
        const Status done = all();
        // What is being written is counted, too.
        if (!done.ok()) (void)run_.loop().wait(importer_.settle());
        const std::string report = importer_.report().text();
        if (done.ok()) {
            run_.report({input_.bytes_read(), order_.bytes}, report);
            return report;
        }
        if (run_.stop_asked() && !importer_.checkpoint().empty()) {
            (void)run_.save(importer_.checkpoint(), {input_.bytes_read(), order_.bytes}, report);
        }
        run_.report({input_.bytes_read(), order_.bytes}, report);
        return done.error();
    }

private:
    documents::ImportTarget target() const {
        documents::ImportTarget target = order_.target;
        target.actor = run_.actor();
        target.key = "job/" + run_.id();
        return target;
    }

    Status all() {
        TRY(const http::Coding coding, http::parse_content_coding(order_.coding));
        const auto decoder = http::make_decoder(coding, limits_);
        while (true) {
            TRY(const std::string_view bytes, input_.read());
            if (bytes.empty()) break;
            TRY_VOID(take(bytes, decoder.get()));
            TRY_VOID(pause());
        }
        if (decoder) TRY_VOID(decoder->end());
        return run_.loop().wait(importer_.end());
    }

    Status take(std::string_view bytes, http::Decoder* decoder) {
        if (decoder == nullptr) return run_.loop().wait(importer_.take(bytes));
        decoder->feed(bytes);
        while (true) {
            TRY(const std::string_view decoded, decoder->next());
            if (decoded.empty()) return {};
            TRY_VOID(run_.loop().wait(importer_.take(decoded)));
            if (run_.stop_asked()) return Error(ErrorCode::SHUTTING_DOWN);
        }
    }

    /// Between two reads: stop where that is asked, tell how far we are.
    Status pause() {
        if (run_.stop_asked()) return Error(ErrorCode::SHUTTING_DOWN);
        const std::int64_t now = monotonic_ns();
        if (now - saved_ns_ < checkpoint_ns) return {};
        saved_ns_ = now;
        std::string checkpoint = importer_.checkpoint();
        if (checkpoint.empty()) return {};
        return run_.save(std::move(checkpoint), {input_.bytes_read(), order_.bytes},
                         importer_.report().text());
    }

    jobs::JobRun& run_;
    const documents::ImportOrder order_;
    Input input_;
    documents::Importer importer_;
    const http::DecodeLimits limits_;
    std::int64_t saved_ns_ = monotonic_ns();
};

/// The files that jobs' parameters name.
class FileSink final : public storage::RowSink {
public:
    bool row(const storage::Row& row) override {
        const auto parameters = row.record.find("value");
        const auto file = parameters ? parameters->find("file") : std::nullopt;
        if (file && file->is_string()) files.insert(file->as_string());
        return true;
    }
    void restart() override { files.clear(); }

    std::set<std::string> files;
};

}  // namespace

void add_import_job(jobs::Jobs& jobs, storage::Engine& engine, const documents::TransferSettings& settings,
                    const api::JobDatabases& databases) {
    jobs::JobType type;
    type.name = "import";
    type.unit = "bytes";
    type.resumable = true;
    type.run = [&engine, &settings, &databases](jobs::JobRun& run) -> Result<std::string> {
        TRY(documents::ImportOrder order, documents::ImportOrder::parse(run.parameters()));
        TRY(const documents::DatabaseRef database,
            databases.open(run.actor(), run.workspace(), order.target.database));
        order.target.database = database->id;
        return ImportRun(engine, settings, std::move(order), run).finish();
    };
    type.discard = [&settings](json::View parameters) {
        const auto file = parameters.find("file");
        if (file && file->is_string()) documents::remove_spooled(settings.spool_directory, file->as_string());
    };
    jobs.add(std::move(type));
}

Reply<void> remove_orphaned_imports(storage::Engine& engine, const std::string& directory) {
    storage::FindRequest request;
    request.database = storage::system_database;
    request.collection = "job_parameters";
    request.any_order = true;
    request.limit = storage::no_limit;
    FileSink sink;
    CO_TRY_VOID(co_await engine.find(request, sink));
    documents::remove_spooled_but(directory, sink.files);
    co_return Status();
}

}  // namespace credvault::app
