// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/compared_probes.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

void check_pins_agree(const Pins& there, const Pins& here) {
  for (const auto& [pin, value] : here) {
    const auto other = there.find(pin);
    if (other == there.end() || other->second != value)
      fail("the other table was made with {}={}, this one with {}={}; make both with the same pins", pin,
           other == there.end() ? "nothing" : other->second, pin, value);
  }
}

const ProbeCell* cell_of(const ProbeVerdict& verdict, Cause cause) {
  const auto found = std::ranges::find(verdict.cells, cause, &ProbeCell::cause);
  return found == verdict.cells.end() || found->finding == ProbeFinding::untested ? nullptr : &*found;
}

// Of these a difference is met by chance: that none was met this time does not show that none is there.
bool by_chance(Cause cause) {
  return cause == Cause::calls || cause == Cause::processes || cause == Cause::load ||
         cause == Cause::callers || cause == Cause::default_mode;
}

// How likely all `differ` of both tables' tries are of the one with `tries` of them by chance alone, if both
// differ equally often (Fisher's exact test, one-sided, with none in the other).
double chance_of_all_here(std::int64_t differ, std::int64_t tries, std::int64_t others) {
  double chance = 1;
  for (std::int64_t i = 0; i < differ; ++i)
    chance *= static_cast<double>(tries - i) / static_cast<double>(tries + others - i);
  return chance;
}

constexpr double least_chance = 0.05;

// Why two findings that differ show no change; "" where they do.
std::string no_change(const ProbeCell& before, const ProbeCell& now) {
  const bool varies_now = now.finding == ProbeFinding::varies;
  const ProbeCell &varying = varies_now ? now : before, &repeating = varies_now ? before : now;
  if (!repeating.whole) return "in part";
  if (!by_chance(now.cause)) return "";
  if (varying.tries < 1 || repeating.tries < 1)
    return varies_now ? "" : fmt::format("varied there, and was not seen to in {} calls here", now.calls);
  if (chance_of_all_here(varying.differ, varying.tries, repeating.tries) < least_chance) return "";
  return fmt::format("differed in {} of {} tries {} and in none of {} {}, as chance may have it",
                     varying.differ, varying.tries, varies_now ? "here" : "there", repeating.tries,
                     varies_now ? "there" : "here");
}

std::string told(const ProbeCell& cell) {
  return fmt::format("{}: {}", to_text(cell.finding), cell.sentence);
}

std::string made_by(const ProbeVerdict& verdict) {
  return fmt::format("{} ({}, LibTorch {})", verdict.bits, verdict.processor, verdict.libtorch);
}

void compare_one(const ProbeVerdict& there, const ProbeVerdict& here, const std::vector<Cause>& asked,
                 ComparedProbes& found) {
  std::vector<std::string> untold;
  if (there.bits.empty() || here.bits.empty()) {
    untold.emplace_back("bits");
  } else {
    ++found.compared;
    if (there.bits != here.bits) found.changes.push_back({here.probe, "bits", made_by(there), made_by(here)});
  }
  for (const Cause cause : asked) {
    const ProbeCell *before = cell_of(there, cause), *now = cell_of(here, cause);
    if (before == nullptr || now == nullptr) {
      untold.emplace_back(to_text(cause));
      continue;
    }
    const bool other = before->finding != now->finding;
    if (const auto why = other ? no_change(*before, *now) : ""; !why.empty()) {
      untold.push_back(fmt::format("{} ({})", to_text(cause), why));
      continue;
    }
    ++found.compared;
    if (other) found.changes.push_back({here.probe, std::string(to_text(cause)), told(*before), told(*now)});
  }
  if (!untold.empty())
    found.uncompared.push_back(
        fmt::format("{}: not told by both tables: {}", here.probe, join(untold, ", ")));
}

const ProbeVerdict* named(const std::vector<ProbeVerdict>& verdicts, const std::string& probe) {
  const auto found = std::ranges::find(verdicts, probe, &ProbeVerdict::probe);
  return found == verdicts.end() ? nullptr : &*found;
}

}  // namespace

ComparedProbes compare_probes(const ProbeTable& there, const ProbeTable& here,
                              const std::vector<Cause>& asked) {
  check_pins_agree(there.pins, here.pins);
  ComparedProbes found;
  for (const auto& one : here.verdicts) {
    if (const auto* other = named(there.verdicts, one.probe))
      compare_one(*other, one, asked, found);
    else
      found.uncompared.push_back(one.probe + ": the other table does not have it");
  }
  const auto lacking = std::ranges::count_if(
      there.verdicts, [&](const ProbeVerdict& one) { return named(here.verdicts, one.probe) == nullptr; });
  if (lacking > 0)
    found.uncompared.push_back(
        fmt::format("the other table tells of operators that this one does not: {}", lacking));
  return found;
}

}  // namespace reprise
