// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/cure/cure.h"

#include <algorithm>
#include <limits>

namespace reprise {

std::span<const Word<CureState>> words_of(CureState) {
  static constexpr Word<CureState> words[] = {{CureState::holds, "holds"},
                                              {CureState::not_confirmed, "not confirmed"},
                                              {CureState::parts, "parts"},
                                              {CureState::parts_later, "parts later"},
                                              {CureState::not_run, "untested"}};
  return words;
}

std::span<const Word<CureAnswer>> words_of(CureAnswer) {
  static constexpr Word<CureAnswer> words[] = {{CureAnswer::not_moved, "not moved"},
                                               {CureAnswer::found, "found"},
                                               {CureAnswer::own_axis, "only the axis itself"},
                                               {CureAnswer::none, "none of these"},
                                               {CureAnswer::untested, "untested"}};
  return words;
}

CureState CureTry::state() const {
  if (few.parts()) return CureState::parts;
  if (whole && whole->equal()) return CureState::holds;
  if (whole) return whole->parts() ? CureState::parts_later : CureState::not_run;
  return few.equal() ? CureState::not_confirmed : CureState::not_run;
}

std::optional<double> CureTry::ratio() const { return whole && whole->ratio ? whole->ratio : few.ratio; }

namespace {

// What was not measured is the dearest.
double price_of(const CureTry& one) { return one.ratio().value_or(std::numeric_limits<double>::infinity()); }

// Those of one number of pins: the cheapest, the earlier one where two cost the same.
bool is_before(const CureTry& a, const CureTry& b) {
  if (a.pins.size() != b.pins.size()) return a.pins.size() < b.pins.size();
  return price_of(a) < price_of(b);
}

}  // namespace

std::vector<std::size_t> front_of(const std::vector<CureTry>& tries, bool confirmed, double noise) {
  std::vector<std::size_t> sorted;
  for (std::size_t i = 0; i < tries.size(); ++i) {
    const CureState state = tries[i].state();
    const bool counts = state == CureState::holds || (!confirmed && state == CureState::not_confirmed);
    if (counts && !tries[i].own_axis) sorted.push_back(i);
  }
  std::ranges::stable_sort(sorted,
                           [&](std::size_t a, std::size_t b) { return is_before(tries[a], tries[b]); });
  std::vector<std::size_t> front;
  for (const auto index : sorted)
    if (front.empty() || price_of(tries[index]) < price_of(tries[front.back()]) * (1 - noise))
      front.push_back(index);
  return front;
}

int exit_code_of(const Cure& cure) {
  if (cure.answer == CureAnswer::untested) return 2;
  return cure.answer == CureAnswer::found || cure.answer == CureAnswer::not_moved ? 0 : 1;
}

}  // namespace reprise
