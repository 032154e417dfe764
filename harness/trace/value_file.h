// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of one step (Watch::values): a safetensors file with tensors weights/NAME and gradients/NAME, as
// the step's optimizer left the first and found the second, of floating-point dtypes alone. Of a tensor with
// more than 4,096 elements only evenly spaced ones are kept, the first among them, as a tensor of one axis;
// the metadata says under `elements`, a JSON object by name, how many each tensor has.
#include <fmt/core.h>

#include <cstdint>
#include <filesystem>

namespace reprise {

inline constexpr std::uint64_t most_values = 4'096;  // of one tensor

inline std::filesystem::path value_file(const std::filesystem::path& run_folder, std::int64_t step) {
  return run_folder / fmt::format("values-{:08}.safetensors", step);
}

}  // namespace reprise
