// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/batch_order.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/philox.h"
#include "harness/base/text.h"

namespace reprise {

std::vector<std::uint64_t> seeded_epoch(std::uint64_t seed, std::uint32_t epoch, std::uint64_t samples) {
  const Philox draws{seed, Stream::order, epoch};
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keyed(samples);
  for (std::uint64_t i = 0; i < samples; ++i) keyed[i] = {draws.bits64(i), i};
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::uint64_t> permutation(samples);
  std::transform(keyed.begin(), keyed.end(), permutation.begin(),
                 [](const auto& pair) { return pair.second; });
  return permutation;
}

namespace {

// One line of an order file; `where` is "order.txt:3".
std::vector<std::uint64_t> parse_epoch(std::string_view line, std::uint64_t samples,
                                       const std::string& where) {
  std::vector<std::uint64_t> permutation;
  std::vector<bool> seen(samples, false);
  for (const auto& word : split(line, ' ')) {
    if (word.empty()) continue;
    const auto sample = to_integer(word);
    if (!sample || *sample < 0 || static_cast<std::uint64_t>(*sample) >= samples)
      fail("{}: wanted samples from 0 to {}, found '{}'", where, samples - 1, word);
    const auto index = static_cast<std::uint64_t>(*sample);
    if (seen[index]) fail("{}: wanted each sample once, found {} twice", where, index);
    seen[index] = true;
    permutation.push_back(index);
  }
  if (permutation.size() != samples) {
    const auto missing = std::find(seen.begin(), seen.end(), false) - seen.begin();
    fail("{}: wanted all {} samples of the training data, found {}; the first one missing is {}", where,
         samples, permutation.size(), missing);
  }
  return permutation;
}

std::vector<std::vector<std::uint64_t>> read_order(const Plan& plan) {
  check(plan.order && plan.order->text, "a plan whose batch order is a file comes with its text");
  const std::string& where = plan.order->where;
  const std::int64_t per_epoch = plan.samples / plan.batch;
  const std::int64_t needed = (plan.steps + per_epoch - 1) / per_epoch;
  auto lines = split(*plan.order->text, '\n');
  while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
  std::vector<std::vector<std::uint64_t>> epochs;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto epoch = parse_epoch(trim(lines[i]), static_cast<std::uint64_t>(plan.samples),
                             fmt::format("{}:{}", where, i + 1));
    if (std::ssize(epochs) < needed) epochs.push_back(std::move(epoch));
  }
  if (std::ssize(epochs) < needed)
    fail("{}:{}: wanted {} epochs (one line each) for {} steps, found {}; add lines or choose steps <= {}",
         where, lines.size(), needed, plan.steps, epochs.size(), std::ssize(epochs) * per_epoch);
  return epochs;
}

}  // namespace

BatchOrder::BatchOrder(const Plan& plan) {
  kind_ = plan.pins.at("batch-order");
  seed_ = static_cast<std::uint64_t>(to_integer(plan.pins.at("seed")).value_or(0));
  samples_ = static_cast<std::uint64_t>(plan.samples);
  batch_ = static_cast<std::uint64_t>(plan.batch);
  steps_ = plan.steps;
  if (kind_ == "file") from_file_ = read_order(plan);
}

const std::vector<std::uint64_t>& BatchOrder::epoch(std::uint32_t index) {
  if (kind_ == "file") return from_file_.at(index);
  if (kind_ == "program") fail("batch-order=program: the program draws the order, which only a run can tell");
  if (current_ == std::int64_t{index}) return permutation_;
  if (kind_ == "seeded") {
    permutation_ = seeded_epoch(seed_, index, samples_);
  } else if (permutation_.empty()) {
    permutation_.resize(samples_);
    std::iota(permutation_.begin(), permutation_.end(), std::uint64_t{0});
  }
  current_ = index;
  return permutation_;
}

std::vector<std::uint64_t> BatchOrder::batch(std::int64_t step) {
  check(step >= 1 && step <= steps_, "a batch is asked for a step of the plan");
  const std::uint64_t per_epoch = samples_ / batch_, index = static_cast<std::uint64_t>(step - 1);
  const auto& permutation = epoch(static_cast<std::uint32_t>(index / per_epoch));
  const auto first = permutation.begin() + static_cast<std::ptrdiff_t>(index % per_epoch * batch_);
  return {first, first + static_cast<std::ptrdiff_t>(batch_)};
}

}  // namespace reprise
