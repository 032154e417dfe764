// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/badge.h"

namespace reprise {

std::string badge_words(TestEnd result) {
  if (result == TestEnd::passed) return "all promises kept";
  return result == TestEnd::warned ? "nothing broken, not all shown" : "a promise is broken";
}

Badge badge_of(TestEnd result) {
  const Mood mood = result == TestEnd::passed   ? Mood::good
                    : result == TestEnd::warned ? Mood::neutral
                                                : Mood::bad;
  return {"reprise", badge_words(result), mood};
}

}  // namespace reprise
