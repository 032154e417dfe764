// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/plain_values.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace reprise {
namespace {

using Values = std::vector<PlainValue>;

auto by_name_and_text(const PlainValue& value) { return std::tie(value.name, value.text); }

Values without(const Values& from, const Values& taken) {
  Values rest;
  std::ranges::set_difference(from, taken, std::back_inserter(rest), {}, by_name_and_text, by_name_and_text);
  return rest;
}

bool is_only_one(const Values& values, std::size_t at) {
  return (at == 0 || values[at - 1].name != values[at].name) &&
         (at + 1 == values.size() || values[at + 1].name != values[at].name);
}

// What is left on both sides under one name, once on each, is a value that differs.
void pair_up(const Values& left, const Values& right, PlainDiff& diff) {
  std::size_t a = 0, b = 0;
  while (a < left.size() || b < right.size()) {
    if (b == right.size() || (a < left.size() && left[a].name < right[b].name)) {
      diff.only_left.push_back(left[a++]);
    } else if (a == left.size() || right[b].name < left[a].name) {
      diff.only_right.push_back(right[b++]);
    } else if (is_only_one(left, a) && is_only_one(right, b)) {
      diff.differing.push_back({left[a].name, left[a].text, right[b].text});
      ++a, ++b;
    } else {
      const std::string name = left[a].name;
      while (a < left.size() && left[a].name == name) diff.only_left.push_back(left[a++]);
      while (b < right.size() && right[b].name == name) diff.only_right.push_back(right[b++]);
    }
  }
}

}  // namespace

PlainDiff compare_plain(const CheckpointFile& left, const CheckpointFile& right,
                        const std::vector<Rename>& renames) {
  Values ours = left.plain, theirs = right.plain;
  for (PlainValue& value : ours) value.name = renamed(value.name, renames);
  std::ranges::sort(ours, {}, by_name_and_text);
  std::ranges::sort(theirs, {}, by_name_and_text);
  PlainDiff diff;
  const Values only_ours = without(ours, theirs), only_theirs = without(theirs, ours);
  diff.equal = ours.size() - only_ours.size();
  diff.left_out = left.scalars - left.plain.size() + right.scalars - right.plain.size();
  pair_up(only_ours, only_theirs, diff);
  if (left.values == right.values) return diff;
  diff.no_place_left = diff.only_left.size();
  diff.no_place_right = diff.only_right.size();
  diff.only_left.clear();
  diff.only_right.clear();
  return diff;
}

}  // namespace reprise
