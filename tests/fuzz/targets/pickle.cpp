// SPDX-License-Identifier: Apache-2.0
// Pickles, none of which runs.
#include "harness/container/pickle.h"
#include "checkpoint/small_zip.h"
#include "container/bytes.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  return {pickled(pickled_text("a text")), pickled(pickled_tensor(4, 0, {2, 2}, {2, 1})),
          pickled(pickled_sizes({1, 2, 3}))};
}

void read(const std::string& input) {
  const pickle::Pickle made(kept(input), "fuzzed");
  for (pickle::Ref ref = 0; ref < made.size(); ++ref) {
    made.head(ref);
    made.arguments(ref);
    made.bytes(ref);
    made.sizes(ref);
    made.entry(ref, "state");
  }
}

}  // namespace

extern const FuzzTarget pickle{
    .summary = "pickles",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
