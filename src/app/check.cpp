#include "app/check.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "access/audit_verifier.h"
#include "storage/platform.h"
#include "storage/sqlite/check.h"

namespace credvault::app {
namespace {

/// One line that is rewritten, on a terminal only.
bool show_progress(const storage::CheckProgress& progress) {
    if (::isatty(STDERR_FILENO) == 0) return true;
    std::fprintf(stderr, "\r\033[K%.*s: %.*s %llu", static_cast<int>(progress.database.size()),
                 progress.database.data(), static_cast<int>(progress.step.size()), progress.step.data(),
                 static_cast<unsigned long long>(progress.done));
    if (progress.total > 0) std::fprintf(stderr, " of %llu", static_cast<unsigned long long>(progress.total));
    std::fflush(stderr);
    return true;
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& several = {}) {
    return std::to_string(count) + " " + (count == 1 ? one : several.empty() ? one + "s" : several);
}

}  // namespace

int check(const std::string& directory) {
    storage::CheckSettings settings;
    settings.progress = show_progress;
    std::map<std::string, std::string> named;
    access::AuditVerifier audit;
    settings.on_platform_record = [&named, &audit](std::string_view database, std::string_view collection,
                                                   const json::View& record) {
        if (database == storage::system_database && collection == "audit_heads") audit.head(record);
        if (database == storage::events_database && collection == "audit") audit.entry(record);
        if (database != storage::system_database || collection != "databases") return;
        named.emplace(record.find("id")->as_string(),
                      record.find("name").value_or(json::View("\"?\"")).as_string());
    };
    auto report = storage::check_directory(directory, settings);
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
    if (!report.ok()) {
        std::fprintf(stderr, "credvault: %s\n", report.error().message.c_str());
        return 2;
    }
    for (const auto& [id, name] : named) {
        if (std::find(report->found.begin(), report->found.end(), id) != report->found.end()) continue;
        ++report->problem_count;
        report->problems.push_back({id, "the file of the database '" + name + "' is missing"});
    }
    for (const std::string& problem : audit.finish()) {
        ++report->problem_count;
        report->problems.push_back({std::string(storage::events_database), problem});
    }
    for (const storage::CheckProblem& problem : report->problems) {
        std::printf("%s: %s\n", problem.database.c_str(), problem.what.c_str());
    }
    std::printf(
        "%s, %s, %s, %s, %s: %s\n", counted(report->databases, "database").c_str(),
        counted(report->collections, "collection").c_str(), counted(report->records, "record").c_str(),
        counted(report->entries, "index entry", "index entries").c_str(),
        counted(report->changes, "change").c_str(), counted(report->problem_count, "problem").c_str());
    return report->ok() ? 0 : 1;
}

}  // namespace credvault::app
