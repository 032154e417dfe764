// SPDX-License-Identifier: Apache-2.0
#pragma once
// OpenELM's layer-wise scaling (apple/corenet, projects/openelm): the first layers are narrow and the last
// ones wide. Two multipliers of the model's width rise linearly over the layers, rounded to two decimals;
// what they give is made divisible. That rounding decides shapes, so it is a table in the tests.
#include <cstdint>
#include <vector>

namespace reprise {

struct LayerScaling {
  std::int64_t layers, width, head;
  std::int64_t group;          // query heads that share one head of keys and values
  double qkv_first, qkv_last;  // multipliers of the width that give the queries' size
  double ffn_first, ffn_last;  // and the feed-forward layer's
  std::int64_t ffn_step;       // what the latter is a multiple of
};

struct LayerShape {
  std::int64_t heads, kv_heads, ffn;
  bool operator==(const LayerShape&) const = default;
};

// One shape per layer.
std::vector<LayerShape> scaled_layers(const LayerScaling& scaling);

// The nearest multiple of `step`, halves up, at least one; one step more where that is below 0.9 of the
// value.
std::int64_t made_divisible(double value, std::int64_t step);

}  // namespace reprise
