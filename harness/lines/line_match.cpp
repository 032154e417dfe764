// SPDX-License-Identifier: Apache-2.0
#include "harness/lines/line_match.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>

namespace reprise {
namespace {

using Lines = std::span<const TextLine>;
constexpr std::size_t most_cells = 4'000'000;  // of a table that finds the best order

// A part of both texts, between what stands alike at their ends.
struct Middle {
  Lines a, b;
  std::size_t from = 0;  // of both
  LineMatch& into;

  void pair(std::size_t i, std::size_t j) const { into.pairs.emplace_back(from + i, from + j); }
};

std::vector<std::uint64_t> sorted(Lines lines, std::uint64_t TextLine::*digest) {
  std::vector<std::uint64_t> all;
  for (const auto& line : lines) all.push_back(line.*digest);
  std::ranges::sort(all);
  return all;
}

// The n-th of its digest in one text is the n-th in the other; what has no partner stays.
void match_by(const Middle& middle, std::uint64_t TextLine::*digest, std::vector<bool>& used_a,
              std::vector<bool>& used_b) {
  std::map<std::uint64_t, std::pair<std::vector<std::size_t>, std::size_t>> open;
  for (std::size_t j = 0; j < middle.b.size(); ++j)
    if (!used_b[j]) open[middle.b[j].*digest].first.push_back(j);
  for (std::size_t i = 0; i < middle.a.size(); ++i) {
    if (used_a[i]) continue;
    const auto found = open.find(middle.a[i].*digest);
    if (found == open.end() || found->second.second == found->second.first.size()) continue;
    const std::size_t j = found->second.first[found->second.second++];
    used_a[i] = used_b[j] = true;
    middle.pair(i, j);
  }
}

void match_anywhere(const Middle& middle, bool equal_first) {
  std::vector<bool> used_a(middle.a.size()), used_b(middle.b.size());
  if (equal_first) match_by(middle, &TextLine::said, used_a, used_b);
  match_by(middle, &TextLine::counted, used_a, used_b);
  match_by(middle, &TextLine::words, used_a, used_b);
}

std::uint32_t likeness(const TextLine& a, const TextLine& b) {
  if (a.said == b.said) return 16;
  if (a.counted == b.counted) return 10;
  if (a.words == b.words) return 4;
  return a.first == b.first ? 1 : 0;
}

// The most alike pairs that keep their order.
void match_in_order(const Middle& middle) {
  const std::size_t n = middle.a.size(), m = middle.b.size(), width = m + 1;
  std::vector<std::uint32_t> best((n + 1) * width);
  for (std::size_t i = n; i-- > 0;)
    for (std::size_t j = m; j-- > 0;) {
      const std::uint32_t alike = likeness(middle.a[i], middle.b[j]);
      best[i * width + j] = std::max({best[(i + 1) * width + j], best[i * width + j + 1],
                                      alike > 0 ? alike + best[(i + 1) * width + j + 1] : 0});
    }
  for (std::size_t i = 0, j = 0; i < n && j < m;) {
    const std::uint32_t alike = likeness(middle.a[i], middle.b[j]);
    if (alike > 0 && best[i * width + j] == alike + best[(i + 1) * width + j + 1])
      middle.pair(i++, j++);
    else if (best[i * width + j] == best[(i + 1) * width + j])
      ++i;
    else
      ++j;
  }
}

void match_middle(const Middle& middle, bool several) {
  const auto &a = middle.a, &b = middle.b;
  if (a.size() == b.size() && sorted(a, &TextLine::said) == sorted(b, &TextLine::said)) {
    middle.into.other_order = !a.empty();
    std::vector<bool> used_a(a.size()), used_b(b.size());
    return match_by(middle, &TextLine::said, used_a, used_b);
  }
  if (several) return match_anywhere(middle, true);
  if (std::ranges::equal(a, b, {}, &TextLine::words, &TextLine::words)) {
    for (std::size_t i = 0; i < a.size(); ++i) middle.pair(i, i);
    return;
  }
  if (a.size() <= most_cells / std::max<std::size_t>(b.size(), 1)) return match_in_order(middle);
  match_anywhere(middle, false);
}

std::vector<std::size_t> unpaired(std::size_t count, std::vector<std::size_t> paired) {
  std::ranges::sort(paired);
  std::vector<std::size_t> alone;
  for (std::size_t i = 0; i < count; ++i)
    if (!std::ranges::binary_search(paired, i)) alone.push_back(i);
  return alone;
}

}  // namespace

LineMatch match_lines(const std::vector<TextLine>& a, const std::vector<TextLine>& b, bool several) {
  LineMatch match;
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && a[front].said == b[front].said) ++front;
  while (back < shorter - front && a[a.size() - 1 - back].said == b[b.size() - 1 - back].said) ++back;
  for (std::size_t i = 0; i < front; ++i) match.pairs.emplace_back(i, i);
  match_middle({Lines(a).subspan(front, a.size() - front - back),
                Lines(b).subspan(front, b.size() - front - back), front, match},
               several);
  for (std::size_t i = back; i > 0; --i) match.pairs.emplace_back(a.size() - i, b.size() - i);
  std::ranges::sort(match.pairs);
  std::vector<std::size_t> paired_a, paired_b;
  for (const auto& [i, j] : match.pairs) {
    paired_a.push_back(i);
    paired_b.push_back(j);
  }
  match.alone_a = unpaired(a.size(), std::move(paired_a));
  match.alone_b = unpaired(b.size(), std::move(paired_b));
  return match;
}

}  // namespace reprise
