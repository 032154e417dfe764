// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a run takes place, beside the device (a pin): part of a plan, and of its name, as far as it is said.
#include <string>

#include "harness/base/toml.h"

namespace reprise {

struct Placement {
  std::string executor = "local";  // of harness/launch/executors
  // The version that the run's LibTorch must have, "2.11.0"; "": whichever is at hand. A run that finds
  // another is untested.
  std::string torch = {};
  bool operator==(const Placement&) const = default;
};

// "[placement]" with what is not the default; "" where all of it is.
std::string placement_text(const Placement& placement);
Placement read_placement(TomlTable table);

}  // namespace reprise
