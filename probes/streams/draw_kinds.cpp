// SPDX-License-Identifier: Apache-2.0
#include "probes/streams/draw_kinds.h"

#include <algorithm>

namespace reprise {
namespace {

constexpr Word<CardRule> card_words[] = {{CardRule::grid, "by the card's threads"},
                                         {CardRule::four_in_a_row, "four in a row by the card's threads"},
                                         {CardRule::by_element, "by element"}};
constexpr Word<CpuRule> cpu_words[] = {{CpuRule::everywhere, "the same"},
                                       {CpuRule::vectors, "the same with AVX2 and AVX-512, other without"},
                                       {CpuRule::libm, "the same with the same libm"}};

constexpr DrawKind kinds[] = {
    {"uniform", "rand, uniform_", "rand", CardRule::grid, CpuRule::everywhere},
    {"normal", "randn, normal_", "randn", CardRule::grid, CpuRule::vectors},
    {"integers", "randint, random_", "random-integers", CardRule::grid, CpuRule::everywhere},
    {"bernoulli", "bernoulli_ with one probability", "", CardRule::grid, CpuRule::everywhere},
    {"exponential", "exponential_, cauchy_, log_normal_, geometric_", "exponential", CardRule::grid,
     CpuRule::libm},
    {"rrelu", "rrelu", "", CardRule::grid, CpuRule::everywhere},
    {"randperm", "randperm", "randperm", CardRule::grid, CpuRule::everywhere,
     "by its keys, as many as its numbers"},
    {"multinomial once", "multinomial without replacement, or of one", "multinomial-once", CardRule::grid,
     CpuRule::libm, "by one exponential number for each weight"},
    {"dropout", "dropout", "dropout", CardRule::four_in_a_row, CpuRule::everywhere,
     "of contiguous tensors of a multiple of 4 elements; others are as uniform numbers"},
    {"bernoulli by element", "bernoulli with a tensor", "bernoulli", CardRule::by_element,
     CpuRule::everywhere},
    {"poisson", "poisson, gamma, binomial", "poisson", CardRule::by_element, CpuRule::libm},
    {"multinomial", "multinomial with replacement", "multinomial", CardRule::by_element, CpuRule::everywhere},
};

std::int64_t smaller(const CudaCard& a, const CudaCard& b) { return std::min(a.at_once(), b.at_once()); }

}  // namespace

std::span<const Word<CardRule>> words_of(CardRule /*rule*/) { return card_words; }
std::span<const Word<CpuRule>> words_of(CpuRule /*rule*/) { return cpu_words; }
std::span<const DrawKind> draw_kinds() { return kinds; }

std::optional<std::int64_t> same_up_to(const DrawKind& kind, const CudaCard& a, const CudaCard& b) {
  if (kind.card == CardRule::by_element || a.at_once() == b.at_once()) return std::nullopt;
  return kind.card == CardRule::grid ? smaller(a, b) : 4 * smaller(a, b);
}

std::optional<std::int64_t> same_after(const DrawKind& kind, const CudaCard& a, const CudaCard& b) {
  if (kind.card == CardRule::by_element || a.at_once() == b.at_once()) return std::nullopt;
  return 4 * smaller(a, b);
}

}  // namespace reprise
