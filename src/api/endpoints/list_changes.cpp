// The change feed of a collection and of a database: as pages, or as server-sent events.
#include "api/endpoints.h"
#include "api/endpoints/change_shapes.h"
#include "api/endpoints/paths.h"
#include "api/negotiation.h"
#include "documents/change_feed.h"
#include "query/filter.h"

namespace credvault::api {
namespace {

constexpr std::string_view event_stream = "text/event-stream";

/// A page in the envelope, or events as they come.
struct Changes {
    Raw<ChangesShape> page;
    std::unique_ptr<http::BodySource> stream;
};

/// A stream's deliveries as server-sent events: an `id` with each, which is where to go on.
class EventStream final : public http::BodySource {
public:
    explicit EventStream(std::unique_ptr<documents::ChangeStream> stream) : stream_(std::move(stream)) {}

    Reply<std::string> next() override {
        // So that a client that is cut off before the first change knows where it was.
        if (!std::exchange(begun_, true))
            return "retry: 2000\nid: " + stream_->position() + "\n: changes follow\n\n";
        return framed(stream_->next());
    }
    void abandon() override { stream_->cancel(); }

private:
    static Reply<std::string> framed(Reply<documents::ChangeDelivery> reply) {
        CO_TRY(const documents::ChangeDelivery delivery, co_await std::move(reply));
        std::string text;
        for (const documents::ChangeDelivery::Event& event : delivery.events) {
            text.append("id: ").append(event.position).append("\nevent: ").append(event.operation);
            text.append("\ndata: ").append(event.text).append("\n\n");
        }
        if (delivery.ended) co_return text;
        if (delivery.gap) {
            text.append("id: ").append(delivery.position).append("\nevent: gap\ndata: {\"position\":\"");
            text.append(delivery.position).append("\"}\n\n");
        } else if (delivery.events.empty()) {
            text.append("id: ").append(delivery.position).append("\n: nothing new\n\n");
        }
        co_return text;
    }

    std::unique_ptr<documents::ChangeStream> stream_;
    bool begun_ = false;
};

struct FeedParameters {
    std::string_view since;
    std::string_view last_event_id;
    std::int64_t limit = 100;
    std::string_view operations;
    std::optional<json::View> filter;
    bool record = false;
    bool before = false;

    static Fields fields() {
        using P = FeedParameters;
        return {
            query(
                &P::since, "since",
                {.description =
                     "Only changes after this position: `position` of an earlier answer, `oldest` or `now`. "
                     "Left out, pages begin at the oldest change that is kept, streams now.",
                 .example = "oldest",
                 .max_length = 64}),
            header(&P::last_event_id, "Last-Event-ID",
                   {.description =
                        "Of streams: where a client that lost its connection goes on; before `since`.",
                    .max_length = 64}),
            query(&P::limit, "limit",
                  {.description = "Changes of a page; a stream has no pages.",
                   .min = 1,
                   .max = 1000,
                   .default_value = "100"}),
            query(
                &P::operations, "operations",
                {.description = "Only these, of `insert`, `update`, `delete`, and of a collection `drop` and "
                                "`replace`, with commas between them.",
                 .example = "insert,update",
                 .max_length = 64}),
            query(
                &P::filter, "filter",
                {.description = "Only changes of records that match this filter; `docs/api/changes.md` says "
                                "which state of a record that is.",
                 .example = R"({"status":"open"})",
                 .max_length = 65536,
                 .json = JsonKind::Object}),
            query(&P::record, "record",
                  {.description = "Whether each change comes with the record after it; `record_state` tells "
                                  "whether that is what the change wrote.",
                   .default_value = "false"}),
            query(&P::before, "before",
                  {.description = "Whether each change comes with the record before it, where the collection "
                                  "keeps both images.",
                   .default_value = "false"})};
    }
};

struct ListChanges {
    CollectionPath at;
    FeedParameters feed;
    static Fields fields() { return {include(&ListChanges::at), include(&ListChanges::feed)}; }
};

struct ListDatabaseChanges {
    DatabasePath at;
    FeedParameters feed;
    std::string_view collection;
    static Fields fields() {
        return {
            include(&ListDatabaseChanges::at), include(&ListDatabaseChanges::feed),
            query(&ListDatabaseChanges::collection, "collection",
                  {.description = "Only changes of this collection.", .example = "users", .max_length = 64})};
    }
};

Result<unsigned> kinds_of(std::string_view operations) {
    if (operations.empty()) return documents::all_kinds;
    unsigned kinds = 0;
    while (!operations.empty()) {
        const std::size_t end = std::min(operations.find(','), operations.size());
        const std::string_view name = operations.substr(0, end);
        operations.remove_prefix(std::min(end + 1, operations.size()));
        unsigned bit = 0;
        for (const auto kind :
             {storage::ChangeKind::Inserted, storage::ChangeKind::Changed, storage::ChangeKind::Removed,
              storage::ChangeKind::Dropped, storage::ChangeKind::Replaced}) {
            if (documents::kind_name(kind) == name) bit = documents::kind_bit(kind);
        }
        if (bit == 0) {
            return Error(ErrorCode::INVALID_PARAMETER,
                         "'operations' lists any of insert, update, delete, drop and replace, with commas "
                         "between them",
                         "operations");
        }
        kinds |= bit;
    }
    return kinds;
}

Result<documents::ChangeSelection> selection_of(const FeedParameters& feed, std::string_view collection) {
    documents::ChangeSelection selection;
    selection.collection = collection;
    TRY(selection.kinds, kinds_of(feed.operations));
    if (feed.filter) {
        query::FilterLimits limits;
        limits.no_search = "Changes are looked at one by one: their filter can't search or ask what is near";
        TRY(selection.filter, query::parse_filter(*feed.filter, limits));
    }
    selection.record = feed.record;
    selection.before = feed.before;
    return selection;
}

std::string page_text(const documents::ChangePage& page) {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("changes").raw(page.changes);
    out.key("position").string(page.position);
    out.key("oldest").string(page.oldest);
    out.key("has_more").boolean(page.has_more);
    out.end_object();
    return text;
}

Reply<Changes> changes(Context& context, documents::DatabaseRef database, const FeedParameters& feed,
                       std::string_view collection) {
    CO_TRY(documents::ChangeSelection selection, selection_of(feed, collection));
    std::string since(feed.since);
    Changes answer;
    if (!wants_stream(context.operation, context.http)) {
        if (since.empty()) since = "oldest";
        CO_TRY(const documents::ChangePage page,
               co_await context.services.changes.page(std::move(database), std::move(since),
                                                      std::move(selection),
                                                      static_cast<std::uint64_t>(feed.limit)));
        answer.page.text = page_text(page);
        co_return answer;
    }
    if (!feed.last_event_id.empty()) since = feed.last_event_id;
    if (since.empty()) since = "now";
    CO_TRY(std::unique_ptr<documents::ChangeStream> stream,
           co_await context.services.changes.stream(std::move(database), std::move(since),
                                                    std::move(selection)));
    answer.stream = std::make_unique<EventStream>(std::move(stream));
    co_return answer;
}

}  // namespace

template <>
struct Answer<Changes> : Answer<Resource<Raw<ChangesShape>>> {
    static void encode(http::Response& to, Changes from) {
        if (!from.stream) return put_data(to, from.page);
        to.content_type = event_stream;
        to.stream = std::move(from.stream);
        to.flush_each = true;
    }
};

const Endpoint list_changes = Operation<ListChanges, Changes>{
    .id = "listChanges",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/collections/{collection}/changes",
    .tag = "Changes",
    .summary = "The changes of a collection",
    .description =
        "What was written since a position, in the order of the commits: a page, or with `Accept: "
        "text/event-stream` a stream that goes on. Each change comes at least once.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Standard,
    .streams = {event_stream},
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::INVALID_CURSOR,
               ErrorCode::CHANGES_GONE},
    .run = [](Context& context, const ListChanges& request) -> Reply<Changes> {
        TRY(documents::Place place, request.at.resolve(context));
        return changes(context, std::move(place.database), request.feed, place.collection);
    }};

const Endpoint list_database_changes = Operation<ListDatabaseChanges, Changes>{
    .id = "listDatabaseChanges",
    .method = http::Method::Get,
    .path = "/v1/databases/{database}/changes",
    .tag = "Changes",
    .summary = "The changes of a database",
    .description = "The changes of all its collections in one order, as those of one collection are given.",
    .scope = Scope::DatabaseRead,
    .rate = RateClass::Standard,
    .streams = {event_stream},
    .errors = {ErrorCode::DATABASE_NOT_FOUND, ErrorCode::COLLECTION_NOT_FOUND, ErrorCode::INVALID_FILTER,
               ErrorCode::INVALID_EXPRESSION, ErrorCode::UNSUPPORTED_OPERATOR, ErrorCode::INVALID_CURSOR,
               ErrorCode::CHANGES_GONE},
    .run = [](Context& context, const ListDatabaseChanges& request) -> Reply<Changes> {
        TRY(documents::DatabaseRef database, request.at.resolve(context));
        return changes(context, std::move(database), request.feed, request.collection);
    }};

}  // namespace credvault::api
