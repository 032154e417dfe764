// SPDX-License-Identifier: Apache-2.0
// Runs paired by example with what a published model predicted.
#include <catch2/catch.hpp>
#include <sstream>

#include "claim/made_claims.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/judge/claim/held.h"
#include "reports/claim_report.h"
#include "reports/layout/format.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

// All labels 0. The published model errs on the first 25 examples, run 1 on the next 40, run 2 as published.
HeldClaim held_pairs() {
  Claim claim = made_claim(75, 40);
  for (std::size_t i = 0; i < 100; ++i) claim.predictions.push_back(i < 25 ? 1 : 0);
  auto runs = made_runs({60, 75});
  runs[0].predictions = Predictions{{}, std::vector<std::int64_t>(100, 0)};
  for (std::size_t i = 0; i < 100; ++i) runs[0].predictions->predicted.push_back(i >= 25 && i < 65 ? 1 : 0);
  runs[1].predictions = Predictions{claim.predictions, std::vector<std::int64_t>(100, 0)};
  return hold_metric(claim, runs);
}

std::string report_of(const HeldClaim& held, const std::string& format) {
  std::ostringstream out;
  pick(formats_shelf(), format, "format")
      .render(claim_report("small", "0123456789abcdef", {held}, {"reprise", "claim", "small"}), out);
  return out.str();
}

}  // namespace

TEST_CASE("pairs count the examples that one alone has right, and are tested as McNemar does") {
  const HeldClaim held = held_pairs();
  REQUIRE(held.pairs.size() == 2);
  CHECK(held.pairs[0].ours_alone == 25);
  CHECK(held.pairs[0].theirs_alone == 40);
  CHECK(held.pairs[0].chi_squared == Approx(3.015385).margin(1e-6));
  CHECK(held.pairs[0].p == Approx(0.082478).margin(1e-6));
  CHECK(held.pairs[0].adjusted_p == Approx(2 * 0.082478).margin(1e-5));
  CHECK(held.pairs[1].p == 1);
  CHECK_THAT(held.remarks.back(), Contains("0 of 2 runs") && Contains("75.00 % right here"));
}

TEST_CASE("our own runs are paired with one another where all of them kept what they predicted") {
  const HeldClaim held = held_pairs();
  REQUIRE(held.own_pairs.size() == 1);
  CHECK(held.own_pairs[0].first_alone == 25);
  CHECK(held.own_pairs[0].second_alone == 40);
  CHECK(held.own_pairs[0].adjusted_p == Approx(0.082478).margin(1e-6));
  CHECK_THAT(join(held.remarks, " "), Contains("in 0 of 1 pair one errs on more examples"));
  const auto json = nlohmann::json::parse(report_of(held, "json"))["claims"][0];
  CHECK(json["own_pairs"][0]["second_alone_right"] == 40);
  // Three runs of which two differ clearly; one without predictions ends it.
  auto runs = made_runs({60, 75, 99});
  for (auto& run : runs) run.predictions = held.runs[0].predictions;
  runs[2].predictions->predicted.assign(100, 0);
  const HeldClaim three = hold_metric(made_claim(75, 40), runs);
  REQUIRE(three.own_pairs.size() == 3);
  CHECK(three.own_pairs[0].p == 1);
  CHECK(three.own_pairs[1].adjusted_p < 0.001);
  runs[1].predictions.reset();
  CHECK(hold_metric(made_claim(75, 40), runs).own_pairs.empty());
}

TEST_CASE("a report has each pair") {
  const auto json = nlohmann::json::parse(report_of(held_pairs(), "json"));
  CHECK(json["claims"][0]["pairs"][0]["theirs_alone_right"] == 40);
  CHECK_THAT(report_of(held_pairs(), "html"), Contains("p over all runs (Holm)"));
  CHECK_THAT(report_of(held_pairs(), "console"), Contains("McNemar"));
}

TEST_CASE("where runs kept no predictions, or of another test set, nothing is paired and it is said") {
  HeldClaim held = held_pairs();
  held.pairs.clear();
  held.runs[1].predictions->label.pop_back();
  pair_by_example(held);
  CHECK(held.pairs.empty());
  CHECK_THAT(held.remarks.back(), Contains("100 predictions are published, seed=2 has 99 test examples"));
  held.runs[0].predictions.reset();
  held.runs[0].no_predictions = "it left none";
  pair_by_example(held);
  CHECK_THAT(held.remarks.back(), Contains("Not paired") && Contains("seed=1: it left none"));
}

TEST_CASE("published predictions are read from a file of one class a line whose SHA-256 is given") {
  const auto told = [](const std::string& content, const std::string& sha256) {
    const Scratch scratch;
    write_atomically(scratch / "theirs.txt", content);
    write_atomically(
        scratch / "small.toml",
        "summary = \"small\"\nprogram = \"small\"\n[train]\nsteps = 20\nbatch = 2\nsamples = 8\n"
        "[parameters]\nlr = 0.1\n[[claim]]\nname = \"table\"\nmetric = \"accuracy\"\nbetter = \"higher\"\n"
        "value = 90\nmargin = 1\nmargin_reason = \"one\"\npredictions = \"theirs.txt\"\n"
        "predictions_sha256 = \"" +
            sha256 + "\"\n");
    try {
      return std::to_string(claims_of(read_recipe(scratch / "small.toml")).front().predictions.size());
    } catch (const Error& error) {
      return std::string(error.what());
    }
  };
  CHECK(told("3\n1\n", sha256_text("3\n1\n")) == "2");
  CHECK_THAT(told("3\n1\n", sha256_text("3\n")), Contains("wanted SHA-256"));
  CHECK_THAT(told("3\nseven\n", sha256_text("3\nseven\n")), Contains("found 'seven' in line 2"));
  CHECK_THAT(told("", sha256_text("")), Contains("found an empty file"));
}
