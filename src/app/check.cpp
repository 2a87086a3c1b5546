#include "app/check.h"

#include <unistd.h>

#include <cstdio>

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

}  // namespace

int check(const std::string& directory) {
    storage::CheckSettings settings;
    settings.progress = show_progress;
    const auto report = storage::check_directory(directory, settings);
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "\r\033[K");
    if (!report.ok()) {
        std::fprintf(stderr, "credvault: %s\n", report.error().message.c_str());
        return 2;
    }
    for (const storage::CheckProblem& problem : report->problems) {
        std::printf("%s: %s\n", problem.database.c_str(), problem.what.c_str());
    }
    const auto number = [](std::uint64_t n) { return static_cast<unsigned long long>(n); };
    std::printf(
        "%llu databases, %llu collections, %llu records, %llu index entries, %llu changes: %llu problems\n",
        number(report->databases), number(report->collections), number(report->records),
        number(report->entries), number(report->changes), number(report->problem_count));
    return report->ok() ? 0 : 1;
}

}  // namespace credvault::app
