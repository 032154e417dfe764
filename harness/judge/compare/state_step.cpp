// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/state_step.h"

#include <map>
#include <string>

#include "harness/judge/compare/divergence_words.h"

namespace reprise {
namespace {

std::map<std::string, Digest> state_after(const Trace& trace, std::int64_t step) {
  std::map<std::string, Digest> state;
  const auto row = trace.tensors(step);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Column& column = trace.columns()[i];
    if (column.stage == Stage::optimizer && row[i].present() && !is_group_number(column.name) &&
        !column.name.starts_with("scaler"))
      state.emplace(column.name, row[i]);
  }
  return state;
}

}  // namespace

std::optional<std::int64_t> step_with_state(const Trace& whole, const Trace& resumed) {
  const auto wanted = state_after(resumed, 0);
  if (wanted.empty()) return std::nullopt;
  for (std::int64_t step = whole.last_step(); step > 0; --step)
    if (state_after(whole, step) == wanted) return step;
  return std::nullopt;
}

}  // namespace reprise
