// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/card/published.h"

namespace reprise {

std::span<const Word<Published>> words_of(Published /*of*/) {
  static constexpr Word<Published> words[] = {{Published::yes, "yes"},
                                              {Published::partly, "partly"},
                                              {Published::no, "no"},
                                              {Published::unsaid, "no source"}};
  return words;
}

}  // namespace reprise
