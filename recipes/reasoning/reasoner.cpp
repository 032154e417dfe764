// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/reasoner.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "recipes/reasoning/objectives.h"
#include "recipes/reasoning/rollout.h"
#include "recipes/reasoning/sampler.h"
#include "recipes/training/gradient_training.h"

namespace reprise {
namespace {

enum class Objective { grpo, squared, distill };

Objective objective_of(const std::string& text) {
  if (text == "grpo") return Objective::grpo;
  if (text == "squared") return Objective::squared;
  if (text == "distill") return Objective::distill;
  fail("{}", unknown_name("objective", text, std::vector<std::string>{"distill", "grpo", "squared"}));
}

GptSizes sizes_of(const Setup& setup, const char* layers, const char* width) {
  return {.vocabulary = token_count,
          .block = prompt_length + completion_length,
          .layers = setup.integer(layers),
          .heads = setup.integer("heads"),
          .width = setup.integer(width)};
}

class Reasoner final : public GradientTraining {
 public:
  explicit Reasoner(const Setup& setup)
      : GradientTraining(setup),
        objective_(objective_of(setup.text("objective"))),
        tasks_(arithmetic_tasks(static_cast<std::uint64_t>(setup.integer("data_seed")),
                                setup.integer("largest"))),
        cold_(setup.integer("cold_steps")),
        policy_(make_gpt(parameters(), sizes_of(setup, "layers", "width"))) {
    if (objective_ == Objective::distill)
      student_ = make_gpt(parameters(), sizes_of(setup, "student_layers", "student_width"), "student.");
    else
      prepare_rollouts();
    begin_optimizer(1);
    clip_gradients(setup.number("clip"));
    const auto data = perfect_sequences(tasks_.train);
    setup.show_data({{"train", data}, {"test", perfect_sequences(tasks_.test)}}, data.size(0));
  }

 protected:
  at::Tensor loss(std::int64_t i, Tensors& batch) override {
    if (i <= cold_) return imitation(policy_, perfect_sequences(chosen(i)).to(setup().device()), batch);
    if (objective_ == Objective::distill) return distillation(i, batch);
    return reinforcement(i, batch);
  }

  std::optional<double> rate(std::int64_t i) override { return setup().number(i <= cold_ ? "lr" : "rl_lr"); }

  void updated(std::int64_t i) override {
    if (objective_ != Objective::grpo) return;
    const std::int64_t after = i - cold_;
    if (after >= 0 && after % setup().integer("reference_every") == 0) take_reference();
  }

  Tensors buffers() override {
    if (objective_ == Objective::distill) return {};
    Tensors all = rollout_.tensors();
    for (const auto& one : reference_) all.push_back(one);
    if (objective_ == Objective::squared) {
      all.push_back({"pool.successes", successes_});
      all.push_back({"pool.trials", trials_});
      all.push_back({"pool.drawn", drawn_});
    }
    return all;
  }

  std::vector<std::pair<std::string, double>> evaluate() override {
    const auto count = static_cast<std::size_t>(setup().integer("eval_tasks"));
    const std::span<const Arithmetic> asked(tasks_.test.data(), std::min(count, tasks_.test.size()));
    const bool distilled = student_ && setup().plan().steps > cold_;
    const at::Tensor answers =
        sampled(distilled ? *student_ : policy_, prompts_of(asked, 1).to(setup().device()), 0, {});
    const auto right = right_answers(answers, asked, 1);
    const auto good = static_cast<double>(std::ranges::count(right, true));
    return {{"accuracy", 100 * good / static_cast<double>(asked.size())}};
  }

 private:
  void prepare_rollouts() {
    group_ = setup().integer("group");
    inner_ = setup().integer("inner");
    if (group_ < 2 || inner_ < 1)
      fail("wanted group of 2 or more and inner of 1 or more, found {} and {}", group_, inner_);
    rewards_ = rewards_from(setup().text("rewards"));
    rows_ = setup().plan().batch * group_;
    rollout_ = Rollout(inner_, rows_, setup().device());
    if (objective_ == Objective::grpo) {
      for (const auto& one : parameters().all())
        reference_.push_back({"reference." + one.name, one.tensor.detach().clone()});
      reference_policy_ = policy_;
      replace_weights(reference_policy_);
      return;
    }
    const std::int64_t pool = setup().integer("pool");
    if (pool < 1 || pool > static_cast<std::int64_t>(tasks_.train.size()))
      fail("wanted a pool of 1 to {} tasks, found {}", tasks_.train.size(), pool);
    successes_ = at::zeros({pool}, at::kLong);
    trials_ = at::zeros({pool}, at::kLong);
    drawn_ = at::zeros({inner_ * setup().plan().batch}, at::kLong);
  }

  // The same model over the reference's weights.
  void replace_weights(Gpt& gpt) {
    const auto own = [&](at::Tensor& weight) {
      if (!weight.defined()) return;
      for (std::size_t i = 0; i < reference_.size(); ++i)
        if (parameters().all()[i].tensor.is_same(weight)) {
          weight = reference_[i].tensor;
          return;
        }
    };
    const auto both = [&](Gpt::Affine& layer) {
      own(layer.weight);
      own(layer.bias);
    };
    own(gpt.tokens);
    own(gpt.positions);
    for (auto& block : gpt.blocks)
      for (auto* layer :
           {&block.norm1, &block.attention, &block.projection, &block.norm2, &block.expand, &block.shrink})
        both(*layer);
    both(gpt.norm);
  }

  void take_reference() {
    for (std::size_t i = 0; i < reference_.size(); ++i)
      reference_[i].tensor.copy_(parameters().all()[i].tensor);
  }

  // The rate of the first step that it makes: a new optimizer knows no other.
  void begin_optimizer(std::int64_t first) {
    optimize({.rate = setup().number(first <= cold_ ? "lr" : "rl_lr"),
              .beta1 = 0.9,
              .beta2 = 0.95,
              .weight_decay = setup().number("weight_decay")});
  }

  std::vector<Arithmetic> chosen(std::int64_t i) const {
    const at::Tensor index = setup().batch(i);
    std::vector<Arithmetic> tasks;
    for (std::int64_t k = 0; k < index.size(0); ++k)
      tasks.push_back(tasks_.train.at(static_cast<std::size_t>(index[k].item().toLong())));
    return tasks;
  }

  // Draws of the sampler, one block of numbers for each step.
  SampleKeys keys_of(std::int64_t i, std::int64_t rows) const {
    return {setup().draws(Stream::sampler), static_cast<std::uint64_t>(i * rows * completion_length)};
  }

  // Mean cross-entropy of what is behind the prompts.
  at::Tensor imitation(const Gpt& gpt, const at::Tensor& sequences, Tensors& batch) {
    batch = {{"sequences", sequences}};
    const at::Tensor mask = token_mask(sequences);
    return -(log_probabilities(gpt, sequences) * mask).sum() / mask.sum();
  }

  // The student learns the right ones of the teacher's samples; where there is none, the perfect completions.
  at::Tensor distillation(std::int64_t i, Tensors& batch) {
    const auto tasks = chosen(i);
    const auto rows = static_cast<std::int64_t>(tasks.size());
    const at::Tensor all = sampled(policy_, prompts_of(tasks, 1).to(setup().device()),
                                   setup().number("temperature"), keys_of(i, rows));
    const auto right = right_answers(all, tasks, 1);
    std::vector<std::int64_t> kept;
    for (std::size_t row = 0; row < right.size(); ++row)
      if (right[row]) kept.push_back(static_cast<std::int64_t>(row));
    if (kept.empty()) return imitation(*student_, perfect_sequences(tasks).to(setup().device()), batch);
    return imitation(*student_, all.index_select(0, at::tensor(kept, at::kLong).to(all.device())), batch);
  }

  // Which tasks the steps from `first` on are about: the plan's own order, or the pool's prioritized draw.
  std::vector<Arithmetic> tasks_of_rollout(std::int64_t first) {
    std::vector<Arithmetic> tasks;
    if (objective_ == Objective::grpo) {
      for (std::int64_t k = 0; k < inner_; ++k)
        for (const auto& task : chosen(std::min(first + k, setup().plan().steps))) tasks.push_back(task);
      return tasks;
    }
    const Philox draws = setup().draws(Stream::sampler, 1);
    const auto pool = static_cast<std::size_t>(trials_.numel());
    const std::span won(successes_.const_data_ptr<std::int64_t>(), pool),
        tried(trials_.const_data_ptr<std::int64_t>(), pool);
    for (std::int64_t k = 0; k < drawn_.numel(); ++k) {
      const auto key = static_cast<std::uint64_t>(first * drawn_.numel() + k);
      const std::size_t task = prioritized(won, tried, static_cast<double>(draws.uniform(key)));
      drawn_.mutable_data_ptr<std::int64_t>()[k] = static_cast<std::int64_t>(task);
      tasks.push_back(tasks_.train[task]);
    }
    return tasks;
  }

  void make_rollout(std::int64_t first) {
    const at::NoGradGuard none;
    const auto tasks = tasks_of_rollout(first);
    rollout_.sequences.copy_(sampled(policy_, prompts_of(tasks, group_).to(setup().device()),
                                     setup().number("temperature"), keys_of(first, inner_ * rows_)));
    rollout_.old.copy_(log_probabilities(policy_, rollout_.sequences));
    rollout_.reward.copy_(at::tensor(rewards_of(rollout_.sequences, tasks, group_, rewards_), at::kDouble));
    if (objective_ != Objective::squared) return;
    count_trials(right_answers(rollout_.sequences, tasks, group_));
    begin_optimizer(first);  // the paper's: anew at each iteration
  }

  void count_trials(const std::vector<bool>& right) {
    auto *won = successes_.mutable_data_ptr<std::int64_t>(),
         *tried = trials_.mutable_data_ptr<std::int64_t>();
    for (std::size_t row = 0; row < right.size(); ++row) {
      const auto task = drawn_.const_data_ptr<std::int64_t>()[row / static_cast<std::size_t>(group_)];
      won[task] += right[row] ? 1 : 0;
      ++tried[task];
    }
  }

  at::Tensor reinforcement(std::int64_t i, Tensors& batch) {
    const std::int64_t place = (i - cold_ - 1) % inner_;
    if (place == 0) make_rollout(i);
    const auto own = [&](const at::Tensor& whole) { return whole.narrow(0, place * rows_, rows_); };
    const at::Tensor sequences = own(rollout_.sequences), reward = own(rollout_.reward);
    batch = {{"reward", reward}, {"sequences", sequences}};
    PolicyBatch policy{.now = log_probabilities(policy_, sequences),
                       .old = own(rollout_.old),
                       .reference = {},
                       .mask = token_mask(sequences),
                       .advantage = advantages(reward)};
    if (objective_ == Objective::squared) return squared_loss(policy, setup().number("tau"));
    {
      const at::NoGradGuard none;
      policy.reference = log_probabilities(reference_policy_, sequences);
    }
    return grpo_loss(policy, setup().number("epsilon"), setup().number("beta"));
  }

  // By group: normed for grpo, less the mean for squared.
  at::Tensor advantages(const at::Tensor& reward) const {
    const at::Tensor local = reward.cpu().contiguous();
    const std::span values(local.const_data_ptr<double>(), static_cast<std::size_t>(local.numel()));
    const at::Tensor found =
        objective_ == Objective::grpo
            ? at::tensor(group_advantages(values, static_cast<std::size_t>(group_)), at::kDouble)
            : (local.view({-1, group_}) - local.view({-1, group_}).mean(1, true)).flatten();
    return found.to(at::kFloat).to(setup().device());
  }

  Objective objective_;
  ArithmeticTasks tasks_;
  std::int64_t cold_, group_ = 0, inner_ = 0, rows_ = 0;
  std::vector<Reward> rewards_;
  Gpt policy_, reference_policy_;
  std::optional<Gpt> student_;
  Rollout rollout_;
  Tensors reference_;
  at::Tensor successes_, trials_, drawn_;
};

}  // namespace

std::unique_ptr<Training> train_reasoner(const Setup& setup) { return std::make_unique<Reasoner>(setup); }

}  // namespace reprise
