// SPDX-License-Identifier: Apache-2.0
// Every planted fault is named by the real programs, at its step, its stage and, where there is one, its
// operator; its clean twin is not accused. scripts/planted_faults.py makes the table of them.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

Json faults() { return Json::parse(content_of(REPRISE_SOURCE "/tests/planted/faults.json"))["faults"]; }

Json bisected(const Scratch& folder, const Json& fault, const std::string& sown,
              const std::string& more = "") {
  std::string line = "bisect " REPRISE_SOURCE "/tests/planted/planted.toml --worker " REPRISE_BIN
                     "/planted-worker --json --no-remedies --set fault=" +
                     fault["name"].get<std::string>() + " --set sown=" + sown + more;
  if (fault.contains("pins"))
    for (const auto& pin : fault["pins"]) line += " --pin " + pin.get<std::string>();
  if (!fault["sides"].empty()) {
    line += " --between";
    for (const auto& side : fault["sides"]) line += " " + side.get<std::string>();
  }
  const auto printed = run_program(folder.path(), line);
  INFO(line << "\n" << printed.out << printed.err);
  REQUIRE_FALSE(printed.out.empty());
  const Json found = Json::parse(printed.out);
  // A recipe that loses something when it resumes fails its own self-test too, and its report is void.
  const bool is_void = found["self_test"].is_object() && found["self_test"]["void"] == true;
  CHECK(printed.code == (found["found"] == "equal" ? 0 : is_void ? 2 : 1));
  CHECK((!is_void || contains(fault["name"].get<std::string>(), "forgets-") || fault["name"] == "late-rate" ||
         fault["name"] == "unsaved-buffer"));
  return found;
}

}  // namespace

TEST_CASE(
    "each planted fault is named with its step, its stage and its operator, in at most two reruns a side") {
  Scratch folder;
  const Json all = faults();
  REQUIRE(all.size() >= 10);
  for (const auto& fault : all) {
    const Json found = bisected(folder, fault, "yes");
    INFO(fault["name"] << "\n" << found.dump(1));
    CHECK(found["step"] == fault["step"]);
    CHECK(found["stage"] == fault["stage"]);
    CHECK(found["found"] == fault["found"]);
    CHECK(found["kind"] == fault["kind"]);
    CHECK(found["reruns"][0] <= 2);
    CHECK(found["reruns"][1] <= 2);
    if (fault["operator"].is_null()) {
      CHECK(found["operator"].is_null());
    } else {
      REQUIRE(found["operator"].is_string());
      CHECK(found["operator"].get<std::string>().starts_with(fault["operator"].get<std::string>()));
    }
  }
}

TEST_CASE("the clean twin of each planted fault is not accused") {
  Scratch folder;
  for (const auto& fault : faults()) {
    INFO(fault["name"]);
    CHECK(bisected(folder, fault, "no")["found"] == "equal");
  }
}

TEST_CASE("a kernel chosen by the first call: the warm-up holds it, and without it the reason is named") {
  Scratch folder;
  const std::string line = "bisect " REPRISE_SOURCE "/tests/planted/planted.toml --worker " REPRISE_BIN
                           "/planted-worker --set fault=first-call --pin threads=2 ";
  const auto held = run_program(folder.path(), line + "--json");
  INFO(held.out << held.err);
  CHECK(held.code == 0);
  CHECK(Json::parse(held.out)["found"] == "equal");
  const auto parted = run_program(folder.path(), line + "--pin vector-math-warmup=off");
  INFO(parted.out << parted.err);
  CHECK(parted.code == 1);
  CHECK(contains(parted.out, "aten::sqrt"));
  CHECK(contains(parted.out, "PyTorch issue 188792"));
  CHECK(contains(parted.out, "vector-math-warmup=on"));
}

TEST_CASE("over several rounds a race is named as the racing operator") {
  Scratch folder;
  const Json fault = faults()[0];
  REQUIRE(fault["name"] == "race");
  const Json found = bisected(folder, fault, "yes", " --rounds 3");
  CHECK(found["operator"] == "planted::racing_sum");
  std::size_t rounds = 0;
  for (const auto& first : found["firsts"]) rounds += first["rounds"].get<std::size_t>();
  CHECK(rounds == 3);
}

TEST_CASE("a report whose self-test let something escape is void, and its clean twin's is not") {
  const std::string recipe = REPRISE_SOURCE "/tests/planted/planted.toml --worker " REPRISE_BIN
                                            "/planted-worker --set fault=no-optimizer --set sown=";
  Scratch folder;
  const auto escaped = run_program(folder.path(), "matrix " + recipe + "yes --axis repeat=2");
  INFO(escaped.out << escaped.err);
  CHECK(escaped.code == 2);
  CHECK(contains(escaped.out, "This report is void"));
  CHECK(contains(escaped.out, "restarted from what is digested"));
  const auto alone = run_program(folder.path(), "run " + recipe + "yes --self-test --json");
  CHECK(alone.code == 2);
  CHECK(Json::parse(alone.out)["self_test"]["void"] == true);
  const auto clean = run_program(folder.path(), "matrix " + recipe + "no --axis repeat=2");
  INFO(clean.out << clean.err);
  CHECK(clean.code == 0);
  CHECK(contains(clean.out, "self-test: 3 of 3 injected faults found"));
  CHECK(contains(clean.out, "watching did not change the run"));
}

TEST_CASE("a closer look begins at the nearest checkpoint that proves equal to the whole run") {
  Scratch folder;
  const Json all = faults();
  const auto late = std::ranges::find_if(all, [](const Json& one) { return one["name"] == "late-variable"; });
  REQUIRE(late != all.end());
  const Json found = bisected(folder, *late, "yes", " --set keep=all --set checkpoint-every=4");
  CHECK(found["step"] == 10);
  CHECK(found["started_from"] == 8);
  CHECK(found["operator"] == "aten::mul.Scalar");
}
