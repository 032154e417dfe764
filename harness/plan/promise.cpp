// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/promise.h"

namespace reprise {

std::span<const Word<Promise>> words_of(Promise) {
  static constexpr Word<Promise> words[] = {{Promise::bitwise, "bitwise"},
                                            {Promise::numeric, "numeric"},
                                            {Promise::statistical, "statistical"},
                                            {Promise::none, "none"}};
  return words;
}

}  // namespace reprise
