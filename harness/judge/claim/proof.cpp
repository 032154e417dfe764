// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/proof.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "harness/base/error.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/judge/compare/float_forms.h"
#include "harness/judge/compare/trace_divergence.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

struct Sums {
  double l1 = 0, squares = 0, linf = 0, product = 0, left = 0, right = 0;
  bool differ = false, strange = false;  // in bits; by what has no distance
};

template <class Form>
void add_values(std::span<const std::byte> a, std::span<const std::byte> b, Sums& sums) {
  using Bits = typename Form::Bits;
  for (std::size_t at = 0; at < a.size(); at += sizeof(Bits)) {
    Bits left, right;
    std::memcpy(&left, a.data() + at, sizeof left);
    std::memcpy(&right, b.data() + at, sizeof right);
    const double x = Form::value(left), y = Form::value(right), gap = std::abs(x - y);
    sums.differ = sums.differ || left != right;
    sums.strange = sums.strange || !std::isfinite(x) || !std::isfinite(y);
    sums.l1 += gap;
    sums.squares += gap * gap;
    sums.linf = std::max(sums.linf, gap);
    sums.product += x * y;
    sums.left += x * x;
    sums.right += y * y;
  }
}

bool is_weight(const FileTensor& tensor) { return tensor.name.starts_with("weights/"); }

std::vector<FileTensor> weights_in(const fs::path& file) {
  auto tensors = read_checkpoint(file).tensors;
  std::erase_if(tensors, [](const FileTensor& tensor) { return !is_weight(tensor); });
  if (tensors.empty()) fail("wanted a checkpoint with weights, found none in {}", file.string());
  return tensors;
}

bool same_form(const FileTensor& a, const FileTensor& b) {
  return a.name == b.name && a.dtype == b.dtype && a.shape == b.shape;
}

}  // namespace

WeightsDistance weights_distance(const fs::path& a, const fs::path& b) {
  const auto left = weights_in(a), right = weights_in(b);
  if (!std::ranges::equal(left, right, same_form))
    fail("wanted the same weights in {} and {}, found others by name, type or shape", a.string(), b.string());
  Sums sums;
  for (std::size_t i = 0; i < left.size(); ++i) {
    const Kept ours = row_major(left[i]), theirs = row_major(right[i]);
    const bool measured = with_float_form(
        left[i].dtype, [&](auto form) { add_values<decltype(form)>(ours.bytes, theirs.bytes, sums); });
    if (!measured && !std::ranges::equal(ours.bytes, theirs.bytes)) sums.differ = sums.strange = true;
  }
  if (sums.strange && sums.differ) return {INFINITY, INFINITY, INFINITY, INFINITY};
  if (!sums.differ) return {};
  const double lengths = std::sqrt(sums.left) * std::sqrt(sums.right);
  return {sums.l1, std::sqrt(sums.squares), sums.linf, lengths > 0 ? 1 - sums.product / lengths : 1};
}

bool within(const WeightsDistance& apart, const WeightsDistance& thresholds) {
  return apart.l1 <= thresholds.l1 && apart.l2 <= thresholds.l2 && apart.linf <= thresholds.linf &&
         apart.cos <= thresholds.cos;
}

std::vector<Segment> segments_of(const fs::path& run_folder, std::int64_t interval, std::int64_t last_step) {
  const auto kept = kept_checkpoints(run_folder);
  const auto file_at = [&](std::int64_t step) {
    const auto found = kept.find(step);
    if (found == kept.end())
      fail("wanted the checkpoint of step {} in {}, found none; run it again with --again", step,
           (run_folder / "checkpoints").string());
    return found->second;
  };
  std::vector<Segment> segments;
  for (std::int64_t from = 0; from < last_step; from += interval) {
    const std::int64_t to = std::min(from + interval, last_step);
    segments.push_back({from, to, file_at(from), file_at(to)});
    segments.back().moved = weights_distance(segments.back().first, segments.back().last);
  }
  return segments;
}

std::vector<Segment> furthest(std::vector<Segment> segments, std::size_t count) {
  std::ranges::stable_sort(segments, std::greater{}, [](const Segment& one) { return one.moved.l2; });
  if (segments.size() > count) segments.resize(count);
  std::ranges::sort(segments, {}, &Segment::from);
  return segments;
}

}  // namespace reprise
