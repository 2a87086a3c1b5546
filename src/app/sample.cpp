#include "app/sample.h"

#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <vector>

#include "app/sample_client.h"
#include "app/sample_csv.h"
#include "json/canonical.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::app {
namespace {

constexpr std::string_view collections_path = "databases/sample/collections";
constexpr std::size_t batch_records = 1'000;

struct DataSet {
    std::string_view collection;
    std::string_view file;
};

constexpr std::array data_sets{
    DataSet{"movies", "movies.json"},
    DataSet{"cars", "cars.json"},
    DataSet{"airports", "airports.csv"},
    DataSet{"penguins", "penguins.json"},
    DataSet{"seattle-weather", "seattle-weather.csv"},
    DataSet{"co2-concentration", "co2-concentration.csv"},
};

/// A bar on a terminal, a line at the end elsewhere.
class Progress {
public:
    Progress(std::string_view name, std::size_t total) : name_(name), total_(total) { show(0); }

    void show(std::size_t done) const {
        if (!terminal_) return;
        constexpr std::size_t width = 30;
        const std::size_t filled = total_ == 0 ? width : done * width / total_;
        fmt::print("\r{:<18} [{:<{}}] {} / {}", name_, std::string(filled, '#'), width, done, total_);
        std::fflush(stdout);
    }
    void finish(std::string_view what) const {
        fmt::print("{}{:<18} {} records {}\n", terminal_ ? "\r\x1b[K" : "", name_, total_, what);
        std::fflush(stdout);
    }

private:
    std::string_view name_;
    std::size_t total_;
    bool terminal_ = isatty(STDOUT_FILENO) == 1;
};

/// In the build tree that the program stands in, or in that of the current directory.
std::string installed_data() {
    namespace fs = std::filesystem;
    const fs::path data = "sample/node_modules/vega-datasets/data";
    std::error_code ignored;
    const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
    const fs::path beside = program.parent_path().parent_path() / data;
    return fs::is_directory(beside, ignored) ? beside.string() : ("build" / data).string();
}

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    if (!file.is_open() || file.bad()) {
        return Error(ErrorCode::INVALID_PARAMETER,
                     "Can't read " + path +
                         "; ./dev serve installs the data, or name the data folder of the npm "
                         "package vega-datasets with --from");
    }
    return text;
}

Result<std::vector<std::string>> records_of_json(std::string_view text) {
    TRY(const std::string canonical, json::canonicalize(text));
    const json::View array(canonical);
    if (!array.is_array()) return Error(ErrorCode::INVALID_PARAMETER, "The file is no JSON array");
    std::vector<std::string> records;
    for (const json::View record : array.elements()) records.emplace_back(record.text());
    return records;
}

Result<std::vector<std::string>> read_records(const std::string& folder, const DataSet& set) {
    const std::string path = folder + "/" + std::string(set.file);
    TRY(const std::string text, read_file(path));
    Result<std::vector<std::string>> records =
        set.file.ends_with(".csv") ? records_of_csv(text) : records_of_json(text);
    if (records.ok()) return records;
    Error error = std::move(records).error();
    error.message.insert(0, path + ": ");
    return error;
}

std::string named(std::string_view name) {
    std::string body;
    json::Writer(body).begin_object().key("name").string(name).end_object();
    return body;
}

/// Makes a database or collection unless it is there.
Status ensure(ApiClient& client, std::string_view path, std::string_view name) {
    const auto made = client.request("POST", path, named(name));
    if (!made.ok() && made.error().code != ErrorCode::ALREADY_EXISTS) return made.error();
    return {};
}

/// How many records the collection has.
Result<std::int64_t> stored_count(ApiClient& client, const std::string& collection) {
    TRY(const std::string answer, client.request("POST", collection + "/count", "{}"));
    TRY(const std::string canonical, json::canonicalize(answer));
    const auto data = json::View(canonical).find("data");
    const auto count = data ? data->find("count") : std::nullopt;
    if (!count || count->type() != json::Type::Int)
        return Error(ErrorCode::INTERNAL, "The server gives no count");
    return count->as_int();
}

Status insert(ApiClient& client, const std::string& collection, const std::vector<std::string>& records,
              const Progress& progress) {
    for (std::size_t start = 0; start < records.size(); start += batch_records) {
        const std::size_t end = std::min(start + batch_records, records.size());
        std::string body;
        json::Writer out(body);
        out.begin_array();
        for (std::size_t i = start; i < end; ++i) out.raw(records[i]);
        out.end_array();
        TRY_VOID(client.request("POST", collection + "/records", body));
        progress.show(end);
    }
    return {};
}

Status load(ApiClient& client, const SampleOptions& options, const std::string& folder, const DataSet& set) {
    TRY(const std::vector<std::string> records, read_records(folder, set));
    const std::string collection = std::string(collections_path) + "/" + std::string(set.collection);
    if (options.replace) {
        const auto dropped = client.request("DELETE", collection);
        if (!dropped.ok() && dropped.error().code != ErrorCode::COLLECTION_NOT_FOUND) return dropped.error();
    }
    TRY_VOID(ensure(client, collections_path, set.collection));
    TRY(const std::int64_t stored, stored_count(client, collection));
    const Progress progress(set.collection, records.size());
    if (stored == static_cast<std::int64_t>(records.size())) {
        progress.finish("were there");
        return {};
    }
    if (stored != 0) {
        return Error(
            ErrorCode::ALREADY_EXISTS,
            fmt::format("The collection '{}' has {} records where the data has {}; --replace loads it anew",
                        set.collection, stored, records.size()));
    }
    TRY_VOID(insert(client, collection, records, progress));
    progress.finish("loaded");
    return {};
}

}  // namespace

Status load_sample(const SampleOptions& options) {
    const std::string folder = options.from.empty() ? installed_data() : options.from;
    ApiClient client(options.url, options.key);
    for (const DataSet& set : data_sets) TRY_VOID(read_file(folder + "/" + std::string(set.file)));
    TRY_VOID(ensure(client, "databases", "sample"));
    for (const DataSet& set : data_sets) TRY_VOID(load(client, options, folder, set));
    fmt::print("The database 'sample' is ready: try {}/v1/{}/movies/records?limit=3\n", options.url,
               collections_path);
    return {};
}

void add_sample_command(CLI::App& app, int& exit_status) {
    const auto options = std::make_shared<SampleOptions>();
    CLI::App* const sample = app.add_subcommand("sample", "Real data to try the server with");
    sample->require_subcommand(1);
    CLI::App* const load = sample->add_subcommand(
        "load", "Put movies, cars, airports, penguins, weather and CO2 records into the database 'sample'");
    load->add_option("--url", options->url, "The running server")->capture_default_str();
    load->add_option("--key", options->key,
                     "An API key; better given as CREDVAULT_KEY, which other users can't see")
        ->envname("CREDVAULT_KEY")
        ->required();
    load->add_option("--from", options->from, "The data folder of the npm package vega-datasets");
    load->add_flag("--replace", options->replace, "Load collections anew that are there");
    load->callback([options, &exit_status] {
        const Status loaded = load_sample(*options);
        if (loaded.ok()) return;
        const bool refused = loaded.error().code == ErrorCode::UNAUTHENTICATED;
        fmt::print(stderr, "{}credvault sample load: {}{}\n", isatty(STDOUT_FILENO) == 1 ? "\n" : "",
                   loaded.error().message, refused ? "; give an API key as CREDVAULT_KEY or with --key" : "");
        exit_status = 1;
    });
}

}  // namespace credvault::app
