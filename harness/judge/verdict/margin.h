// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whether a difference of bits matters: the declared metric of the runs on both sides of a factor, within the
// margin declared before the runs.
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "harness/evidence/pin_readers.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"

namespace reprise {

class Starts;

// One run, and where it ran: what decides which of its pins were read.
struct RunPlace {
  Plan plan;
  Host host;
  const Trace* trace;  // outlives it
};

// The configurations that are done, and what is known of them: configurations[i] is diff->traces[i].
struct Tested {
  const Diff* diff;
  std::vector<const Configuration*> configurations;
  std::vector<Factor> factors;
  std::optional<Metric> metric;
  std::vector<RunPlace> places = {};  // of the same; empty: unknown, and every pin counts as read
  Starts* starts = nullptr;           // tells which runs did not start alike; nothing: not looked at
  std::int64_t agree_to = std::numeric_limits<std::int64_t>::max();  // runs of one plan agree as far
};

struct MarginVerdict {
  Finding finding;       // equivalent, different or inconclusive
  std::string sentence;  // the numbers, or what is needed
};

// `value` of the factor against its first value. A side is the runs that agree in every factor but the
// statistical ones and the repeat; runs with equal chains count once, runs that ended early not at all. Where
// the other factors make several pairs of sides, each pair whose bits moved is tested and the worst one
// speaks.
MarginVerdict within_margin(const Tested& tested, const Factor& factor, const std::string& value);

}  // namespace reprise
