// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/settings.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/plan/ranks.h"
#include "harness/plan/set_pin.h"
#include "harness/plan/watch_table.h"

namespace reprise {
namespace {

std::int64_t whole(std::string_view name, const std::string& text) {
  return std::get<std::int64_t>(scalar_like(std::int64_t{0}, text, name));
}

// "3" or "1-5": the steps whose operator calls are traced.
void set_window(Plan& plan, const std::string& text) {
  OperatorWindow& ops = plan.watch.ops;
  const auto dash = text.find('-');
  const auto first = to_integer(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : to_integer(text.substr(dash + 1));
  if (!first || !last || *last < *first)
    fail("wanted a step or a range of steps for ops, found '{}'; try ops=1 or ops=1-5", text);
  ops.first = *first;
  ops.last = *last;
}

using P = Plan;
using Text = const std::string;

constexpr Setting settings[] = {
    {"artifacts", "PATTERN,...", "files that a command leaves, to be compared: artifacts=out/*.pt",
     SettingOf::command, [](P& plan, Text& text) { plan.watch.artifacts = split(text, ','); }},
    {"batch", "SAMPLES", "samples per step", SettingOf::any,
     [](P& plan, Text& text) { plan.batch = whole("batch", text); }},
    {"checkpoint-every", "STEPS", "steps between checkpoints", SettingOf::any,
     [](P& plan, Text& text) { plan.watch.checkpoint_every = whole("checkpoint-every", text); }},
    {"cpu", "host|qemu:MODEL", "the processor: this one, or one that QEMU emulates", SettingOf::any,
     [](P& plan, Text& text) { plan.placement.cpu = text; }},
    {"device", "DEVICE", "the pin device: cpu, cuda, cuda:1", SettingOf::any,
     [](P& plan, Text& text) { set_pin(plan, "device", text); }},
    {"evaluate-every", "STEPS", "steps between evaluations of the metrics", SettingOf::any,
     [](P& plan, Text& text) { plan.evaluate_every = whole("evaluate-every", text); }},
    {"executor", "NAME", "where the run's process is started", SettingOf::any,
     [](P& plan, Text& text) { plan.placement.executor = text; }},
    {"hash-files", "small|all", "how large a file that a command reads is still digested", SettingOf::command,
     [](P& plan, Text& text) { plan.watch.hash_all_files = hashes_all(text); }},
    {"keep", "none|last|all", "which checkpoints are kept", SettingOf::any,
     [](P& plan, Text& text) { plan.watch.keep = word_from<Keep>(text, "keep"); }},
    {"keep-env", "NAME,...", "variables that are handed on to a command", SettingOf::command,
     [](P& plan, Text& text) { plan.command->keep_env = split(text, ','); }},
    {"ops", "STEP|FIRST-LAST", "steps whose operator calls are traced", SettingOf::any, set_window},
    {"ops-min-elements", "COUNT", "traced tensors of fewer elements are not digested", SettingOf::any,
     [](P& plan, Text& text) { plan.watch.ops.min_elements = whole("ops-min-elements", text); }},
    {"ops-phases", "PHASE,...", "phases whose operator calls are traced", SettingOf::any,
     [](P& plan, Text& text) { plan.watch.ops.phases = split(text, ','); }},
    {"samples", "COUNT", "samples of the training data", SettingOf::any,
     [](P& plan, Text& text) { plan.samples = whole("samples", text); }},
    {"seeding", "imposed|script", "who seeds a command", SettingOf::command,
     [](P& plan, Text& text) { plan.command->seeding = word_from<Seeding>(text, "seed"); }},
    {"steps", "STEPS", "steps of the training", SettingOf::any,
     [](P& plan, Text& text) { plan.steps = whole("steps", text); }},
    {"torch", "VERSION", "the torch that the run must have: torch=2.11.0", SettingOf::any,
     [](P& plan, Text& text) {
       check_release(text);
       plan.placement.torch = text;
     }},
    {"until", "STEP", "the last step to run", SettingOf::any,
     [](P& plan, Text& text) { plan.watch.until = whole("until", text); }},
    {"world-size", "RANKS", "how many processes train together, each with a rank", SettingOf::any,
     [](P& plan, Text& text) { set_ranks(plan, whole("world-size", text)); }},
};

bool fits(const Plan& plan, const Setting& setting) {
  if (setting.of == SettingOf::any) return true;
  return (setting.of == SettingOf::command) == plan.command.has_value();
}

}  // namespace

std::span<const Setting> setting_table() { return settings; }

bool takes_setting(const Plan& plan, std::string_view name) {
  return std::ranges::any_of(settings,
                             [&](const Setting& one) { return one.name == name && fits(plan, one); });
}

std::vector<std::string> setting_names(const Plan& plan) {
  std::vector<std::string> names;
  for (const auto& setting : settings)
    if (fits(plan, setting)) names.emplace_back(setting.name);
  return names;
}

void apply_setting(Plan& plan, std::string_view name, const std::string& text) {
  for (const auto& setting : settings)
    if (setting.name == name && fits(plan, setting)) return setting.apply(plan, text);
  fail("{}", unknown_name("parameter", name, setting_names(plan)));
}

}  // namespace reprise
