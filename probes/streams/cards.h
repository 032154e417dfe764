// SPDX-License-Identifier: Apache-2.0
#pragma once
// Cards by the names people give them, with what decides how they draw. What a card of this machine has, its
// driver tells (harness/machine/gpu.h); these are for cards that are elsewhere.
#include <cstdint>
#include <span>
#include <string>

namespace reprise {

struct CudaCard {
  std::string name;
  int processors = 0, threads_per_processor = 0;
  bool sure = true;  // false: nobody has confirmed the threads
  std::int64_t at_once() const;
};

// Sorted by how many numbers they draw at once.
std::span<const CudaCard> known_cuda_cards();

// By its name, whatever its case and spaces; or PROCESSORSxTHREADS, "132x2048", of any other card. An Error
// with the nearest name.
CudaCard cuda_card_like(const std::string& text);

}  // namespace reprise
