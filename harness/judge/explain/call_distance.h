// SPDX-License-Identifier: Apache-2.0
#pragma once
// One call on both sides, element by element, from the files the two runs kept (trace/call_file.h).
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"

namespace reprise {

struct ElementPair {
  std::vector<std::int64_t> index;
  double a = 0, b = 0;       // as numbers, for dtypes that are floats or integers
  std::string hex_a, hex_b;  // raw bits, most significant digit first: "0x3c58f3b1"
};

struct UlpBin {  // elements that differ by `low` to `high` ULP
  std::uint64_t low = 0, high = 0, elements = 0;
};

// How often a side is what the operator gives when computed in double and rounded once.
struct Rounded {
  std::uint64_t elements = 0, right_a = 0, right_b = 0;
};

struct OutputDistance {
  std::size_t output = 0;  // its number
  std::vector<std::int64_t> shape;
  TensorDistance distance;           // elements, differing, max_ulp, ...; its name is "output/0"
  std::optional<ElementPair> first;  // the first that differs, in row-major order
  std::vector<UlpBin> ulp;           // 1, 2, 3-4, 5-8, ..., only bins that are not empty; floats only
  std::optional<Rounded> rounded;    // if there is a double-precision answer
};

struct CallDistance {
  std::string name;                     // of the operator, with its overload
  bool inputs_equal = true;             // in the runs that kept the call
  std::vector<OutputDistance> outputs;  // those that differ
  std::size_t outputs_compared = 0;
};

// `exact`: the outputs of the same call computed in double and not yet rounded (F64 where the call's are
// F32, F16 or BF16), as `reprise-worker replay --double` writes them; nothing if that could not be done. An
// Error if the files hold different calls.
CallDistance call_distance(const std::filesystem::path& a, const std::filesystem::path& b,
                           const std::optional<std::filesystem::path>& exact);

}  // namespace reprise
