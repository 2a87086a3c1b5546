// X-Forwarded-For and Forwarded: whatever a proxy sends, each element is an address or unknown, and address ranges read
// back as they are written.
#include <cstdlib>

#include "api/client_address.h"
#include "base/address_range.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using credvault::api::ClientAddresses;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    for (const bool standard : {false, true}) {
        const auto addresses = credvault::api::forwarded_addresses(text, standard);
        if (!addresses) continue;
        for (const std::string_view address : *addresses) {
            if (address != ClientAddresses::unknown && !credvault::parse_address(address)) std::abort();
        }
    }
    const auto range = credvault::AddressRange::parse(text);
    if (!range.ok()) return 0;
    const auto again = credvault::AddressRange::parse(range->text());
    if (!again.ok() || *again != *range || !range->contains(*again)) std::abort();
    return 0;
}
