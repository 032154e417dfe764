// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/expand.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_configurations = 10000;

// For each factor but repeat, which of its values a configuration takes.
using Selection = std::vector<std::size_t>;

// All selections with exactly `changes` factors off their first value, in the order of the factors. The first
// factor changes slowest.
void select(const std::vector<AxisChoice>& axes, std::size_t changes, std::size_t from, Selection& current,
            std::vector<Selection>& all) {
  if (changes == 0) {
    if (all.size() >= most_configurations)
      fail("wanted a matrix of at most {} configurations, found more; take fewer values or --design one",
           most_configurations);
    all.push_back(current);
    return;
  }
  for (std::size_t axis = from; axis < axes.size(); ++axis) {
    for (std::size_t value = 1; value < axes[axis].values.size(); ++value) {
      current[axis] = value;
      select(axes, changes - 1, axis + 1, current, all);
    }
    current[axis] = 0;
  }
}

std::vector<Selection> selections(const std::vector<AxisChoice>& axes, Design design) {
  const std::size_t most = design == Design::one ? 1 : design == Design::pairs ? 2 : axes.size();
  std::vector<Selection> all;
  Selection current(axes.size(), 0);
  for (std::size_t changes = 0; changes <= std::min(most, axes.size()); ++changes)
    select(axes, changes, 0, current, all);
  return all;
}

void check_axes(const std::vector<AxisChoice>& axes) {
  std::set<std::string> names;
  for (const auto& axis : axes) {
    if (!names.insert(axis.name).second)
      fail("axis {} is named twice; write its values together: --axis {}=V1,V2,...", axis.name, axis.name);
    std::set<std::string> values;
    for (const auto& value : axis.values)
      if (!values.insert(value).second)
        fail("axis {} has the value {} twice; name it once", axis.name, value);
    if (axis.name == "repeat" && axis.values.size() != 1)
      fail("wanted one count for axis repeat, found {}; repeat=2 runs every configuration twice",
           join(axis.values, ","));
  }
}

std::string joined(const std::string& words, const std::string& word) {
  return words.empty() ? word : words + " " + word;
}

// What is no real machine says so wherever it is named.
std::string mark_of(const std::string& axis, const std::string& value) {
  return axis == "cpu" && emulated_cpu(value) ? " (emulated)" : "";
}

class Expansion {
 public:
  Expansion(const Plan& base, const std::vector<AxisChoice>& axes, const NodeKinds& kinds)
      : base_(base), kinds_(kinds) {
    for (const auto& axis : axes) {
      const NamedAxis named = pick_axis(axis.name);
      Factor factor{axis.name, axis.values, named.promise};
      if (axis.name == "repeat") {
        named.apply(base_, axis.values[0]);
        repeats_ = *to_integer(axis.values[0]);
        factor.values.clear();
        for (std::int64_t i = 1; i <= repeats_; ++i) factor.values.push_back(std::to_string(i));
        repeated_ = true;
      } else {
        axes_.push_back(axis);
        named_.push_back(named);
      }
      planned_.matrix.factors.push_back(factor);
    }
  }

  Planned expand(Design design) {
    planned_.matrix.recipe = base_.recipe;
    planned_.matrix.design = design;
    for (const auto& selection : selections(axes_, design)) add(selection);
    return std::move(planned_);
  }

 private:
  void add(const Selection& selection) {
    Plan plan = base_;
    Configuration configuration;
    std::string name;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      const std::string& value = axes_[i].values[selection[i]];
      if (named_[i].name == "device")
        set_pin_or_kind(plan, "device", value, kinds_);
      else
        named_[i].apply(plan, value);
      configuration.values[axes_[i].name] = value;
      if (selection[i] != 0) name = joined(name, axes_[i].name + "=" + value + mark_of(axes_[i].name, value));
    }
    check_plan(plan);
    configuration.plan_id = plan_id(plan);
    const auto [seen, fresh] = names_.emplace(configuration.plan_id, name.empty() ? "baseline" : name);
    if (!fresh) fail("{} and {} are the same plan under two names; leave one out", seen->second, name);
    add_repeats(configuration, name, plan);
  }

  void add_repeats(Configuration configuration, const std::string& name, const Plan& plan) {
    for (std::int64_t i = 1; i <= repeats_; ++i) {
      if (planned_.plans.size() >= most_configurations)
        fail("wanted a matrix of at most {} runs, found more; take fewer values or repeats",
             most_configurations);
      if (repeated_) configuration.values["repeat"] = std::to_string(i);
      configuration.name = i == 1 ? name : joined(name, fmt::format("repeat={}", i));
      if (configuration.name.empty()) configuration.name = "baseline";
      planned_.matrix.configurations.push_back(configuration);
      planned_.plans.push_back(plan);
    }
  }

  Plan base_;
  const NodeKinds& kinds_;
  std::vector<AxisChoice> axes_;  // without repeat
  std::vector<NamedAxis> named_;  // of axes_
  std::int64_t repeats_ = 1;
  bool repeated_ = false;
  std::map<std::string, std::string> names_;  // plan id -> the configuration's name
  Planned planned_;
};

}  // namespace

AxisChoice parse_axis(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    fail("wanted an axis as NAME=VALUE,VALUE,..., found '{}'; try threads=1,2", text);
  AxisChoice choice{std::string(trim(text.substr(0, equals))), {}};
  for (const auto& value : split(text.substr(equals + 1), ',')) choice.values.emplace_back(trim(value));
  for (const auto& value : choice.values)
    if (value.empty())
      fail("axis {} has an empty value in '{}'; write NAME=VALUE,VALUE,...", choice.name, text);
  return choice;
}

Planned expand(const Plan& base, const std::vector<AxisChoice>& axes, Design design, const NodeKinds& kinds) {
  check_axes(axes);
  return Expansion(base, axes, kinds).expand(design);
}

}  // namespace reprise
