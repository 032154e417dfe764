// SPDX-License-Identifier: Apache-2.0
#pragma once
// A report as the result of tests: each value that was tried for a promise, each fault of the self-test and
// each run is a test. PASSED: every promise was kept, and shown to be; WARNED: something is equivalent only,
// or was not tested; FAILED: a promise is broken.
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"

namespace reprise {

enum class TestEnd { passed, warned, failed };
std::span<const Word<TestEnd>> words_of(TestEnd end);

struct TestResult {
  TestEnd result = TestEnd::warned;
  std::vector<std::string> passed, warned, failed;  // names of tests, as the report tells them
  bool operator==(const TestResult&) const = default;
};

// Of a JSON report (docs/report-json.md). An Error for a document of another schema, or one that lacks keys.
TestResult test_result_of(const nlohmann::ordered_json& report);

}  // namespace reprise
