#include "query/date/posix_zone.h"

#include <chrono>

namespace credvault::query {
namespace {

constexpr std::int64_t day_seconds = 86'400;
constexpr std::int32_t longest_hours = 167;  // RFC 8536 lets a change lie up to a week away from its day.

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

struct PosixZone::Reader {
    std::string_view text;

    bool take(char c) {
        if (!text.starts_with(c)) return false;
        text.remove_prefix(1);
        return true;
    }
    bool name() {
        std::size_t length = 0;
        if (text.starts_with('<')) {
            length = text.find('>');
            if (length == std::string_view::npos) return false;
            ++length;
        } else {
            while (length < text.size() && is_letter(text[length])) ++length;
        }
        text.remove_prefix(length);
        return length >= 3;
    }
    std::optional<std::int32_t> number(std::int32_t least, std::int32_t most) {
        std::int32_t value = 0;
        std::size_t length = 0;
        for (; length < 3 && length < text.size() && is_digit(text[length]); ++length) {
            value = value * 10 + (text[length] - '0');
        }
        text.remove_prefix(length);
        if (length == 0 || value < least || value > most) return {};
        return value;
    }
    /// [+-]hh[:mm[:ss]] in seconds.
    std::optional<std::int32_t> time() {
        const int sign = take('-') ? -1 : 1;
        if (sign > 0) take('+');
        const auto hours = number(0, longest_hours);
        if (!hours) return {};
        std::int32_t seconds = *hours * 3600;
        for (const std::int32_t unit : {60, 1}) {
            if (!take(':')) break;
            const auto part = number(0, 59);
            if (!part) return {};
            seconds += *part * unit;
        }
        return sign * seconds;
    }
    bool weekday_of_month(Change& change) {
        change.kind = Change::Kind::WeekdayOfMonth;
        const auto month = number(1, 12);
        if (!month || !take('.')) return false;
        const auto week = number(1, 5);
        if (!week || !take('.')) return false;
        const auto day = number(0, 6);
        if (!day) return false;
        change.month = *month;
        change.week = *week;
        change.day = *day;
        return true;
    }
    std::optional<Change> change() {
        Change change;
        if (!take(',')) return {};
        if (take('M')) {
            if (!weekday_of_month(change)) return {};
        } else {
            const bool without_leap = take('J');
            const auto day = without_leap ? number(1, 365) : number(0, 365);
            if (!day) return {};
            change.kind = without_leap ? Change::Kind::DayWithoutLeap : Change::Kind::DayOfYear;
            change.day = *day;
        }
        if (!take('/')) return change;
        const auto seconds = time();
        if (!seconds) return {};
        change.seconds = *seconds;
        return change;
    }
};

std::optional<PosixZone> PosixZone::parse(std::string_view text) {
    Reader reader{text};
    PosixZone zone;
    if (!reader.name()) return {};
    // POSIX counts west of Greenwich.
    const auto standard = reader.time();
    if (!standard) return {};
    zone.standard_ = -*standard;
    if (reader.text.empty()) return zone;

    if (!reader.name()) return {};
    zone.has_summer_ = true;
    zone.summer_ = zone.standard_ + 3600;
    if (!reader.text.starts_with(',')) {
        const auto summer = reader.time();
        if (!summer) return {};
        zone.summer_ = -*summer;
    }
    const auto begin = reader.change();
    const auto end = begin ? reader.change() : std::nullopt;
    if (!end || !reader.text.empty()) return {};
    zone.begin_ = *begin;
    zone.end_ = *end;
    return zone;
}

std::int64_t PosixZone::instant(const Change& change, int year) {
    using namespace std::chrono;
    const auto first = sys_days(std::chrono::year(year) / January / 1).time_since_epoch().count();
    std::int64_t day = first + change.day;
    if (change.kind == Change::Kind::DayWithoutLeap) {
        const bool after_february = std::chrono::year(year).is_leap() && change.day >= 60;
        day = first + change.day - 1 + (after_february ? 1 : 0);
    } else if (change.kind == Change::Kind::WeekdayOfMonth) {
        const year_month month =
            std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(change.month));
        const weekday wanted(static_cast<unsigned>(change.day));
        const sys_days found = change.week == 5
                                   ? sys_days(month / weekday_last(wanted))
                                   : sys_days(month / wanted[static_cast<unsigned>(change.week)]);
        day = found.time_since_epoch().count();
    }
    return day * day_seconds + change.seconds;
}

std::int32_t PosixZone::offset_at(std::int64_t utc_seconds) const {
    if (!has_summer_) return standard_;
    using namespace std::chrono;
    const std::int64_t local = utc_seconds + standard_;
    const auto days_since = (local >= 0 ? local : local - day_seconds + 1) / day_seconds;
    const int year = static_cast<int>(year_month_day(sys_days(days(days_since))).year());
    // Each change is told in the time that holds before it.
    const std::int64_t begin = instant(begin_, year) - standard_;
    const std::int64_t end = instant(end_, year) - summer_;
    const bool is_summer =
        begin < end ? utc_seconds >= begin && utc_seconds < end : utc_seconds < end || utc_seconds >= begin;
    return is_summer ? summer_ : standard_;
}

}  // namespace credvault::query
