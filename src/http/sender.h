// Sends one response over a channel: head, body whole or in pieces, content coding. The fast path (a small body) only
// appends to the channel's text and suspends nothing. For the channel's thread.
#pragma once

#include <string_view>

#include "http/channel.h"
#include "http/message.h"
#include "http/response_head.h"

namespace credvault::http {

/// What the request says about the form of its response.
struct ResponseForm {
    bool head_only = false;  ///< HEAD: everything but the body.
    bool http_1_0 = false;
    Persistence persistence = Persistence::Default;
    std::string_view accept_encoding;  ///< Must live until the response is sent.
};

/// Appends the response to channel.out(), flushing on the way where it is large or a stream. Fails where the channel
/// breaks or the stream does; the connection must then be closed. What is needed of the response after the call is
/// moved out of it.
Reply<void> send_response(Channel& channel, const ResponseForm& form, Response&& response);

/// Whether the connection must close after this response because nothing else tells its end.
bool ends_with_connection(const ResponseForm& form, const Response& response);

}  // namespace credvault::http
