// Reading ahead for scans: a layer over SQLite's file layer that, while it is asked to, answers reads of pages that
// follow each other from one larger read. SQLite reads page by page, which costs a scan a third of its time in system
// calls. A window lives no longer than the read transaction in which it was read: what a transaction reads from the
// file, and not from the log, does not change under it. As with SQLite's connections, each is used by one thread.
#pragma once

#include <sqlite3.h>

#include <string>

namespace credvault::storage {

/// The name of the layer over the one of this name, to be given to sqlite3_open_v2; the name itself where there is no
/// such layer. Registers it when it is first asked for.
std::string reading_ahead(const std::string& vfs);

/// Reads ahead for a connection that was opened with such a layer, for a scope within one read transaction. Does
/// nothing for another connection. One at a time on each thread, to which the memory belongs.
class ReadAhead {
public:
    explicit ReadAhead(sqlite3* connection);
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

private:
    sqlite3_file* file_ = nullptr;
};

}  // namespace credvault::storage
