// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"

#include <algorithm>

#include "harness/plan/set_pin.h"

namespace reprise {
namespace {

constexpr std::string_view pin_prefix = "pin:";

NamedAxis pin_axis(std::string_view name) {
  const Pin& pin = pick_pin(name.substr(pin_prefix.size()));
  NamedAxis axis{std::string(name), pin.why.data(), Promise::numeric, nullptr};
  for (const auto& [shelf_name, item] : axes_shelf())
    if (shelf_name == pin.name) axis.owes = item->owes;
  return axis;
}

}  // namespace

NamedAxis pick_axis(std::string_view name) {
  if (name.starts_with(pin_prefix)) return pin_axis(name);
  const auto names = names_of(axes_shelf());
  if (std::find(names.begin(), names.end(), name) == names.end())
    for (const auto& pin : pin_table())
      if (pin.name == name) fail("no axis named '{}', but a pin; write --axis pin:{}=...", name, name);
  const Axis& axis = pick(axes_shelf(), name, "axis");
  return {std::string(name), axis.summary, axis.owes, &axis};
}

void NamedAxis::apply(Plan& plan, std::string_view value) const {
  if (axis)
    axis->apply(plan, value);
  else
    set_pin(plan, std::string_view(name).substr(pin_prefix.size()), value);
}

}  // namespace reprise
