// SPDX-License-Identifier: Apache-2.0
#pragma once
// The kind of machine that a plan wants, as a site names it ("h100"). It stands behind the plan's executor,
// "local@h100": a process of a machine of that kind. Whoever starts the plan there finds the machine.
#include <map>
#include <string>
#include <string_view>

#include "harness/plan/plan.h"

namespace reprise {

// "" where any machine will do.
std::string kind_of(const Plan& plan);
// Without the kind.
std::string executor_name(const Plan& plan);
void set_kind(Plan& plan, std::string_view kind);

// Kinds of machines that a site has, and the device that a run uses there: "h100" -> "cuda:0".
using NodeKinds = std::map<std::string, std::string>;

// As set_pin, but where the device is a kind of machine, the plan gets that kind and its device.
void set_pin_or_kind(Plan& plan, std::string_view name, std::string_view value, const NodeKinds& kinds);

}  // namespace reprise
