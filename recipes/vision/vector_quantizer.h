// SPDX-License-Identifier: Apache-2.0
#pragma once
// Codes of latents as Janus's tokenizer makes them (deepseek-ai/Janus, janus/models/vq_model.py): the nearest
// of a book of unit vectors to the latent made a unit vector, with a straight-through gradient: backward, the
// chosen code is the latent. Distances are direct differences, not |z|^2 + |e|^2 - 2 z e, which round
// otherwise near a tie; of equals the lower index is chosen; and codes are read by a product with one-hot
// rows, so that no gradient is scattered.
#include "recipes/models/parameters.h"

namespace reprise {

// z: [n, size], book: [codes, size] -> I64 of [n]: the index with the least sum of (z - e)^2, the lower one
// of equals.
at::Tensor nearest_codes(const at::Tensor& z, const at::Tensor& book);

struct Quantized {
  at::Tensor index;    // I64 of [batch, positions]
  at::Tensor latents;  // [batch, positions, size]: the codes; their gradient is the latents'
  at::Tensor book;     // one element: mean (code - latent)^2, for the book alone
  at::Tensor commit;   // the same, for the latents alone
};

class VectorQuantizer {
 public:
  // An Error unless there are two codes or more.
  VectorQuantizer(Parameters& made, const std::string& name, std::int64_t codes, std::int64_t size);
  // z: [batch, positions, size].
  Quantized operator()(const at::Tensor& z) const;
  // [codes, size], unit vectors.
  at::Tensor codes() const;
  // index: I64 of any shape -> [..., size].
  at::Tensor read(const at::Tensor& index) const;

 private:
  at::Tensor book_;
};

}  // namespace reprise
