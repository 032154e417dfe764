// SPDX-License-Identifier: Apache-2.0
#include "recipes/reasoning/arithmetic.h"

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/philox.h"

namespace reprise {
namespace {

// `count` numbers, 0 to count - 1.
Arithmetic task_of(std::int64_t number, std::int64_t count) {
  Arithmetic task{number % count, number / count % count, number / (count * count) == 1};
  if (task.difference && task.b > task.a) std::swap(task.a, task.b);
  return task;
}

std::array<std::int64_t, 3> digits_of(std::int64_t number) {
  return {number / 100, number / 10 % 10, number % 10};
}

}  // namespace

ArithmeticTasks arithmetic_tasks(std::uint64_t data_seed, std::int64_t largest) {
  if (largest < 1 || largest > 99) fail("wanted numbers up to 1 to 99 (largest), found {}", largest);
  const std::int64_t count = largest + 1;
  const Philox draws{data_seed, Stream::data, 0};
  ArithmeticTasks all;
  for (std::int64_t i = 0; i < 2 * count * count; ++i)
    (draws.bits32(static_cast<std::uint64_t>(i)) % 10 == 0 ? all.test : all.train)
        .push_back(task_of(i, count));
  return all;
}

std::vector<std::int64_t> prompt_of(const Arithmetic& task) {
  return {task.a / 10, task.a % 10, task.difference ? minus : plus, task.b / 10, task.b % 10, equals};
}

std::vector<std::int64_t> perfect_completion(const Arithmetic& task) {
  const auto digits = digits_of(task.result());
  std::vector<std::int64_t> tokens{think, digits[2], digits[1], digits[0], thought, answer};
  tokens.insert(tokens.end(), digits.begin(), digits.end());
  tokens.push_back(answered);
  tokens.resize(static_cast<std::size_t>(completion_length), end);
  return tokens;
}

std::string text_of(std::span<const std::int64_t> completion) {
  std::string text;
  for (const auto token : completion) {
    if (token == end) break;
    if (token < 10) text += static_cast<char>('0' + token);
    if (token == plus) text += '+';
    if (token == minus) text += '-';
    if (token == equals) text += '=';
    if (token == think) text += "<think>\n";
    if (token == thought) text += "\n</think>\n";
    if (token == answer) text += "<answer>\n";
    if (token == answered) text += "\n</answer>";
  }
  return text;
}

std::int64_t length_of(std::span<const std::int64_t> completion) {
  const auto last = std::ranges::find(completion, static_cast<std::int64_t>(end));
  return std::min<std::int64_t>(last - completion.begin() + 1, static_cast<std::int64_t>(completion.size()));
}

}  // namespace reprise
