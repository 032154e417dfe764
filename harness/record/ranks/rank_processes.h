// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ranks of a native run are copies of one process, made before LibTorch has started a thread. The process
// itself trains nothing: it waits for them, and where one falls it ends the others and says which it was.
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/record/ranks/ranks.h"

namespace reprise {

// How a rank's part ended: an exit code of the worker, and why, where it is not 0.
struct RankEnd {
  int exit_code = 0;
  std::string reason = {};
};

// Below a run's folder, where a rank writes until the run has ended (watch/run_processes.h).
std::filesystem::path folder_of_rank(const std::filesystem::path& run, std::int64_t rank);

// Lets `train` run in `ranks` processes and waits for all. Exit code 0 where all ended so; else that of the
// rank which fell first, with "rank 1: " before its reason, or "rank 1 was ended by signal 9 after step 7".
RankEnd train_as_ranks(const std::filesystem::path& run, std::int64_t ranks,
                       const std::function<RankEnd(const RankPlace&)>& train);

}  // namespace reprise
