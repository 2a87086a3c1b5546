#include "storage/sqlite/check.h"

#include <filesystem>
#include <utility>

#include "storage/errors.h"
#include "storage/sqlite/check_database.h"
#include "storage/sqlite/data_directory.h"
#include "storage/sqlite/sqlite_library.h"

namespace credvault::storage {

Result<CheckReport> check_directory(const std::string& path, const CheckSettings& settings) {
    configure_sqlite();
    std::error_code failed;
    // Looked for before the directory is opened, which would make it.
    if (!std::filesystem::is_directory(path + "/db", failed)) {
        Error none = storage_unavailable(path + "/db is no directory");
        none.message = path + " is no data directory: it has no directory 'db'";
        none.retry_after_seconds = 0;
        return none;
    }
    TRY(const auto directory, DataDirectory::open(path));
    TRY(std::vector<std::string> ids, directory->databases());
    CheckReport report;
    if (directory->has(system_database)) {
        ids.insert(ids.begin(), std::string(system_database));
    } else if (!ids.empty()) {
        report.problem_count = 1;
        report.problems.push_back({std::string(system_database), "its file is missing"});
    }
    for (const std::string& id : ids) {
        ++report.databases;
        report.found.push_back(id);
        TRY_VOID(check_database(id, directory->file_of(id), settings, report));
    }
    return report;
}

}  // namespace credvault::storage
