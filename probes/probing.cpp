// SPDX-License-Identifier: Apache-2.0
#include "probes/probing.h"

#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/error.h"
#include "harness/record/skip.h"
#include "probes/at_once.h"
#include "probes/conditions.h"
#include "probes/distance.h"
#include "probes/memory.h"
#include "probes/results.h"

namespace reprise {
namespace {

constexpr std::string_view prefix = "probe/";

class Probing : public Training {
 public:
  Probing(const Setup& setup, const Probe& probe, const std::string& name)
      : setup_(setup),
        conditions_(conditions_of(setup.plan())),
        caller_(setup, probe, std::string(prefix) + name),
        inputs_(caller_.inputs()) {
    if (conditions_.callers > 1 && probe.draws)
      throw Skip(fmt::format("{}{} draws from the one generator that all callers share", prefix, name));
    setup.show_data(inputs_, setup.plan().samples);
    for (auto& input : inputs_) input.tensor = displaced(input.tensor, conditions_.offset);
    load_.emplace(conditions_.load);
    for (const auto& input : inputs_) versions_.push_back(input.tensor._version());
  }

  StepResult step(std::int64_t i) override {
    lay(conditions_.fill, setup_.device());
    results_ = called();
    for (std::size_t k = 0; k < inputs_.size(); ++k)
      if (inputs_[k].tensor._version() != versions_[k])
        fail("the call changes its input {}; give it a copy", inputs_[k].name);
    if (first_.empty()) first_ = results_;
    const Distance now = distance_of(first_, results_);
    largest_ = {std::max(largest_.v_ermv, now.v_ermv), std::max(largest_.v_c, now.v_c)};
    StepResult result{at::scalar_tensor(now.v_ermv, at::kDouble), {}};
    if (setup_.evaluates(i)) result.metrics = {{"v_ermv", largest_.v_ermv}, {"v_c", largest_.v_c}};
    return result;
  }

  State state() override {
    State state;
    state.weights = results_;
    return state;
  }

  void restore(std::int64_t /*step*/, const State& saved) override { first_ = results_ = saved.weights; }

 private:
  Tensors called() const {
    if (conditions_.callers > 1)
      return called_at_once(conditions_.callers, [this] { return called_by_one(); });
    return called_by_one();
  }

  Tensors called_by_one() const {
    if (conditions_.rows == Rows::all) return caller_.rows_of_all(inputs_);
    if (conditions_.rows == Rows::one) return caller_.rows_alone(inputs_);
    return caller_.results(inputs_);
  }

  const Setup& setup_;
  Conditions conditions_;
  Caller caller_;
  Tensors inputs_, first_, results_;
  std::vector<std::int64_t> versions_;
  Distance largest_;
  std::optional<BusyThreads> load_;
};

}  // namespace

std::unique_ptr<Training> begin_probe(const Setup& setup, const Probe& probe, const std::string& name) {
  return std::make_unique<Probing>(setup, probe, name);
}

extern const Program probing{
    .summary = "repeats of one operator",
    .begin = [](const Setup& setup) -> std::unique_ptr<Training> {
      const std::string& program = setup.plan().program;
      check(program.starts_with(prefix), "a plan asks for a probe as probe/NAME");
      const std::string name = program.substr(prefix.size());
      return begin_probe(setup, pick(probes_shelf(), name, "probe"), name);
    },
};

}  // namespace reprise
