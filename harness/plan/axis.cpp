// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/axis.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/plan/set_pin.h"

namespace reprise {
namespace {

constexpr std::string_view pin_prefix = "pin:";

// What a person may type, from the words of a row.
std::string shown_values(const Pin& pin) {
  std::vector<std::string> shown;
  for (const auto& value : pin.allowed) {
    if (value.kind == AllowedValue::Kind::word)
      shown.push_back(value.word);
    else if (value.kind == AllowedValue::Kind::integer)
      shown.emplace_back("1 2 4 ...");
    else
      shown.push_back(value.word + "TEXT");
  }
  return join(shown, " ");
}

}  // namespace

std::string values_of(const Axis& axis) {
  return axis.values != nullptr ? axis.values : shown_values(pick_pin(axis.pin));
}

Promise promise_of(const Axis& axis) { return axis.pin.empty() ? axis.promise : pick_pin(axis.pin).promise; }

NamedAxis pick_axis(std::string_view name) {
  if (name.starts_with(pin_prefix)) {
    const Pin& pin = pick_pin(name.substr(pin_prefix.size()));
    return {std::string(name), pin.why.data(), pin.promise, nullptr};
  }
  const auto names = names_of(axes_shelf());
  if (std::find(names.begin(), names.end(), name) == names.end() && find_pin(name) != nullptr)
    fail("no axis named '{}', but a pin; write --axis pin:{}=...", name, name);
  const Axis& axis = pick(axes_shelf(), name, "axis");
  return {std::string(name), axis.summary, promise_of(axis), &axis};
}

void NamedAxis::apply(Plan& plan, std::string_view value) const {
  if (axis && axis->pin.empty())
    axis->apply(plan, value);
  else
    set_pin(plan, axis ? axis->pin : std::string_view(name).substr(pin_prefix.size()), value);
}

}  // namespace reprise
