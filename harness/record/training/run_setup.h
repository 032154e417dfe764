// SPDX-License-Identifier: Apache-2.0
#pragma once
// The Setup of a run: what the recipe may ask of the harness, answered from the plan.
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/batch_order.h"
#include "harness/record/ranks/ranks.h"
#include "harness/record/training/program.h"
#include "harness/trace/trace.h"

namespace reprise {

class RunSetup final : public Setup {
 public:
  // `ranks`: those that this process trains with, which outlive it; null: it trains alone.
  explicit RunSetup(const Plan& plan, Ranks* ranks = nullptr);

  const Plan& plan() const override { return plan_; }
  at::Tensor batch(std::int64_t i) const override;
  std::string data(std::string_view name) const override;
  void show_data(const Tensors& data, std::int64_t samples) const override;
  void show_order(const EpochOrder& order) const override;
  std::int64_t ranks() const override;
  void average(const std::vector<at::Tensor>& tensors) const override;

  // After step i: throws a Skip where several ranks train and the program did not take its share of the
  // batch, or averaged no gradients; else says that the step was made.
  void end_step(std::int64_t i) const;
  // The samples of step i's batch, as batch(i) gives them.
  std::vector<std::uint64_t> samples(std::int64_t i) const;
  // Digests of what the recipe showed in begin(); an Error if it showed nothing, or no order where the plan
  // takes the program's.
  const std::vector<TensorDigest>& shown_data() const;

 private:
  std::vector<std::uint64_t> drawn(std::int64_t i) const;
  std::vector<std::uint64_t> whole_batch(std::int64_t i) const;
  const Plan& plan_;
  Ranks* ranks_;
  mutable bool took_share_ = false, averaged_ = false;  // since the step began
  mutable BatchOrder order_;
  mutable std::optional<std::vector<TensorDigest>> shown_;
  mutable EpochOrder own_order_;
  mutable std::optional<std::uint32_t> epoch_;  // the one that `permutation_` is of
  mutable std::vector<std::uint64_t> permutation_;
};

}  // namespace reprise
