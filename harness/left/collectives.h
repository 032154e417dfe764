// SPDX-License-Identifier: Apache-2.0
#pragma once
// How many collective calls (all-reduce, broadcast, barrier and the like, of all ranks together) each rank of
// a script began in each step, as its recorder left them beside its trace (observe/collectives.py). Of ranks
// that part, or wait for each other in vain, the first step in which these numbers are not equal tells who
// left a call out, whichever of them failed for it in the end.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

inline constexpr const char* collectives_name = "collectives.txt";

struct RankCalls {
  struct From {
    std::int64_t step = 0, calls = 0;  // so many in this step, and in each one after it up to the next entry
  };
  std::string rank;        // "1"
  std::int64_t steps = 0;  // whole ones that it made
  std::vector<From> from;  // by step

  // In a whole step; nothing before the first of them that is known, or after its last one.
  std::optional<std::int64_t> in(std::int64_t step) const;
};

// `folder`: of the process. Nothing if no such file lies there, or it is not one of these.
std::optional<RankCalls> rank_calls_in(const std::filesystem::path& folder, const std::string& rank,
                                       std::int64_t steps);

// "in step 5 rank 1 began no collective call and rank 0 began 1, where each began 1 in step 4"; "" where the
// numbers are equal in all steps that all of them made, or fewer than two ranks are known.
std::string uneven_calls(const std::vector<RankCalls>& ranks);

}  // namespace reprise
