// SPDX-License-Identifier: Apache-2.0
#pragma once
// Two states of one random generator: the same stream at another position (one side drew more), or another
// stream. Of mt19937 (Matsumoto and Nishimura 1998), which is what torch on the CPU, NumPy's legacy generator
// and Python's `random` all are, and of Philox (Salmon and others 2011) as torch has it on a CUDA device.
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

struct Mt19937State {
  std::array<std::uint32_t, 624> words{};
  std::int64_t taken = 624;  // of these words; all: the next draw makes new ones
  bool operator==(const Mt19937State&) const = default;
};

// Draws of 32 bits that lie between two states of one stream: positive if `b` is ahead. Nothing where they
// are farther apart than a million, or of two streams.
std::optional<std::int64_t> draws_between(const Mt19937State& a, const Mt19937State& b);

struct StreamApart {
  std::string generator;              // "torch.cpu", "torch.cuda0", "python.random", "numpy.random"
  std::optional<std::int64_t> ahead;  // by how many draws side B is; nothing: another stream, or too far
  std::optional<std::uint64_t> seed_a, seed_b;  // where the state tells
  std::optional<std::int64_t> at_a, at_b;       // draws since then; nothing: more than a million
  bool philox = false;  // draws are then counted as each thread of a kernel makes them
};
// The generators whose states differ in the two runs' values of that step (trace/value_file.h), by name.
std::vector<StreamApart> streams_apart(const std::filesystem::path& run_a, const std::filesystem::path& run_b,
                                       std::int64_t step);

// "After step 10 side A has drawn 96 numbers of 32 bits more from torch.cpu than side B: the same random
// stream at another position."
std::string to_sentence(const StreamApart& apart, std::int64_t step);

}  // namespace reprise
