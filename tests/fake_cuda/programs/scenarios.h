// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a caller of libreprise_cuda.so does, each compared with the digests of the CPU. Each can be done with
// one mistake, by name; "" is none.
#include <string>

#include "fake_cuda/programs/random_tensor.h"

namespace reprise::fake_cuda {

struct WrongDigest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Scene {
  const reprise_cuda_functions& plugin;
  std::uint64_t seed = 1;
  unsigned count = 10;
  std::string mistake;
  std::size_t most_bytes = 160 << 10;  // of a tensor, but for few
};

// Each throws a WrongDigest, a Refused or an OwnFailure.
void random_layouts(const Scene& scene);  // `count` tensors in batches: streams, lanes, leaves
void training_steps(const Scene& scene);  // weights that change each step, digested aside. no-join,
                                          // no-synchronise, host-read, out-of-bounds
void graph_replays(const Scene& scene);   // unjoined, synchronise-in-capture, other-tensors
void known_answers(const Scene& scene);   // self_test(), also with an answer that is wrong
void large_tensor(const Scene& scene);    // of `count` MiB: its tree has two levels of nodes from 17 on
// A little of all; where the library refuses, the digest of a copy on the CPU.
void whole(const Scene& scene);
void misuses(const Scene& scene);  // what a caller must not do: refused with a sentence

void require_equal(const std::vector<Digest>& found, const std::vector<Digest>& wanted,
                   const std::string& what);

}  // namespace reprise::fake_cuda
