#include "query/pipeline/accumulator_set.h"

#include <utility>

namespace credvault::query {

AccumulatorSet::AccumulatorSet(std::vector<AccumulatorRef> accumulators)
    : accumulators_(std::move(accumulators)) {
    for (const AccumulatorRef& one : accumulators_) {
        ones_.push_back({bytes_, one->argument() != nullptr ? one->argument()->constant() : nullptr});
        bytes_ += one->state_bytes();
    }
}

Status AccumulatorSet::create(char* states, const json::View& key, Run& run) const {
    for (std::size_t i = 0; i < ones_.size(); ++i) accumulators_[i]->create(states + ones_[i].offset);
    run.evaluation.begin(key.is_object() ? key : json::View("{}"));
    for (std::size_t i = 0; i < ones_.size(); ++i) {
        Status begun = accumulators_[i]->begin(states + ones_[i].offset, run.evaluation);
        if (begun.ok()) continue;
        destroy(states);
        return begun;
    }
    return {};
}

void AccumulatorSet::destroy(char* states) const {
    for (std::size_t i = 0; i < ones_.size(); ++i) accumulators_[i]->destroy(states + ones_[i].offset);
}

Status AccumulatorSet::append(std::string& out, const char* states) const {
    for (std::size_t i = 0; i < ones_.size(); ++i) {
        out += ",\"";
        out += accumulators_[i]->field();
        out += "\":";
        TRY_VOID(accumulators_[i]->append(out, states + ones_[i].offset));
    }
    return {};
}

AccumulatorInputs::AccumulatorInputs(const AccumulatorSet& set, DocumentFields& fields)
    : set_(set), fields_(fields) {
    for (const AccumulatorRef& one : set.all()) {
        const bool plain = one->argument() != nullptr;
        places_.push_back(plain ? fields.place_of(*one->argument()) : DocumentFields::none);
    }
}

Status AccumulatorInputs::add(char* states, const json::View& document, bool begun, Run& run,
                              MemoryShare& memory) const {
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const Accumulator& accumulator = *set_.accumulators_[i];
        char* const state = states + set_.ones_[i].offset;
        if (places_[i] != DocumentFields::none) {
            TRY_VOID(accumulator.add(state, fields_.item(places_[i]), memory));
        } else if (set_.ones_[i].constant != nullptr) {
            TRY_VOID(accumulator.add(state, *set_.ones_[i].constant, memory));
        } else {
            if (!std::exchange(begun, true)) run.evaluation.begin(document);
            TRY_VOID(accumulator.add_document(state, run.evaluation, memory));
        }
    }
    return {};
}

Status AccumulatorStates::begin(const json::View& key, Run& run) {
    clear();
    memory_.resize(set_.bytes() / sizeof(StateCell));
    TRY_VOID(set_.create(at(), key, run));
    made_ = true;
    return {};
}

void AccumulatorStates::clear() {
    if (std::exchange(made_, false)) set_.destroy(at());
}

}  // namespace credvault::query
