// SPDX-License-Identifier: Apache-2.0
#pragma once
// The ways in which LibTorch draws, and what of each is portable: between cards by the grid rule
// (grid_rule.h), between processors by what its kernels are made of.
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "harness/base/words.h"
#include "probes/streams/cards.h"

namespace reprise {

// How a card hands out numbers: in turn among as many threads as it holds; so too, four to a thread in a row;
// or by element, whatever the card.
enum class CardRule { grid, four_in_a_row, by_element };
std::span<const Word<CardRule>> words_of(CardRule rule);

// What the same draw on two processors needs to give the same bits: nothing; AVX2 or AVX-512 on both, or on
// neither; the same mathematics library.
enum class CpuRule { everywhere, vectors, libm };
std::span<const Word<CpuRule>> words_of(CpuRule rule);

struct DrawKind {
  std::string_view name, operators;
  std::string_view probe;  // that draws so; "": none does
  CardRule card;
  CpuRule cpu;
  // Beside it, of how the rule is known: "" read in LibTorch's sources 2.4 and 2.7.
  std::string_view remark = "";
};
std::span<const DrawKind> draw_kinds();

// The largest draw that is the same on both cards; nothing where every draw is.
std::optional<std::int64_t> same_up_to(const DrawKind& kind, const CudaCard& a, const CudaCard& b);
// The largest draw of 32-bit numbers after which both generators stand at the same place, so that what is
// drawn next can be the same; nothing where they always do.
std::optional<std::int64_t> same_after(const DrawKind& kind, const CudaCard& a, const CudaCard& b);

}  // namespace reprise
