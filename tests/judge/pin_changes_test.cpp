// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/pin_changes.h"

#include <catch2/catch.hpp>

#include "harness/trace/pin_reading.h"
#include "plan/sample_plan.h"

using namespace reprise;

namespace {

std::vector<std::string> told(const Plan& plan, const std::vector<PinCheck>& readings) {
  std::vector<std::string> sentences;
  for (const auto& change : pin_changes(plan, readings)) sentences.push_back(to_sentence(change));
  return sentences;
}

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a change of a value is told by the pin, one of a variable by the variable") {
  const Plan plan = sample_plan();
  CHECK(told(plan, {{1, {{"cudnn-benchmark", "on"}}}}) ==
        Told{"the script set cudnn-benchmark to on at step 1; it was off"});
  CHECK(told(plan, {{0, {{"cublas-workspace", "CUBLAS_WORKSPACE_CONFIG=:16:8"}}}}) ==
        Told{"the script set CUBLAS_WORKSPACE_CONFIG to :16:8 before the first step; it was :4096:8"});
  CHECK(told(plan, {{0, {{"cublas-workspace", "CUBLAS_WORKSPACE_CONFIG=:16:8"}}},
                    {2, {{"cublas-workspace", "CUBLAS_WORKSPACE_CONFIG unset"}}}})
            .back() == "the script unset CUBLAS_WORKSPACE_CONFIG at step 2; it was :16:8");
  // A variable that the planned value leaves unset.
  CHECK(told(plan, {{3, {{"nccl-conf-file", "NCCL_CONF_FILE=a.conf"}}}}) ==
        Told{"the script set NCCL_CONF_FILE to a.conf at step 3; it was unset"});
}

TEST_CASE("a long value of the plan is read back by its beginning, and is no change") {
  Plan plan = sample_plan();
  plan.pins["nccl-conf-file"] = std::string(200, 'x');
  const std::vector<PinCheck> kept = {{0, {{"nccl-conf-file", reading_text(std::string(200, 'x'))}}}};
  CHECK(pin_changes(plan, kept).empty());
  CHECK(readings_as_planned(plan, kept) == 1);
  const std::vector<PinCheck> other = {{0, {{"nccl-conf-file", reading_text(std::string(201, 'x'))}}}};
  CHECK(pin_changes(plan, other).size() == 1);
  CHECK(readings_as_planned(plan, other) == 0);
}
