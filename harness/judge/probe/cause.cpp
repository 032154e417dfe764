// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/probe/cause.h"

#include <algorithm>
#include <functional>

namespace reprise {
namespace {

constexpr Word<Cause> cause_words[] = {{Cause::calls, "calls"},
                                       {Cause::processes, "processes"},
                                       {Cause::callers, "callers"},
                                       {Cause::threads, "threads"},
                                       {Cause::isa, "isa"},
                                       {Cause::mkl, "mkl"},
                                       {Cause::onednn, "onednn"},
                                       {Cause::alignment, "alignment"},
                                       {Cause::memory, "memory"},
                                       {Cause::batch, "batch"},
                                       {Cause::default_mode, "default-mode"}};

// What is set otherwise than in the baseline: pins by their names, else parameters of the probe.
struct Change {
  std::string name;
  Scalar value;
};

struct Side {
  Cause cause;
  std::string_view words;
  std::vector<Change> changes;
};

// Each is compared with the baseline; the two of `batch` with each other. Where LibTorch fills new tensors
// itself, what lay there before would never be seen.
const std::vector<Side>& sides() {
  static const std::vector<Side> all = {
      {Cause::callers,
       "callers=4",
       {{"callers", std::int64_t{4}}, {"vector-math-warmup", std::string("off")}}},
      {Cause::threads, "threads=2", {{"threads", std::string("2")}}},
      {Cause::isa, "isa=default", {{"isa", std::string("default")}}},
      {Cause::isa, "isa=avx2", {{"isa", std::string("avx2")}}},
      {Cause::isa, "isa=avx512", {{"isa", std::string("avx512")}}},
      {Cause::mkl, "mkl=compatible", {{"mkl", std::string("compatible")}}},
      {Cause::onednn, "onednn=off", {{"onednn", std::string("off")}}},
      {Cause::alignment, "offset=1", {{"offset", std::int64_t{1}}}},
      {Cause::memory,
       "fill=zero fill-uninitialized=off",
       {{"fill", std::string("zero")}, {"fill-uninitialized", std::string("off")}}},
      {Cause::memory,
       "fill=nan fill-uninitialized=off",
       {{"fill", std::string("nan")}, {"fill-uninitialized", std::string("off")}}},
      {Cause::batch, "rows=all", {{"rows", std::string("all")}}},
      {Cause::batch, "rows=one", {{"rows", std::string("one")}}},
      {Cause::default_mode,
       "deterministic=off threads=2",
       {{"deterministic", std::string("off")}, {"threads", std::string("2")}}},
  };
  return all;
}

Plan baseline_of(const std::string& probe, const ProbeOrder& order) {
  Plan plan;
  plan.recipe = "probe-" + probe;
  plan.program = "probe/" + probe;
  plan.parameters = {{"callers", std::int64_t{1}},
                     {"fill", std::string("none")},
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

void change(Plan& plan, const Change& one) {
  if (plan.parameters.contains(one.name))
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
    case Cause::default_mode:
      return "no deterministic mode, on two threads";
  }
  return "";
}

std::vector<ProbeRun> runs_of(const std::string& probe, const ProbeOrder& order,
                              const std::vector<Cause>& causes) {
  const auto wanted = [&](Cause cause) { return std::ranges::find(causes, cause) != causes.end(); };
  const Plan baseline = baseline_of(probe, order);
  std::vector<ProbeRun> runs = {{Cause::calls, "", baseline}};
  if (wanted(Cause::processes))
    for (int repeat = 2; repeat <= static_cast<int>(order.processes); ++repeat)
      runs.push_back({Cause::processes, fmt::format("process {}", repeat), baseline, repeat});
  for (const auto& side : sides()) {
    if (!wanted(side.cause)) continue;
    Plan plan = baseline;
    for (const auto& one : side.changes) change(plan, one);
    // What the order pins is the baseline itself, whose run says all there is.
    if (to_toml(plan) != to_toml(baseline)) runs.push_back({side.cause, std::string(side.words), plan});
  }
  return runs;
}

}  // namespace reprise
