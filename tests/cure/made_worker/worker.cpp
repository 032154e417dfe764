// SPDX-License-Identifier: Apache-2.0
// A worker without LibTorch whose bits move with the number of threads unless pins hold them. Arguments: the
// plan, the trace, and a file of rules, one a line: "holds onednn=off nnpack=off" (to the end), "until 30
// nnpack=off" (up to step 29), "slow 2.5 onednn=off" (times the time of a step), "fails nnpack=off". A rule
// is for plans that have all of its pins.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "harness/base/files.h"
#include "harness/plan/plan.h"
#include "harness/plan/worker_event.h"
#include "small_trace.h"

namespace {

using namespace reprise;

struct Planted {
  std::int64_t parts_at = 2;
  double milliseconds = 10;
  bool fails = false;
};

bool has_pins(const Plan& plan, std::istream& words) {
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if (pin_value(plan.pins, word.substr(0, equals)) != word.substr(equals + 1)) return false;
  }
  return true;
}

Planted planted_in(const char* file, const Plan& plan) {
  Planted planted;
  std::ifstream rules(file);
  for (std::string line; std::getline(rules, line);) {
    std::istringstream words(line);
    std::string kind;
    double number = 0;
    words >> kind;
    if (kind == "until" || kind == "slow") words >> number;
    if (!has_pins(plan, words)) continue;
    if (kind == "holds") planted.parts_at = 1 << 30;
    if (kind == "until") planted.parts_at = std::max(planted.parts_at, static_cast<std::int64_t>(number));
    if (kind == "slow") planted.milliseconds *= number;
    if (kind == "fails") planted.fails = true;
  }
  return planted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  const Plan plan = plan_from_toml(read_file(argv[1], "plan"), argv[1]);
  const Planted planted = planted_in(argv[3], plan);
  if (planted.fails) return 1;
  SmallTrace small;
  small.steps = std::min(plan.steps, last_step_of(plan));
  if (pin_value(plan.pins, "threads") != "1") small.parts_at = planted.parts_at;
  TraceWriter writer(argv[2], {plan, {{"cpu.model", "a test"}}, {floats("x", {1, 2, 3, 4, 5, 6, 7, 8})}});
  for (std::int64_t step = 0; step <= small.steps; ++step) {
    const auto record = record_of(small, step);
    writer.write(record);
    if (record.checkpoint) writer.write_pins(plan.pins);
  }
  writer.finish();
  tell_event({.told = Told::step_time, .milliseconds = planted.milliseconds});
  return 0;
}
