// SPDX-License-Identifier: Apache-2.0
// What workers say while they run.
#include "fuzz/target.h"
#include "harness/plan/worker_event.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {R"({"event":"ready"})", R"({"event":"step","step":3,"steps":10,"loss":null,"text":"a"})"};
}

void read(const std::string& input) {
  if (const auto event = event_of(input)) to_sentence(*event);
}

}  // namespace

extern const FuzzTarget events{
    .summary = "lines of worker events",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
