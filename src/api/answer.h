// What endpoints return. Each type says by itself which status, fields and envelope it becomes (Answer<T>), so that no
// endpoint touches headers or writes a status. T is the `data`: a struct with fields(), or Raw<Shape> for canonical
// JSON text that is appended as it is.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/codecs.h"
#include "api/envelope.h"
#include "documents/listing.h"
#include "http/message.h"

namespace credvault::api {

using Pagination = documents::Pagination;

/// 200 with one resource, or what a write of records did.
template <class T>
struct Resource {
    T value;
    std::string violations = {};  ///< As in Created.
};

/// 200 with one resource that has a version: an ETag (with its quotes), and 304 where the request's If-None-Match has
/// it.
template <class T>
struct Versioned {
    T value;
    std::string etag;
    std::string violations = {};  ///< As in Created.
};

/// 201 with a new resource and where it is: a path, percent-encoded. `etag` may be empty.
template <class T>
struct Created {
    T value;
    std::string location;
    std::string etag;
    bool minimal = false;         ///< Prefer: return=minimal was heeded.
    std::string violations = {};  ///< Of a schema that only warns, as put_violations takes it.
};

/// Created, or 200 where it was there before.
template <class T>
struct Saved {
    bool created = false;
    T value;
    std::string location;
    std::string etag;
    std::string violations = {};
};

/// 200 with a page of a list.
template <class T>
struct List {
    std::vector<T> items;
    Pagination pagination;
};

/// The same from a canonical array of Shapes.
template <class Shape>
struct RawList {
    std::string items;
    Pagination pagination;
};

/// 200 with what was done, or 202 with the job that will do it, and where that job is.
template <class T, class Job>
struct DoneOrJob {
    std::optional<T> done;
    Job job;
    std::string location;         ///< Of the job.
    std::string violations = {};  ///< Of what was done, as in Created.
};

/// 204.
struct NoContent {};

/// 200 without an envelope. `content_type` is a literal.
struct Plain {
    std::string body;
    std::string_view content_type = "application/json";
    int status = 200;
};

/// 200 with a body made piece by piece. `content_type` is a literal.
struct Streamed {
    std::unique_ptr<http::BodySource> source;
    std::string_view content_type;
    bool flush_each = false;  ///< Server-sent events.
};

/// For documentation: a status that an answer may have and the fields that come with it.
struct AnswerStatus {
    int status;
    bool location = false;
    bool etag = false;
};

/// How an endpoint's return type becomes a response.
template <class A>
struct Answer;

template <class T>
void append_value(std::string& out, const T& value) {
    json::Writer writer(out);
    Codec<T>::append(writer, value);
}
template <class Shape>
void append_value(std::string& out, const Raw<Shape>& value) {
    out.append(value.text);
}
template <class T>
void put_data(http::Response& to, const T& value) {
    begin_success(to.body);
    append_value(to.body, value);
    end_success(to.body);
}

template <class T>
struct Answer<Resource<T>> {
    static constexpr bool enveloped = true, paged = false;
    static std::vector<AnswerStatus> statuses() { return {{200}}; }
    static void encode(http::Response& to, Resource<T> from) {
        put_violations(to, from.violations);
        put_data(to, from.value);
    }
    static void schema(SchemaWriter& out) { out.whole(&Codec<T>::schema); }
};

template <class T>
struct Answer<Versioned<T>> : Answer<Resource<T>> {
    static std::vector<AnswerStatus> statuses() { return {{200, false, true}, {304, false, true}}; }
    static void encode(http::Response& to, Versioned<T> from) {
        put_etag(to, from.etag);
        put_violations(to, from.violations);
        put_data(to, from.value);
    }
};

template <class T>
struct Answer<Created<T>> : Answer<Resource<T>> {
    static std::vector<AnswerStatus> statuses() { return {{201, true, true}}; }
    static void encode(http::Response& to, Created<T> from) {
        to.status = 201;
        put_location(to, from.location);
        put_etag(to, from.etag);
        put_violations(to, from.violations);
        if (from.minimal) to.fields.add("Preference-Applied", "return=minimal");
        put_data(to, from.value);
    }
};

template <class T>
struct Answer<Saved<T>> : Answer<Resource<T>> {
    static std::vector<AnswerStatus> statuses() { return {{200, false, true}, {201, true, true}}; }
    static void encode(http::Response& to, Saved<T> from) {
        if (from.created) to.status = 201;
        if (from.created) put_location(to, from.location);
        put_etag(to, from.etag);
        put_violations(to, from.violations);
        put_data(to, from.value);
    }
};

template <class Shape>
struct Answer<RawList<Shape>> {
    static constexpr bool enveloped = true, paged = true;
    static std::vector<AnswerStatus> statuses() { return {{200}}; }
    static void encode(http::Response& to, RawList<Shape> from) {
        begin_success(to.body);
        to.body.append(from.items);
        end_success(to.body, from.pagination);
    }
    static void schema(SchemaWriter& out) { out.whole(&Codec<std::vector<Shape>>::schema); }
};

template <class T>
struct Answer<List<T>> : Answer<RawList<T>> {
    static void encode(http::Response& to, List<T> from) {
        begin_success(to.body);
        append_value(to.body, from.items);
        end_success(to.body, from.pagination);
    }
};

template <class T, class Job>
struct Answer<DoneOrJob<T, Job>> {
    static constexpr bool enveloped = true, paged = false;
    static std::vector<AnswerStatus> statuses() { return {{200}, {202, true}}; }
    static void encode(http::Response& to, DoneOrJob<T, Job> from) {
        put_violations(to, from.violations);
        if (from.done) return put_data(to, *from.done);
        to.status = 202;
        put_location(to, std::move(from.location));
        put_data(to, from.job);
    }
    static void schema(SchemaWriter& out) { out.whole(&Codec<AnyOf<T, Job>>::schema); }
};

template <>
struct Answer<NoContent> {
    static constexpr bool enveloped = false, paged = false;
    static std::vector<AnswerStatus> statuses() { return {{204}}; }
    static void encode(http::Response& to, NoContent) {
        to.status = 204;
        to.content_type = {};
    }
    static void schema(SchemaWriter&) {}
};

template <>
struct Answer<Plain> {
    static constexpr bool enveloped = false, paged = false;
    static std::vector<AnswerStatus> statuses() { return {{200}}; }
    static void encode(http::Response& to, Plain from) {
        to.status = from.status;
        to.content_type = from.content_type;
        to.body = std::move(from.body);
    }
    static void schema(SchemaWriter&) {}
};

template <>
struct Answer<Streamed> {
    static constexpr bool enveloped = false, paged = false;
    static std::vector<AnswerStatus> statuses() { return {{200}}; }
    static void encode(http::Response& to, Streamed from) {
        to.content_type = from.content_type;
        to.stream = std::move(from.source);
        to.flush_each = from.flush_each;
    }
    static void schema(SchemaWriter&) {}
};

}  // namespace credvault::api
