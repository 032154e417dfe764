// SPDX-License-Identifier: Apache-2.0
#pragma once
// An axis varies one thing between runs and states what it owes: `bitwise` (must not move the bits),
// `numeric` (may, within the metric's margin) or `statistical` (is meant to). One file in harness/plan/axes
// is one axis.
#include <span>
#include <string>
#include <string_view>

#include "harness/base/shelf.h"
#include "harness/plan/matrix.h"
#include "harness/plan/plan.h"

namespace reprise {

struct Axis {
  const char* summary;  // one line for people: what it varies and why
  const char* values;   // the values it takes, for people: "1 2 4 ..." or "default compatible avx2 strict"
  Promise owes;
  // Sets the plan's choice; an Error for a value it does not take.
  void (*apply)(Plan& plan, std::string_view value);
};

Shelf<Axis> axes_shelf();

// The axis called `name`; "pin:NAME" is one for every pin of the table. It owes what the
// axis of the same name owes, else `numeric`.
struct NamedAxis {
  std::string name;
  const char* summary;
  Promise owes;
  void apply(Plan& plan, std::string_view value) const;
  const Axis* axis;  // nothing for pin:NAME
};
NamedAxis pick_axis(std::string_view name);

}  // namespace reprise
