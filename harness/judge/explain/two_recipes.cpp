// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/two_recipes.h"

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"

namespace reprise {
namespace {

using Calls = std::vector<OpCall>;
using Contents = std::set<Digest>;

std::map<std::string, std::size_t> weights_of(const Trace& trace, const std::vector<Rename>& renames) {
  std::map<std::string, std::size_t> weights;
  for (std::size_t i = 0; i < trace.columns().size(); ++i)
    if (trace.columns()[i].stage == Stage::weights)
      weights.emplace(renamed(trace.columns()[i].name, renames), i);
  return weights;
}

struct Pair {
  std::string name;
  std::size_t a, b;  // columns
};

// The weights without a partner, if those of the one side have the forms of the other's, one by one.
void pair_by_order(const Trace& a, const Trace& b, const std::map<std::string, std::size_t>& alone_a,
                   const std::map<std::string, std::size_t>& alone_b, std::vector<Pair>& pairs,
                   WeightsDivergence& divergence) {
  const auto in_order = [](const std::map<std::string, std::size_t>& alone) {
    std::vector<std::pair<std::size_t, std::string>> columns;
    for (const auto& [name, column] : alone) columns.emplace_back(column, name);
    std::ranges::sort(columns);
    return columns;
  };
  const auto left = in_order(alone_a), right = in_order(alone_b);
  const bool fit = std::ranges::equal(left, right, [&](const auto& one, const auto& other) {
    const Column &x = a.columns()[one.first], &y = b.columns()[other.first];
    return x.dtype == y.dtype && x.shape == y.shape;
  });
  for (std::size_t i = 0; fit && i < left.size(); ++i) {
    pairs.push_back({right[i].second, left[i].first, right[i].first});
    divergence.compared.push_back(right[i].second);
    divergence.by_order.emplace_back(left[i].second, right[i].second);
  }
  if (fit) return;
  for (const auto& [name, column] : alone_a) divergence.only_a.push_back(name);
  for (const auto& [name, column] : alone_b) divergence.only_b.push_back(name);
}

std::vector<Pair> pair_up(const Trace& a, const Trace& b, const std::vector<Rename>& renames,
                          WeightsDivergence& divergence) {
  auto left = weights_of(a, renames), right = weights_of(b, {});
  std::vector<Pair> pairs;
  for (auto one = left.begin(); one != left.end();) {
    const auto other = right.find(one->first);
    if (other == right.end()) {
      ++one;
      continue;
    }
    pairs.push_back({one->first, one->second, other->second});
    divergence.compared.push_back(one->first);
    right.erase(other);
    one = left.erase(one);
  }
  pair_by_order(a, b, left, right, pairs, divergence);
  return pairs;
}

Contents contents_of(const Calls& calls) {
  Contents contents;
  for (const auto& call : calls)
    for (const auto* tensors : {&call.inputs, &call.outputs})
      for (const auto& tensor : *tensors)
        if (tensor.seen == Seen::content) contents.insert(tensor.digest);
  return contents;
}

// Random streams are told otherwise by either side, so the state of a generator says nothing.
bool knows(const Contents& contents, const OpTensor& tensor) {
  if (tensor.dtype == generator_dtype) return true;
  return tensor.seen != Seen::content || contents.contains(tensor.digest);
}

bool makes_its_own(const OpCall& call, const Contents& others) {
  const auto known = [&](const OpTensor& tensor) { return knows(others, tensor); };
  return std::ranges::all_of(call.inputs, known) && !std::ranges::all_of(call.outputs, known);
}

// In order; of nested ones the innermost.
std::vector<std::size_t> own_calls(const Calls& calls, const Contents& others) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (!makes_its_own(calls[i], others)) continue;
    if (!found.empty() && i < end_of(calls, found.back())) found.pop_back();
    found.push_back(i);
  }
  return found;
}

bool same_form(const OpCall& a, const OpCall& b) {
  return std::ranges::equal(a.outputs, b.outputs, [](const OpTensor& left, const OpTensor& right) {
    return left.dtype == right.dtype && left.shape == right.shape;
  });
}

bool same_inputs(const OpCall& a, const OpCall& b) {
  return std::ranges::equal(a.inputs, b.inputs, [](const OpTensor& left, const OpTensor& right) {
    return left.dtype == right.dtype && left.shape == right.shape &&
           (left.digest == right.digest || left.dtype == generator_dtype);
  });
}

DivergenceKind kind_of(const OpCall& a, const OpCall& b) {
  if (a.name != b.name || !same_inputs(a, b)) return DivergenceKind::calls;
  return a.scalars != b.scalars ? DivergenceKind::numbers : DivergenceKind::result;
}

}  // namespace

WeightsDivergence weights_divergence(const Trace& a, const Trace& b, const std::vector<Rename>& renames,
                                     std::int64_t align) {
  WeightsDivergence divergence;
  divergence.align = align;
  const auto pairs = pair_up(a, b, renames, divergence);
  if (pairs.empty())
    fail(
        "wanted weights that both traces have under one name, found none: {} has {}, {} has {}; --rename "
        "OLD=NEW changes a prefix of the first one's names",
        a.path().string(), divergence.only_a.empty() ? "no weights" : divergence.only_a.front(),
        b.path().string(), divergence.only_b.empty() ? "no weights" : divergence.only_b.front());
  divergence.steps = std::min(a.last_step() - align, b.last_step());
  const std::int64_t begin = std::max(a.first_step() - align, b.first_step());
  if (divergence.steps < 1 || divergence.steps < begin)
    fail("{} and {} have no step in common, so no training can be compared{}", a.path().string(),
         b.path().string(),
         align == 0 ? std::string()
                    : fmt::format("; the first ends after step {}, found --align {}", a.last_step(), align));
  for (std::int64_t step = begin; step <= divergence.steps; ++step) {
    const auto row_a = a.tensors(step + align), row_b = b.tensors(step);
    for (const auto& pair : pairs)
      if (row_a[pair.a] != row_b[pair.b]) divergence.differing.push_back(pair.name);
    if (divergence.differing.empty()) continue;
    divergence.step = step;
    break;
  }
  return divergence;
}

OperatorDivergence content_split(const Calls& a, const Calls& b) {
  const auto own_a = own_calls(a, contents_of(b)), own_b = own_calls(b, contents_of(a));
  OperatorDivergence divergence;
  divergence.a = own_a.empty() ? a.size() : own_a.front();
  divergence.b = own_b.empty() ? b.size() : own_b.front();
  if (own_a.empty() && own_b.empty()) return divergence;
  divergence.kind = DivergenceKind::calls;
  // Of what stands for one another the results have one form; scratch memory of one side has no partner.
  for (const auto i : own_a) {
    const auto partner = std::ranges::find_if(own_b, [&](std::size_t j) { return same_form(a[i], b[j]); });
    if (partner == own_b.end()) continue;
    divergence.a = i;
    divergence.b = *partner;
    divergence.kind = kind_of(a[i], b[*partner]);
    break;
  }
  return divergence;
}

}  // namespace reprise
