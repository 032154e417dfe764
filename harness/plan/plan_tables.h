// SPDX-License-Identifier: Apache-2.0
#pragma once
// The tables that a recipe and a plan write alike: [[data]] and [metric].
#include <optional>
#include <vector>

#include "harness/base/toml.h"
#include "harness/plan/plan.h"

namespace reprise {

// Every [[data]] of `root`; none is fine.
std::vector<DataFile> read_data(TomlTable& root);
// The [metric] of `root`, if it has one.
std::optional<Metric> read_metric(TomlTable& root);

}  // namespace reprise
