#include "app/export_command.h"

#include <curl/curl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <utility>

#include "app/data_file.h"
#include "app/progress_line.h"
#include "app/sample_client.h"
#include "http/coding.h"
#include "json/canonical.h"
#include "json/view.h"
#include "json/writer.h"

namespace credvault::app {
namespace {

std::string percent_encoded(const std::string& text) {
    char* const encoded = curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size()));
    std::string result = encoded != nullptr ? encoded : "";
    curl_free(encoded);
    return result;
}

Error unwritable(const std::string& path) {
    return Error(ErrorCode::STORAGE_UNAVAILABLE, "Can't write " + path + ": " + std::strerror(errno));
}

/// The output: a file, compressed where its name says so, or standard output.
class Output {
public:
    static Result<std::unique_ptr<Output>> open(const std::string& path, http::Coding coding,
                                                const char* mode) {
        std::unique_ptr<Output> output(new Output(path, http::make_encoder(coding)));
        if (!path.empty() && path != "-") {
            output->file_ = std::fopen(path.c_str(), mode);
            if (output->file_ == nullptr) return unwritable(path);
        }
        return output;
    }
    ~Output() {
        if (file_ != stdout) std::fclose(file_);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;

    Status write(std::string_view bytes, bool last = false) {
        std::string encoded;
        if (encoder_) {
            if (!encoder_->encode(bytes, last, encoded))
                return Error(ErrorCode::INTERNAL, "The compression failed");
            bytes = encoded;
        }
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) return unwritable(path_);
        if (last && std::fflush(file_) != 0) return unwritable(path_);
        return {};
    }

private:
    Output(std::string path, std::unique_ptr<http::Encoder> encoder)
        : path_(std::move(path)), encoder_(std::move(encoder)) {}

    std::string path_;
    std::unique_ptr<http::Encoder> encoder_;
    std::FILE* file_ = stdout;
};

/// Cuts a file of NDJSON behind its last whole line, and returns the id that stands there; empty for a file that is
/// empty or not there.
Result<std::string> last_id(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r+b"), &std::fclose);
    if (!file)
        return errno == ENOENT ? Result<std::string>(std::string()) : Result<std::string>(unwritable(path));
    // A record and what was cut off of the next one.
    constexpr long tail_bytes = 34L * 1024 * 1024;
    std::fseek(file.get(), 0, SEEK_END);
    const long size = std::ftell(file.get());
    const long begin = std::max(0L, size - tail_bytes);
    std::string tail(static_cast<std::size_t>(size - begin), '\0');
    std::fseek(file.get(), begin, SEEK_SET);
    if (std::fread(tail.data(), 1, tail.size(), file.get()) != tail.size()) return unwritable(path);
    const std::size_t end = tail.rfind('\n');
    const long kept = end == std::string::npos ? 0 : begin + static_cast<long>(end) + 1;
    if (::ftruncate(::fileno(file.get()), kept) != 0) return unwritable(path);
    if (end == std::string::npos) return std::string();
    const std::size_t before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
    const std::string line = tail.substr(before + 1, end - before - 1);
    const Result<std::string> record = json::canonicalize(line);
    const auto id = record.ok() ? json::View(*record).find("id") : std::nullopt;
    if (!id || !id->is_string())
        return Error(ErrorCode::INVALID_DATA, "The last line of " + path + " is no record with an id");
    return id->as_string();
}

std::string both(const std::string& filter, std::string_view after) {
    std::string id;
    json::Writer(id)
        .begin_object()
        .key("id")
        .begin_object()
        .key("$gt")
        .string(after)
        .end_object()
        .end_object();
    return filter.empty() ? id : "{\"$and\":[" + filter + "," + id + "]}";
}

Result<FileKind> kind_of(const ExportOptions& options) {
    if (!options.output.empty() && options.output != "-") return kind_of_file(options.output, options.format);
    return kind_of_file(".", options.format.empty() ? "ndjson" : options.format);
}

std::string query_of(const ExportOptions& options, const FileKind& kind, const std::string& filter) {
    constexpr std::string_view formats[] = {"ndjson", "json", "csv"};
    std::string query = "?format=" + std::string(formats[static_cast<std::size_t>(kind.format)]);
    const bool tabs = options.delimiter.empty() && options.output.find(".tsv") != std::string::npos;
    const std::pair<const char*, std::string> parameters[] = {
        {"filter", filter},
        {"sort", options.sort},
        {"fields", options.fields},
        {"delimiter", tabs ? "tab" : options.delimiter}};
    for (const auto& [name, value] : parameters) {
        if (!value.empty()) query += "&" + std::string(name) + "=" + percent_encoded(value);
    }
    return query;
}

}  // namespace

Result<std::uint64_t> export_file(const ExportOptions& options) {
    const std::size_t slash = options.from.find('/');
    if (slash == 0 || slash == std::string::npos || slash + 1 == options.from.size())
        return Error(ErrorCode::INVALID_PARAMETER,
                     "The collection is given as DATABASE/COLLECTION, as shop/users");
    TRY(const FileKind kind, kind_of(options));
    std::string filter = options.filter;
    if (options.resume) {
        if (options.output.empty() || kind.format != documents::DataFormat::Ndjson ||
            kind.coding != http::Coding::Identity || !options.sort.empty() || !options.fields.empty()) {
            return Error(ErrorCode::INVALID_PARAMETER,
                         "--resume is for whole records in NDJSON, uncompressed and by id, in a file");
        }
        TRY(const std::string last, last_id(options.output));
        if (!last.empty()) filter = both(options.filter, last);
    }
    TRY(const std::unique_ptr<Output> output,
        Output::open(options.output, kind.coding, options.resume ? "ab" : "wb"));
    ApiClient client(options.url, options.key);
    ProgressLine progress(options.from);
    std::uint64_t lines = 0;
    std::uint64_t bytes = 0;
    Status written;
    const std::string path = "databases/" + options.from.substr(0, slash) + "/collections/" +
                             options.from.substr(slash + 1) + "/export" + query_of(options, kind, filter);
    TRY_VOID(client.download(path, {}, [&](std::string_view piece) {
        lines += static_cast<std::uint64_t>(std::count(piece.begin(), piece.end(), '\n'));
        bytes += piece.size();
        written = output->write(piece);
        progress.show(bytes, 0, lines);
        return written.ok();
    }));
    if (!written.ok()) return std::move(written).error();
    TRY_VOID(output->write({}, true));
    return lines;
}

void add_export_command(CLI::App& app, int& exit_status) {
    const auto options = std::make_shared<ExportOptions>();
    CLI::App* const command = app.add_subcommand(
        "export", "Export a collection of a running server into a file or to standard output");
    command->add_option("collection", options->from, "DATABASE/COLLECTION")->required();
    command->add_option("-o,--output", options->output,
                        "The file; its ending says the format and compression, as for `import`");
    command->add_option("--url", options->url, "The running server")->capture_default_str();
    command
        ->add_option("--key", options->key,
                     "An API key; better given as CREDVAULT_KEY, which other users can't see")
        ->envname("CREDVAULT_KEY")
        ->required();
    command->add_option("--format", options->format, "Where the file's name does not say it")
        ->check(CLI::IsMember({"ndjson", "json", "csv"}));
    command->add_option("--filter", options->filter, "Only records that match, as {\"age\":{\"$gt\":18}}");
    command->add_option("--sort", options->sort, "As -created_at,name; by id where it is left out");
    command->add_option("--fields", options->fields, "Fields to export, separated by commas");
    command->add_option("--delimiter", options->delimiter, "Of CSV: one character, or tab");
    command->add_flag("--resume", options->resume, "Go on with a file of NDJSON that broke off");
    command->callback([options, &exit_status] {
        const Result<std::uint64_t> done = export_file(*options);
        if (done.ok()) {
            fmt::print(stderr, "{} lines exported\n", *done);
            return;
        }
        fmt::print(stderr, "credvault export: {}\n", done.error().message);
        exit_status = 1;
    });
}

}  // namespace credvault::app
