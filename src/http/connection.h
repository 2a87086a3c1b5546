// One HTTP/1.1 connection: reads requests, has them answered in order, keeps the connection alive or closes it. It is a
// coroutine that owns itself and lives on its I/O thread; it is never destroyed while it waits for an answer.
#pragma once

#include <memory>
#include <string>

#include "http/address.h"
#include "http/channel.h"
#include "http/exchange.h"
#include "http/sender.h"

namespace credvault::http {

class Connection {
public:
    /// Takes over an accepted, non-blocking socket; `session` may be null. `slot` is the connection's place within the
    /// limits, given back at its end; an empty one means that the connection is over them: it is told so and closed.
    static void start(IoThread& thread, int descriptor, const Peer& peer, std::unique_ptr<TlsSession> session,
                      ConnectionSlot slot);
    ~Connection();

private:
    enum class Progress : std::uint8_t { Complete, Incomplete, Rejected, Closed };

    Connection(IoThread& thread, int descriptor, const Peer& peer, std::unique_ptr<TlsSession> session,
               ConnectionSlot slot);

    static Reply<void> run(std::unique_ptr<Connection> self);
    Reply<void> serve();
    Progress read_head();
    Channel::Wait more_of_head();
    Reply<Response> dispatch();
    Reply<void> respond(Result<Response>& result);
    Reply<void> finish(Reply<void> sent);
    Reply<void> reject(Error error);
    Reply<void> linger();

    const Limits& limits() const { return thread_.limits(); }

    IoThread& thread_;
    Channel channel_;
    ConnectionSlot slot_;
    Peer peer_;
    std::unique_ptr<Exchange> exchange_;  ///< Null while idle.
    std::string partial_;                 ///< An unfinished head while waiting for the rest of it.
    HeadScan scan_;
    Error rejection_;
    std::int64_t
        head_started_ns_;       ///< When the connection or the head's first byte came; 0 between requests.
    std::size_t gathered_ = 0;  ///< Responses in the channel's text.
    bool close_ = false;        ///< After the response at hand.
    bool lingers_ = false;      ///< The client may still be sending.
};

}  // namespace credvault::http
