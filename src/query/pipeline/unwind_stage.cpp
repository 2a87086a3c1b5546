#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "json/writer.h"
#include "query/pipeline/document_edit.h"
#include "query/pipeline/stages.h"

namespace credvault::query {
namespace {

struct UnwindSpec {
    Path path;
    std::optional<Path> index;
    bool keeps_empty = false;
};

/// Gives a document for each element. What did not go through is kept: the document's text and the element's place.
class UnwindStep final : public Step {
public:
    UnwindStep(const UnwindSpec& spec, Run& run, Step& next) : spec_(spec), run_(run), next_(next) {}

    Result<Flow> push(const json::View& document) override {
        const std::optional<json::View> value = nested_field(document, spec_.path);
        if (value && value->is_array() && !value->empty()) return elements(document, *value);
        const bool nothing = !value || value->is_null() || value->is_array();
        if (nothing && !spec_.keeps_empty) return Flow::More;
        made_.clear();
        if (value && value->is_array()) {
            append_with_field(made_, document, spec_.path, std::nullopt);
        } else {
            made_ = document.text();
        }
        add_index(std::nullopt);
        return next_.push(json::View(made_));
    }

    Result<Flow> resume() override {
        if (kept_.empty()) return Flow::More;
        const std::string document = std::exchange(kept_, {});
        const json::View view(document);
        return elements(view, *nested_field(view, spec_.path));
    }

private:
    Result<Flow> elements(const json::View& document, const json::View& array) {
        const std::string_view text = document.text();
        const auto begin = static_cast<std::size_t>(array.text().data() - text.data());
        const std::string_view tail = text.substr(begin + array.text().size());
        std::int64_t index = 0;
        const json::Elements all = array.elements();
        auto it = all.begin();
        for (; index < done_; ++index) ++it;
        for (; it != all.end();) {
            TRY_VOID(run_.work.tick());
            made_.assign(text.substr(0, begin));
            made_ += (*it).text();
            made_ += tail;
            add_index(index++);
            ++it;
            TRY(const Flow flow, next_.push(json::View(made_)));
            if (flow == Flow::Full && it != all.end()) {
                kept_ = text;
                done_ = index;
                return flow;
            }
            if (flow != Flow::More) return done_ = 0, flow;
        }
        done_ = 0;
        return Flow::More;
    }

    void add_index(std::optional<std::int64_t> index) {
        if (!spec_.index) return;
        number_.clear();
        if (index) {
            json::append_int(number_, *index);
        } else {
            number_ = "null";
        }
        indexed_.clear();
        append_with_field(indexed_, json::View(made_), *spec_.index, number_);
        std::swap(made_, indexed_);
    }

    const UnwindSpec& spec_;
    Run& run_;
    Step& next_;
    std::string made_, indexed_, number_;
    std::string kept_;       ///< A document that is not through.
    std::int64_t done_ = 0;  ///< Of its elements.
};

class UnwindStage final : public Stage {
public:
    explicit UnwindStage(UnwindSpec spec) : Stage("$unwind", StageShape::FanOut), spec_(std::move(spec)) {}
    std::unique_ptr<Step> step(Run& run, Step& next) const override {
        return std::make_unique<UnwindStep>(spec_, run, next);
    }

private:
    UnwindSpec spec_;
};

}  // namespace

Result<StageRef> parse_unwind(const json::View& spec, const StagePlace& place) {
    UnwindSpec unwind;
    if (spec.is_string()) {
        TRY(unwind.path, field_reference(spec, place, "path"));
        return std::make_shared<UnwindStage>(std::move(unwind));
    }
    if (!spec.is_object())
        return place.wrong("It needs a path, for instance \"$tags\", or an object with one");
    TRY_VOID(check_members(spec, {"path", "includeArrayIndex", "preserveNullAndEmptyArrays"}, place));
    const auto path = spec.find("path");
    if (!path) return place.wrong("It needs a path, for instance {\"path\": \"$tags\"}");
    TRY(unwind.path, field_reference(*path, place, "path"));
    if (const auto index = spec.find("includeArrayIndex")) {
        TRY(unwind.index, field_name(*index, place, "includeArrayIndex"));
    }
    if (const auto keeps = spec.find("preserveNullAndEmptyArrays")) {
        if (keeps->type() != json::Type::Bool) {
            return place.wrong("It must be true or false", "preserveNullAndEmptyArrays");
        }
        unwind.keeps_empty = keeps->as_bool();
    }
    return std::make_shared<UnwindStage>(std::move(unwind));
}

}  // namespace credvault::query
