// URLs of webhooks: whatever is given, nothing that is taken leads to an address that is not public, or holds
// control characters, and what is taken is taken again as the same.
#include <cstdlib>

#include "outgoing/url.h"
#include "webhooks/retry_schedule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace credvault::outgoing;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const std::int64_t wait = credvault::webhooks::retry_after_ms(text, 1'700'000'000'000);
    if (wait < 0) std::abort();
    const auto url = checked_url(text, AddressGuard());
    if (!url.ok()) return 0;
    if (url->host.empty() || url->port == 0) std::abort();
    if (!url->text.starts_with("http://") && !url->text.starts_with("https://")) std::abort();
    for (const char c : url->text) {
        if (c <= ' ' || c >= 0x7f) std::abort();
    }
    if (url->address && !special_use(*url->address).empty()) std::abort();
    const auto again = checked_url(url->text, AddressGuard());
    if (!again.ok() || again->host != url->host || again->port != url->port) std::abort();
    return 0;
}
