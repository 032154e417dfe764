// SPDX-License-Identifier: Apache-2.0
// What a report says of claims, in each format.
#include "reports/claim_report.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "claim/made_claims.h"
#include "reports/layout/format.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Report made_report() {
  auto runs = made_runs(values_of(10, 91.1, .25));
  auto failing = runs;
  failing[2].outcome = {Ending::failed, "exit code 1", {}, 0, 0};
  Claim second = made_claim(80, 0.3, SpreadKind::unknown, 5),
        third = made_claim(91.2, 0.3, SpreadKind::sd, 5);
  second.name = "other";
  third.name = "failing";
  std::vector<HeldClaim> claims = {hold_metric(made_claim(91.2, 0.3, SpreadKind::sd, 5), runs),
                                   hold_metric(second, runs), hold_metric(third, failing)};
  adjust(claims);
  return claim_report("small", "0123456789abcdef", claims, {"reprise", "claim", "small"});
}

std::string in_format(const std::string& name) {
  std::ostringstream out;
  pick(formats_shelf(), name, "format").render(made_report(), out);
  return out.str();
}

}  // namespace

TEST_CASE("a report of claims has a verdict for each and lists every run that was started") {
  const std::string text = in_format("console");
  CHECK_THAT(text, Contains("small: 3 claims: 1 stands, 1 does not stand, 1 cannot be told"));
  CHECK_THAT(text, Contains("exit 1"));
  CHECK_THAT(text, Contains("failed: exit code 1"));
  CHECK_THAT(text, Contains("Margin: 0.500 %, half of the gain claimed."));
}

TEST_CASE("the page has a dot for each run, the published value, its margin and the interval") {
  const std::string page = in_format("html");
  CHECK_THAT(page, Contains("<title>seed=1: ") && Contains("<title>margin: 90.7 to 91.7</title>") &&
                       Contains("<title>published: 91.2</title>") && Contains("ours, 90 % interval: ") &&
                       Contains("published, 1 SD (SE): "));
  CHECK(page == in_format("html"));
  CHECK(page.find("<script") == std::string::npos);
}

TEST_CASE("programs get every number, and neither a time nor a path") {
  const auto json = nlohmann::json::parse(in_format("json"));
  const auto& claim = json["claims"][0];
  CHECK(json["exit_code"] == 1);
  CHECK(claim["answer"] == "stands");
  CHECK(claim["finding"] == "equivalent");
  CHECK(claim["published"]["margin"] == 0.5);
  CHECK(claim["readings"][0]["interval_90"][0].get<double>() == Approx(-0.395737).margin(2e-6));
  CHECK(claim["runs"].size() == 10);
  CHECK(claim["claim_id"].get<std::string>().size() == 32);
  CHECK_FALSE(claim["runs"][0].contains("seconds"));
  CHECK(json["claims"][1]["readings"].size() == 3);
  CHECK(json["claims"][2]["runs_needed"].is_null());
}

TEST_CASE("a server counts a claim that does not stand as failed and one that cannot be told as skipped") {
  const std::string xml = in_format("junit");
  CHECK_THAT(xml, Contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\"") &&
                      Contains("<failure message=\"other"));
  CHECK_THAT(in_format("md"), Contains("# Of 3 claims 1 stands, 1 does not stand, 1 cannot be told."));
}
