// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/process_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace reprise {
namespace {

using Processes = std::vector<ProcessTrace>;

std::string what_it_is(const ProcessEntry& who) {
  std::string words = who.rank.empty() ? "" : "rank " + who.rank;
  if (!who.arguments.empty()) words += (words.empty() ? "" : ", ") + who.arguments;
  return words;
}

// The labels of one run, or nothing where two of them are alike.
template <class Label>
std::optional<std::vector<std::string>> labels_by(const Processes& run, Label label) {
  std::vector<std::string> labels;
  std::set<std::string> known;
  for (const auto& process : run) {
    labels.push_back(label(process.who));
    if (labels.back().empty() || !known.insert(labels.back()).second) return std::nullopt;
  }
  return labels;
}

// By rank, or by rank and arguments, if these tell all processes apart and every run has the same.
template <class Label>
std::optional<ProcessMatch> match_by(const std::vector<RunTraces>& runs, Label label) {
  ProcessMatch match;
  std::set<std::string> first;
  for (const auto& run : runs) {
    auto labels = labels_by(run.processes, label);
    if (!labels) return std::nullopt;
    const std::set<std::string> here(labels->begin(), labels->end());
    if (match.labels.empty()) first = here;
    if (here != first) return std::nullopt;
    match.labels.push_back(std::move(*labels));
  }
  return match;
}

// Ranks 0, 1, ... of each run, where the runs have other numbers of them; a run with one process is rank 0.
std::optional<ProcessMatch> match_world_sizes(const std::vector<RunTraces>& runs) {
  ProcessMatch match;
  std::set<std::size_t> sizes;
  for (const auto& run : runs) {
    auto& labels = match.labels.emplace_back();
    for (std::size_t i = 0; i < run.processes.size(); ++i) {
      const std::string& rank = run.processes[i].who.rank;
      const bool alone = run.processes.size() == 1 && rank.empty();
      if (!alone && rank != std::to_string(i)) return std::nullopt;
      labels.push_back(fmt::format("rank {}", i));
    }
    sizes.insert(labels.size());
  }
  return sizes.size() > 1 ? std::optional(match) : std::nullopt;
}

ProcessMatch by_order(const std::vector<RunTraces>& runs) {
  ProcessMatch match;
  for (const auto& run : runs) {
    auto& labels = match.labels.emplace_back();
    for (std::size_t i = 0; i < run.processes.size(); ++i) labels.push_back(fmt::format("process {}", i + 1));
  }
  return match;
}

// The n-th by its chain is the n-th of every other run.
ProcessMatch by_content(const std::vector<RunTraces>& runs) {
  ProcessMatch match;
  match.by_content = true;
  for (const auto& run : runs) {
    const auto& all = run.processes;
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&](std::size_t i) { return all[i].who.chain; });
    auto& labels = match.labels.emplace_back(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) labels[order[i]] = fmt::format("process {}", i + 1);
  }
  return match;
}

}  // namespace

ProcessMatch match_processes(const std::vector<RunTraces>& runs) {
  if (std::ranges::all_of(runs, [](const RunTraces& run) { return run.processes.size() == 1; }))
    return {std::vector<std::vector<std::string>>(runs.size(), {""}), false};
  const auto by_rank = [](const ProcessEntry& who) { return who.rank.empty() ? "" : "rank " + who.rank; };
  if (auto match = match_by(runs, by_rank)) return *match;
  if (auto match = match_by(runs, what_it_is)) return *match;
  if (auto match = match_world_sizes(runs)) return *match;
  const bool ordered =
      std::ranges::none_of(runs, [](const RunTraces& run) { return run.told_by == ToldBy::content; });
  return ordered ? by_order(runs) : by_content(runs);
}

std::vector<ProcessPair> paired(const Processes& a, const std::vector<std::string>& labels_a,
                                const Processes& b, const std::vector<std::string>& labels_b,
                                bool by_content) {
  std::vector<bool> taken(b.size());
  std::vector<ProcessPair> pairs;
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t partner = b.size();
    for (std::size_t j = 0; j < b.size() && partner == b.size(); ++j)
      if (!taken[j] && (by_content ? a[i].who.chain == b[j].who.chain : labels_a[i] == labels_b[j]))
        partner = j;
    if (partner == b.size()) {
      left.push_back(i);
      continue;
    }
    taken[partner] = true;
    pairs.push_back({labels_a[i], a[i].trace, b[partner].trace});
  }
  std::size_t next = 0;
  for (const std::size_t i : left) {
    while (next < b.size() && taken[next]) ++next;
    const bool any = by_content && next < b.size();
    if (any) taken[next] = true;
    pairs.push_back({labels_a[i], a[i].trace, any ? std::optional(b[next].trace) : std::nullopt});
  }
  for (std::size_t j = 0; j < b.size(); ++j)
    if (!taken[j]) pairs.push_back({labels_b[j], std::nullopt, b[j].trace});
  return pairs;
}

}  // namespace reprise
