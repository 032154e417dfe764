// SPDX-License-Identifier: Apache-2.0
// Reports in JSON: what a verification reads of a signed one, held against a good one.
#include "fuzz/target.h"
#include "harness/attest/report_check.h"
#include "harness/attest/test_result.h"
#include "harness/base/files.h"

namespace reprise::fuzz_targets {
namespace {

std::string good() { return read_file(REPRISE_SOURCE "/tests/golden/report.json.approved", "report"); }

std::vector<std::string> seeds() { return {good()}; }

void read(const std::string& input) {
  using Json = nlohmann::ordered_json;
  static const Json whole = Json::parse(good());
  const Json report = Json::parse(input, nullptr, false);
  if (report.is_discarded()) fail("wanted a report, found no JSON; name the report.json");
  Verification found;
  check_report(report, whole, {"0.1.0", "0.1.0"}, found);
  if (report != whole)
    must_hold(found.exit_code() != 0, "a report that is another one is never taken for this");
  has_bisection(report);
  test_result_of(report);
}

}  // namespace

extern const FuzzTarget report{
    .summary = "reports in JSON",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
