#include "query/filter_shape.h"

#include <span>
#include <string_view>

#include "json/writer.h"

namespace credvault::query {
namespace {

std::string_view operator_name(FilterOp op) {
    switch (op) {
        case FilterOp::And: return "$and";
        case FilterOp::Or: return "$or";
        case FilterOp::Nor: return "$nor";
        case FilterOp::Not: return "$not";
        case FilterOp::Eq: return "$eq";
        case FilterOp::Gt: return "$gt";
        case FilterOp::Gte: return "$gte";
        case FilterOp::Lt: return "$lt";
        case FilterOp::Lte: return "$lte";
        case FilterOp::In: return "$in";
        case FilterOp::Exists: return "$exists";
        case FilterOp::Type: return "$type";
        case FilterOp::Regex: return "$regex";
        case FilterOp::Size: return "$size";
        case FilterOp::All: return "$all";
        case FilterOp::ElemMatchObject:
        case FilterOp::ElemMatchValue: return "$elemMatch";
        case FilterOp::Mod: return "$mod";
        case FilterOp::BitsAllSet: return "$bitsAllSet";
        case FilterOp::BitsAllClear: return "$bitsAllClear";
        case FilterOp::BitsAnySet: return "$bitsAnySet";
        case FilterOp::BitsAnyClear: return "$bitsAnyClear";
        case FilterOp::Never: return "$never";
        case FilterOp::JsonSchema: return "$jsonSchema";
        case FilterOp::Text: return "$text";
        case FilterOp::GeoWithin: return "$geoWithin";
        case FilterOp::Near: return "$near";
        default: return "$expression";
    }
}

class ShapeWriter {
public:
    ShapeWriter(std::string& out, std::size_t max_bytes) : out_(out), max_bytes_(max_bytes) {}

    void document(std::span<const FilterNode> conjuncts) {
        out_ += '{';
        bool first = true;
        for (const FilterNode& node : conjuncts) {
            if (!first) out_ += ',';
            first = false;
            member(node);
            if (out_.size() > max_bytes_) return;
        }
        out_ += '}';
    }

private:
    void member(const FilterNode& node) {
        const bool joins = node.op == FilterOp::And || node.op == FilterOp::Or || node.op == FilterOp::Nor;
        if (joins && node.path.parts.empty()) {
            name(operator_name(node.op));
            out_ += '[';
            for (std::size_t i = 0; i < node.children.size() && out_.size() <= max_bytes_; ++i) {
                if (i > 0) out_ += ',';
                const FilterNode& child = node.children[i];
                document(child.op == FilterOp::And ? std::span(child.children) : std::span(&child, 1));
            }
            out_ += ']';
            return;
        }
        if (!node.path.parts.empty()) {
            name(node.path.text);
            out_ += '{';
            predicate(node);
            out_ += '}';
        } else {
            predicate(node);
        }
    }

    void predicate(const FilterNode& node) {
        name(operator_name(node.op));
        if (node.op == FilterOp::Not && node.children.size() == 1) {
            out_ += '{';
            predicate(node.children[0]);
            out_ += '}';
        } else if (node.op == FilterOp::ElemMatchObject && node.children.size() == 1) {
            document(node.children[0].children);
        } else {
            out_ += '?';
        }
    }

    void name(std::string_view text) {
        json::append_string(out_, text);
        out_ += ':';
    }

    std::string& out_;
    std::size_t max_bytes_;
};

}  // namespace

std::string filter_shape(const Filter& filter, std::size_t max_bytes) {
    std::string shape;
    ShapeWriter(shape, max_bytes).document(filter.root().children);
    if (shape.size() > max_bytes) {
        std::size_t end = max_bytes;
        while (end > 0 && (static_cast<unsigned char>(shape[end]) & 0xc0) == 0x80) --end;
        shape.resize(end);
        shape += "…";
    }
    return shape;
}

}  // namespace credvault::query
