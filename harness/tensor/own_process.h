// SPDX-License-Identifier: Apache-2.0
#pragma once
// Work in a process of its own, made by fork: for a library that a damaged file can crash or keep busy for
// ever. HDF5 1.10 frees what it never took when a link message is damaged; fuzzing finds such a file within
// minutes.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace reprise {

// The text that `work` gives, over there. What it throws is thrown here, as Broken; so is its death, by
// whatever signal, or running longer than `limit` of processor time. For callers with one thread.
std::string in_own_process(const std::function<std::string()>& work, std::chrono::seconds limit);

// For each of `count` the answer of `work` over there, in so many processes, each of which takes many; false
// too for all that a process did not come to because it died or ran longer than `limit`. `tell` hears now and
// then how many were answered. For callers with one thread.
std::vector<bool> in_several_processes(std::size_t count, std::size_t processes, std::chrono::seconds limit,
                                       const std::function<bool(std::size_t)>& work,
                                       const std::function<void(std::size_t answered)>& tell = {});

// Memory of zeros that both processes see.
struct SharedMemory {
  std::span<std::byte> bytes;
  std::shared_ptr<const void> owner;
};
SharedMemory shared_memory(std::uint64_t bytes);

}  // namespace reprise
