// SPDX-License-Identifier: Apache-2.0
#pragma once
// An axis varies one thing between runs and states what it promises: `bitwise` (must not move the bits),
// `numeric` (may, within the metric's margin), `statistical` (is meant to) or `none` (nobody can say). One
// file in harness/matrix/axes is one axis.
#include <span>
#include <string>
#include <string_view>

#include "harness/base/shelf.h"
#include "harness/matrix/matrix.h"
#include "harness/plan/plan.h"

namespace reprise {

struct Axis {
  const char* summary;  // one line for people: what it varies and why
  // Of an axis over one pin, the pin: then its row (pin_row.h) says the values, the promise and how they are
  // set.
  std::string_view pin = {};
  // The values it takes, for people: "never 1 50 ...". Of a pin only where its row's words do not say them.
  const char* values = nullptr;
  Promise promise = Promise::numeric;
  // Sets the plan's choice; an Error for a value it does not take.
  void (*apply)(Plan& plan, std::string_view value) = nullptr;
  // Of an axis over one of many things, which is named behind a colon ("arg:--lr"): the word that stands for
  // the name, for people, and what is done instead of `apply`.
  const char* of = nullptr;
  void (*apply_to)(Plan& plan, std::string_view what, std::string_view value) = nullptr;
};
// For people: "1 2 4 ...", or "default compatible avx2 strict".
std::string values_of(const Axis& axis);
Promise promise_of(const Axis& axis);

Shelf<Axis> axes_shelf();

// As a person types it: "threads", "arg:NAME".
std::string typed_name(std::string_view name, const Axis& axis);

// The axis called `name`; "pin:NAME" is one for every pin of the table, "arg:NAME" for what a command has.
struct NamedAxis {
  std::string name;
  const char* summary;
  Promise promise;
  void apply(Plan& plan, std::string_view value) const;
  const Axis* axis;  // nothing for pin:NAME
};
NamedAxis pick_axis(std::string_view name);

}  // namespace reprise
