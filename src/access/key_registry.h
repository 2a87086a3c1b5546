// All keys as they are stored, in memory, and the table of those that authenticate. A change is taken in once it is
// durable, and only if it is newer than what is known, so that answers that come late undo nothing; a key that was
// removed never comes back. Thread-safe; authenticate() takes no lock.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/credential_table.h"
#include "access/key_record.h"

namespace credvault::access {

class KeyRegistry {
public:
    using KeyRef = std::shared_ptr<const KeyRecord>;
    /// A key that was used since the time was written.
    struct Used {
        std::string id;
        std::int64_t used_ms;
    };

    /// All there are; what was known is forgotten.
    void reset(std::vector<KeyRecord> keys);
    void put(KeyRecord key);
    void erase(const std::string& id);

    /// Null where there is none.
    KeyRef find(std::string_view id) const;
    /// In the order of their ids, with the last use as far as it is known here.
    std::vector<KeyRecord> of_workspace(std::string_view workspace) const;
    /// When the key was last used, as far as that is known here.
    std::int64_t used_ms(const KeyRecord& key) const;
    std::vector<Used> used() const;
    /// How many are neither disabled nor revoked.
    std::size_t active() const;

    const CredentialTable& table() const { return table_; }

private:
    struct Entry {
        KeyRef key;
        std::shared_ptr<KeyUse> use;
    };

    static std::int64_t last_use(const Entry& entry);

    mutable std::mutex mutex_;
    std::map<std::string, Entry, std::less<>> keys_;
    std::set<std::string, std::less<>> gone_;
    CredentialTable table_;
};

}  // namespace credvault::access
