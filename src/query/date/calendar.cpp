#include "query/date/calendar.h"

#include <chrono>

namespace credvault::query {
namespace {

using std::chrono::sys_days;

sys_days day_at(std::int64_t local_ms) {
    return sys_days(std::chrono::days(static_cast<int>(floor_div(local_ms, day_ms))));
}

std::int64_t count_of(sys_days day) { return day.time_since_epoch().count(); }

sys_days first_of(std::int64_t year, unsigned month) {
    return sys_days(std::chrono::year(static_cast<int>(year)) / std::chrono::month(month) / 1);
}

/// The Monday with which an ISO year begins: that of the week that holds January 4th.
std::int64_t iso_year_start(std::int64_t year) {
    const sys_days fourth = first_of(year, 1) + std::chrono::days(3);
    return count_of(fourth) - (std::chrono::weekday(fourth).iso_encoding() - 1);
}

}  // namespace

DateParts date_parts(std::int64_t local_ms) {
    const std::chrono::year_month_day date(day_at(local_ms));
    const std::int64_t rest = floor_mod(local_ms, day_ms);
    return {static_cast<int>(date.year()),
            static_cast<unsigned>(date.month()),
            static_cast<unsigned>(date.day()),
            rest / hour_ms,
            rest / minute_ms % 60,
            rest / second_ms % 60,
            rest % second_ms};
}

IsoWeekDate iso_week_date(std::int64_t local_ms) {
    const sys_days day = day_at(local_ms);
    const std::int64_t weekday = std::chrono::weekday(day).iso_encoding();
    // A week belongs to the year of its Thursday.
    const sys_days thursday = day + std::chrono::days(static_cast<int>(4 - weekday));
    const int year = static_cast<int>(std::chrono::year_month_day(thursday).year());
    return {year, (count_of(thursday) - count_of(first_of(year, 1))) / 7 + 1, weekday};
}

int day_of_year(std::int64_t local_ms) {
    const sys_days day = day_at(local_ms);
    const auto year = static_cast<int>(std::chrono::year_month_day(day).year());
    return static_cast<int>(count_of(day) - count_of(first_of(year, 1))) + 1;
}

int day_of_week(std::int64_t local_ms) {
    return static_cast<int>(std::chrono::weekday(day_at(local_ms)).c_encoding()) + 1;
}

int week_of_year(std::int64_t local_ms) { return (day_of_year(local_ms) + 7 - day_of_week(local_ms)) / 7; }

std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
    year += floor_div(month - 1, 12);
    return count_of(first_of(year, static_cast<unsigned>(floor_mod(month - 1, 12) + 1))) + day - 1;
}

std::int64_t days_of(const IsoWeekDate& date) {
    return iso_year_start(date.year) + (date.week - 1) * 7 + date.day - 1;
}

int last_day_of_month(std::int64_t year, std::int64_t month) {
    const std::chrono::year_month_day_last last{
        std::chrono::year(static_cast<int>(year)),
        std::chrono::month_day_last{std::chrono::month(static_cast<unsigned>(month))}};
    return static_cast<int>(static_cast<unsigned>(last.day()));
}

}  // namespace credvault::query
