// SPDX-License-Identifier: Apache-2.0
// Claims about how fast a training converges, against the worked example of MLPerf's rules.
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "claim/made_claims.h"
#include "harness/base/files.h"
#include "harness/judge/claim/held.h"
#include "reports/claim_report.h"
#include "reports/layout/format.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Claim convergence_claim(DeviationOf deviation = DeviationOf::rules) {
  Claim claim;
  claim.kind = ClaimKind::convergence;
  claim.name = "reference";
  claim.metric = "accuracy";
  claim.unit = "epochs";
  claim.value = 75;
  claim.deviation = deviation;
  claim.points = {{128, {16, 14, 16, 17, 16, 16, 15, 16, 15, 16}},
                  {256, {20, 21, 21, 20, 22, 22, 21, 21, 20, 20}}};
  return claim;
}

std::string report_of(const HeldClaim& held, const std::string& format) {
  std::ostringstream out;
  pick(formats_shelf(), format, "format")
      .render(claim_report("small", "0123456789abcdef", {held}, {"reprise", "claim", "small"}), out);
  return out.str();
}

std::string told(const std::string& lines) {
  const Scratch scratch;
  write_atomically(scratch / "small.toml",
                   "summary = \"small\"\nprogram = \"small\"\n[train]\nsteps = 20\nbatch = 2\nsamples = 8\n"
                   "[parameters]\nlr = 0.1\n[[claim]]\nname = \"fast\"\nkind = \"convergence\"\n"
                   "metric = \"accuracy\"\nbetter = \"higher\"\n" +
                       lines);
  try {
    const auto claims = claims_of(read_recipe(scratch / "small.toml"));
    return fmt::format("{} points of {}", claims.front().points.size(), claims.front().unit);
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("runs as fast as the reference stand, faster ones are scaled, and too fast ones do not stand") {
  const HeldClaim as_fast = hold_convergence(convergence_claim(), made_runs({16, 16, 15, 16, 17}), 128);
  CHECK(as_fast.answer == ClaimAnswer::stands);
  CHECK(as_fast.convergence->verdict.result == Convergence::passes);
  CHECK(as_fast.convergence->reference.sd == Approx(0.433013).margin(1e-6));
  CHECK(as_fast.convergence->verdict.least == Approx(15.212621).margin(1e-5));
  const HeldClaim faster = hold_convergence(convergence_claim(), made_runs({15, 15, 15.5, 16, 16}), 128);
  CHECK(faster.answer == ClaimAnswer::stands);
  CHECK_THAT(faster.sentence, Contains("it is to be multiplied by 1.0161"));
  const HeldClaim too_fast = hold_convergence(convergence_claim(), made_runs({15, 15, 15, 15, 16}), 128);
  CHECK(too_fast.answer == ClaimAnswer::does_not_stand);
  CHECK_THAT(too_fast.sentence, Contains("the score is 15 epochs over 5 distinct runs, faster than the"));
  // The checker takes the deviation of all runs and lets the same score pass.
  const HeldClaim checker =
      hold_convergence(convergence_claim(DeviationOf::checker), made_runs({15, 15, 15, 15, 16}), 128);
  CHECK(checker.answer == ClaimAnswer::stands);
  CHECK(checker.convergence->verdict.least == Approx(14.780730).margin(1e-5));
  CHECK_THAT(checker.remarks.front(), Contains("as MLPerf's checker has it"));
}

TEST_CASE("between two batches the reference is interpolated, and above the largest there is none") {
  const HeldClaim between = hold_convergence(convergence_claim(), made_runs({18, 18, 18, 19, 19}), 192);
  CHECK(between.convergence->reference.mean == Approx(18.25));
  const HeldClaim above = hold_convergence(convergence_claim(), made_runs({18, 18, 18, 19, 19}), 512);
  CHECK(above.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(above.sentence, Contains("our batch of 512 is larger than that of any reference"));
}

TEST_CASE("one run may never come there, two take the score away, and a failed run the verdict") {
  CHECK(hold_convergence(convergence_claim(), made_runs({16, 16, 16, 16, INFINITY}), 128).answer ==
        ClaimAnswer::stands);
  const HeldClaim two =
      hold_convergence(convergence_claim(), made_runs({16, 16, 16, INFINITY, INFINITY}), 128);
  CHECK(two.answer == ClaimAnswer::cannot_tell);
  CHECK_THAT(two.sentence, Contains("more than one run did not come to accuracy = 75"));
  CHECK_THAT(report_of(two, "console"), Contains("never"));
  auto runs = made_runs({16, 16, 16, 16, 16});
  runs[2].outcome = {Ending::failed, "exit code 1", {}, 0, 0};
  CHECK_THAT(hold_convergence(convergence_claim(), runs, 128).sentence, Contains("exit code 1"));
  for (auto& run : runs) run.outcome.ending = Ending::done, run.identity = "equal";
  CHECK_THAT(hold_convergence(convergence_claim(), runs, 128).sentence, Contains("1 distinct run, three"));
}

TEST_CASE("a report has the reference, the least mean and the score") {
  const HeldClaim held = hold_convergence(convergence_claim(), made_runs({16, 16, 15, 16, 17}), 128);
  const auto claim = nlohmann::json::parse(report_of(held, "json"))["claims"][0];
  CHECK(claim["published"]["points"][1]["batch"] == 256);
  CHECK(claim["published"]["deviation"] == "rules");
  CHECK(claim["convergence"]["result"] == "passes");
  CHECK(claim["convergence"]["least"].get<double>() == Approx(15.212621).margin(1e-5));
  CHECK_FALSE(claim.contains("readings"));
  CHECK_THAT(report_of(held, "html"), Contains("Reference at batch 128: mean 15.75 epochs of 8 runs"));
}

TEST_CASE("a claim of convergence is read from a recipe, and what is missing in it is one sentence") {
  const std::string point = "[[claim.point]]\nbatch = 2\nruns = \"3 4 5 6\"\n";
  CHECK(told("target = 75\nunit = \"epochs\"\n" + point) == "1 points of epochs");
  CHECK_THAT(told("target = 75\n"), Contains("wanted a [[claim.point]] at least"));
  CHECK_THAT(told("target = 75\nunit = \"hours\"\n" + point), Contains("found 'hours'"));
  CHECK_THAT(told("target = 75\n[[claim.point]]\nbatch = 2\nruns = \"3, 4\"\n"),
             Contains("wanted numbers with spaces between them"));
  CHECK_THAT(told("target = 75\n[[claim.point]]\nbatch = 2\nruns = \"3 4\"\n"), Contains("found 2"));
  CHECK_THAT(told(point), Contains("target"));
}
