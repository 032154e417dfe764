// SPDX-License-Identifier: Apache-2.0
#include "harness/record/operators/operator_facts.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/enum_tag.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace reprise {
namespace {

struct Known {
  std::mutex lock;
  std::unordered_map<c10::OperatorName, std::unique_ptr<OperatorFacts>> facts;
};

// Never freed: a thread of LibTorch may still be calling operators while the process ends.
Known& known() {
  static auto* all = new Known;
  return *all;
}

constexpr std::array<std::string_view, 10> makers_of_empty = {
    "aten::empty",     "aten::empty_like",        "aten::empty_strided",
    "aten::new_empty", "aten::new_empty_strided", "aten::empty_quantized",
    "aten::resize_",   "aten::resize_as_",        "aten::empty_permuted",
    "aten::resize"};

// In-place operators that do not read what they overwrite.
constexpr std::array<std::string_view, 15> overwriters = {
    "aten::copy_",      "aten::fill_",      "aten::zero_",        "aten::normal_",    "aten::uniform_",
    "aten::random_",    "aten::bernoulli_", "aten::exponential_", "aten::cauchy_",    "aten::log_normal_",
    "aten::geometric_", "aten::set_",       "aten::resize_",      "aten::resize_as_", "aten::eye_"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// By its tag, or because a generator may be handed to it.
bool is_random(const c10::OperatorName& name, const c10::FunctionSchema& schema) {
  for (const auto& argument : schema.arguments())
    if (argument.type()->str().find("Generator") != std::string::npos) return true;
  const auto found = c10::Dispatcher::singleton().findSchema(name);
  return found && found->hasTag(at::Tag::nondeterministic_seeded);
}

OperatorFacts read_facts(const c10::OperatorName& name, const c10::FunctionSchema& schema) {
  OperatorFacts facts;
  facts.name = name.overload_name.empty() ? name.name : name.name + "." + name.overload_name;
  const bool overwrites = is_one_of(overwriters, name.name);
  for (const auto& argument : schema.arguments()) {
    const bool written = argument.alias_info() != nullptr && argument.alias_info()->isWrite();
    facts.arguments.push_back(argument.name());
    facts.written.push_back(written);
    facts.overwritten.push_back(written && (argument.is_out() || overwrites));
  }
  for (const auto& result : schema.returns())
    facts.view.push_back(result.alias_info() != nullptr && !result.alias_info()->isWrite());
  facts.makes_empty = is_one_of(makers_of_empty, name.name);
  facts.resizes = name.name.starts_with("aten::resize");
  facts.random = is_random(name, schema);
  facts.hands_over = name.name == "aten::set_";
  facts.returns_nothing = schema.returns().empty();
  return facts;
}

}  // namespace

const OperatorFacts* known_facts_of(const c10::OperatorName& name) {
  const std::lock_guard lock(known().lock);
  const auto found = known().facts.find(name);
  return found == known().facts.end() ? nullptr : found->second.get();
}

const OperatorFacts& facts_of(const c10::OperatorName& name, const c10::FunctionSchema& schema) {
  const std::lock_guard lock(known().lock);
  auto& place = known().facts[name];
  if (!place) place = std::make_unique<OperatorFacts>(read_facts(name, schema));
  return *place;
}

}  // namespace reprise
