#include "query/date/date_format.h"

#include <array>

#include "query/date/calendar.h"
#include "query/date/date_reader.h"

namespace credvault::query {
namespace {

constexpr std::string_view written_specifiers = "bBdGHjLmMSuUVwYzZ%";
constexpr std::string_view read_specifiers = "bBdGHjLmMSuVYzZ%";

std::string listed(std::string_view specifiers) {
    std::string out;
    for (const char c : specifiers) {
        if (!out.empty()) out += ' ';
        out += '%';
        out += c;
    }
    return out;
}

void put_number(std::string& out, std::int64_t value, std::size_t width) {
    const std::string digits = std::to_string(value);
    if (digits.size() < width) out.append(width - digits.size(), '0');
    out += digits;
}

void put_distance(std::string& out, std::int64_t minutes) {
    out += minutes < 0 ? '-' : '+';
    const std::int64_t size = minutes < 0 ? -minutes : minutes;
    put_number(out, size / 60, 2);
    put_number(out, size % 60, 2);
}

class DateWriter {
public:
    explicit DateWriter(const ZonedDate& date)
        : offset_minutes_(date.zone.offset_at(date.ms) / minute_ms),
          local_(date.zone.to_local(date.ms)),
          parts_(date_parts(local_)) {}

    void put(std::string& out, char specifier) const {
        switch (specifier) {
            case 'b': out += month_name(parts_.month).substr(0, 3); break;
            case 'B': out += month_name(parts_.month); break;
            case 'd': put_number(out, parts_.day, 2); break;
            case 'G': put_number(out, iso_week_date(local_).year, 4); break;
            case 'H': put_number(out, parts_.hour, 2); break;
            case 'j': put_number(out, day_of_year(local_), 3); break;
            case 'L': put_number(out, parts_.millisecond, 3); break;
            case 'm': put_number(out, parts_.month, 2); break;
            case 'M': put_number(out, parts_.minute, 2); break;
            case 'S': put_number(out, parts_.second, 2); break;
            case 'u': put_number(out, iso_week_date(local_).day, 1); break;
            case 'U': put_number(out, week_of_year(local_), 2); break;
            case 'V': put_number(out, iso_week_date(local_).week, 2); break;
            case 'w': put_number(out, day_of_week(local_), 1); break;
            case 'Y': put_number(out, parts_.year, 4); break;
            case 'z': put_distance(out, offset_minutes_); break;
            case 'Z': put_number(out, offset_minutes_, 1); break;
            default: out += specifier; break;
        }
    }

private:
    std::int64_t offset_minutes_;
    std::int64_t local_;
    DateParts parts_;
};

}  // namespace

std::optional<std::string> date_format_fault(std::string_view format, DateFormatUse use) {
    const std::string_view known = use == DateFormatUse::Writing ? written_specifiers : read_specifiers;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%') continue;
        if (++i == format.size()) return "'format' ends in a single %; write %% for a per cent sign";
        if (known.find(format[i]) == std::string_view::npos) {
            // What follows may be the first byte of a longer character, so it is not quoted.
            return "'format' has an unknown specifier; known are " + listed(known);
        }
    }
    return {};
}

std::string format_date(std::string_view format, const ZonedDate& date) {
    const DateWriter writer(date);
    std::string out;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == '%') {
            writer.put(out, format[++i]);
        } else {
            out += format[i];
        }
    }
    return out;
}

}  // namespace credvault::query
