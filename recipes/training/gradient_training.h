// SPDX-License-Identifier: Apache-2.0
#pragma once
// A Training by gradient descent with Adam, or Muon and Adam: what waves, mnist1d, lenet and chargpt have in
// common. A recipe built on it says how the loss of step i comes about, and how the metrics do.
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "harness/record/training/program.h"
#include "recipes/models/parameters.h"
#include "recipes/training/adam.h"
#include "recipes/training/muon.h"

namespace reprise {

class GradientTraining : public Training {
 public:
  StepResult step(std::int64_t i) final;
  State state() final;
  void restore(std::int64_t step, const State& saved) final;

 protected:
  // `setup` outlives the training.
  explicit GradientTraining(const Setup& setup) : setup_(setup), parameters_(setup) {}
  // To be called when every parameter is made; again, it begins the optimizer anew.
  void optimize(const AdamChoices& choices);
  // The same, where Muon updates those of the parameters that `is_muons` says, and Adam the others.
  void optimize(const AdamChoices& choices, const MuonChoices& muon,
                const std::function<bool(const NamedTensor&)>& is_muons);
  // Scales all gradients so that their common length is at most `longest`, before each update.
  void clip_gradients(double longest) { longest_gradient_ = longest; }

  // The loss of step i. What it puts into `batch` is digested as the step's inputs.
  virtual at::Tensor loss(std::int64_t i, Tensors& batch) = 0;
  // The learning rate of step i; unless overridden, the one given to optimize().
  virtual std::optional<double> rate(std::int64_t /*i*/) { return std::nullopt; }
  // Called without gradients after the update of step i: what is updated by a rule of the recipe's own.
  virtual void updated(std::int64_t /*i*/) {}
  // What decides the next step beside parameters and the optimizer's state: live, by names of their own, and
  // there from the beginning. Digested, kept and restored with the weights.
  virtual Tensors buffers() { return {}; }
  // Called without gradients, where metrics are due.
  virtual std::vector<std::pair<std::string, double>> evaluate() = 0;

  const Setup& setup() const { return setup_; }
  Parameters& parameters() { return parameters_; }

 private:
  void clip();
  at::Tensor averaged(const at::Tensor& loss);
  const Setup& setup_;
  Parameters parameters_;
  std::unique_ptr<Adam> adam_;
  std::optional<Muon> muon_;
  Tensors batch_;
  double longest_gradient_ = 0;  // zero: not clipped
};

}  // namespace reprise
