// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/measured.h"

namespace reprise {

namespace {

// A seed changes the training itself: its runs differ by intention, which is no measure of how far bits
// agree.
bool intended(const Factor& factor) {
  return factor.promise == Promise::statistical || factor.promise == Promise::none;
}

// Known only where runs were compared that promise something of their bits: runs of several seeds alone show
// nothing of it. Values that nobody ran are left out; the axes say that they are untested.
BitHorizon horizon_of(const Diff& diff, const Verdict& verdict) {
  BitHorizon horizon;
  horizon.steps = diff.steps;
  bool compared = false, meant = false, stepless = false;
  for (const auto& factor : verdict.factors) {
    if (intended(factor.factor)) meant = meant || factor.moved;
    if (intended(factor.factor)) continue;
    for (const auto& value : factor.values) {
      if (value.finding == Finding::untested) continue;
      compared = true;
      if (value.step && (!horizon.parts_at || *value.step < *horizon.parts_at)) horizon.parts_at = value.step;
      stepless = stepless || (value.finding != Finding::identical && !value.step);
    }
  }
  // Several classes that no axis accounts for, or short runs of one plan that parted: where is not told.
  const bool elsewhere = stepless || verdict.repeats_part || (!diff.all_equal() && !meant);
  horizon.known = verdict.tested >= 2 && compared && (horizon.parts_at || !elsewhere);
  return horizon;
}

}  // namespace

Measured measured_of(const Matrix& matrix, const Diff& diff, const Verdict& verdict, std::string file) {
  Measured found;
  found.recipe = matrix.recipe;
  found.recipe_id = diff.recipe_id;
  found.matrix = std::move(file);
  found.tested = verdict.tested;
  found.untested = verdict.untested;
  found.classes = verdict.tested == 0 ? 0 : diff.classes.size();
  for (const auto& factor : verdict.factors)
    found.axes.push_back({factor.factor.name, factor.finding, factor.found});
  found.horizon = horizon_of(diff, verdict);
  found.headline = verdict.headline;
  return found;
}

std::string classes_words(const Measured& measured) {
  if (measured.tested == 0) return "no run finished";
  return fmt::format("{} class{} in {} run{}", measured.classes, measured.classes == 1 ? "" : "es",
                     measured.tested, measured.tested == 1 ? "" : "s");
}

std::string horizon_words(const BitHorizon& horizon) {
  if (!horizon.known) return "not told";
  if (!horizon.parts_at) return fmt::format("to the end ({} steps)", horizon.steps);
  if (*horizon.parts_at == 0) return "parts before training";
  return fmt::format("parts at step {} of {}", *horizon.parts_at, horizon.steps);
}

}  // namespace reprise
