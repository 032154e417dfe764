// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/judged_probe.h"

#include <algorithm>
#include <optional>

#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr Word<ProbeFinding> finding_words[] = {{ProbeFinding::repeats, "repeats"},
                                                {ProbeFinding::varies, "varies"},
                                                {ProbeFinding::untested, "untested"}};

using Call = CallDigests;

// "caller 2/out" is a result `out`.
std::string without_caller(const std::string& name) {
  const auto slash = name.find('/');
  return name.starts_with("caller ") && slash != name.npos ? name.substr(slash + 1) : name;
}

// The first result of `call` whose bits are not those of the same result in `first`; "" if there is none. Of
// several callers, `call` has each result several times.
std::string differing(const Call& first, const Call& call) {
  if (first.empty() || call.empty() || call.size() % first.size() != 0) return "the number of results";
  for (const auto& [name, digest] : call) {
    auto other = first.find(name);
    if (other == first.end()) other = first.find(without_caller(name));
    if (other == first.end() || other->second != digest) return name;
  }
  return "";
}

struct Parted {
  std::string first;        // the first call that differs, as a sentence
  std::int64_t differ = 0;  // how many do
};

Parted parted(const Call& first, const SeenCalls& run, const std::string& side) {
  Parted found;
  for (std::size_t i = 0; i < run.calls.size(); ++i) {
    const auto name = differing(first, run.calls[i]);
    if (name.empty()) continue;
    ++found.differ;
    if (found.first.empty())
      found.first = fmt::format("{} differs{} in call {} of {}", name, side.empty() ? "" : " with " + side,
                                i + 1, run.calls.size());
  }
  return found;
}

// How many calls did not give the most frequent result. Where threads race, the first call may be the odd
// one, and all others differ from it.
std::int64_t odd_calls(const std::vector<Call>& calls) {
  std::ptrdiff_t most = 0;
  for (const auto& call : calls) most = std::max(most, std::ranges::count(calls, call));
  return static_cast<std::int64_t>(calls.size()) - most;
}

struct Gathered {
  std::string parted, untested;
  std::int64_t calls = 0;
  std::int64_t tries = 0, differ = 0;  // calls; of fresh processes, these
  std::vector<std::string> held;       // sides whose bits were those of the first
};

void gather(const ProbeRun& run, const SeenCalls& seen, const Call& first, Gathered& into) {
  if (!seen.outcome.done()) {
    if (into.untested.empty())
      into.untested = run.side.empty() ? seen.outcome.reason : run.side + ": " + seen.outcome.reason;
    return;
  }
  into.calls += static_cast<std::int64_t>(seen.calls.size());
  const Parted found = parted(first, seen, run.side);
  const bool whole = run.cause == Cause::processes;
  into.tries += whole ? 1 : static_cast<std::int64_t>(seen.calls.size());
  const bool own = run.cause == Cause::calls || run.cause == Cause::default_mode;
  into.differ += whole ? std::min<std::int64_t>(found.differ, 1) : own ? odd_calls(seen.calls) : found.differ;
  if (found.differ == 0)
    into.held.push_back(run.side);
  else if (into.parted.empty())
    into.parted = found.first;
}

std::string held_words(const Gathered& found) {
  std::vector<std::string> sides;
  for (const auto& side : found.held)
    if (!side.empty()) sides.push_back(side);
  return sides.empty() ? "" : " with " + join(sides, ", ");
}

ProbeCell cell_of(Cause cause, const Gathered& found) {
  if (!found.parted.empty())
    return {.cause = cause,
            .finding = ProbeFinding::varies,
            .calls = found.calls,
            .sentence = found.parted,
            .tries = found.tries,
            .differ = found.differ};
  if (found.held.empty())
    return {.cause = cause, .finding = ProbeFinding::untested, .sentence = found.untested};
  std::string sentence = fmt::format("{} calls{} gave the same bits: at most {:.2g} of calls differ, at 95 %",
                                     found.calls, held_words(found), rule_of_three(found.calls));
  if (!found.untested.empty()) sentence += "; untested: " + found.untested;
  return {.cause = cause,
          .finding = ProbeFinding::repeats,
          .calls = found.calls,
          .sentence = sentence,
          .whole = found.untested.empty(),
          .tries = found.tries};
}

// The calls that those of a cause are held against: the baseline's; of rows those in the batch; and without
// deterministic mode, where two threads may round otherwise than one, that run's own.
const Call* first_of(Cause cause, const std::vector<ProbeRun>& runs, const std::vector<SeenCalls>& seen) {
  const bool own = is_pair(cause) || cause == Cause::default_mode;
  const Cause asked = own ? cause : Cause::calls;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].cause == asked) return seen[i].calls.empty() ? nullptr : &seen[i].calls.front();
  return nullptr;
}

Gathered gathered(Cause cause, const std::vector<ProbeRun>& runs, const std::vector<SeenCalls>& seen) {
  Gathered found;
  const Call* first = first_of(cause, runs, seen);
  if (first == nullptr) {
    // Why there is nothing to hold it against.
    for (std::size_t i = runs.size(); i-- > 0;)
      if (runs[i].cause == cause && !seen[i].outcome.done()) found.untested = seen[i].outcome.reason;
    if (!seen.front().outcome.done()) found.untested = seen.front().outcome.reason;
    if (found.untested.empty()) found.untested = not_varied(runs.front().plan, cause);
    return found;
  }
  std::size_t compared = 0;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (runs[i].cause == cause) {
      gather(runs[i], seen[i], *first, found);
      ++compared;
    }
  if (compared == 0) found.untested = not_varied(runs.front().plan, cause);
  // One run of a pair shows nothing.
  if (is_pair(cause) && found.held.size() < compared && found.parted.empty()) found.held.clear();
  return found;
}

// What differs anyway shows nothing of another cause. Without deterministic mode the runs are held against
// their own.
void take_back(ProbeCell& cell) {
  if (cell.cause == Cause::calls || cell.cause == Cause::default_mode || cell.finding != ProbeFinding::varies)
    return;
  cell = {.cause = cell.cause,
          .finding = ProbeFinding::untested,
          .sentence = "calls of the baseline differ already; beside that, " + cell.sentence};
}

std::string fact_of(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? "" : found->second;
}

void tell_bits(const SeenCalls& baseline, ProbeVerdict& verdict) {
  std::string all;
  for (const auto& [name, digest] : baseline.calls.front()) all += name + "=" + to_text(digest) + "\n";
  verdict.bits = sha256_text(all).substr(0, 32);
  verdict.processor = fact_of(baseline.facts, "cpu.model");
  verdict.libtorch = fact_of(baseline.facts, "libtorch.version");
}

}  // namespace

std::span<const Word<ProbeFinding>> words_of(ProbeFinding /*finding*/) { return finding_words; }

double rule_of_three(std::int64_t calls) { return calls < 3 ? 1 : 3 / static_cast<double>(calls); }

SeenCalls seen_calls(const Outcome& outcome, const std::filesystem::path& folder) {
  SeenCalls seen{outcome, {}};
  if (!outcome.done()) return seen;
  const Trace trace(folder);
  seen.facts = trace.facts();
  const auto& columns = trace.columns();
  for (std::int64_t step = 1; step <= trace.last_step(); ++step) {
    const auto digests = trace.tensors(step);
    Call call;
    for (std::size_t i = 0; i < columns.size(); ++i)
      if (columns[i].stage == Stage::weights) call[columns[i].name] = digests[i];
    seen.calls.push_back(std::move(call));
  }
  return seen;
}

ProbeVerdict judge_probe(const std::string& probe, const std::vector<ProbeRun>& runs,
                         const std::vector<SeenCalls>& seen) {
  check(runs.size() == seen.size(), "every run of a probe is judged with what became of it");
  ProbeVerdict verdict{probe, {}};
  for (const auto& word : words_of(Cause{}))
    verdict.cells.push_back(cell_of(word.value, gathered(word.value, runs, seen)));
  const ProbeCell& calls = verdict.cells.front();
  check(calls.cause == Cause::calls, "the first cause is that of the baseline's own calls");
  if (calls.finding == ProbeFinding::varies)
    for (auto& cell : verdict.cells) take_back(cell);
  if (calls.finding == ProbeFinding::repeats) tell_bits(seen.front(), verdict);
  return verdict;
}

}  // namespace reprise
