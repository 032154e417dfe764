// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/self_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/parting.h"

namespace reprise {
namespace {

struct Wanted {
  std::string_view run, sown;
  std::string_view stage;  // where the difference must be; "" : there must be none
  bool at_start;           // before training, whatever the sown step
};

constexpr Wanted wanted_of[] = {
    {"flip-bit", "one bit of one weight flipped", "weights", false},
    {"swap-samples", "two samples of a batch exchanged", "batch", false},
    {"change-seed", "another seed", "rng", true},
    {"watched", "nothing: every operator call was traced", "", false},
    {"resumed", "nothing: ended, begun anew from what is digested, gone on", "", false},
};

const ShortRun* named(const std::vector<ShortRun>& runs, std::string_view name) {
  const auto found = std::ranges::find(runs, name, &ShortRun::name);
  return found == runs.end() ? nullptr : &*found;
}

std::optional<Divergence> parting(const Trace& a, const Trace& b) {
  const std::int64_t last = std::min(a.last_step(), b.last_step());
  const auto step = first_difference(a, b, last);
  if (!step) return std::nullopt;
  return divergence_at(a, b, *step, last);
}

std::string place(std::int64_t step, const std::string& stage, const std::string& tensor = "") {
  std::string text = step == 0 ? "before training" : fmt::format("step {}", step);
  text += ", " + stage;
  if (!tensor.empty() && tensor != stage) text += ", " + tensor;
  return text;
}

std::int64_t step_of(const Trace& trace) {
  const Plan& plan = trace.plan();
  if (plan.watch.sown) return plan.watch.sown->step;
  return plan.resume_at > 0 ? plan.resume_at : last_step_of(plan);
}

class Judging {
 public:
  explicit Judging(const std::vector<ShortRun>& runs) : runs_(runs) {
    const ShortRun* clean = named(runs, "clean");
    if (clean == nullptr) fail("a self-test has a clean run to compare with, but there is none");
    clean_ = clean;
    const ShortRun* again = named(runs, "again");
    if (clean->trace && again != nullptr && again->trace) noise_ = parting(*clean->trace, *again->trace);
  }

  // Of a command not every fault can be sown.
  bool is_due(const Wanted& wanted) const {
    return named(runs_, wanted.run) != nullptr || !clean_->trace || !clean_->trace->plan().command;
  }

  SelfTestRow row(const Wanted& wanted) const {
    SelfTestRow row{std::string(wanted.run), std::string(wanted.sown), "", "", Caught::untested, ""};
    const ShortRun* run = named(runs_, wanted.run);
    if (run == nullptr || !run->trace || !clean_->trace) {
      const std::string why = run == nullptr   ? "it was not made"
                              : !clean_->trace ? clean_->reason
                                               : run->reason;
      row.sentence = fmt::format("{}: untested; {}", row.sown, why);
      return row;
    }
    if (wanted.stage.empty())
      judge_equal(*run->trace, row);
    else
      judge_sown(*run->trace, wanted, row);
    return row;
  }

 private:
  void judge_sown(const Trace& trace, const Wanted& wanted, SelfTestRow& row) const {
    const std::int64_t step = wanted.at_start ? 0 : step_of(trace);
    if (!wanted.at_start)
      row.sown += fmt::format(" {} step {}", wanted.stage == "batch" ? "at" : "after", step);
    row.wanted = place(step, std::string(wanted.stage));
    const auto found = parting(*clean_->trace, trace);
    row.found = found ? place(found->step, found->stage, found->tensor) : "no difference";
    // A recipe may draw its data with the seed: then the data differs too, and stands before the stages.
    const bool same_stage = found && (found->stage == wanted.stage ||
                                      (wanted.at_start && found->stage == "data" &&
                                       found->stage_first[static_cast<std::size_t>(Stage::rng)] == 0));
    // What two clean runs show at the same place is no evidence that the sown fault was seen.
    if (same_stage && found->step == step && !noise_at(*found))
      row.result = Caught::caught;
    else
      row.result = noise_ && noise_->step <= step ? Caught::masked : Caught::escaped;
    say(row);
  }

  void judge_equal(const Trace& trace, SelfTestRow& row) const {
    row.wanted = "no difference";
    const auto found = parting(*clean_->trace, trace);
    row.found = found ? place(found->step, found->stage, found->tensor) : "no difference";
    if (!found && trace.last_step() != clean_->trace->last_step())
      row.found = fmt::format("it ends after step {}, not after step {}", trace.last_step(),
                              clean_->trace->last_step());
    if (!found && trace.last_step() == clean_->trace->last_step())
      row.result = Caught::caught;
    else
      row.result = noise_ ? Caught::masked : Caught::escaped;
    say(row);
  }

  bool noise_at(const Divergence& found) const {
    return noise_ && noise_->step == found.step && noise_->stage == found.stage;
  }

  void say(SelfTestRow& row) const {
    row.sentence = fmt::format("{}: wanted {}, found {}", row.sown, row.wanted, row.found);
    if (row.result == Caught::masked)
      row.sentence += fmt::format("; nothing can be told, since two clean runs differ too ({})",
                                  place(noise_->step, noise_->stage, noise_->tensor));
  }

  const std::vector<ShortRun>& runs_;
  const ShortRun* clean_ = nullptr;
  std::optional<Divergence> noise_;  // between two clean runs
};

std::string summary_of(const SelfTest& test) {
  std::size_t sown = 0, caught = 0, masked = 0, untested = 0;
  for (const auto& row : test.rows) {
    if (row.result == Caught::masked) ++masked;
    if (row.result == Caught::untested) ++untested;
    if (row.name == "watched" || row.name == "resumed") continue;
    ++sown;
    caught += row.result == Caught::caught ? 1 : 0;
  }
  std::string text = fmt::format("self-test: {} of {} sown faults found", caught, sown);
  if (masked > 0) text += fmt::format(", {} cannot be told (the recipe does not repeat itself)", masked);
  if (untested > 0) text += fmt::format(", {} untested", untested);
  for (const auto& row : test.rows)
    if (row.result == Caught::escaped) text += "; NOT as it must be: " + row.sentence;
  return text;
}

}  // namespace

SelfTest judge_self_test(const std::vector<ShortRun>& runs) {
  const Judging judging(runs);
  SelfTest test;
  for (const auto& wanted : wanted_of)
    if (judging.is_due(wanted)) test.rows.push_back(judging.row(wanted));
  test.is_void =
      std::ranges::any_of(test.rows, [](const SelfTestRow& row) { return row.result == Caught::escaped; });
  test.sentence = summary_of(test);
  return test;
}

}  // namespace reprise
