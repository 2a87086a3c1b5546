// What the checks of one database have found and how far they are; shared by their parts. One thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/check.h"
#include "storage/sqlite/data_directory.h"

namespace credvault::storage {

class CheckFindings {
public:
    CheckFindings(std::string database, const CheckSettings& settings, CheckReport& report)
        : database_(std::move(database)), settings_(settings), report_(report) {}

    void problem(std::string what) {
        ++report_.problem_count;
        if (report_.problems.size() < settings_.max_problems)
            report_.problems.push_back({database_, std::move(what)});
    }
    void begin(std::string_view step, std::uint64_t total) {
        progress_ = {database_, step, 0, total};
        tell();
    }
    /// Call for each row.
    void row() {
        if (++progress_.done % rows_between_calls == 0) tell();
    }
    void record(std::string_view collection, const json::View& record) {
        if (settings_.on_platform_record && is_platform_database(database_))
            settings_.on_platform_record(database_, collection, record);
    }
    bool stopped() const { return stopped_; }
    CheckReport& report() { return report_; }

private:
    static constexpr std::uint64_t rows_between_calls = 1'000;

    void tell() {
        if (settings_.progress && !settings_.progress(progress_)) stopped_ = true;
    }

    const std::string database_;
    const CheckSettings& settings_;
    CheckReport& report_;
    CheckProgress progress_;
    bool stopped_ = false;
};

}  // namespace credvault::storage
