#include "api/endpoints.h"
#include "api/endpoints/import_parameters.h"
#include "api/endpoints/job_shapes.h"
#include "api/endpoints/paths.h"
#include "api/headers.h"
#include "documents/transfer/import_order.h"
#include "documents/transfer/transfers.h"
#include "http/decoding.h"
#include "jobs/jobs.h"

namespace credvault::api {
namespace {

/// Pieces of a body after which the thread's other work gets its turn.
constexpr std::size_t pieces_in_a_row = 16;

struct ImportErrorShape {
    std::int64_t line = 1;
    std::string code, message;

    static constexpr std::string_view schema_name = "ImportError";
    static Fields fields() {
        using S = ImportErrorShape;
        return {body(&S::line, "line",
                     {.description = "Where the record begins, from 1.", .example = "17", .min = 1}),
                body(&S::code, "code", {.description = "As in error answers.", .example = "ALREADY_EXISTS"}),
                body(&S::message, "message", {.description = "What is wrong, with the line."})};
    }
};

struct ImportReportShape {
    std::int64_t inserted = 0, replaced = 0, merged = 0, skipped = 0, failed = 0, warned = 0;
    std::vector<ImportErrorShape> errors;

    static constexpr std::string_view schema_name = "ImportReport";
    static Fields fields() {
        using S = ImportReportShape;
        return {
            body(&S::inserted, "inserted", {.description = "New records.", .example = "250000", .min = 0}),
            body(&S::replaced, "replaced",
                 {.description = "Records that took the place of others.", .min = 0}),
            body(&S::merged, "merged", {.description = "Records that were merged into others.", .min = 0}),
            body(&S::skipped, "skipped",
                 {.description = "Records left out since their id was taken.", .min = 0}),
            body(&S::failed, "failed",
                 {.description = "Records that were not imported.", .example = "1", .min = 0}),
            body(&S::warned, "warned",
                 {.description =
                      "Imported records that violate the collection's schema, where that only warns.",
                  .example = "0",
                  .min = 0}),
            body(&S::errors, "errors",
                 {.description = "Why records failed: the first 100 of them, by line."})};
    }
};

struct ImportRecords {
    CollectionPath at;
    ImportParameters how;
    bool job = false;
    Prefer preference;
    std::optional<IdempotencyKey> key;
    std::string_view type;

    static Fields fields() {
        using R = ImportRecords;
        return {include(&R::at),
                include(&R::how),
                query(&R::job, "job",
                      {.description =
                           "Whether the data is only received now, and imported by a job (202). The same as "
                           "`Prefer: respond-async`.",
                       .default_value = "false"}),
                prefer(&R::preference),
                idempotency_key(&R::key),
                media_type(&R::type)};
    }
};

using Answered = DoneOrJob<Raw<ImportReportShape>, Raw<JobShape>>;

/// Lets what is queued on this thread go first.
Reply<bool> yield() {
    const Completer<bool> turn;
    turn.complete(true);
    return turn.reply();
}

Reply<void> decode_into(documents::Importer& importer, http::Decoder& decoder, std::string_view piece) {
    decoder.feed(piece);
    while (true) {
        CO_TRY(const std::string_view decoded, decoder.next());
        if (decoded.empty()) co_return Status();
        CO_TRY_VOID(co_await importer.take(decoded));
        (void)co_await yield();
    }
}

Reply<void> read_into(documents::Importer& importer, http::Request& http, http::Decoder* decoder) {
    for (std::size_t pieces = 1;; ++pieces) {
        CO_TRY(const std::string_view piece, co_await http.read_some());
        if (piece.empty()) break;
        if (decoder != nullptr) {
            CO_TRY_VOID(co_await decode_into(importer, *decoder, piece));
        } else {
            CO_TRY_VOID(co_await importer.take(piece));
        }
        if (pieces % pieces_in_a_row == 0) (void)co_await yield();
    }
    if (decoder != nullptr) CO_TRY_VOID(decoder->end());
    co_return co_await importer.end();
}

Reply<Answered> import_now(Context& context, documents::Place place, documents::ImportTarget target,
                           documents::ImportRules rules) {
    CO_TRY(const http::Coding coding,
           http::parse_content_coding(context.http.field("Content-Encoding").value_or("")));
    documents::Transfers& transfers = context.services.transfers;
    // The target names the database by its id, which may be a handle.
    const documents::DatabaseRef kept = place.database;
    CO_TRY(const std::unique_ptr<documents::Importer> importer,
           co_await transfers.begin_import(std::move(place), std::move(target), std::move(rules)));
    const http::DecodeLimits limits{transfers.settings().max_expansion};
    const auto decoder = http::make_decoder(coding, limits);
    const Status read = co_await read_into(*importer, context.http, decoder.get());
    if (!read.ok()) {
        // What is being written is counted, too.
        (void)co_await importer->settle();
        Error error = read.error();
        error.result = importer->report().text();
        co_return error;
    }
    Answered answer;
    answer.done = Raw<ImportReportShape>{importer->report().text()};
    co_return answer;
}

/// Takes the body into a file. Blocking is short: the bytes go to the page cache.
Reply<void> receive(Context& context, documents::SpoolFile& file) {
    for (std::size_t pieces = 1;; ++pieces) {
        CO_TRY(const std::string_view piece, co_await context.http.read_some());
        if (piece.empty()) co_return Status();
        CO_TRY_VOID(file.write(piece));
        if (pieces % pieces_in_a_row == 0) (void)co_await yield();
    }
}

Reply<Answered> import_later(Context& context, std::string where, documents::ImportOrder order) {
    CO_TRY(const http::Coding coding,
           http::parse_content_coding(context.http.field("Content-Encoding").value_or("")));
    CO_TRY(const std::unique_ptr<documents::SpoolFile> file, context.services.transfers.begin_spool());
    CO_TRY_VOID(co_await receive(context, *file));
    CO_TRY_VOID(co_await context.services.transfers.sync(*file));
    order.coding = http::coding_name(coding);
    order.file = file->name();
    order.bytes = file->size();
    jobs::JobRequest request;
    request.type = "import";
    request.workspace = context.workspace();
    request.actor = context.actor();
    request.target = std::move(where);
    request.parameters = order.text();
    request.total = file->size();
    CO_TRY(jobs::StartedJob job, co_await context.services.jobs.start(std::move(request), {}));
    file->keep();
    Answered answer;
    answer.location = job_url(job.id);
    answer.job.text = std::move(job.text);
    co_return answer;
}

Reply<Answered> run(Context& context, const ImportRecords& request) {
    CO_TRY(documents::Place place, request.at.resolve(context));
    CO_TRY(documents::ImportRules rules, request.how.rules(request.type));
    documents::ImportTarget target;
    target.database = place.database->id;
    target.collection = request.at.collection;
    target.actor = context.actor();
    target.on_conflict = request.how.on_conflict;
    if (request.job || request.preference.async) {
        if (request.key) {
            co_return Error(ErrorCode::INVALID_PARAMETER,
                            "An import that runs as a job takes no Idempotency-Key; look for it in /v1/jobs",
                            "Idempotency-Key");
        }
        documents::ImportOrder order;
        order.target = std::move(target);
        order.rules = std::move(rules);
        // What the job reads is the database itself; its own credential narrows it when it runs.
        order.target.database = place.database->stored_id();
        CO_TRY_VOID(
            co_await context.services.engine.describe_collection(place.database->id, place.collection));
        std::string where = std::string(request.at.in.database) + "/" + std::string(request.at.collection);
        co_return co_await import_later(context, std::move(where), std::move(order));
    }
    if (request.key) {
        target.key = "import/" + std::string(context.actor()) + "/" + place.database->stored_id() + "/" +
                     target.collection + "/" + std::string(request.key->text);
    }
    co_return co_await import_now(context, std::move(place), std::move(target), std::move(rules));
}

}  // namespace

const Endpoint import_records = Operation<ImportRecords, Answered>{
    .id = "importRecords",
    .method = http::Method::Post,
    .path = "/v1/databases/{database}/collections/{collection}/import",
    .tag = "Import and export",
    .summary = "Import records",
    .description =
        "Imports NDJSON, a JSON array or CSV of any length, compressed with gzip or zstd if "
        "`Content-Encoding` says so, "
        "while it is received. Records are written in batches, in their order; those that fail are counted "
        "and told with "
        "their line. Records keep valid `created_at` and `updated_at`. An import that ends before the data "
        "does is an "
        "error whose `result` says what was done. With an `Idempotency-Key`, sending the same data again "
        "goes on where a "
        "broken import ended.",
    .scope = Scope::DatabaseWrite,
    .rate = RateClass::Scan,
    .idempotency = Idempotency::Keyed,
    .consumes = {ndjson_type, "application/json", csv_type},
    .streams_body = true,
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::QUOTA_EXCEEDED,
               ErrorCode::MALFORMED_JSON, ErrorCode::MALFORMED_REQUEST, ErrorCode::INVALID_DATA,
               ErrorCode::PAYLOAD_TOO_LARGE, ErrorCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::REQUEST_TIMEOUT,
               ErrorCode::TOO_MANY_ERRORS, ErrorCode::LIMIT_EXCEEDED, ErrorCode::STORAGE_FULL},
    .run = run};

}  // namespace credvault::api
