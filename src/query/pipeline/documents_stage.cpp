#include "query/pipeline/documents_stage.h"

namespace credvault::query {

Result<StageRef> DocumentsStage::parse(const json::View& spec, const StagePlace& place) {
    TRY(Expression documents, place.expression(spec, {}));
    return std::make_shared<DocumentsStage>(std::move(documents), place.where);
}

Status DocumentsStage::append(Batch& to, Run& run) const {
    run.evaluation.begin(json::View("{}"));
    TRY(const Item documents, documents_.evaluate(run.evaluation));
    const auto wrong = [this](std::string_view what) {
        return Error(
            ErrorCode::INVALID_PIPELINE,
            "It needs an array of objects, for instance [{\"a\": 1}, {\"a\": 2}]; " + std::string(what),
            where_);
    };
    if (!documents.is_array()) return wrong("this is " + std::string(type_name(documents)));
    for (const Item document : documents.elements()) {
        TRY_VOID(run.work.tick());
        if (!document.is_object()) return wrong("one of these is " + std::string(type_name(document)));
        to.begin_document();
        document.append_text(to.text());
        to.end_document();
    }
    return {};
}

}  // namespace credvault::query
