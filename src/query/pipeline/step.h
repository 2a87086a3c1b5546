// One step of a running pipeline: takes documents one by one, gives documents to the next step, on the thread that
// pushes. A step that can't give all that it has (the output is full) keeps the rest until resume(). Made by a Stage
// for one run; not thread-safe, but may move between threads from call to call.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "json/view.h"

namespace credvault::query {

enum class Flow : std::uint8_t {
    More,  ///< Give more.
    Full,  ///< It was taken, but the output has no room: resume() before the next push() or finish().
    Done,  ///< Nothing more is wanted.
};

class Step {
public:
    virtual ~Step() = default;
    /// The document lives as long as the call.
    virtual Result<Flow> push(const json::View& document) = 0;
    /// Goes on with what is left over from a call that returned Full.
    virtual Result<Flow> resume() { return Flow::More; }
    /// There is no more input: gives what was held back. Returns Full while there is more of it (resume() and
    /// finish() again), anything else at its end.
    virtual Result<Flow> finish() { return Flow::Done; }
};

}  // namespace credvault::query
