// SPDX-License-Identifier: Apache-2.0
// The options of `reprise run` for a resume and for ranks.
#include <CLI/CLI.hpp>
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/terminal/ranks_told.h"
#include "harness/terminal/resume_making.h"

using namespace reprise;
using Json = nlohmann::ordered_json;

TEST_CASE("ranks that part are exit code 1, and ranks that were not seen exit code 2") {
  const Json held{{"ranks", {{"hold", true}, {"parts", false}}}},
      parted{{"ranks", {{"hold", false}, {"parts", true}}}},
      untested{{"ranks", {{"hold", false}, {"parts", false}}}}, alone{{"steps", 3}};
  CHECK(ranks_exit_code(Json::array({held, held})) == 0);
  CHECK(ranks_exit_code(Json::array({held, parted})) == 1);
  CHECK(ranks_exit_code(Json::array({parted, untested})) == 2);
  CHECK(ranks_exit_code(Json::array({alone})) == 2);
}

TEST_CASE("options of a resume without it are refused") {
  CLI::App parser;
  CommandOptions app(parser);
  ResumeOrder order;
  for (const char* name : {"--repeat", "--self-test", "--plan", "--no-own-seeds"}) parser.add_flag(name);
  add_resume_options(app, order);
  parser.parse("--stop-after 3");
  CHECK_THROWS_AS(wants_resume(app), Error);
  CHECK(order.stop_after == 3);
}
