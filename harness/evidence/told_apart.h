// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which runs are comparable, and what tells them apart. Runs of the same sources that were told different
// things (arguments of a command, parameters of its recipe, variables) are, and each of these is a factor as
// a pin is.
#include <map>
#include <string>
#include <vector>

#include "harness/plan/plan.h"

namespace reprise {

// Why two plans do not train the same sources; "" where they do, or differ only in what a command is told.
std::string sources_difference(const Plan& a, const Plan& b);

// For each plan what it is told that others are not, "arg:--lr" -> "0.1", "env:NAME" -> "a": a value of every
// such factor for every plan, and none where the plans are told the same. Plans that are told different
// things have different values. Where words cannot be matched by name, all of them are one factor,
// "arguments".
std::vector<std::map<std::string, std::string>> told_apart(const std::vector<const Plan*>& plans);

}  // namespace reprise
