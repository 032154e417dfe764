// SPDX-License-Identifier: Apache-2.0
// What reasoning recipes are made of: tasks, rewards, sampling and objectives, each against its definition.
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "decoder_reference.h"
#include "fixed_setup.h"
#include "recipes/reasoning/arithmetic.h"
#include "recipes/reasoning/objectives.h"
#include "recipes/reasoning/rewards.h"
#include "recipes/reasoning/rollout.h"
#include "recipes/reasoning/sampler.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a perfect completion earns every reward by rule, and its tasks are right") {
  const auto all = arithmetic_tasks(1, 99);
  REQUIRE(all.train.size() + all.test.size() == 20'000);
  REQUIRE(all.test.size() > 1'800);
  REQUIRE(all.test.size() < 2'200);
  for (const Arithmetic& task :
       {Arithmetic{7, 45, false}, Arithmetic{99, 99, false}, Arithmetic{45, 45, true}}) {
    const std::string text = text_of(perfect_completion(task));
    const std::string right = answer_in(text);
    REQUIRE(std::stoll(right) == task.result());
    REQUIRE(accuracy_reward(text, right) == 1);
    REQUIRE(format_reward(text) == 1);
    REQUIRE(tags_reward(text) == 1);
    REQUIRE(length_of(perfect_completion(task)) == 11);
  }
  REQUIRE(text_of(perfect_completion({7, 45, false})) == "<think>\n250\n</think>\n<answer>\n052\n</answer>");
  for (const auto& task : all.train) REQUIRE(task.result() >= 0);
  REQUIRE_THAT(error_of([] { arithmetic_tasks(1, 100); }), Contains("largest"));
}

TEST_CASE("rewards are Open-R1's, also of completions that only nearly have the form") {
  const std::string good = "<think>\n1\n</think>\n<answer>\n2\n</answer>";
  REQUIRE(format_reward(good) == 1);
  REQUIRE(format_reward(good + "3") == 0);
  REQUIRE(format_reward("0" + good) == 0);
  // One line break cannot end the first tag's line and begin the second's.
  REQUIRE(format_reward("<think>\n</think>\n<answer>\n2\n</answer>") == 0);
  REQUIRE(format_reward("<think>\n\n</think>\n<answer>\n\n</answer>") == 1);
  REQUIRE(format_reward("<think>\n1\n</think>\n<answer>\n</answer>") == 0);
  REQUIRE(tags_reward("<think>\n1\n</think>\n") == 0.5);
  REQUIRE(tags_reward(good + good) == 0);
  REQUIRE(accuracy_reward(good, "2") == 1);
  REQUIRE(accuracy_reward(good, "02") == 0);
  REQUIRE(accuracy_reward("2", "2") == 0);
  REQUIRE(accuracy_reward(good, "") == 0);
  const std::int64_t lengths[] = {10, 20, 15, 20};
  REQUIRE(length_rewards(lengths, {true, true, false, false}) == std::vector<double>{0.5, -0.5, 0, -0.5});
  const std::int64_t same[] = {7, 7};
  REQUIRE(length_rewards(same, {true, false}) == std::vector<double>{0, 0});
  REQUIRE(rewards_from("accuracy,tags").size() == 2);
  REQUIRE_THAT(error_of([] { rewards_from("accuracy,lenght"); }), Contains("length"));
}

TEST_CASE("a token is drawn by the inverse of the summed probabilities, and greedily the lowest of equals") {
  const double logits[] = {std::log(0.1), std::log(0.6), std::log(0.3)};
  REQUIRE(chosen_token(logits, 1, 0.0) == 0);
  REQUIRE(chosen_token(logits, 1, 0.099) == 0);
  REQUIRE(chosen_token(logits, 1, 0.101) == 1);
  REQUIRE(chosen_token(logits, 1, 0.69) == 1);
  REQUIRE(chosen_token(logits, 1, 0.71) == 2);
  REQUIRE(chosen_token(logits, 1, 0.999999) == 2);
  const double ties[] = {0, 3, 3, 1};
  REQUIRE(chosen_token(ties, 0, 0.9) == 1);
  // A low temperature sharpens: 0.6 against 0.3 becomes 4 to 1.
  REQUIRE(chosen_token(logits, 0.5, 0.78) == 1);
}

TEST_CASE("what else is sampled in a batch changes no draw, and log-probabilities are of the tokens") {
  FixedSetup setup;
  Parameters made(setup);
  const Gpt gpt =
      make_gpt(made, {.vocabulary = token_count, .block = 18, .layers = 1, .heads = 2, .width = 8});
  const at::NoGradGuard none;
  const Arithmetic tasks[] = {{7, 45, false}, {12, 3, true}, {1, 1, false}};
  const SampleKeys keys{setup.draws(Stream::sampler), 1000};
  const at::Tensor three = sampled(gpt, prompts_of(tasks, 1), 1, keys);
  const at::Tensor first = sampled(gpt, prompts_of(std::span(tasks).first(1), 1), 1, keys);
  REQUIRE(three.select(0, 0).equal(first.select(0, 0)));
  const at::Tensor second = sampled(gpt, prompts_of(std::span(tasks).subspan(1, 1), 1), 1,
                                    {keys.draws, keys.first + completion_length});
  REQUIRE(three.select(0, 1).equal(second.select(0, 0)));
  const Rows logits = rows_of(logits_of(gpt, three).select(0, 0));
  const Rows found = rows_of(log_probabilities(gpt, three));
  for (std::int64_t t = 0; t < completion_length; ++t) {
    const Row& row = logits[static_cast<std::size_t>(prompt_length - 1 + t)];
    double sum = 0;
    for (const double one : row) sum += std::exp(one);
    const auto token = static_cast<std::size_t>(three[0][prompt_length + t].item().toLong());
    REQUIRE(found[0][static_cast<std::size_t>(t)] == Approx(row[token] - std::log(sum)).margin(1e-5));
  }
  const at::Tensor whole = perfect_sequences(tasks);
  REQUIRE(token_mask(whole).sum(1)[0].item().toDouble() == 11);
  REQUIRE(rewards_of(whole, tasks, 1, std::vector{Reward::accuracy, Reward::format}) ==
          std::vector<double>{2, 2, 2});
}

TEST_CASE("advantages are normed within a group, and are 0 where all of it is rewarded alike") {
  const double rewards[] = {1, 0, 0, 0, 0.1, 0.1, 0.1, 0.1};
  const auto found = group_advantages(rewards, 4);
  REQUIRE(found[0] == Approx(0.75 / std::sqrt(0.1875)));
  REQUIRE(found[1] == Approx(-0.25 / std::sqrt(0.1875)));
  for (std::size_t i = 4; i < 8; ++i) REQUIRE(found[i] == 0);
}

TEST_CASE("the objectives are their equations") {
  const at::Tensor now = at::tensor({-1.0, -2.0, -0.5, -1.5}, at::kDouble).view({2, 2}),
                   old = at::tensor({-1.5, -2.0, -0.2, -9.0}, at::kDouble).view({2, 2}),
                   reference = at::tensor({-1.1, -1.0, -0.5, -3.0}, at::kDouble).view({2, 2}),
                   mask = at::tensor({1.0, 1.0, 1.0, 0.0}, at::kDouble).view({2, 2}),
                   advantage = at::tensor({1.0, -2.0}, at::kDouble);
  const PolicyBatch batch{now, old, reference, mask, advantage};
  const auto term = [](double n, double o, double r, double a, double epsilon, double beta) {
    const double ratio = std::exp(n - o);
    return std::min(ratio * a, std::clamp(ratio, 1 - epsilon, 1 + epsilon) * a) -
           beta * (std::exp(r - n) - (r - n) - 1);
  };
  for (const auto& [epsilon, beta] : {std::pair{0.2, 0.1}, std::pair{10.0, 0.0}}) {
    const double first = (term(-1, -1.5, -1.1, 1, epsilon, beta) + term(-2, -2, -1, 1, epsilon, beta)) / 2;
    const double second = term(-0.5, -0.2, -0.5, -2, epsilon, beta);
    REQUIRE(grpo_loss(batch, epsilon, beta).item().toDouble() == Approx(-(first + second) / 2));
  }
  const double one = -3 * 1.0 - 0.3 / 2 * 0.25, two = -0.5 * -2.0 - 0.3 / 2 * 0.09;
  REQUIRE(squared_loss(batch, 0.3).item().toDouble() == Approx(-(one + two) / 2));
}

TEST_CASE("a task that is always solved is not drawn, and one that was never tried is") {
  const std::int64_t won[] = {4, 2, 0, 0}, tried[] = {4, 4, 4, 0};
  REQUIRE(prioritized(won, tried, 0.0) == 1);  // weights 0, 0.5, 1, 1
  REQUIRE(prioritized(won, tried, 0.19) == 1);
  REQUIRE(prioritized(won, tried, 0.21) == 2);
  REQUIRE(prioritized(won, tried, 0.61) == 3);
  const std::int64_t all[] = {4, 4};
  REQUIRE(prioritized(all, all, 0.75) == 1);
}
