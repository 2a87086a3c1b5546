#include "outgoing/client.h"

#include <curl/curl.h>
#include <pthread.h>

#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "outgoing/transfer.h"
#include "outgoing/url.h"

namespace credvault::outgoing {
namespace {

constexpr std::size_t max_spare_handles = 256;
constexpr long max_kept_connections = 512;
constexpr int idle_ms = 60'000;

AddressRanges ranges_of(const std::vector<std::string>& texts) {
    AddressRanges ranges;
    for (const std::string& text : texts) {
        if (Result<AddressRange> range = AddressRange::parse(text); range.ok()) ranges.push_back(*range);
    }
    return ranges;
}

bool libcurl_is_ready() {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    return ready == CURLE_OK;
}

}  // namespace

class Client::Loop {
public:
    Loop(const ClientSettings& settings, Resolver resolver)
        : settings_(settings),
          guard_(ranges_of(settings.allowed_addresses)),
          resolver_(std::move(resolver)),
          multi_(libcurl_is_ready() ? curl_multi_init() : nullptr) {
        curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, max_kept_connections);
        curl_multi_setopt(multi_, CURLMOPT_PIPELINING, static_cast<long>(CURLPIPE_NOTHING));
        thread_ = std::thread([this] { run(); });
    }
    ~Loop() {
        stop();
        for (CURL* const handle : spare_) curl_easy_cleanup(handle);
        curl_multi_cleanup(multi_);
    }

    Reply<Answer> send(Request request) {
        Completer<Answer> completer;
        auto transfer = std::make_unique<Transfer>(std::move(request), completer, settings_, guard_);
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return Error(ErrorCode::SHUTTING_DOWN, "The server is shutting down");
            waiting_.push_back(std::move(transfer));
        }
        curl_multi_wakeup(multi_);
        return completer.reply();
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        curl_multi_wakeup(multi_);
        if (thread_.joinable()) thread_.join();
    }
    const AddressGuard& guard() const { return guard_; }

private:
    using TransferRef = std::unique_ptr<Transfer>;

    void run() {
        pthread_setname_np(pthread_self(), "outgoing");
        while (begin_waiting()) {
            int running = 0;
            curl_multi_perform(multi_, &running);
            end_finished();
            if (has_room_for_more()) continue;
            curl_multi_poll(multi_, nullptr, 0, idle_ms, nullptr);
        }
        abandon_all();
    }

    bool has_room_for_more() {
        const std::lock_guard lock(mutex_);
        return stopping_ || (!waiting_.empty() && running_.size() < settings_.max_in_flight);
    }

    /// False: it is time to end.
    bool begin_waiting() {
        std::vector<TransferRef> begun;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return false;
            while (!waiting_.empty() && running_.size() + begun.size() < settings_.max_in_flight) {
                begun.push_back(std::move(waiting_.front()));
                waiting_.pop_front();
            }
        }
        for (TransferRef& transfer : begun) begin(std::move(transfer));
        return true;
    }

    void begin(TransferRef transfer) {
        CURL* handle = nullptr;
        if (spare_.empty()) {
            handle = curl_easy_init();
        } else {
            handle = spare_.back();
            spare_.pop_back();
        }
        transfer->set_up(handle, resolved(transfer->request().url));
        curl_multi_add_handle(multi_, handle);
        running_.emplace(handle, std::move(transfer));
    }

    std::vector<std::string> resolved(const std::string& text) const {
        if (!resolver_) return {};
        const Result<Url> url = parse_url(text);
        if (!url.ok() || url->address) return {};
        std::string entry = url->host + ":" + std::to_string(url->port) + ":";
        const std::string forget = "-" + url->host + ":" + std::to_string(url->port);
        for (const std::string& address : resolver_(url->host))
            entry += (entry.back() == ':' ? "" : ",") + address;
        return {forget, entry};
    }

    void end_finished() {
        int left = 0;
        while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            const auto found = running_.find(message->easy_handle);
            const CURLcode code = message->data.result;
            if (found == running_.end()) continue;
            const TransferRef transfer = std::move(found->second);
            running_.erase(found);
            curl_multi_remove_handle(multi_, transfer->handle());
            transfer->finish(code);
            give_back(transfer->handle());
        }
    }

    void give_back(CURL* handle) {
        if (spare_.size() >= max_spare_handles) return curl_easy_cleanup(handle);
        curl_easy_reset(handle);
        spare_.push_back(handle);
    }

    void abandon_all() {
        for (const auto& [handle, transfer] : running_) {
            curl_multi_remove_handle(multi_, handle);
            transfer->abandon();
            curl_easy_cleanup(handle);
        }
        running_.clear();
        std::deque<TransferRef> left;
        {
            const std::lock_guard lock(mutex_);
            left.swap(waiting_);
        }
        for (const TransferRef& transfer : left) transfer->abandon();
    }

    const ClientSettings settings_;
    const AddressGuard guard_;
    const Resolver resolver_;
    CURLM* const multi_;
    std::mutex mutex_;
    bool stopping_ = false;
    std::deque<TransferRef> waiting_;
    // The thread's own.
    std::unordered_map<CURL*, TransferRef> running_;
    std::vector<CURL*> spare_;
    std::thread thread_;
};

Client::Client(const ClientSettings& settings, Resolver resolver)
    : loop_(std::make_unique<Loop>(settings, std::move(resolver))) {}

Client::~Client() { stop(); }

Status Client::check(const ClientSettings& settings) {
    for (const std::string& text : settings.allowed_addresses) TRY_VOID(AddressRange::parse(text));
    return {};
}

Reply<Answer> Client::send(Request request) {
    Answer refused;
    Result<Url> url = checked_url(request.url, loop_->guard());
    if (!url.ok()) {
        refused.refused = url.error().code == ErrorCode::ADDRESS_NOT_ALLOWED;
        refused.failure = url.error().message;
        return refused;
    }
    request.url = std::move(url->text);
    for (const auto& [name, value] : request.headers) {
        if (is_header_name(name) && is_header_value(value)) continue;
        refused.failure = "A header can't be sent as it is";
        return refused;
    }
    return loop_->send(std::move(request));
}

void Client::stop() { loop_->stop(); }

const AddressGuard& Client::guard() const { return loop_->guard(); }

}  // namespace credvault::outgoing
