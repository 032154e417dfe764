// SPDX-License-Identifier: Apache-2.0
#include "probes/conditions.h"

#include "harness/base/error.h"

namespace reprise {
namespace {

constexpr Word<Fill> fill_words[] = {{Fill::none, "none"}, {Fill::zero, "zero"}, {Fill::nan, "nan"}};
constexpr Word<Rows> rows_words[] = {{Rows::whole, "whole"}, {Rows::all, "all"}, {Rows::one, "one"}};

std::int64_t whole_number(const Plan& plan, const char* name, std::int64_t fallback, std::int64_t least,
                          std::int64_t most) {
  const auto found = plan.parameters.find(name);
  if (found == plan.parameters.end()) return fallback;
  const auto* number = std::get_if<std::int64_t>(&found->second);
  if (number == nullptr || *number < least || *number > most)
    fail("wanted a whole number from {} to {} for parameter {}, found {}", least, most, name,
         to_toml(found->second));
  return *number;
}

template <class E>
E word(const Plan& plan, const char* name, E fallback) {
  const auto found = plan.parameters.find(name);
  if (found == plan.parameters.end()) return fallback;
  const auto* text = std::get_if<std::string>(&found->second);
  return word_from<E>(text == nullptr ? to_toml(found->second) : *text, std::string("parameter ") + name);
}

}  // namespace

std::span<const Word<Fill>> words_of(Fill /*fill*/) { return fill_words; }
std::span<const Word<Rows>> words_of(Rows /*rows*/) { return rows_words; }

Conditions conditions_of(const Plan& plan) {
  return {.offset = whole_number(plan, "offset", 0, 0, 4096),
          .fill = word(plan, "fill", Fill::none),
          .rows = word(plan, "rows", Rows::whole),
          .load = whole_number(plan, "load", 0, 0, 256),
          .callers = whole_number(plan, "callers", 1, 1, 256)};
}

}  // namespace reprise
