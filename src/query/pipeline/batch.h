// Documents on their way from one part of a run to the next, their texts one behind the other, and the step at the end
// of a chain that fills such a batch. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "query/pipeline/step.h"

namespace credvault::query {

struct BatchRoom {
    std::size_t documents = std::numeric_limits<std::size_t>::max();
    std::size_t bytes = std::numeric_limits<std::size_t>::max();  ///< Full when its text has reached this.
};

class Batch {
public:
    /// `separator` stands between two documents, so that the text is ready to be sent.
    explicit Batch(BatchRoom room = {}, char separator = ',') : room_(room), separator_(separator) {}

    void add(const json::View& document) {
        begin_document();
        text_ += document.text();
        ends_.push_back(text_.size());
    }
    /// For what writes a document into text() itself: before and after.
    void begin_document() {
        if (!ends_.empty()) text_ += separator_;
    }
    void end_document() { ends_.push_back(text_.size()); }

    bool is_full() const { return ends_.size() >= room_.documents || text_.size() >= room_.bytes; }
    bool empty() const { return ends_.empty(); }
    std::size_t size() const { return ends_.size(); }
    json::View operator[](std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : ends_[i - 1] + 1;
        return json::View(std::string_view(text_).substr(begin, ends_[i] - begin));
    }
    std::string& text() { return text_; }
    const std::string& text() const { return text_; }
    /// Drops all from the given document on.
    void truncate(std::size_t documents) {
        ends_.resize(documents);
        text_.resize(documents == 0 ? 0 : ends_.back());
    }
    void clear() { truncate(0); }
    void set_room(BatchRoom room) { room_ = room; }

private:
    BatchRoom room_;
    char separator_;
    std::string text_;
    std::vector<std::size_t> ends_;
};

/// The end of a chain. The batch it fills is changed from call to call.
class BatchOutput final : public Step {
public:
    void fill(Batch* batch) { batch_ = batch; }
    Result<Flow> push(const json::View& document) override {
        batch_->add(document);
        return batch_->is_full() ? Flow::Full : Flow::More;
    }
    Result<Flow> resume() override { return batch_->is_full() ? Flow::Full : Flow::More; }

private:
    Batch* batch_ = nullptr;
};

}  // namespace credvault::query
