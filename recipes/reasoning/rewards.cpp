// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/rewards.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace

std::span<const Word<Reward>> words_of(Reward /*reward*/) {
  static constexpr Word<Reward> words[] = {{Reward::accuracy, "accuracy"},
                                           {Reward::format, "format"},
                                           {Reward::tags, "tags"},
                                           {Reward::length, "length"}};
  return words;
}

std::vector<Reward> rewards_from(const std::string& list) {
  std::vector<Reward> rewards;
  for (const auto& word : split(list, ',')) rewards.push_back(word_from<Reward>(word, "a reward"));
  if (rewards.empty()) fail("wanted rewards (accuracy,format), found none");
  return rewards;
}

std::string answer_in(std::string_view completion) {
  constexpr std::string_view open = "<answer>\n", close = "\n</answer>";
  if (count_of(completion, open) != 1 || count_of(completion, close) != 1) return "";
  const auto first = completion.find(open) + open.size(), last = completion.find(close);
  return first <= last ? std::string(completion.substr(first, last - first)) : "";
}

double accuracy_reward(std::string_view completion, std::string_view right) {
  return !right.empty() && answer_in(completion) == right ? 1 : 0;
}

double format_reward(std::string_view completion) {
  constexpr std::string_view open = "<think>\n", middle = "\n</think>\n<answer>\n", close = "\n</answer>";
  if (!completion.starts_with(open) || !completion.ends_with(close)) return 0;
  const auto at = completion.find(middle, open.size());
  return at != completion.npos && at + middle.size() <= completion.size() - close.size() ? 1 : 0;
}

double tags_reward(std::string_view completion) {
  double sum = 0;
  for (const std::string_view tag : {"<think>\n", "\n</think>\n", "\n<answer>\n", "\n</answer>"})
    sum += count_of(completion, tag) == 1 ? 0.25 : 0;
  return sum;
}

std::vector<double> length_rewards(std::span<const std::int64_t> lengths, const std::vector<bool>& right) {
  const auto [shortest, longest] = std::ranges::minmax(lengths);
  std::vector<double> rewards(lengths.size(), 0);
  if (shortest == longest) return rewards;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const double value =
        0.5 - static_cast<double>(lengths[i] - shortest) / static_cast<double>(longest - shortest);
    rewards[i] = right[i] ? value : std::min(0.0, value);
  }
  return rewards;
}

}  // namespace reprise
