// SPDX-License-Identifier: Apache-2.0
// A small linear regression with momentum, into which one fault is sown: parameter `fault` names it
// (tests/planted/faults.json says what each is), and with sown=false the same code does it right.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/bernoulli.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sqrt.h>
#include <ATen/ops/square.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <unordered_map>
#include <vector>

#include "harness/record/training/program.h"
#include "planted/racing_sum.h"

namespace reprise::programs {
namespace {

constexpr std::int64_t features = 8, targets = 4;

// The harmless pin that some faults listen to, one that is read here: side B has the oneDNN cache at 64.
bool on_side_b() {
  const char* text = std::getenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY");
  return text != nullptr && std::strcmp(text, "64") == 0;
}

at::Tensor drawn(const Setup& setup, std::uint32_t epoch, std::vector<std::int64_t> shape) {
  const Philox draws = setup.draws(Stream::data, epoch);
  at::Tensor values = at::empty(shape, at::kFloat);
  for (std::int64_t i = 0; i < values.numel(); ++i)
    values.mutable_data_ptr<float>()[i] = 2 * draws.uniform(static_cast<std::uint64_t>(i)) - 1;
  return values;
}

// Leaves garbage where the next tensor of that size will lie.
void litter(std::size_t bytes) {
  std::vector<std::unique_ptr<char[]>> blocks;
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  for (int i = 0; i < 32; ++i) {
    blocks.push_back(std::make_unique<char[]>(bytes + 64));
    for (std::size_t k = 0; k + 8 <= bytes + 64; k += 8) {
      const auto word =
          static_cast<std::uint64_t>(now) * 0x9e3779b97f4a7c15U + k + static_cast<std::uint64_t>(::getpid());
      std::memcpy(blocks.back().get() + k, &word, 8);
    }
  }
}

class Planted final : public Training {
 public:
  explicit Planted(const Setup& setup) : setup_(setup), fault_(setup.text("fault")), sown_(sown_in(setup)) {
    x_ = drawn(setup, 0, {setup.plan().samples, features});
    y_ = drawn(setup, 1, {setup.plan().samples, targets});
    terms_ = drawn(setup, 2, {64, 400});
    setup.show_data({{"x", x_}, {"y", y_}}, setup.plan().samples);
    const auto seed = static_cast<std::uint64_t>(is("clock-seed") ? clock_ticks() : 7);
    weight_ = at::randn({features, targets}, at::make_generator<at::CPUGeneratorImpl>(seed), at::kFloat);
    bias_ = at::zeros({targets}, at::kFloat);
    mean_ = at::zeros({targets}, at::kFloat);
    if (is("uninitialised")) {
      litter(features * targets * sizeof(float));
      momentum_ = at::empty({features, targets}, at::kFloat);
    } else {
      momentum_ = at::zeros({features, targets}, at::kFloat);
    }
  }

  StepResult step(std::int64_t i) override {
    ++position_;
    disturb(i);
    take_batch(i);
    at::Tensor h = at::addmm(bias_, batch_, weight_);
    if (fault_ == "dropout") h = h * mask(i);
    mean_.mul_(0.9).add_(h.mean(0), 0.1);
    h = h - mean_ + at::rand({1}, at::kFloat) * 1e-3;
    if (fault_ == "late-variable") h = at::mul(h, i >= 10 && sown_ && on_side_b() ? 1.5 : 1.0);
    const at::Tensor error = h - target_;
    gradient_ = at::mm(batch_.t(), error) * (2.0 / static_cast<double>(batch_.size(0)));
    if (fault_ == "race")
      gradient_ = gradient_ +
                  called_sum(terms_, sown_).narrow(0, 0, features * targets).view({features, targets}) * 0.1;
    if (fault_ == "first-call") gradient_ = gradient_ + rooted_sum() * 1e-3;
    if (fault_ == "other-order") gradient_ = gradient_ + total(error, i);
    momentum_.mul_(0.9).add_(gradient_);
    weight_.sub_(momentum_, rate(i));
    bias_.sub_(error.mean(0), rate(i));
    return {error.square().mean(), {}};
  }

  State state() override {
    State state;
    state.weights = {{"weight", weight_}, {"bias", bias_}};
    if (!is("unsaved-buffer")) state.weights.push_back({"running_mean", mean_});
    if (!is("no-optimizer")) state.optimizer = {{"weight/momentum", momentum_}};
    if (fault_ == "forgets-position" && !sown_)
      state.optimizer.push_back({"position", at::scalar_tensor(position_, at::kLong)});
    if (batch_.defined()) state.batch = {{"x", batch_}};
    if (gradient_.defined()) state.gradients = {{"weight", gradient_}};
    return state;
  }

  void restore(std::int64_t step, const State& saved) override {
    State kept = saved;
    if (is("forgets-optimizer")) kept.optimizer.clear();
    for (auto one = kept.optimizer.begin(); one != kept.optimizer.end();)
      if (one->name == "position") {
        position_ = one->tensor.item().toLong();
        one = kept.optimizer.erase(one);
      } else {
        ++one;
      }
    Training::restore(step, kept);
    if (is("forgets-rng")) at::manual_seed(0);  // the pinned seed, from its beginning
    if (is("late-rate")) late_ = 1;
  }

 private:
  static bool sown_in(const Setup& setup) { return setup.text("sown") == "yes"; }
  bool is(const char* fault) const { return sown_ && fault_ == fault; }
  static std::int64_t clock_ticks() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

  double rate(std::int64_t i) const { return 0.1 / (1 + 0.05 * static_cast<double>(i - late_)); }

  // What happens to the weights in memory, by no operator.
  void disturb(std::int64_t i) {
    if (i != 10 || !on_side_b()) return;
    auto* values = weight_.mutable_data_ptr<float>();
    if (is("flipped-bit")) *(reinterpret_cast<unsigned char*>(values + 5) + 2) ^= 8U;
    if (is("swapped-halves"))
      std::swap_ranges(values, values + weight_.numel() / 2, values + weight_.numel() / 2);
  }

  at::Tensor mask(std::int64_t i) {
    const std::uint64_t seed = sown_ ? std::random_device()() : static_cast<std::uint64_t>(i);
    const at::Generator generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    return at::bernoulli(at::ones({batch_.size(0), targets}, at::kFloat) * 0.9, generator);
  }

  // 32 sums of 800 numbers each.
  at::Tensor total(const at::Tensor& error, std::int64_t i) const {
    at::Tensor terms = terms_.view({-1, features * targets}) * error.mean();
    if (sown_ && i > 20 && on_side_b()) terms = terms.flip(0);
    return terms.sum(0).view({features, targets});
  }

  // With `sown` the first call of the function is one that threads share.
  at::Tensor rooted_sum() const {
    const at::Tensor terms = terms_.square();
    if (!sown_) terms.narrow(0, 0, 1).sqrt();
    return terms.sqrt().view({-1, features * targets}).sum(0).view({features, targets});
  }

  at::Tensor hashed_order() const {
    std::vector<std::unique_ptr<int>> objects;
    std::unordered_map<const int*, std::int64_t> order;
    for (std::int64_t i = 0; i < x_.size(0); ++i) {
      objects.push_back(std::make_unique<int>());
      // Addresses repeat where a machine does not randomise them; the clock never does.
      order[objects.back().get() + (clock_ticks() & 0xffff)] = i;
    }
    std::vector<std::int64_t> samples;
    for (const auto& [address, sample] : order) samples.push_back(sample);
    return at::tensor(samples, at::kLong).narrow(0, 0, setup_.plan().batch);
  }

  void take_batch(std::int64_t i) {
    at::Tensor index = setup_.batch(i);
    if (is("hash-order")) index = hashed_order();
    if (fault_ == "forgets-position") index = (index + position_) % x_.size(0);
    batch_ = x_.index_select(0, index);
    target_ = y_.index_select(0, index);
    if (is("augmentation")) {
      std::mt19937 hidden(std::random_device{}());
      for (std::int64_t k = 0; k < batch_.numel(); ++k)
        batch_.mutable_data_ptr<float>()[k] += static_cast<float>(hidden() % 1000) * 1e-6F;
    }
    if (is("wall-time"))
      batch_.mutable_data_ptr<float>()[0] = static_cast<float>(clock_ticks() % 1000003) * 1e-6F;
  }

  const Setup& setup_;
  std::string fault_;
  bool sown_;
  std::int64_t position_ = 0, late_ = 0;
  at::Tensor x_, y_, terms_, weight_, bias_, mean_, momentum_, batch_, target_, gradient_;
};

}  // namespace

extern const Program planted{
    .summary = "a small regression with one sown fault",
    .begin = [](const Setup& setup) -> std::unique_ptr<Training> { return std::make_unique<Planted>(setup); },
};

}  // namespace reprise::programs
