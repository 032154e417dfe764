// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/call_match.h"

#include <algorithm>

namespace reprise {
namespace {

bool is_generator(const OpTensor& tensor) { return tensor.dtype == generator_dtype; }

// By content where both sides have it; else by what is left to compare.
bool agree(const OpTensor& a, const OpTensor& b) {
  if (a.dtype != b.dtype || a.shape != b.shape) return is_generator(a) && a.seen != b.seen;
  if (a.seen != Seen::content || b.seen != Seen::content) return true;
  return a.digest == b.digest;
}

// Inputs without the state of a generator, which a call has only if it drew.
std::vector<OpTensor> tensors_of(const OpCall& call) {
  auto inputs = call.inputs;
  if (draws(call)) inputs.pop_back();
  return inputs;
}

}  // namespace

bool draws(const OpCall& call) { return !call.inputs.empty() && is_generator(call.inputs.back()); }

bool is_python(const OpCall& call) { return call.name == "aten::lift_fresh"; }

std::optional<std::size_t> first_apart(const std::vector<OpTensor>& a, const std::vector<OpTensor>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (!agree(a[i], b[i])) return i;
  if (a.size() != b.size()) return std::min(a.size(), b.size());
  return std::nullopt;
}

bool is_unknown(const OpTensor& input) {
  if (input.dtype.empty()) return false;
  return input.seen == Seen::small || input.seen == Seen::unobserved || input.seen == Seen::unwritten ||
         input.seen == Seen::hidden;
}

bool same_kind(const OpCall& a, const OpCall& b) {
  return a.name == b.name && a.thread == b.thread && a.depth == b.depth && a.phase == b.phase;
}

bool is_unseen(const OpTensor& output) {
  return !output.dtype.empty() && (output.seen == Seen::small || output.seen == Seen::unobserved);
}

DivergenceKind kind_at(const OpCall& a, const OpCall& b, std::size_t& input) {
  const auto in_a = tensors_of(a), in_b = tensors_of(b);
  if (const auto apart = first_apart(in_a, in_b)) {
    input = *apart;
    return DivergenceKind::outside;
  }
  if (a.scalars != b.scalars) return DivergenceKind::numbers;
  if (!first_apart(a.outputs, b.outputs)) return DivergenceKind::none;
  for (input = 0; input < in_a.size(); ++input) {
    const OpTensor &left = in_a[input], &right = in_b[input];
    if (left.seen == Seen::unwritten || right.seen == Seen::unwritten) return DivergenceKind::unwritten;
    if (!is_unknown(left) && !is_unknown(right)) continue;
    return left.writer.empty() && right.writer.empty() ? DivergenceKind::unobserved : DivergenceKind::thread;
  }
  if (draws(a) != draws(b)) return DivergenceKind::generator;
  if (draws(a) && (a.inputs.back().seen != Seen::content || b.inputs.back().seen != Seen::content))
    return DivergenceKind::unobserved;
  return draws(a) && a.inputs.back() != b.inputs.back() ? DivergenceKind::generator : DivergenceKind::result;
}

bool is_by_itself(DivergenceKind kind) {
  return kind == DivergenceKind::numbers || kind == DivergenceKind::unwritten ||
         kind == DivergenceKind::generator;
}

}  // namespace reprise
