// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/axis.h"

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

std::string typed_name(std::string_view name, const Axis& axis) {
  return axis.of == nullptr ? std::string(name) : fmt::format("{}:{}", name, axis.of);
}

NamedAxis pick_axis(std::string_view name) {
  if (name.starts_with(pin_prefix)) {
    const Pin& pin = pick_pin(name.substr(pin_prefix.size()));
    return {std::string(name), pin.why.data(), pin.promise, nullptr};
  }
  if (const auto colon = name.find(':'); colon != std::string_view::npos)
    for (const auto& [shelved, axis] : axes_shelf())
      if (axis->of != nullptr && shelved == name.substr(0, colon))
        return {std::string(name), axis->summary, promise_of(*axis), axis};
  std::vector<std::string> names;
  for (const auto& [shelved, axis] : axes_shelf()) {
    if (shelved == name) return {std::string(name), axis->summary, promise_of(*axis), axis};
    names.push_back(typed_name(shelved, *axis));
  }
  if (find_pin(name) != nullptr) fail("no axis named '{}', but a pin; write --axis pin:{}=...", name, name);
  fail("{}", unknown_name("axis", name, names));
}

void NamedAxis::apply(Plan& plan, std::string_view value) const {
  if (axis && axis->of != nullptr) {
    const auto colon = name.find(':');
    if (colon == std::string::npos || colon + 1 == name.size())
      fail("wanted what the axis {0} varies, as {0}:{1}, found '{2}'", name.substr(0, colon), axis->of, name);
    return axis->apply_to(plan, std::string_view(name).substr(colon + 1), value);
  }
  if (axis && axis->pin.empty())
    axis->apply(plan, value);
  else
    set_pin(plan, axis ? axis->pin : std::string_view(name).substr(pin_prefix.size()), value);
}

}  // namespace reprise
