// SPDX-License-Identifier: Apache-2.0
#pragma once
// A test that cannot be done on this machine ends with skip("what is missing"): it is neither passed nor
// failed. A program whose only test was skipped ends with 77, which ctest knows; after more tests those that
// were skipped are printed with their reasons.
#include <string>

namespace reprise {

// What was checked before counts: a test that failed already stays failed.
[[noreturn]] void skip(const std::string& reason);

// Whether a skip is on its way out of the test.
bool skipping();

}  // namespace reprise
