// SPDX-License-Identifier: Apache-2.0
#include "harness/base/error.h"

namespace reprise {

void check(bool holds, const char* what, std::source_location where) {
  if (!holds)
    fail("broken invariant at {}:{}: {}; this is a defect of reprise, please report it", where.file_name(),
         where.line(), what);
}

}  // namespace reprise
