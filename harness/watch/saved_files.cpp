// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/saved_files.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/trace/run_traces.h"
#include "harness/watch/fresh_folder.h"
#include "harness/watch/written_files.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;  // of files that are read for this
constexpr std::size_t most_digests = 32'000'000, names_told = 3;

// All digests of all rows; where there are too many, of the first, the last and the checkpoints.
std::set<std::string> watched_digests(const Trace& trace) {
  std::set<std::string> digests;
  std::set<std::int64_t> steps{trace.first_step(), trace.last_step()};
  for (const auto step : trace.checkpoint_steps()) steps.insert(step);
  const auto rows = static_cast<std::size_t>(trace.last_step() - trace.first_step() + 1);
  if (rows * trace.columns().size() <= most_digests)
    for (std::int64_t step = trace.first_step(); step <= trace.last_step(); ++step) steps.insert(step);
  for (const auto step : steps)
    for (const auto& digest : trace.tensors(step)) digests.insert(to_text(digest));
  return digests;
}

std::set<std::string> watched_in(const fs::path& run) {
  std::set<std::string> digests;
  for (const auto& folder : process_folders(run)) digests.merge(watched_digests(Trace(folder)));
  return digests;
}

std::string sentence_of(const WrittenFile& file, const std::set<std::string>& watched) {
  std::vector<std::string> names;
  for (const auto& tensor : read_checkpoint(file.place).tensors)
    if (!watched.contains(to_text(digest_of(tensor)))) names.push_back(tensor.name);
  if (names.empty()) return "";
  const std::size_t told = std::min(names.size(), names_told);
  std::string text = join(std::span(names).first(told), ", ");
  if (names.size() > told) text += fmt::format(" and {} more", names.size() - told);
  return fmt::format("not observed: {} holds {} whose values no watched stage has ({})", file.name,
                     names.size() == 1 ? std::string("1 tensor") : fmt::format("{} tensors", names.size()),
                     text);
}

std::vector<std::string> sentences_of(const std::vector<WrittenFile>& files, const fs::path& run) {
  std::vector<std::string> sentences;
  std::optional<std::set<std::string>> watched;
  std::uint64_t bytes = 0;
  for (const auto& file : files) {
    if (!is_checkpoint(file.place)) continue;
    bytes += fs::file_size(file.place);
    if (bytes > most_bytes) {
      sentences.push_back(
          fmt::format("not looked at: whether {} holds tensors that no watched stage has; saved "
                      "files of more than {} in all are not read for this",
                      file.name, size_for_people(most_bytes)));
      break;
    }
    if (!watched) watched = watched_in(run);
    try {
      if (const std::string text = sentence_of(file, *watched); !text.empty()) sentences.push_back(text);
    } catch (const Error& error) {
      sentences.push_back(fmt::format("not looked at: whether {} holds tensors that no watched stage has: {}",
                                      file.name, error.what()));
    }
  }
  return sentences;
}

}  // namespace

std::vector<std::string> saved_unobserved(const Plan& plan, const fs::path& run) {
  if (!is_told_whole(plan) || !fs::is_regular_file(run / "trace.h5")) return {};
  if (Trace(run).columns().empty()) return {};
  return sentences_of(files_written_by(run), run);
}

}  // namespace reprise
