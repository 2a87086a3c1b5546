// A small number for each living thread, so that per-thread things can stand in arrays. A number is used again after
// its thread has ended.
#pragma once

#include <cstddef>
#include <optional>

namespace credvault::storage {

constexpr std::size_t max_thread_slots = 256;

/// The calling thread's number below max_thread_slots; nothing while more threads than that hold one.
std::optional<std::size_t> thread_slot();

}  // namespace credvault::storage
