// A line of format, then a text: the format is refused, or dates are written and read by it; the text is read with
// and without it. What is read lies in the calendar; a date written whole is read back. The text is also a time
// zone's name, a POSIX zone, a zone file, a number.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "query/date/calendar.h"
#include "query/date/date_format.h"
#include "query/date/posix_zone.h"
#include "query/date/zone_rules.h"
#include "query/expression/number_text.h"

namespace {

using namespace credvault;

constexpr std::int64_t some_dates[] = {query::min_date_ms, -1, 0, 1'709'210'096'789, query::max_date_ms};

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const std::optional<query::ReadDate>& read, const query::DateFault& fault) {
    if (!read) {
        require(!fault.message.empty());
        return;
    }
    const std::int64_t ms = read->zone.value_or(query::TimeZone()).to_utc(read->local_ms);
    require(ms >= query::min_date_ms - 10 * query::day_ms && ms <= query::max_date_ms + 10 * query::day_ms);
}

void check_format(std::string_view format, std::string_view text) {
    if (!query::date_format_fault(format, query::DateFormatUse::Writing)) {
        for (const std::int64_t ms : some_dates) {
            require(query::format_date(format, {ms, query::TimeZone()}).size() <= format.size() * 5);
        }
    }
    if (query::date_format_fault(format, query::DateFormatUse::Reading)) return;
    query::DateFault fault;
    check(query::read_date(text, format, fault), fault);

    // A separator keeps what follows apart from the format's own last number.
    const std::string whole = "%Y-%m-%dT%H:%M:%S.%L|" + std::string(format);
    for (const std::int64_t ms : some_dates) {
        const std::string written = query::format_date(whole, {ms, query::TimeZone()});
        const auto read =
            query::read_date(std::string_view(written).substr(0, 23), whole.substr(0, 20), fault);
        require(read && read->local_ms == ms);
        check(query::read_date(written, whole, fault), fault);
    }
}

void check_numbers(std::string_view text) {
    if (const auto number = query::read_whole(text, 10)) {
        require(query::read_whole(query::write_whole(*number, 16), 16) == number);
        require(query::read_whole(query::write_whole(*number, 10), 10) == number);
    }
    if (const auto number = query::read_real(text))
        require(query::read_real(query::write_real(*number)) == number);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), size);
    const std::string_view text = input.substr(std::min(line + 1, size));
    check_format(input.substr(0, line), text);

    query::DateFault fault;
    check(query::read_date(text, fault), fault);
    if (const auto ms = parse_time(text)) require(query::is_date_ms(*ms));
    query::TimeZone::find(text);
    if (const auto zone = query::PosixZone::parse(text)) {
        for (const std::int64_t ms : some_dates) require(std::abs(zone->offset_at(ms / 1000)) < 200 * 3600);
    }
    if (const auto rules = query::ZoneRules::parse(text)) {
        for (const std::int64_t ms : some_dates) rules->offset_at(ms / 1000);
    }
    check_numbers(text);
    return 0;
}
