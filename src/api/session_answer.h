// Answers that hand a session to a browser, or take it away: with cookies beside the body.
#pragma once

#include <string>
#include <vector>

#include "api/answer.h"

namespace credvault::api {

/// 200, or 201 where something was made, with one resource and cookies.
template <class T>
struct WithCookies {
    T value;
    std::vector<std::string> cookies;  ///< Values of Set-Cookie; none for clients that use headers.
};

/// 204 with cookies.
struct DoneWithCookies {
    std::vector<std::string> cookies;
};

inline void put_cookies(http::Response& to, const std::vector<std::string>& cookies) {
    for (const std::string& cookie : cookies) to.fields.add("Set-Cookie", cookie);
}

template <class T>
struct Answer<WithCookies<T>> : Answer<Resource<T>> {
    static void encode(http::Response& to, WithCookies<T> from) {
        put_cookies(to, from.cookies);
        put_data(to, from.value);
    }
};

template <>
struct Answer<DoneWithCookies> : Answer<NoContent> {
    static void encode(http::Response& to, DoneWithCookies from) {
        put_cookies(to, from.cookies);
        Answer<NoContent>::encode(to, {});
    }
};

}  // namespace credvault::api
