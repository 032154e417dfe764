// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/verdict/self_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/plan/fault.h"

namespace reprise {
namespace {

struct Wanted {
  std::string_view run, injected;
  std::string_view stage;  // where the difference must be; "" : there must be none
  bool at_start;           // before training, whatever the step
};

std::vector<Wanted> all_wanted() {
  std::vector<Wanted> all;
  for (const auto& [name, fault] : faults_shelf())
    all.push_back({name, fault->summary, fault->stage, fault->plan != nullptr});
  all.push_back({"watched", "nothing: every operator call was traced", "", false});
  all.push_back({"resumed", "nothing: stopped, restarted from what is digested, continued", "", false});
  return all;
}

constexpr std::string_view ended = "the end";  // a run's, where a stage's name stands else

const ShortRun* named(const std::vector<ShortRun>& runs, std::string_view name) {
  const auto found = std::ranges::find(runs, name, &ShortRun::name);
  return found == runs.end() ? nullptr : &*found;
}

RunTraces all_of(const ShortRun& run) {
  if (run.run) return *run.run;
  return run_of_one(*run.trace);
}

// Where two short runs part; one that ends earlier parts from the other at the step that it lacks.
std::optional<Divergence> divergence(const ShortRun& a, const ShortRun& b) {
  auto found = divergence_of(all_of(a), all_of(b));
  if (!found || (found->stage != "length" && found->stage != "process")) return found;
  found->tensor = found->stage == "process" ? fmt::format("only one of the two runs has {}", found->process)
                                            : fmt::format("it ends after step {}, not after step {}",
                                                          found->last_steps[1], found->last_steps[0]);
  if (found->stage == "length") ++found->step;
  found->stage = ended;
  return found;
}

std::string place(std::int64_t step, const std::string& stage, const std::string& tensor = "") {
  std::string text = step == 0 ? "before training" : fmt::format("step {}", step);
  text += ", " + stage;
  if (!tensor.empty() && tensor != stage) text += ", " + tensor;
  return text;
}

std::string place(const Divergence& parted) {
  if (parted.stage == ended) return parted.tensor;
  const std::string where = place(parted.step, parted.stage, parted.tensor);
  return parted.process.empty() ? where : parted.process + ", " + where;
}

// Before the place at which a fault was injected, in the order of a step's stages.
bool is_before(const Divergence& found, std::int64_t step, std::string_view stage) {
  if (found.step != step) return found.step < step;
  const auto rank = [](std::string_view name) {
    return std::ranges::find(stage_names, name) - std::begin(stage_names);
  };
  return found.stage == "data" || rank(found.stage) < rank(stage);
}

std::int64_t step_of(const Trace& trace) {
  const Plan& plan = trace.plan();
  if (plan.watch.injected) return plan.watch.injected->step;
  return plan.resume_at > 0 ? plan.resume_at : last_step_of(plan);
}

// "watched 2" is one more run of the kind "watched".
std::string_view kind_of(std::string_view name) {
  const auto space = name.find(' ');
  if (space != std::string_view::npos) return name.substr(0, space);
  return name == "again" ? "clean" : name;
}

class Judging {
 public:
  Judging(const std::vector<ShortRun>& runs, const std::optional<Divergence>& unrepeated)
      : runs_(runs), unrepeated_(unrepeated) {
    clean_ = named(runs, "clean");
    if (clean_ == nullptr) fail("a self-test has a clean run to compare with, but there is none");
    noise_ = spread("clean");
  }

  // Of a command not every fault can be injected.
  bool is_due(const Wanted& wanted) const {
    return named(runs_, wanted.run) != nullptr || !clean_->trace || !clean_->trace->plan().command;
  }

  // A run that was made again, without a fault.
  RepeatEvidence repeats() const {
    const ShortRun* again = named(runs_, "again");
    if (noise_) return {-1, true};
    if (again == nullptr || !again->trace || !clean_->trace) return {};
    return {again->trace->last_step(), false};
  }

  SelfTestRow row(const Wanted& wanted) const {
    SelfTestRow row{std::string(wanted.run), std::string(wanted.injected), "", "", Caught::untested, ""};
    const ShortRun* run = named(runs_, wanted.run);
    if (run == nullptr || !run->trace || !clean_->trace) {
      const std::string why = run == nullptr   ? "it was not made"
                              : !clean_->trace ? clean_->reason
                                               : run->reason;
      row.sentence = fmt::format("{}: untested; {}", row.injected, why);
      return row;
    }
    if (wanted.stage.empty())
      judge_equal(*run, row);
    else
      judge_fault(*run, wanted, row);
    return row;
  }

 private:
  void judge_fault(const ShortRun& run, const Wanted& wanted, SelfTestRow& row) const {
    const std::int64_t step = wanted.at_start ? 0 : step_of(*run.trace);
    if (!wanted.at_start)
      row.injected += fmt::format(" {} step {}", wanted.stage == "batch" ? "at" : "after", step);
    row.wanted = place(step, std::string(wanted.stage));
    const auto found = divergence(*clean_, run);
    row.found = found ? place(*found) : "no difference";
    // A recipe may draw its data with the seed: then the data differs too, and stands before the stages.
    const bool in_place =
        found && found->step == step &&
        (found->stage == wanted.stage || (wanted.at_start && found->stage == "data" &&
                                          found->stage_first[static_cast<std::size_t>(Stage::rng)] == 0));
    // What two runs without a fault show at the same place is not evidence that the injected fault was seen.
    if (in_place && !noise_at(*found))
      row.result = Caught::caught;
    else if (noise_ && noise_->step <= step)
      mask(row, fmt::format("two clean runs differ too ({})", place(*noise_)));
    else if (unrepeated_ && found && (in_place || is_before(*found, step, wanted.stage)))
      mask(row, run_noise());
    else
      row.result = Caught::escaped;
    say(row);
  }

  void judge_equal(const ShortRun& run, SelfTestRow& row) const {
    row.wanted = "no difference";
    const auto found = divergence(*clean_, run);
    row.found = found ? place(*found) : "no difference";
    if (!found)
      row.result = Caught::caught;
    else if (noise_)
      mask(row, fmt::format("two clean runs differ too ({})", place(*noise_)));
    else if (const auto among = spread(row.name))
      mask(row, fmt::format("two runs of this kind differ from each other too ({})", place(*among)));
    else if (unrepeated_)
      mask(row, run_noise());
    else
      row.result = Caught::escaped;
    say(row);
  }

  // Where runs of one kind part from the first of them, earliest; nothing if all are equal.
  std::optional<Divergence> spread(std::string_view kind) const {
    const ShortRun* first = nullptr;
    std::optional<Divergence> earliest;
    for (const auto& run : runs_) {
      if (kind_of(run.name) != kind || !run.trace) continue;
      if (first == nullptr) {
        first = &run;
        continue;
      }
      const auto found = divergence(*first, run);
      if (found && (!earliest || found->step < earliest->step)) earliest = found;
    }
    return earliest;
  }

  std::string run_noise() const {
    return fmt::format("two runs of this plan differ ({}), and two short ones may agree by chance",
                       place(*unrepeated_));
  }

  bool noise_at(const Divergence& found) const {
    const auto there = [&](const std::optional<Divergence>& noise) {
      return noise && noise->step == found.step && noise->stage == found.stage;
    };
    return there(noise_) || there(unrepeated_);
  }

  static void mask(SelfTestRow& row, const std::string& why) {
    row.result = Caught::masked;
    row.sentence = "; no conclusion is possible, since " + why;
  }

  // Puts what was wanted and found in front of why nothing can be told.
  static void say(SelfTestRow& row) {
    row.sentence =
        fmt::format("{}: wanted {}, found {}{}", row.injected, row.wanted, row.found, row.sentence);
  }

  const std::vector<ShortRun>& runs_;
  const std::optional<Divergence>& unrepeated_;  // between two whole runs
  const ShortRun* clean_ = nullptr;
  std::optional<Divergence> noise_;  // between two clean runs
};

// What could not be judged is no fault that escaped, and stands apart from those that could.
std::string summary_of(const SelfTest& test) {
  std::size_t injected = 0, judged = 0, caught = 0, masked = 0, untested = 0;
  for (const auto& row : test.rows) {
    const bool is_masked = row.result == Caught::masked, is_untested = row.result == Caught::untested;
    masked += is_masked ? 1 : 0;
    untested += is_untested ? 1 : 0;
    if (row.name == "watched" || row.name == "resumed") continue;
    ++injected;
    judged += is_masked || is_untested ? 0 : 1;
    caught += row.result == Caught::caught ? 1 : 0;
  }
  std::string text = injected == 0 ? "self-test: no fault was injected"
                     : judged == 0 ? "self-test: of no injected fault could be told whether it is found"
                                   : fmt::format("self-test: {} of {} injected faults found", caught, judged);
  if (masked > 0)
    text += fmt::format(", {} of {} checks cannot be determined (the recipe does not repeat itself)", masked,
                        test.rows.size());
  if (untested > 0) text += fmt::format(", {} of {} checks untested", untested, test.rows.size());
  for (const auto& row : test.rows)
    if (row.result == Caught::escaped) text += "; NOT as expected: " + row.sentence;
  return text;
}

}  // namespace

SelfTest judge_self_test(const std::vector<ShortRun>& runs, const std::optional<Divergence>& unrepeated) {
  const Judging judging(runs, unrepeated);
  SelfTest test;
  for (const auto& wanted : all_wanted())
    if (judging.is_due(wanted)) test.rows.push_back(judging.row(wanted));
  test.is_void =
      std::ranges::any_of(test.rows, [](const SelfTestRow& row) { return row.result == Caught::escaped; });
  test.repeats = judging.repeats();
  test.sentence = summary_of(test);
  return test;
}

std::optional<Divergence> unrepeated_in(const Diff& diff, const Matrix& matrix) {
  if (matrix.configurations.empty()) return std::nullopt;
  std::vector<std::size_t> classes;  // of the baseline's runs
  std::size_t done = 0;
  for (const auto& configuration : matrix.configurations) {
    if (!configuration.outcome.done()) continue;
    if (configuration.plan_id == matrix.configurations.front().plan_id && done < diff.traces.size())
      classes.push_back(diff.traces[done].in_class);
    ++done;
  }
  std::optional<Divergence> earliest;
  for (std::size_t i = 0; i < classes.size(); ++i)
    for (std::size_t j = i + 1; j < classes.size(); ++j)
      if (const ClassDivergence* divergence = divergence_between(diff, classes[i], classes[j]);
          divergence != nullptr && (!earliest || divergence->first.step < earliest->step))
        earliest = divergence->first;
  return earliest;
}

}  // namespace reprise
