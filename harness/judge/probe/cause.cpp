// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/cause.h"

#include <algorithm>

namespace reprise {
namespace {

constexpr Word<Cause> cause_words[] = {{Cause::calls, "calls"},
                                       {Cause::processes, "processes"},
                                       {Cause::load, "load"},
                                       {Cause::callers, "callers"},
                                       {Cause::threads, "threads"},
                                       {Cause::isa, "isa"},
                                       {Cause::mkl, "mkl"},
                                       {Cause::onednn, "onednn"},
                                       {Cause::alignment, "alignment"},
                                       {Cause::memory, "memory"},
                                       {Cause::batch, "batch"},
                                       {Cause::deterministic, "deterministic"},
                                       {Cause::default_mode, "default-mode"}};

// What is set otherwise than in the baseline: a pin, or a condition, which is a parameter of the plan.
struct Change {
  std::string name;
  Scalar value;
  bool condition = false;
};

Change pin(std::string name, std::string value) { return {std::move(name), std::move(value)}; }
Change condition(std::string name, Scalar value) { return {std::move(name), std::move(value), true}; }

struct Side {
  Cause cause;
  std::string_view words;
  std::vector<Change> changes;
};

// Each is compared with the baseline; those of `load` and `batch` with one another. Where LibTorch fills new
// tensors itself, what lay there before would never be seen.
const std::vector<Side>& sides() {
  static const std::vector<Side> all = {
      {Cause::load, "threads=2", {pin("threads", "2")}},
      {Cause::load, "threads=2 load=4", {pin("threads", "2"), condition("load", std::int64_t{4})}},
      {Cause::callers,
       "callers=4",
       {condition("callers", std::int64_t{4}), pin("vector-math-warmup", "off")}},
      {Cause::threads, "threads=2", {pin("threads", "2")}},
      {Cause::isa, "isa=default", {pin("isa", "default")}},
      {Cause::isa, "isa=avx2", {pin("isa", "avx2")}},
      {Cause::isa, "isa=avx512", {pin("isa", "avx512")}},
      {Cause::mkl, "mkl=compatible", {pin("mkl", "compatible")}},
      {Cause::onednn, "onednn=off", {pin("onednn", "off")}},
      {Cause::alignment, "offset=1", {condition("offset", std::int64_t{1})}},
      {Cause::memory,
       "fill=zero fill-uninitialized=off",
       {condition("fill", std::string("zero")), pin("fill-uninitialized", "off")}},
      {Cause::memory,
       "fill=nan fill-uninitialized=off",
       {condition("fill", std::string("nan")), pin("fill-uninitialized", "off")}},
      {Cause::batch, "rows=all", {condition("rows", std::string("all"))}},
      {Cause::batch, "rows=one", {condition("rows", std::string("one"))}},
      {Cause::deterministic, "deterministic=off", {pin("deterministic", "off")}},
      {Cause::default_mode,
       "deterministic=off threads=2",
       {pin("deterministic", "off"), pin("threads", "2")}},
  };
  return all;
}

bool has_conditions(const Side& side, const Plan& baseline) {
  return std::ranges::all_of(side.changes, [&](const Change& one) {
    return !one.condition || baseline.parameters.contains(one.name);
  });
}

// Two threads that race meet by chance: on two cores in one call of 20, or in none.
constexpr std::int64_t race_repeats = 5;

void lengthen(Plan& plan, std::int64_t calls) {
  if (const auto told = plan.parameters.find("calls"); told != plan.parameters.end()) {
    told->second = calls;
    return;
  }
  plan.steps = plan.evaluate_every = plan.watch.checkpoint_every = calls;
}

void change(Plan& plan, const Change& one) {
  if (one.condition)
    plan.parameters[one.name] = one.value;
  else
    plan.pins[one.name] = std::get<std::string>(one.value);
}

}  // namespace

std::span<const Word<Cause>> words_of(Cause /*cause*/) { return cause_words; }

std::string_view summary_of(Cause cause) {
  switch (cause) {
    case Cause::calls:
      return "one call after the other in one process";
    case Cause::processes:
      return "a fresh process";
    case Cause::load:
      return "other threads that keep the cores busy, on two threads within a call";
    case Cause::callers:
      return "the first calls of a process made by four threads at once";
    case Cause::threads:
      return "two threads within a call instead of one";
    case Cause::isa:
      return "the vectors of ATen's kernels";
    case Cause::mkl:
      return "MKL's compatible branch";
    case Cause::onednn:
      return "no oneDNN";
    case Cause::alignment:
      return "inputs one element further in memory";
    case Cause::memory:
      return "zeros or NaN in the memory that results are made in";
    case Cause::batch:
      return "a row alone instead of in its batch";
    case Cause::deterministic:
      return "no deterministic mode, on one thread";
    case Cause::default_mode:
      return "no deterministic mode, on two threads";
  }
  return "";
}

Plan plan_of_probe(const std::string& probe, const ProbeOrder& order) {
  Plan plan;
  plan.recipe = "probe-" + probe;
  plan.program = "probe/" + probe;
  plan.parameters = {{"callers", std::int64_t{1}},
                     {"fill", std::string("none")},
                     {"load", std::int64_t{0}},
                     {"offset", std::int64_t{0}},
                     {"rows", std::string("whole")}};
  plan.steps = order.repeats;
  plan.batch = plan.samples = 1;
  plan.evaluate_every = order.repeats;
  plan.pins = order.pins;
  plan.watch.checkpoint_every = order.repeats;
  plan.watch.keep = Keep::none;
  return plan;
}

std::vector<ProbeRun> runs_of(const Plan& baseline, const ProbeOrder& order,
                              const std::vector<Cause>& causes) {
  const auto wanted = [&](Cause cause) { return std::ranges::find(causes, cause) != causes.end(); };
  std::vector<ProbeRun> runs = {{Cause::calls, "", baseline}};
  if (wanted(Cause::processes))
    for (int repeat = 2; repeat <= static_cast<int>(order.processes); ++repeat)
      runs.push_back({Cause::processes, fmt::format("process {}", repeat), baseline, repeat});
  for (const auto& side : sides()) {
    if (!wanted(side.cause) || !has_conditions(side, baseline)) continue;
    Plan plan = baseline;
    for (const auto& one : side.changes) change(plan, one);
    // What the order pins is the baseline itself, whose run says all there is; of a pair both are needed.
    if (!is_pair(side.cause) && to_toml(plan) == to_toml(baseline)) continue;
    if (side.cause == Cause::default_mode) lengthen(plan, order.repeats * race_repeats);
    runs.push_back({side.cause, std::string(side.words), plan});
  }
  return runs;
}

std::string not_varied(const Plan& baseline, Cause cause) {
  for (const auto& side : sides())
    if (side.cause == cause && !has_conditions(side, baseline))
      return "a function in Python makes its inputs and calls itself: this is varied for operators of the "
             "worker alone";
  return "not asked";
}

bool is_pair(Cause cause) { return cause == Cause::batch || cause == Cause::load; }

}  // namespace reprise
