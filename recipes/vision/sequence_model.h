// SPDX-License-Identifier: Apache-2.0
#pragma once
// The transformer of Janus and JanusFlow: one causal model of Llama's form (RMSNorm, rotary positions,
// SwiGLU) over sequences that are put together of what text and images were made into. What goes in and what
// comes out are vectors; which of them are words is the caller's affair.
#include <memory>
#include <vector>

#include "recipes/models/decoder_parts.h"
#include "recipes/models/rotary.h"

namespace reprise {

struct SequenceShape {
  std::int64_t width, layers, heads;
  std::int64_t ffn;     // of SwiGLU
  std::int64_t length;  // of the longest sequence
};

class SequenceModel {
 public:
  // An Error where the heads do not share the width evenly, or it has no layer.
  SequenceModel(Parameters& made, const Setup& setup, const std::string& name, const SequenceShape& shape);
  // x: [batch, length, width] -> the same shape, normed at the end.
  at::Tensor operator()(const at::Tensor& x) const;
  Tensors tables() const { return rotary_.tables(); }

 private:
  struct Layer {
    std::string name;
    RmsNorm norm1, norm2;
    std::unique_ptr<Part> mixer, ffn;
  };
  Rotary rotary_;
  std::vector<Layer> layers_;
  RmsNorm norm_;
};

}  // namespace reprise
