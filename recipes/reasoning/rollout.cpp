// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/rollout.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <string>

namespace reprise {
namespace {

std::string right_answer(const Arithmetic& task) { return answer_in(text_of(perfect_completion(task))); }

// The completion of a row, on the CPU.
class Completions {
 public:
  explicit Completions(const at::Tensor& sequences) : sequences_(sequences.cpu().contiguous()) {}
  std::span<const std::int64_t> at(std::int64_t row) const {
    return {sequences_.const_data_ptr<std::int64_t>() + row * sequences_.size(1) + prompt_length,
            static_cast<std::size_t>(completion_length)};
  }

 private:
  at::Tensor sequences_;
};

at::Tensor rows_from(const std::vector<std::vector<std::int64_t>>& rows) {
  const auto columns = static_cast<std::int64_t>(rows.front().size());
  at::Tensor all = at::empty({static_cast<std::int64_t>(rows.size()), columns}, at::kLong);
  auto* next = all.mutable_data_ptr<std::int64_t>();
  for (const auto& row : rows)
    for (const auto token : row) *next++ = token;
  return all;
}

double fixed_rewards(const std::string& text, const std::string& right, std::span<const Reward> asked) {
  double sum = 0;
  for (const auto reward : asked) {
    if (reward == Reward::accuracy) sum += accuracy_reward(text, right);
    if (reward == Reward::format) sum += format_reward(text);
    if (reward == Reward::tags) sum += tags_reward(text);
  }
  return sum;
}

bool asks(std::span<const Reward> asked, Reward reward) {
  for (const auto one : asked)
    if (one == reward) return true;
  return false;
}

}  // namespace

Rollout::Rollout(std::int64_t inner, std::int64_t rows, at::Device device)
    : sequences(at::zeros({inner * rows, prompt_length + completion_length},
                          at::TensorOptions(device).dtype(at::kLong))),
      old(at::zeros({inner * rows, completion_length}, at::TensorOptions(device).dtype(at::kFloat))),
      reward(at::zeros({inner * rows}, at::TensorOptions(device).dtype(at::kDouble))) {}

Tensors Rollout::tensors() const {
  return {{"rollout.old", old}, {"rollout.reward", reward}, {"rollout.sequences", sequences}};
}

std::vector<bool> right_answers(const at::Tensor& sequences, std::span<const Arithmetic> tasks,
                                std::int64_t group) {
  const Completions completions(sequences);
  std::vector<bool> right;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (std::int64_t k = 0; k < group; ++k)
      right.push_back(accuracy_reward(text_of(completions.at(static_cast<std::int64_t>(i) * group + k)),
                                      right_answer(tasks[i])) > 0);
  return right;
}

std::vector<double> rewards_of(const at::Tensor& sequences, std::span<const Arithmetic> tasks,
                               std::int64_t group, std::span<const Reward> asked) {
  const Completions completions(sequences);
  std::vector<double> rewards;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string right = right_answer(tasks[i]);
    std::vector<std::int64_t> lengths;
    std::vector<bool> is_right;
    for (std::int64_t k = 0; k < group; ++k) {
      const auto own = completions.at(static_cast<std::int64_t>(i) * group + k);
      const std::string text = text_of(own);
      lengths.push_back(length_of(own));
      is_right.push_back(accuracy_reward(text, right) > 0);
      rewards.push_back(fixed_rewards(text, right, asked));
    }
    if (!asks(asked, Reward::length)) continue;
    const auto by_length = length_rewards(lengths, is_right);
    for (std::size_t k = 0; k < by_length.size(); ++k)
      rewards[rewards.size() - by_length.size() + k] += by_length[k];
  }
  return rewards;
}

at::Tensor prompts_of(std::span<const Arithmetic> tasks, std::int64_t group) {
  std::vector<std::vector<std::int64_t>> rows;
  for (const auto& task : tasks)
    for (std::int64_t k = 0; k < group; ++k) rows.push_back(prompt_of(task));
  return rows_from(rows);
}

at::Tensor perfect_sequences(std::span<const Arithmetic> tasks) {
  std::vector<std::vector<std::int64_t>> rows;
  for (const auto& task : tasks) {
    rows.push_back(prompt_of(task));
    const auto completion = perfect_completion(task);
    rows.back().insert(rows.back().end(), completion.begin(), completion.end());
  }
  return rows_from(rows);
}

std::size_t prioritized(std::span<const std::int64_t> successes, std::span<const std::int64_t> trials,
                        double share) {
  std::vector<double> weights;
  double sum = 0;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const double failing =
        trials[i] == 0 ? 1 : static_cast<double>(trials[i] - successes[i]) / static_cast<double>(trials[i]);
    sum += weights.emplace_back(failing);
  }
  if (!(sum > 0)) return static_cast<std::size_t>(share * static_cast<double>(trials.size()));
  double passed = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    passed += weights[i];
    if (passed > share * sum) return i;
  }
  return weights.size() - 1;
}

}  // namespace reprise
