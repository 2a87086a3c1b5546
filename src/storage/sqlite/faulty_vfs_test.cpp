// The file layer that fails, and that it fails when it was told to.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <mutex>
#include <new>

#include "storage/sqlite/faulty_vfs_testing.h"
#include "storage/sqlite/sqlite_library.h"
#include "storage/sqlite/sqlite_testing.h"

namespace credvault::storage::testing {
namespace {

constexpr const char* wrapped_name = "unix-excl";

std::atomic<Fault> fault{Fault::WriteFails};
std::atomic<std::int64_t> countdown{0};  ///< Operations until the failure; 0: none is due.
std::atomic<bool> lasts{false};
std::atomic<bool> failing{false};
std::atomic<std::int64_t> failed{0};

/// Whether this operation is to fail.
bool strikes(bool fits) {
    if (!fits) return false;
    if (!failing && (countdown == 0 || --countdown != 0)) return false;
    failing = lasts.load();
    ++failed;
    return true;
}

struct FaultyFile {
    sqlite3_file base;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultyFile* faulty(sqlite3_file* file) { return reinterpret_cast<FaultyFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return faulty(file)->real(); }

int close_file(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int read_file(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at) {
    return real(file)->pMethods->xRead(real(file), to, bytes, at);
}
int write_file(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at) {
    const Fault kind = fault;
    if (strikes(kind != Fault::FlushFails)) {
        // Part of it may have arrived.
        if (bytes > 1) (void)real(file)->pMethods->xWrite(real(file), from, bytes / 2, at);
        return kind == Fault::NoSpace ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    }
    return real(file)->pMethods->xWrite(real(file), from, bytes, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file*, int) {
    return strikes(fault == Fault::FlushFails) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock_file(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* out) {
    return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control_file(sqlite3_file* file, int op, void* arg) {
    return real(file)->pMethods->xFileControl(real(file), op, arg);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int lock_shared(sqlite3_file* file, int offset, int n, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_shared(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

const sqlite3_io_methods methods = {
    2,           close_file,  read_file,    write_file,   truncate_file, sync_file,       file_size,
    lock_file,   unlock_file, check_lock,   control_file, sector_size,   characteristics, map_shared,
    lock_shared, barrier,     unmap_shared, nullptr,      nullptr,
};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    sqlite3_vfs* const wrapped = sqlite3_vfs_find(wrapped_name);
    file->pMethods = nullptr;
    real(file)->pMethods = nullptr;
    const int code = wrapped->xOpen(wrapped, name, real(file), flags, out_flags);
    if (real(file)->pMethods != nullptr) file->pMethods = &methods;
    return code;
}

}  // namespace

void register_faulty_vfs() {
    static std::once_flag once;
    std::call_once(once, [] {
        configure_sqlite();
        static sqlite3_vfs vfs = *sqlite3_vfs_find(wrapped_name);
        vfs.szOsFile += static_cast<int>(sizeof(FaultyFile));
        vfs.pNext = nullptr;
        vfs.zName = "faulty";
        vfs.xOpen = open_file;
        sqlite3_vfs_register(&vfs, 0);
    });
}

void fail_at(Fault kind, std::int64_t nth, bool lasting) {
    stop_failing();
    failed = 0;
    fault = kind;
    lasts = lasting;
    countdown = nth;
}

void stop_failing() {
    countdown = 0;
    failing = false;
}

std::int64_t failures() { return failed; }

}  // namespace credvault::storage::testing

namespace credvault::storage {
namespace {

TEST(FaultyVfs, FailsOnceOrFromThenOn) {
    testing::register_faulty_vfs();
    SqliteOptions options;
    options.vfs = "faulty";
    testing::TestEngine test(options);
    testing::fail_at(testing::Fault::FlushFails, 1, false);
    EXPECT_FALSE(test.insert("{}").ok());
    EXPECT_EQ(testing::failures(), 1);
    const auto after = test.insert("{}");
    EXPECT_TRUE(after.ok()) << after.error().message << " " << after.error().cause;
    testing::fail_at(testing::Fault::WriteFails, 1, true);
    EXPECT_FALSE(test.insert("{}").ok());
    EXPECT_FALSE(test.insert("{}").ok());
    EXPECT_GT(testing::failures(), 1);
    testing::stop_failing();
    EXPECT_TRUE(test.insert("{}").ok());
}

}  // namespace
}  // namespace credvault::storage
