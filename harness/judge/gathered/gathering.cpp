// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/gathered/gathering.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/evidence/told_apart.h"
#include "harness/judge/gathered/who_ran.h"

namespace reprise {
namespace {

constexpr const char *machine = "machine", *resume = "resume", *repeat = "repeat";

// The pins that have several values among the runs; one that an older run does not know does not count.
std::set<std::string> differing_pins(const std::vector<GatheredRun>& runs) {
  std::map<std::string, std::set<std::string>> values;
  for (const auto& run : runs)
    for (const auto& [pin, value] : run.plan.pins) values[pin].insert(value);
  std::set<std::string> names;
  for (const auto& [pin, seen] : values)
    if (seen.size() > 1) names.insert(pin);
  return names;
}

std::string pin_value(const Plan& plan, const std::string& pin) {
  const auto found = plan.pins.find(pin);
  if (found == plan.pins.end()) return "not pinned";
  // Two files of batches are two orders.
  return pin == "batch-order" && found->second == "file" ? "file " + plan.order->sha256.substr(0, 8)
                                                         : found->second;
}

// Runs that are equal in everything else are repeats.
void number_repeats(Gathering& gathering) {
  std::map<std::map<std::string, std::string>, int> count;
  bool any = false;
  for (auto& values : gathering.values) {
    const int number = ++count[values];
    any = any || number > 1;
    values[repeat] = std::to_string(number);
  }
  if (!any)
    for (auto& values : gathering.values) values.erase(repeat);
}

// Of a module of the script's own that some runs had with other lines: the first digits of its SHA-256. A
// command's named script is told by its plan.
std::map<std::string, std::string> modules_of(const Facts& facts, const std::set<std::string>& edited) {
  std::map<std::string, std::string> values;
  for (const auto& name : edited) {
    const auto found = facts.find(name);
    values[name] = found == facts.end() ? "not imported" : found->second.substr(0, 8);
  }
  return values;
}

std::set<std::string> edited_modules(const std::vector<Facts>& facts) {
  std::map<std::string, std::set<std::string>> contents;
  for (const auto& one : facts)
    for (const auto& [name, value] : one)
      if (name.starts_with("module.")) contents[name].insert(value);
  std::erase_if(contents, [](const auto& module) { return module.second.size() < 2; });
  std::set<std::string> names;
  for (const auto& [name, unused] : contents) names.insert(name);
  return names;
}

// What of the commands differs in each run, beside machine and pins.
std::vector<std::map<std::string, std::string>> commands_apart(const std::vector<GatheredRun>& runs,
                                                               const std::vector<Facts>& facts) {
  std::vector<const Plan*> plans;
  for (const auto& run : runs) plans.push_back(&run.plan);
  auto told = told_apart(plans);
  const auto edited = edited_modules(facts);
  for (std::size_t i = 0; i < told.size(); ++i) told[i].merge(modules_of(facts[i], edited));
  return told;
}

void add_factor(const std::string& name, Promise promise, Gathering& gathering) {
  Factor factor{name, {}, promise};
  for (const auto& values : gathering.values)
    if (const auto& value = values.at(name); std::ranges::find(factor.values, value) == factor.values.end())
      factor.values.push_back(value);
  if (factor.values.size() > 1) gathering.factors.push_back(factor);
}

// As a matrix names its configurations: by what is not as in the first run.
std::string name_of(const std::string& recipe, const std::map<std::string, std::string>& values,
                    const Gathering& gathering) {
  std::string name = recipe;
  for (const auto& factor : gathering.factors)
    if (factor.name != machine && values.at(factor.name) != factor.values.front())
      name += fmt::format(" {}={}", factor.name, values.at(factor.name));
  const auto who = values.find(machine);
  return who == values.end() ? name : name + " on " + who->second;
}

}  // namespace

Gathering gather(const std::vector<GatheredRun>& runs,
                 const std::function<Promise(std::string_view pin)>& promise_of_pin) {
  check(!runs.empty(), "there are runs to gather");
  std::vector<Facts> facts;
  for (const auto& run : runs) facts.push_back(run.facts);
  const Machines machines = machines_of(facts);
  const auto pins = differing_pins(runs);
  const bool several = machines.names.size() > 1;
  const bool resumed = std::ranges::any_of(
      runs, [&](const auto& run) { return run.plan.resume_at != runs.front().plan.resume_at; });
  const auto told = commands_apart(runs, facts);
  Gathering gathering;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    std::map<std::string, std::string> values = told[i];
    if (several) values[machine] = machines.names[machines.of_run[i]];
    if (resumed) values[resume] = std::to_string(runs[i].plan.resume_at);
    for (const auto& pin : pins) values[pin] = pin_value(runs[i].plan, pin);
    gathering.values.push_back(values);
  }
  number_repeats(gathering);
  if (several) add_factor(machine, Promise::numeric, gathering);
  for (const auto& [name, value] : told.front()) add_factor(name, Promise::none, gathering);
  for (const auto& pin : pins) add_factor(pin, promise_of_pin(pin), gathering);
  if (resumed) add_factor(resume, Promise::bitwise, gathering);
  if (gathering.values.front().contains(repeat)) add_factor(repeat, Promise::bitwise, gathering);
  for (const auto& values : gathering.values)
    gathering.names.push_back(name_of(runs.front().plan.recipe, values, gathering));
  return gathering;
}

bool trains_whole(const Plan& plan) {
  return plan.watch.from == 0 && plan.watch.until == 0 && !plan.watch.injected &&
         plan.watch.values.nudged == 0;
}

std::vector<bool> asked_for(const std::vector<Plan>& plans) {
  std::set<std::string> without_look;
  for (const auto& plan : plans)
    if (trains_whole(plan) && plan.watch.ops.empty()) without_look.insert(plan_id(plan));
  std::vector<bool> asked;
  for (Plan plan : plans) {
    const bool closer = !plan.watch.ops.empty();
    plan.watch.ops = {};
    plan.watch.dump.reset();
    plan.watch.values = {};
    asked.push_back(trains_whole(plan) && !(closer && without_look.contains(plan_id(plan))));
  }
  return asked;
}

}  // namespace reprise
