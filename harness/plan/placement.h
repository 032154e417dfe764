// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where a run takes place, beside the device (a pin): part of a plan, and of its name, as far as it is said.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/toml.h"

namespace reprise {

struct Placement {
  std::string executor = "local";  // of harness/launch/executors
  // The version that the run's LibTorch must have, "2.11.0"; "": whichever is at hand. A run that finds
  // another is untested.
  std::string torch = {};
  // The processor: "host", or one that QEMU's user mode emulates, "qemu:MODEL" or "qemu:ARCHITECTURE:MODEL".
  std::string cpu = "host";
  // Of a native recipe: how many processes train it together, each on its share of every batch.
  std::int64_t ranks = 1;
  bool operator==(const Placement&) const = default;
};

// An emulated processor: "Haswell", or "max,sve=off" with features as QEMU takes them.
struct EmulatedCpu {
  std::string
      architecture;  // "x86_64", "aarch64"; "": the first that has the model, this machine's before others
  std::string model;
};
// Nothing for "host". An Error for any other text.
std::optional<EmulatedCpu> emulated_cpu(std::string_view cpu);
// The model without the features behind it.
std::string model_name(const EmulatedCpu& cpu);

// An Error unless it is the number of a release of torch, "2.11.0".
void check_release(std::string_view version);

// "[placement]" with what is not the default; "" where all of it is.
std::string placement_text(const Placement& placement);
Placement read_placement(TomlTable table);

}  // namespace reprise
