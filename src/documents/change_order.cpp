#include "documents/change_order.h"

#include "json/value.h"
#include "json/writer.h"

namespace credvault::documents {
namespace {

constexpr std::string_view member_names[] = {"database", "collection",    "collection_ms", "filter",
                                             "update",   "array_filters", "now_ms"};

void put_text(json::Writer& out, std::string_view name, const std::string& text) {
    out.key(name);
    if (text.empty()) {
        out.null();
    } else {
        out.raw(text);
    }
}

std::string text_of(const json::View& order, std::string_view name) {
    const json::View member = *order.find(name);
    return member.is_null() ? std::string() : std::string(member.text());
}

}  // namespace

std::string ChangeOrder::text() const {
    std::string text;
    json::Writer out(text);
    out.begin_object();
    out.key("database").string(database);
    out.key("collection").string(collection);
    out.key("collection_ms").number(collection_ms);
    put_text(out, "filter", filter);
    put_text(out, "update", update);
    put_text(out, "array_filters", array_filters);
    out.key("now_ms").number(now_ms);
    out.end_object();
    return text;
}

Result<ChangeOrder> ChangeOrder::parse(const json::View& text) {
    for (const std::string_view name : member_names) {
        if (text.is_object() && text.find(name)) continue;
        return Error(ErrorCode::INVALID_DATA, {}, {}, "not the parameters of an update or delete");
    }
    ChangeOrder order;
    order.database = text.find("database")->as_string();
    order.collection = text.find("collection")->as_string();
    order.collection_ms = text.find("collection_ms")->as_int();
    order.filter = text_of(text, "filter");
    order.update = text_of(text, "update");
    order.array_filters = text_of(text, "array_filters");
    order.now_ms = text.find("now_ms")->as_int();
    return order;
}

}  // namespace credvault::documents
