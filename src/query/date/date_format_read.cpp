#include <algorithm>
#include <utility>

#include "query/date/calendar.h"
#include "query/date/date_format.h"
#include "query/date/date_reader.h"

namespace credvault::query {
namespace {

using Piece = std::optional<std::int64_t>;

/// What a text said, each piece on its own.
struct Pieces {
    Piece year, month, day, day_of_year;
    Piece iso_year, iso_week, iso_day;
    Piece hour, minute, second, millisecond;
    std::optional<TimeZone> zone;

    bool has_iso() const { return iso_year || iso_week || iso_day; }
};

bool between(const Piece& piece, std::int64_t least, std::int64_t most) {
    return !piece || (*piece >= least && *piece <= most);
}

std::optional<std::int64_t> iso_day_number(const Pieces& pieces, DateFault& fault) {
    if (pieces.year || pieces.month || pieces.day || pieces.day_of_year) {
        fault = {"it mixes a week date with parts of other dates"};
        return {};
    }
    if (!pieces.iso_year || !pieces.iso_week) {
        fault = {"a week date needs its year and its week"};
        return {};
    }
    const IsoWeekDate date{*pieces.iso_year, *pieces.iso_week, pieces.iso_day.value_or(1)};
    const std::int64_t days = days_of(date);
    if (date.week < 1 || date.day < 1 || date.day > 7 || iso_week_date(days * day_ms).week != date.week) {
        fault = {"there is no such week or day of a week in that year"};
        return {};
    }
    return days;
}

std::optional<std::int64_t> day_number(const Pieces& pieces, DateFault& fault) {
    if (pieces.has_iso()) return iso_day_number(pieces, fault);
    if (pieces.year && pieces.day_of_year && !pieces.month && !pieces.day) {
        const std::int64_t first = days_of(*pieces.year, 1, 1);
        if (!between(pieces.day_of_year, 1, days_of(*pieces.year + 1, 1, 1) - first)) {
            fault = {"there is no such day in that year"};
            return {};
        }
        return first + *pieces.day_of_year - 1;
    }
    if (!pieces.year || !pieces.month || !pieces.day || pieces.day_of_year) {
        fault = {"a date needs its year, month and day, or its year and day of the year"};
        return {};
    }
    if (!between(pieces.month, 1, 12)) {
        fault = {"the month must be 1 to 12"};
        return {};
    }
    if (!between(pieces.day, 1, last_day_of_month(*pieces.year, *pieces.month))) {
        fault = {"there is no such day in that month"};
        return {};
    }
    return days_of(*pieces.year, *pieces.month, *pieces.day);
}

std::optional<ReadDate> resolve(const Pieces& pieces, DateFault& fault) {
    const auto days = day_number(pieces, fault);
    if (!days) return {};
    // A leap second is the first second of the next minute.
    if (!between(pieces.hour, 0, 23) || !between(pieces.minute, 0, 59) || !between(pieces.second, 0, 60)) {
        fault = {"the time must lie between 00:00:00 and 23:59:59"};
        return {};
    }
    const std::int64_t time = pieces.hour.value_or(0) * hour_ms + pieces.minute.value_or(0) * minute_ms +
                              pieces.second.value_or(0) * second_ms + pieces.millisecond.value_or(0);
    return ReadDate{*days * day_ms + time, pieces.zone};
}

/// Reads what one specifier stands for; false where the text has no such thing.
bool read_specifier(DateReader& reader, char specifier, Pieces& pieces) {
    const auto set = [](Piece& piece, const Piece& value) {
        piece = value;
        return value.has_value();
    };
    switch (specifier) {
        case 'b': return set(pieces.month, reader.month());
        case 'B': return set(pieces.month, reader.full_month());
        case 'd': return set(pieces.day, reader.number(1, 2));
        case 'G': return set(pieces.iso_year, reader.number(4, 4));
        case 'H': return set(pieces.hour, reader.number(1, 2));
        case 'j': return set(pieces.day_of_year, reader.number(1, 3));
        case 'L': return set(pieces.millisecond, reader.fraction(3));
        case 'm': return set(pieces.month, reader.number(1, 2));
        case 'M': return set(pieces.minute, reader.number(2, 2));
        case 'S': return set(pieces.second, reader.number(2, 2));
        case 'u': return set(pieces.iso_day, reader.number(1, 1));
        case 'V': return set(pieces.iso_week, reader.number(1, 2));
        case 'Y': return set(pieces.year, reader.number(4, 4));
        case 'z': pieces.zone = reader.zone(); return pieces.zone.has_value();
        case 'Z': pieces.zone = reader.zone_minutes(); return pieces.zone.has_value();
        default: return reader.take(specifier);
    }
}

/// Dates without a format, one form after the other.
class FreeReader {
public:
    explicit FreeReader(std::string_view text) : reader_(text) {}

    bool read() {
        reader_.skip_spaces();
        if (!date()) return false;
        if (!reader_.at_end() && !time()) return false;
        reader_.skip_spaces();
        return reader_.at_end();
    }
    const Pieces& pieces() const { return pieces_; }

private:
    bool date() {
        const std::string_view rest = reader_.rest();
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        switch (digits) {
            case 0: return in_words();
            case 1:
            case 2: return day_first();
            case 4: return year_first();
            case 8:
                pieces_.year = reader_.number(4, 4);
                pieces_.month = reader_.number(2, 2);
                pieces_.day = reader_.number(2, 2);
                return true;
            default: return false;
        }
    }
    bool year_first() {
        pieces_.year = reader_.number(4, 4);
        if (reader_.take('/')) return month_and_day('/');
        if (!reader_.take('-')) return false;
        if (reader_.take_any("Ww")) {
            pieces_.iso_year = std::exchange(pieces_.year, std::nullopt);
            pieces_.iso_week = reader_.number(2, 2);
            if (reader_.take('-')) pieces_.iso_day = reader_.number(1, 1);
            return pieces_.iso_week.has_value();
        }
        if (reader_.rest().find_first_not_of("0123456789") >= 3) {
            pieces_.day_of_year = reader_.number(3, 3);
            return pieces_.day_of_year.has_value();
        }
        return month_and_day('-');
    }
    bool month_and_day(char separator) {
        pieces_.month = reader_.number(1, 2);
        if (!pieces_.month || !reader_.take(separator)) return false;
        pieces_.day = reader_.number(1, 2);
        return pieces_.day.has_value();
    }
    /// "8 February 2026", "08-Feb-2026", or as Americans write numbers: "2/8/2026".
    bool day_first() {
        const Piece first = reader_.number(1, 2);
        if (reader_.take('/')) {
            pieces_.month = first;
            pieces_.day = reader_.number(1, 2);
            if (!pieces_.day || !reader_.take('/')) return false;
        } else {
            pieces_.day = first;
            ordinal_suffix();
            separators();
            pieces_.month = reader_.month();
            if (!pieces_.month) return false;
            separators();
        }
        pieces_.year = reader_.number(4, 4);
        return pieces_.year.has_value();
    }
    /// "Feb 8th, 2026", after a weekday or not; "Sunday, 8 February 2026".
    bool in_words() {
        DateReader ahead = reader_;
        if (is_weekday(ahead.word())) {
            reader_ = ahead;
            reader_.take_any(",.");
            reader_.skip_spaces();
            if (!reader_.rest().empty() && reader_.rest()[0] >= '0' && reader_.rest()[0] <= '9')
                return date();
        }
        pieces_.month = reader_.month();
        if (!pieces_.month) return false;
        separators();
        pieces_.day = reader_.number(1, 2);
        if (!pieces_.day) return false;
        ordinal_suffix();
        reader_.take(',');
        separators();
        pieces_.year = reader_.number(4, 4);
        return pieces_.year.has_value();
    }
    static bool is_weekday(std::string_view word) { return parse_weekday(word).has_value(); }
    void ordinal_suffix() {
        DateReader ahead = reader_;
        const std::string_view word = ahead.word();
        if (word == "st" || word == "nd" || word == "rd" || word == "th") reader_ = ahead;
    }
    void separators() {
        while (reader_.take_any(" -.")) {
        }
    }

    bool time() {
        if (!reader_.take_any("Tt")) {
            reader_.take(',');
            reader_.skip_spaces();
            if (reader_.at_end()) return true;
        }
        const std::string_view rest = reader_.rest();
        const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
        pieces_.hour = reader_.number(1, 2);
        if (!pieces_.hour) return false;
        if (digits == 4 || digits == 6) {
            pieces_.minute = reader_.number(2, 2);
            if (digits == 6) pieces_.second = reader_.number(2, 2);
        } else if (digits > 2 || !minutes_and_seconds()) {
            return false;
        }
        if (pieces_.second && reader_.take_any(".,")) {
            pieces_.millisecond = reader_.fraction(std::string_view::npos);
            if (!pieces_.millisecond) return false;
        }
        reader_.skip_spaces();
        return half_of_day() && zone();
    }
    bool minutes_and_seconds() {
        if (!reader_.take(':')) return true;
        pieces_.minute = reader_.number(2, 2);
        if (!pieces_.minute) return false;
        if (!reader_.take(':')) return true;
        pieces_.second = reader_.number(2, 2);
        return pieces_.second.has_value();
    }
    bool half_of_day() {
        DateReader ahead = reader_;
        const std::string_view word = ahead.word();
        const bool after_noon = word == "pm" || word == "PM";
        if (!after_noon && word != "am" && word != "AM") return true;
        reader_ = ahead;
        reader_.skip_spaces();
        if (*pieces_.hour < 1 || *pieces_.hour > 12) return false;
        pieces_.hour = *pieces_.hour % 12 + (after_noon ? 12 : 0);
        return true;
    }
    bool zone() {
        if (reader_.at_end()) return true;
        pieces_.zone = reader_.zone();
        return pieces_.zone.has_value();
    }

    DateReader reader_;
    Pieces pieces_;
};

}  // namespace

std::optional<ReadDate> read_date(std::string_view text, std::string_view format, DateFault& fault) {
    DateReader reader(text);
    Pieces pieces;
    for (std::size_t i = 0; i < format.size(); ++i) {
        const bool is_specifier = format[i] == '%';
        if (is_specifier) ++i;
        if (!(is_specifier ? read_specifier(reader, format[i], pieces) : reader.take(format[i]))) {
            fault = {is_specifier ? std::string("the text does not match %") + format[i] + " of the format"
                                  : std::string("the text differs from the format")};
            return {};
        }
    }
    if (!reader.at_end()) {
        fault = {"the text is longer than the format"};
        return {};
    }
    return resolve(pieces, fault);
}

std::optional<ReadDate> read_date(std::string_view text, DateFault& fault) {
    FreeReader reader(text);
    if (!reader.read()) {
        fault = {"write dates as \"2026-02-08T12:10:40.787Z\", or give a 'format'"};
        return {};
    }
    return resolve(reader.pieces(), fault);
}

}  // namespace credvault::query
