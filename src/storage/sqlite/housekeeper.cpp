#include "storage/sqlite/housekeeper.h"

#include <pthread.h>

#include <chrono>

namespace credvault::storage {
namespace {

constexpr std::chrono::milliseconds look_interval{500};
constexpr int looks_between_upkeeps = 120;

}  // namespace

Housekeeper::Housekeeper(Context& context, Databases& databases, WriterPool& writers)
    : context_(context), databases_(databases), writers_(writers), thread_([this] { loop(); }) {}

Housekeeper::~Housekeeper() { stop(); }

void Housekeeper::stop() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Housekeeper::loop() {
    pthread_setname_np(pthread_self(), "housekeeper");
    for (int looks = 1;; ++looks) {
        {
            std::unique_lock lock(mutex_);
            if (wake_.wait_for(lock, look_interval, [this] { return stopping_; })) return;
        }
        look(looks % looks_between_upkeeps == 0);
    }
}

void Housekeeper::look(bool upkeep) {
    for (const std::shared_ptr<Database>& database : databases_.open_ones()) {
        if (upkeep) database->writer().request_upkeep();
        if (database->writer().has_chores() && database->queue().request()) writers_.put_in_line(database);
    }
    databases_.close_idle();
}

}  // namespace credvault::storage
