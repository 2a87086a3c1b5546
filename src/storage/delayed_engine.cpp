#include "storage/delayed_engine.h"

#include <memory>
#include <utility>

namespace credvault::storage {
namespace {
constexpr std::int64_t max_delay_us = 2000;
}

DelayedEngine::DelayedEngine(Engine& inner, std::uint64_t seed) : inner_(inner), random_(seed) {
    std::promise<RunLoop*> started;
    std::future<RunLoop*> loop = started.get_future();
    calling_ = std::thread([this, promise = std::move(started)]() mutable { run_calls(std::move(promise)); });
    calls_ = loop.get();
    answering_ = std::thread([this] { run_answers(); });
}

DelayedEngine::~DelayedEngine() {
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    calls_->post([] {});
    calling_.join();
    answering_.join();
}

void DelayedEngine::run_calls(std::promise<RunLoop*> started) {
    RunLoop loop;
    started.set_value(&loop);
    const auto stopping = [this] {
        std::lock_guard lock(mutex_);
        return stopping_;
    };
    while (!stopping()) loop.run_one();
}

void DelayedEngine::run_answers() {
    std::unique_lock lock(mutex_);
    for (;;) {
        if (answers_.empty()) {
            if (stopping_) return;
            changed_.wait(lock);
        } else if (answers_.begin()->first > std::chrono::steady_clock::now()) {
            changed_.wait_until(lock, answers_.begin()->first);
        } else {
            const auto next = answers_.extract(answers_.begin());
            lock.unlock();
            next.mapped()();
            lock.lock();
        }
    }
}

void DelayedEngine::hold_back(std::function<void()> answer) {
    std::lock_guard lock(mutex_);
    const std::chrono::microseconds delay(
        std::uniform_int_distribution<std::int64_t>(0, max_delay_us)(random_));
    answers_.emplace(std::chrono::steady_clock::now() + delay, std::move(answer));
    changed_.notify_one();
}

template <class T, class Call>
Reply<T> DelayedEngine::later(Call call) {
    const Completer<T> completer;
    calls_->post([this, completer, call] {
        Reply<T> reply = call();
        std::move(reply).then([this, completer](Result<T> result) {
            // std::function copies what it holds, and an answer can't be copied.
            auto held = std::make_shared<Result<T>>(std::move(result));
            hold_back([completer, held] { completer.complete(std::move(*held)); });
        });
    });
    return completer.reply();
}

Reply<std::vector<std::string>> DelayedEngine::list_databases() {
    return later<std::vector<std::string>>([this] { return inner_.list_databases(); });
}

Reply<void> DelayedEngine::create_database(std::string_view database) {
    return later<void>([this, database] { return inner_.create_database(database); });
}

Reply<void> DelayedEngine::drop_database(std::string_view database) {
    return later<void>([this, database] { return inner_.drop_database(database); });
}

Reply<DatabaseInfo> DelayedEngine::describe_database(std::string_view database) {
    return later<DatabaseInfo>([this, database] { return inner_.describe_database(database); });
}

Reply<std::vector<CollectionInfo>> DelayedEngine::list_collections(std::string_view database) {
    return later<std::vector<CollectionInfo>>([this, database] { return inner_.list_collections(database); });
}

Reply<CollectionInfo> DelayedEngine::describe_collection(std::string_view database,
                                                         std::string_view collection) {
    return later<CollectionInfo>(
        [this, database, collection] { return inner_.describe_collection(database, collection); });
}

Reply<bool> DelayedEngine::get(const RecordKey& key, RowSink& sink) {
    return later<bool>([this, &key, &sink] { return inner_.get(key, sink); });
}

Reply<FindResult> DelayedEngine::find(const FindRequest& request, RowSink& sink) {
    return later<FindResult>([this, &request, &sink] { return inner_.find(request, sink); });
}

Reply<CountResult> DelayedEngine::count(const CountRequest& request) {
    return later<CountResult>([this, &request] { return inner_.count(request); });
}

Reply<WriteOutcome> DelayedEngine::write(const WriteBatch& batch) {
    return later<WriteOutcome>([this, &batch] { return inner_.write(batch); });
}

Reply<ChangesPage> DelayedEngine::changes(const ChangesRequest& request) {
    return later<ChangesPage>([this, &request] { return inner_.changes(request); });
}

}  // namespace credvault::storage
