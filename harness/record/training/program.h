// SPDX-License-Identifier: Apache-2.0
#pragma once
// A native recipe is a Program: it begins a Training, which is two methods, step(i) and state(), and a third
// only where tensors alone do not make it go on from a checkpoint. The harness owns the loop, the batch
// order, the digests, the checkpoints and the pins. A recipe takes all its randomness from Setup, never in an
// argument list (compilers evaluate those in different orders).
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/philox.h"
#include "harness/base/shelf.h"
#include "harness/plan/plan.h"
#include "harness/record/state.h"

namespace reprise {

// What a step gives back. `metrics` only where Setup::evaluates(step).
struct StepResult {
  at::Tensor loss;  // one element
  std::vector<std::pair<std::string, double>> metrics;
};

// What a run leaves beside its states: it becomes an artifact of the trace, with the SHA-256 of its bytes, as
// papers publish them. Tensors of one number format, one after the other, row-major, little-endian.
struct Leaving {
  std::string name;
  std::vector<at::Tensor> tensors;
};

// What a classifier predicted for each example of its test set, both I64 of shape [examples]; `accuracy` is
// the name of the metric (in %) that they make up.
struct TestPredictions {
  at::Tensor predicted, label;
  std::string accuracy;
};

class Training {
 public:
  Training() = default;
  Training(const Training&) = delete;
  Training& operator=(const Training&) = delete;
  virtual ~Training() = default;
  // Trains on the batch of step i, counted from 1.
  virtual StepResult step(std::int64_t i) = 0;
  virtual State state() = 0;
  // Makes this training, which has made no step yet, go on after `step` from what state() gave there:
  // weights and optimizer. Unless overridden, copies each tensor into the live one of its name; an Error if
  // state() does not know a name or gives another shape.
  virtual void restore(std::int64_t step, const State& saved);
  // Asked once, after the last step of the plan; a run that is to end earlier is not asked.
  virtual std::vector<Leaving> left() { return {}; }
  // Asked as left() is, after the metrics of the last step.
  virtual std::optional<TestPredictions> predictions() { return std::nullopt; }
};

// All samples of an epoch (counted from 0), in the order of training.
using EpochOrder = std::function<std::vector<std::uint64_t>(std::uint32_t epoch)>;

// What a Training is begun with. Asking for a parameter the plan lacks, or of another type, is an Error.
class Setup {
 public:
  virtual ~Setup() = default;
  virtual const Plan& plan() const = 0;
  std::string text(std::string_view parameter) const;
  std::int64_t integer(std::string_view parameter) const;
  double number(std::string_view parameter) const;
  bool truth(std::string_view parameter) const;
  // Whether the recipe has that parameter at all.
  bool has(std::string_view parameter) const;
  // The samples of step i's batch, as an I64 tensor of shape [batch] on the CPU.
  virtual at::Tensor batch(std::int64_t i) const = 0;
  // How many processes train this model together; batch(i) is then this one's share of the batch.
  virtual std::int64_t ranks() const { return 1; }
  // Replaces each tensor by its mean over the ranks, in this order: gradients, before they are used. Where
  // there are several ranks, a program that does not call it in each step cannot be trained by them.
  virtual void average(const std::vector<at::Tensor>& /*tensors*/) const {}
  // Whether metrics are due after step i.
  bool evaluates(std::int64_t i) const;
  // The content of a data file of the recipe, unpacked if it is a .gz, its SHA-256 checked. A file that is
  // not there ends the run as skipped, with a sentence that says what to fetch and where to put it.
  virtual std::string data(std::string_view name) const = 0;
  // Draws of a stream under the plan's seed; of Stream::weights under the recipe's parameter `weights_seed`,
  // where it has one that is not negative, so that one source of noise can stay as it is while others vary.
  // Where several ranks train, draws of other streams than order, weights and data are a Skip: each rank
  // would draw the same numbers for its own samples.
  Philox draws(Stream stream, std::uint32_t epoch = 0) const;
  // The same, for what every rank does alike: an evaluation.
  Philox draws_alike(Stream stream, std::uint32_t epoch = 0) const;
  // The dtype that the pin `precision` asks for: float32, float64 or bfloat16.
  at::ScalarType dtype() const;
  // Where to train: parameters, data and batches belong there. Row numbers from batch() lie on the CPU.
  virtual at::Device device() const;
  // Whether LibTorch's generator of that device draws random numbers, instead of draws() (pin rng).
  bool draws_on_device() const;
  // Hands over the data as the recipe sees it (after decoding and casting), once, in begin(): its digest goes
  // into row 0. Also the place where too few samples for the plan are found out: an Error.
  virtual void show_data(const Tensors& data, std::int64_t samples) const = 0;
  // Hands over, in begin(), the order that the program draws itself. It is in force, and batch(i) follows it,
  // where the pin batch-order is `program`; elsewhere the harness draws.
  virtual void show_order(const EpochOrder& /*order*/) const {}
};

struct Program {
  const char* summary;
  std::unique_ptr<Training> (*begin)(const Setup& setup);
};

Shelf<Program> programs_shelf();

}  // namespace reprise
