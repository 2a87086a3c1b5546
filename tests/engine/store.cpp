#include "engine/store.h"

#include <chrono>
#include <thread>

#include "json/canonical.h"

namespace credvault::storage::suite {

std::string canonical(std::string_view json) {
    auto text = json::canonicalize(json);
    EXPECT_TRUE(text.ok()) << json;
    return text.ok() ? *text : "{}";
}

query::Filter filter_of(std::string_view json) {
    const std::string text = canonical(json);
    auto filter = query::parse_filter(json::View(text));
    EXPECT_TRUE(filter.ok()) << text << ": " << (filter.ok() ? "" : filter.error().message);
    return filter.ok() ? *filter : query::Filter();
}

query::Sort sort_of(std::string_view comma_separated) {
    if (comma_separated.empty()) return {};
    auto sort = query::parse_sort(comma_separated);
    EXPECT_TRUE(sort.ok()) << comma_separated;
    return sort.ok() ? *sort : query::Sort();
}

IndexSpec index_of(std::string name, std::string_view fields, bool unique, bool sparse) {
    return {std::move(name), {sort_of(fields), sparse}, unique};
}

std::string id_of(const std::string& record) { return json::View(record).find("id")->as_string(); }

std::vector<std::string> KeepingSink::ids() const {
    std::vector<std::string> ids;
    for (const StoredRow& row : rows) ids.push_back(id_of(row.text));
    return ids;
}

RunLoop& Store::thread_loop() {
    thread_local RunLoop loop;
    return loop;
}

WriteBatch Store::batch(std::vector<Operation> operations) {
    WriteBatch batch;
    batch.database = database_;
    batch.operations = std::move(operations);
    batch.actor = "key_test";
    batch.want_records = true;
    return batch;
}

Result<WriteOutcome> Store::write(std::vector<Operation> operations) {
    const WriteBatch whole = batch(std::move(operations));
    return wait(engine_.write(whole));
}

OperationOutcome Store::must(Operation operation) {
    auto outcome = write({std::move(operation)});
    EXPECT_TRUE(outcome.ok()) << error_name(outcome.error().code) << ": " << outcome.error().message << " "
                              << outcome.error().cause;
    return outcome.ok() ? outcome->operations.at(0) : OperationOutcome();
}

Error Store::refused(std::vector<Operation> operations) {
    auto outcome = write(std::move(operations));
    EXPECT_FALSE(outcome.ok()) << "the batch was not refused";
    return outcome.ok() ? Error(ErrorCode::INTERNAL) : std::move(outcome).error();
}

void Store::make() {
    ASSERT_TRUE(wait(engine_.create_database(database_)).ok());
    must(CreateCollection{collection_, "{}"});
}

void Store::insert_all(const std::vector<std::string>& records) {
    std::vector<Operation> operations;
    for (const std::string& record : records) operations.emplace_back(insertion(record));
    const auto outcome = write(std::move(operations));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message << " " << outcome.error().cause;
}

CollectionInfo Store::describe() {
    auto info = wait(engine_.describe_collection(database_, collection_));
    EXPECT_TRUE(info.ok());
    return info.ok() ? *info : CollectionInfo();
}

IndexInfo Store::wait_for_index(std::string_view name) {
    for (int tries = 0; tries < 3000; ++tries) {
        for (const IndexInfo& info : describe().indexes) {
            if (info.spec.name == name && info.state != IndexState::Building) return info;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the index " << name << " is never built";
    return {};
}

IndexInfo Store::build(IndexSpec spec) {
    const std::string name = spec.name;
    must(index(std::move(spec)));
    return wait_for_index(name);
}

std::optional<StoredRow> Store::get(std::string_view id) {
    KeepingSink sink;
    const RecordKey key{database_, collection_, id};
    const auto found = wait(engine_.get(key, sink));
    EXPECT_TRUE(found.ok());
    if (!found.ok() || !*found) return {};
    EXPECT_EQ(sink.rows.size(), 1u);
    return sink.rows.front();
}

FindRequest Store::request(std::string_view filter, std::string_view sort) {
    FindRequest request;
    request.database = database_;
    request.collection = collection_;
    request.filter = filter_of(filter);
    request.sort = sort_of(sort);
    request.limit = no_limit;
    return request;
}

Page Store::find(const FindRequest& request, std::uint64_t stop_after) {
    KeepingSink sink(stop_after);
    auto result = wait(engine_.find(request, sink));
    return {std::move(result), sink.rows, sink.ids()};
}

std::vector<std::string> Store::ids(std::string_view filter, std::string_view sort) {
    const Page page = find(request(filter, sort));
    EXPECT_TRUE(page.result.ok());
    return page.ids;
}

std::uint64_t Store::count(std::string_view filter) {
    CountRequest request;
    request.database = database_;
    request.collection = collection_;
    request.filter = filter_of(filter);
    const auto counted = wait(engine_.count(request));
    EXPECT_TRUE(counted.ok());
    return counted.ok() ? counted->count : 0;
}

}  // namespace credvault::storage::suite
