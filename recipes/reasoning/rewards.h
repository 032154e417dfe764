// SPDX-License-Identifier: Apache-2.0
#pragma once
// Rewards by rule, without a model, of a completion as text: DeepSeek-R1-Zero's accuracy and format,
// Open-R1's count of tags, Kimi k1.5's length (huggingface/open-r1 @1416fa0, rewards.py; arXiv 2501.12599).
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/words.h"

namespace reprise {

enum class Reward { accuracy, format, tags, length };
std::span<const Word<Reward>> words_of(Reward reward);
// "accuracy,format": what is added up. An Error for none, and for a word that is no reward.
std::vector<Reward> rewards_from(const std::string& list);

// What stands in the answer block, if there is exactly one; else "".
std::string answer_in(std::string_view completion);
double accuracy_reward(std::string_view completion, std::string_view right);  // 1 or 0
// 1 where all of it is a think block and an answer block, each tag on a line of its own; else 0.
double format_reward(std::string_view completion);
double tags_reward(
    std::string_view completion);  // a quarter for each of the four tags that stands there once
// Of completions of one prompt: 0.5 - (length - min) / (max - min) where it is right, the same but at most 0
// where it is wrong, 0 where all are equally long. Lengths in tokens.
std::vector<double> length_rewards(std::span<const std::int64_t> lengths, const std::vector<bool>& right);

}  // namespace reprise
