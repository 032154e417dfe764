// SPDX-License-Identifier: Apache-2.0
#pragma once
// Sums and differences of numbers of two digits, for models that write how they think before they answer. A
// token is a digit, a sign or a tag: the prompt is "07+45=", and a perfect completion
// <think>250</think><answer>052</answer><end>: the digits of the result from the last to the first, then as
// they are written. The tags stand for the lines that Open-R1's rewards ask for (rewards.h).
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace reprise {

enum Token : std::int64_t {
  plus = 10,
  minus = 11,
  equals = 12,
  think = 13,
  thought = 14,
  answer = 15,
  answered = 16,
  end = 17
};
inline constexpr std::int64_t token_count = 18;
inline constexpr std::int64_t prompt_length = 6, completion_length = 12;  // the longest; a perfect one has 11

struct Arithmetic {
  std::int64_t a = 0, b = 0;  // 0 to 99; of a difference the larger one comes first
  bool difference = false;
  std::int64_t result() const { return difference ? a - b : a + b; }
};

// All tasks with numbers up to `largest` (1 to 99) in one order, about nine of ten to train on, by the data
// seed; what is left is the test.
struct ArithmeticTasks {
  std::vector<Arithmetic> train, test;
};
ArithmeticTasks arithmetic_tasks(std::uint64_t data_seed, std::int64_t largest);

std::vector<std::int64_t> prompt_of(const Arithmetic& task);
// With ends behind it up to completion_length.
std::vector<std::int64_t> perfect_completion(const Arithmetic& task);
// As text, up to the first end: "<think>\n250\n</think>\n<answer>\n052\n</answer>".
std::string text_of(std::span<const std::int64_t> completion);
// Tokens up to the first end, and it.
std::int64_t length_of(std::span<const std::int64_t> completion);

}  // namespace reprise
