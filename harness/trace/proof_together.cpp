// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/proof_together.h"

#include "harness/base/error.h"
#include "harness/machine/cpu.h"
#include "harness/tensor/own_process.h"
#include "harness/trace/run_traces.h"
#include "harness/trace/trace_file.h"
#include "harness/trace/trace_proof.h"

namespace reprise {
namespace {

struct Asked {
  std::filesystem::path path;
  std::string as_it_was;
};

std::vector<Asked> to_be_proven(const std::vector<std::filesystem::path>& traces) {
  std::vector<Asked> asked;
  for (const auto& trace : traces) {
    try {
      const auto path = find_trace(trace);
      if (journal_of(path).empty() && !is_proven(path)) asked.push_back({path, file_mark(path)});
    } catch (const Error&) {
      // Whoever opens it hears it.
    }
  }
  return asked;
}

std::uint64_t bytes_of(const std::vector<Asked>& asked) {
  std::uint64_t all = 0;
  for (const auto& one : asked) {
    std::error_code gone;
    const auto bytes = std::filesystem::file_size(one.path, gone);
    if (!gone) all += bytes;
  }
  return all;
}

std::chrono::seconds time_for(const std::vector<Asked>& asked) {
  std::chrono::seconds all{0};
  for (const auto& one : asked) all += proof_limit(one.path);
  return all;
}

}  // namespace

void prove_together(const std::vector<std::filesystem::path>& traces,
                    const std::function<void(std::size_t)>& tell, std::uint64_t whole_up_to) {
  const auto asked = to_be_proven(traces);
  if (asked.size() < 3) return;
  const Reading how = bytes_of(asked) > whole_up_to ? Reading::proven_as_read : Reading::proven;
  const auto processes = static_cast<std::size_t>(this_cpu().cores);
  const auto sound = in_several_processes(
      asked.size(), processes, time_for(asked), [&](std::size_t i) { return proves(asked[i].path, how); },
      tell);
  for (std::size_t i = 0; i < asked.size(); ++i)
    if (sound[i] && file_mark(asked[i].path) == asked[i].as_it_was) keep_as_proven(asked[i].as_it_was, how);
}

void prove_runs(const std::vector<std::filesystem::path>& runs,
                const std::function<void(std::size_t, std::size_t)>& tell) {
  std::vector<std::filesystem::path> traces;
  for (const auto& run : runs) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(run, ignored)) {
      traces.push_back(run);
      continue;
    }
    for (auto& folder : process_folders(run)) traces.push_back(std::move(folder));
  }
  const auto tell_all = [&](std::size_t looked_at) { tell(looked_at, traces.size()); };
  prove_together(traces, tell ? std::function<void(std::size_t)>(tell_all) : nullptr);
}

}  // namespace reprise
