// Restrictions of keys: whatever is sent, they are refused or have one text that reads back, and narrow to themselves.
#include <cstdlib>

#include "access/restrictions.h"
#include "json/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using credvault::access::Restrictions;
    const auto text = credvault::json::canonicalize({reinterpret_cast<const char*>(data), size});
    if (!text.ok()) return 0;
    const auto parsed = Restrictions::parse(credvault::json::View(*text));
    if (!parsed.ok()) return 0;
    const std::string shown = Restrictions::text(*parsed);
    const auto again = Restrictions::parse(credvault::json::View(shown));
    if (!again.ok() || Restrictions::text(*again) != shown || !Restrictions::is_within(*parsed, *again))
        std::abort();
    const auto bound = Restrictions::bound(*parsed, {"ws", "key", "user"});
    if (!bound) return 0;
    const auto narrowing = bound->database("shop");
    if (narrowing.ok() && *narrowing)
        (void)(*narrowing)->of("users").admits(credvault::json::View(R"({"id":"a","a":1})"));
    return 0;
}
