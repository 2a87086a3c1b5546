#include "app/import_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "app/data_file.h"
#include "app/progress_line.h"
#include "app/sample_client.h"
#include "base/ids.h"
#include "documents/transfer/import_report.h"
#include "documents/transfer/json_record.h"
#include "json/canonical.h"
#include "json/writer.h"

namespace credvault::app {
namespace {

constexpr std::size_t part_records = 20'000;
constexpr std::size_t part_bytes = 8 * 1024 * 1024;
constexpr std::size_t shown_errors = 10;

using Step = documents::RecordReader::Step;

/// Records that are sent together, and the lines that they stand on.
struct Part {
    std::string text;
    std::vector<std::uint64_t> lines;
};

/// One command.
class FileImport {
public:
    FileImport(const ImportOptions& options, FileKind kind, documents::CsvRules rules,
               std::unique_ptr<DataFile> file)
        : options_(options),
          kind_(kind),
          rules_(std::move(rules)),
          file_(std::move(file)),
          state_path_(options.file + ".credvault-import"),
          client_(options.url, options.key),
          reader_(documents::make_reader(kind.format, rules_)),
          progress_(options.file) {}

    Status run() {
        TRY_VOID(take_up());
        while (true) {
            TRY(const bool whole, read_part());
            if (!part_.lines.empty()) TRY_VOID(send_part());
            if (broken_) return std::move(*broken_);
            progress_.show(file_->bytes_read(), file_->bytes(), report_.records());
            if (report_.failed > options_.max_errors)
                return Error(ErrorCode::TOO_MANY_ERRORS, "More records failed than --max-errors allows");
            if (whole) break;
            TRY_VOID(keep_state());
        }
        std::remove(state_path_.c_str());
        return {};
    }
    const documents::ImportReport& report() const { return report_; }
    bool resumed() const { return resumed_; }

private:
    /// What tells this import from another one: the file as it is, where it goes and how.
    std::string identity() const {
        std::string text;
        json::Writer out(text);
        out.begin_array();
        out.number(static_cast<std::int64_t>(file_->bytes())).number(file_->modified_ns());
        for (const std::string* option : {&options_.url, &options_.to, &options_.on_conflict,
                                          &options_.format, &options_.delimiter, &options_.types}) {
            out.string(*option);
        }
        for (const std::string& column : options_.columns) out.string(column);
        out.boolean(options_.omit_empty).end_array();
        return text;
    }

    /// Goes on where a command before this one ended.
    Status take_up() {
        std::ifstream stream(state_path_, std::ios::binary);
        const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
        const Result<std::string> canonical = json::canonicalize(text);
        if (!stream.is_open() || options_.restart || !canonical.ok()) return begin_anew();
        const json::View state(*canonical);
        const auto same = state.find("import");
        const auto key = state.find("key");
        const auto reader = state.find("reader");
        const auto report = state.find("report");
        if (!same || same->text() != identity() || !key || !reader || !report) return begin_anew();
        key_ = key->as_string();
        TRY(report_, documents::ImportReport::parse(*report));
        resumed_ = true;
        if (reader->is_null()) return {};
        TRY(reader_, documents::resume_reader(kind_.format, rules_, reader->text()));
        skip_ = reader_->offset();
        return {};
    }

    /// The key is kept before anything is sent: a part whose answer is lost is sent again under the same one.
    Status begin_anew() {
        key_ = make_id("import");
        return keep_state();
    }

    Status keep_state() {
        std::string text;
        json::Writer out(text);
        out.begin_object();
        out.key("import").raw(identity()).key("key").string(key_);
        out.key("reader").raw(reader_state_.empty() ? "null" : reader_state_);
        out.key("report").raw(report_.text()).end_object();
        const std::string next = state_path_ + ".new";
        std::ofstream stream(next, std::ios::binary | std::ios::trunc);
        stream << text;
        stream.close();
        if (stream && std::rename(next.c_str(), state_path_.c_str()) == 0) return {};
        return Error(ErrorCode::STORAGE_UNAVAILABLE,
                     "Can't write " + state_path_ + ", which keeps how far the import is");
    }

    /// Reads records into the part until it is full. True at the end of the file.
    Result<bool> read_part() {
        part_ = {};
        while (part_.lines.size() < part_records && part_.text.size() < part_bytes &&
               report_.failed <= options_.max_errors) {
            switch (reader_->next(part_.text)) {
                case Step::Record:
                    part_.text += '\n';
                    part_.lines.push_back(reader_->line());
                    break;
                case Step::Refused: {
                    const Error error = reader_->take_error();
                    report_.fail({reader_->line(), std::string(error_name(error.code)), error.message});
                    break;
                }
                case Step::Hungry: TRY_VOID(feed()); break;
                case Step::Done: return true;
                case Step::Broken:
                    // What was read before it is sent all the same.
                    broken_ = reader_->take_error();
                    return true;
            }
        }
        next_state_ = reader_->state();
        return false;
    }

    Status feed() {
        while (true) {
            TRY(std::string_view bytes, file_->read());
            if (bytes.empty()) {
                if (skip_ > 0) return Error(ErrorCode::INVALID_DATA, "The file is shorter than it was");
                reader_->end();
                return {};
            }
            if (!begun_ && bytes.starts_with(documents::byte_order_mark))
                bytes.remove_prefix(documents::byte_order_mark.size());
            begun_ = true;
            const std::uint64_t skipped = std::min<std::uint64_t>(skip_, bytes.size());
            skip_ -= skipped;
            bytes.remove_prefix(skipped);
            if (bytes.empty()) continue;
            reader_->feed(bytes);
            return {};
        }
    }

    Status send_part() {
        const std::string path = "databases/" + options_.to.substr(0, options_.to.find('/')) +
                                 "/collections/" + options_.to.substr(options_.to.find('/') + 1) +
                                 "/import?max_errors=1000000000&on_conflict=" + options_.on_conflict;
        const std::vector<std::string> fields{
            "Content-Type: application/x-ndjson",
            "Idempotency-Key: " + key_ + "-" + std::to_string(part_.lines.front())};
        TRY(const ApiAnswer answer, client_.call("POST", path, part_.text, fields));
        if (answer.status != 200) return error_of(answer);
        TRY(const std::string canonical, json::canonicalize(answer.body));
        const auto data = json::View(canonical).find("data");
        if (!data) return Error(ErrorCode::INTERNAL, "The server's answer tells no counts");
        TRY(const documents::ImportReport report, documents::ImportReport::parse(*data));
        add(report);
        reader_state_ = std::move(next_state_);
        return {};
    }

    /// The server counts the lines of what it was sent.
    void add(const documents::ImportReport& report) {
        report_.inserted += report.inserted;
        report_.replaced += report.replaced;
        report_.merged += report.merged;
        report_.skipped += report.skipped;
        report_.warned += report.warned;
        const std::uint64_t failed = report_.failed + report.failed;
        for (const documents::ImportError& error : report.errors) {
            const std::uint64_t line = error.line >= 1 && error.line <= part_.lines.size()
                                           ? part_.lines[error.line - 1]
                                           : error.line;
            const std::size_t colon = error.message.find(": ");
            const std::string what =
                colon == std::string::npos ? error.message : error.message.substr(colon + 2);
            report_.fail({line, error.code, "Line " + std::to_string(line) + ": " + what});
        }
        report_.failed = failed;
    }

    const ImportOptions& options_;
    const FileKind kind_;
    const documents::CsvRules rules_;
    std::unique_ptr<DataFile> file_;
    const std::string state_path_;
    ApiClient client_;
    std::unique_ptr<documents::RecordReader> reader_;
    ProgressLine progress_;
    std::string key_;
    std::string reader_state_;  ///< Behind what the server has.
    std::string next_state_;    ///< Behind the part.
    std::uint64_t skip_ = 0;
    bool begun_ = false;
    bool resumed_ = false;
    std::optional<Error> broken_;
    Part part_;
    documents::ImportReport report_;
};

void print(const FileImport& import) {
    const documents::ImportReport& report = import.report();
    fmt::print("{}{} inserted, {} replaced, {} merged, {} skipped, {} failed\n",
               import.resumed() ? "with what was done before: " : "", report.inserted, report.replaced,
               report.merged, report.skipped, report.failed);
    if (report.warned > 0) fmt::print("{} of them violate the collection's schema\n", report.warned);
    std::fflush(stdout);
    std::size_t shown = 0;
    for (const documents::ImportError& error : report.errors) {
        if (shown++ == shown_errors) break;
        fmt::print(stderr, "  {}\n", error.message);
    }
}

}  // namespace

Result<bool> import_file(const ImportOptions& options) {
    const std::size_t slash = options.to.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == options.to.size())
        return Error(ErrorCode::INVALID_PARAMETER, "--to is DATABASE/COLLECTION, as shop/users");
    TRY(const FileKind kind, kind_of_file(options.file, options.format));
    documents::CsvRules rules;
    const bool tabs = options.delimiter.empty() && options.file.find(".tsv") != std::string::npos;
    TRY(rules.delimiter, documents::parse_delimiter(tabs                        ? "tab"
                                                    : options.delimiter.empty() ? ","
                                                                                : options.delimiter));
    TRY(rules.types, documents::parse_types(options.types));
    rules.columns = options.columns;
    rules.omit_empty = options.omit_empty || options.on_conflict == "merge";
    TRY(std::unique_ptr<DataFile> file, DataFile::open(options.file, kind.coding));
    FileImport import(options, kind, std::move(rules), std::move(file));
    const Status done = import.run();
    print(import);
    if (!done.ok()) return done.error();
    return import.report().failed == 0;
}

void add_import_command(CLI::App& app, int& exit_status) {
    const auto options = std::make_shared<ImportOptions>();
    CLI::App* const command = app.add_subcommand(
        "import",
        "Import a file of records (.ndjson, .json, .csv, .tsv, also .gz and .zst) into a running server");
    command->add_option("file", options->file, "The file")->required();
    command->add_option("--to", options->to, "DATABASE/COLLECTION, which must be there")->required();
    command->add_option("--url", options->url, "The running server")->capture_default_str();
    command
        ->add_option("--key", options->key,
                     "An API key; better given as CREDVAULT_KEY, which other users can't see")
        ->envname("CREDVAULT_KEY")
        ->required();
    command->add_option("--format", options->format, "Where the file's name does not say it")
        ->check(CLI::IsMember({"ndjson", "json", "csv"}));
    command->add_option("--on-conflict", options->on_conflict, "What becomes of a record whose id is taken")
        ->check(CLI::IsMember({"error", "skip", "replace", "merge"}))
        ->capture_default_str();
    command->add_option("--max-errors", options->max_errors, "Give up when more records have failed")
        ->capture_default_str();
    command->add_option("--delimiter", options->delimiter, "Of CSV: one character, or tab");
    command->add_option("--types", options->types, "Of CSV: age:int,zip:string");
    command->add_option("--columns", options->columns, "Of CSV without a first row that names them")
        ->delimiter(',');
    command->add_flag("--omit-empty", options->omit_empty,
                      "Of CSV: leave empty cells out instead of storing null");
    command->add_flag("--restart", options->restart, "Begin anew what broke off before");
    command->callback([options, &exit_status] {
        const Result<bool> done = import_file(*options);
        if (done.ok()) {
            exit_status = *done ? 0 : 1;
            return;
        }
        fmt::print(stderr, "credvault import: {}\n", done.error().message);
        exit_status = 1;
    });
}

}  // namespace credvault::app
