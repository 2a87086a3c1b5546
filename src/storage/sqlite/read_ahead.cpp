#include "storage/sqlite/read_ahead.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>

namespace credvault::storage {
namespace {

constexpr int most_bytes = 32 * 1024;
constexpr int first_bytes = 16 * 1024;
constexpr int paused_reads = 32;
/// A page this far behind the last one is still what a scan reads next.
constexpr std::int64_t near_bytes = 64 * 1024;

using Window = std::array<std::byte, most_bytes>;

/// In the memory that SQLite gives for a file; the layer below has its own part behind it.
struct File {
    sqlite3_file base;
    std::byte* window;  ///< Null: not to read ahead.
    std::int64_t start;
    int bytes;  ///< Of the window: [start, start + bytes).
    int taken;  ///< Of them, so that a window that is of little use gets smaller.
    int wanted;
    int pause;          ///< So many reads are not worth a window.
    std::int64_t last;  ///< Where the last read ended.

    sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

struct Layer {
    sqlite3_vfs vfs;
    sqlite3_vfs* below;
    std::string name;
};

File* own(sqlite3_file* file) { return reinterpret_cast<File*>(file); }

/// The next window's size by what the last one was good for.
int next_size(const File& file) {
    if (file.bytes == 0) return first_bytes;
    return file.taken * 2 >= file.bytes ? std::min(file.wanted * 2, most_bytes) : file.wanted / 2;
}

int read_window(File& file, void* to, int amount, std::int64_t offset) {
    file.wanted = next_size(file);
    file.bytes = 0;
    if (file.wanted <= amount) file.pause = paused_reads;
    if (file.pause == 0 &&
        file.below()->pMethods->xRead(file.below(), file.window, file.wanted, offset) == SQLITE_OK) {
        file.start = offset;
        file.bytes = file.wanted;
        file.taken = amount;
        std::memcpy(to, file.window, static_cast<std::size_t>(amount));
        return SQLITE_OK;
    }
    if (file.pause > 0) --file.pause;
    // At the file's end, or where it can't be read: then for this page alone.
    return file.below()->pMethods->xRead(file.below(), to, amount, offset);
}

int read_file(sqlite3_file* handle, void* to, int amount, sqlite3_int64 offset) {
    File& file = *own(handle);
    if (file.window == nullptr) return file.below()->pMethods->xRead(file.below(), to, amount, offset);
    if (offset >= file.start && offset + amount <= file.start + file.bytes) {
        std::memcpy(to, file.window + (offset - file.start), static_cast<std::size_t>(amount));
        file.taken += amount;
        file.last = offset + amount;
        return SQLITE_OK;
    }
    const bool follows = offset >= file.last && offset - file.last <= near_bytes && amount <= most_bytes;
    file.last = offset + amount;
    if (follows) return read_window(file, to, amount, offset);
    return file.below()->pMethods->xRead(file.below(), to, amount, offset);
}

/// Calls the same method of the layer below.
template <auto Method, class... Arguments>
auto pass(sqlite3_file* file, Arguments... arguments) {
    sqlite3_file* const below = own(file)->below();
    return (below->pMethods->*Method)(below, arguments...);
}

constexpr sqlite3_io_methods methods = {
    2,
    pass<&sqlite3_io_methods::xClose>,
    read_file,
    pass<&sqlite3_io_methods::xWrite>,
    pass<&sqlite3_io_methods::xTruncate>,
    pass<&sqlite3_io_methods::xSync>,
    pass<&sqlite3_io_methods::xFileSize>,
    pass<&sqlite3_io_methods::xLock>,
    pass<&sqlite3_io_methods::xUnlock>,
    pass<&sqlite3_io_methods::xCheckReservedLock>,
    pass<&sqlite3_io_methods::xFileControl>,
    pass<&sqlite3_io_methods::xSectorSize>,
    pass<&sqlite3_io_methods::xDeviceCharacteristics>,
    pass<&sqlite3_io_methods::xShmMap>,
    pass<&sqlite3_io_methods::xShmLock>,
    pass<&sqlite3_io_methods::xShmBarrier>,
    pass<&sqlite3_io_methods::xShmUnmap>,
    // No memory maps, which the third version is about.
    nullptr,
    nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* handle, int flags, int* out_flags) {
    sqlite3_vfs* const below = static_cast<Layer*>(vfs->pAppData)->below;
    if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return below->xOpen(below, name, handle, flags, out_flags);
    File* const file = new (handle) File{};
    file->below()->pMethods = nullptr;
    const int code = below->xOpen(below, name, file->below(), flags, out_flags);
    // A file that a layer says is open is closed by SQLite even where opening it failed.
    if (file->below()->pMethods != nullptr) handle->pMethods = &methods;
    return code;
}

/// Calls the same function of the layer below, which may look for its own state in what it is given.
template <auto Function, class... Arguments>
auto ask(sqlite3_vfs* vfs, Arguments... arguments) {
    sqlite3_vfs* const below = static_cast<Layer*>(vfs->pAppData)->below;
    return (below->*Function)(below, arguments...);
}

void fill(Layer& layer) {
    layer.vfs = *layer.below;
    layer.vfs.pNext = nullptr;
    layer.vfs.zName = layer.name.c_str();
    layer.vfs.pAppData = &layer;
    layer.vfs.szOsFile += static_cast<int>(sizeof(File));
    layer.vfs.xOpen = open_file;
    layer.vfs.xDelete = ask<&sqlite3_vfs::xDelete>;
    layer.vfs.xAccess = ask<&sqlite3_vfs::xAccess>;
    layer.vfs.xFullPathname = ask<&sqlite3_vfs::xFullPathname>;
}

}  // namespace

std::string reading_ahead(const std::string& vfs) {
    static std::mutex mutex;
    static std::map<std::string, std::unique_ptr<Layer>> layers;
    const std::lock_guard lock(mutex);
    std::unique_ptr<Layer>& layer = layers[vfs];
    if (layer) return layer->name;
    sqlite3_vfs* const below = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
    if (below == nullptr || below->iVersion < 1) return vfs;
    layer = std::make_unique<Layer>(Layer{{}, below, vfs + " reading ahead"});
    fill(*layer);
    sqlite3_vfs_register(&layer->vfs, 0);
    return layer->name;
}

ReadAhead::ReadAhead(sqlite3* connection) {
    static thread_local const auto window = std::make_unique<Window>();
    sqlite3_file* file = nullptr;
    sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file == nullptr || file->pMethods != &methods) return;
    file_ = file;
    own(file)->window = window->data();
    own(file)->bytes = 0;
    own(file)->last = -near_bytes - 1;
}

ReadAhead::~ReadAhead() {
    if (file_ == nullptr) return;
    own(file_)->window = nullptr;
    own(file_)->bytes = 0;
}

}  // namespace credvault::storage
