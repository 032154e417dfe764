// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/mof.h"

#include <algorithm>

#include "harness/judge/card/licence.h"

namespace reprise {

std::span<const Word<Standing>> words_of(Standing /*of*/) {
  static constexpr Word<Standing> words[] = {
      {Standing::included, "included"},     {Standing::warned, "included, unusual licence"},
      {Standing::unlicensed, "unlicensed"}, {Standing::invalid, "licence not open"},
      {Standing::missing, "missing"},       {Standing::unsaid, "no source"}};
  return words;
}

bool counts(Standing standing) { return standing == Standing::included || standing == Standing::warned; }

namespace {

Standing standing_of(const ComponentClaim& claim, const std::string& licence) {
  if (claim.published == Published::unsaid) return Standing::unsaid;
  if (claim.published != Published::yes) return Standing::missing;
  if (licence.empty()) return Standing::unsaid;
  if (is_open(licence))
    return is_preferred(licence, claim.component->content) ? Standing::included : Standing::warned;
  return licence == unlicensed ? Standing::unlicensed : Standing::invalid;
}

using Standings = std::vector<ComponentStanding>;

// Whether each component counts, in the table's order, if what is unsaid does (`hoping`) or does not.
bool holds(const ComponentStanding& one, bool hoping) {
  return counts(one.standing) || (hoping && one.standing == Standing::unsaid);
}

const ComponentStanding& named(const Standings& all, std::string_view name) {
  return *std::ranges::find_if(
      all, [&](const ComponentStanding& one) { return one.claim->component->name == name; });
}

// The paper may stand for the report in III and II; then I asks for one thing less.
MofClass reckon(const Standings& all, int number, bool hoping) {
  MofClass found;
  found.number = number;
  for (const auto& one : all) {
    const Component& component = *one.claim->component;
    if (!component.required || component.enters_at < number) continue;
    ++found.required;
    if (holds(one, hoping)) ++found.included;
  }
  const bool replaced =
      !holds(named(all, components::report), hoping) && holds(named(all, components::paper), hoping);
  if (replaced && number > 1) ++found.included;
  if (replaced && number == 1) --found.required;
  found.included = std::min(found.included, found.required);
  return found;
}

std::array<MofClass, 3> reckon_all(const Standings& all, bool hoping) {
  std::array<MofClass, 3> classes;
  bool below = true;
  for (int number = 3; number >= 1; --number) {
    MofClass& one = classes.at(static_cast<std::size_t>(3 - number));
    one = reckon(all, number, hoping);
    if (below) one.progress = 100.0 * static_cast<double>(one.included) / static_cast<double>(one.required);
    below = below && one.included == one.required;
  }
  return classes;
}

int best_of(const std::array<MofClass, 3>& classes) {
  int best = 0;
  for (const auto& one : classes)
    if (one.progress == 100.0) best = one.number;
  return best;
}

}  // namespace

Mof mof_of(const Card& card) {
  Mof mof;
  for (const auto& claim : card.components) {
    const std::string licence = licence_of(card, claim);
    mof.components.push_back({&claim, licence, standing_of(claim, licence)});
  }
  mof.classes = reckon_all(mof.components, false);
  mof.reached = best_of(mof.classes);
  mof.possible = best_of(reckon_all(mof.components, true));
  const int next = mof.possible == 0 ? 3 : mof.possible - 1;
  const bool paper = holds(named(mof.components, components::paper), true);
  for (const auto& one : mof.components) {
    const Component& component = *one.claim->component;
    if (!component.required || component.enters_at < next || holds(one, true)) continue;
    if (component.name == components::report && paper) continue;
    mof.ruled_out_by.emplace_back(component.name);
  }
  return mof;
}

std::string roman(int number) {
  return number == 0 ? "none" : std::string(static_cast<std::size_t>(number), 'I');
}

std::string class_words(const Mof& mof) {
  if (mof.possible == mof.reached) return roman(mof.reached);
  return mof.reached == 0 ? "not shown" : "at least " + roman(mof.reached);
}

}  // namespace reprise
