// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/read_ahead.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "harness/base/text.h"

namespace reprise {
namespace {

// The tensors of one batch, by what its name says beside the batch's number: ".input_ids".
using Batch = std::map<std::string, Digest>;

// In the order in which they were read: "batch.x", "batch2.x", ...
std::vector<Batch> batches_of(const Trace& trace, std::int64_t step) {
  constexpr std::string_view word = "batch";
  std::map<std::int64_t, Batch> found;
  const auto row = trace.tensors(step);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Column& column = trace.columns()[i];
    if (column.stage != Stage::batch || !row[i].present() || !column.name.starts_with(word)) continue;
    const std::size_t end =
        std::min(column.name.find_first_not_of("0123456789", word.size()), column.name.size());
    const std::string number = column.name.substr(word.size(), end - word.size());
    found[to_integer(number).value_or(1)].emplace(column.name.substr(end), row[i]);
  }
  std::vector<Batch> batches;
  for (auto& [number, batch] : found) batches.push_back(std::move(batch));
  return batches;
}

}  // namespace

bool read_alike(const Trace& whole, std::int64_t step, const Trace& resumed) {
  const auto wanted = batches_of(resumed, 1);
  std::vector<Batch> read = batches_of(whole, step);
  if (read.empty() || wanted.size() < read.size()) return false;
  while (read.size() < wanted.size() && --step > 0) {
    const auto before = batches_of(whole, step);
    read.insert(read.begin(), before.begin(), before.end());
  }
  return read.size() >= wanted.size() && std::equal(wanted.rbegin(), wanted.rend(), read.rbegin());
}

}  // namespace reprise
