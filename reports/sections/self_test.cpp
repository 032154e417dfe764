// SPDX-License-Identifier: Apache-2.0
// Short runs with one injected fault each: what had to be found, and what was found.
#include "reports/self_test_words.h"

#include "reports/members.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

Json members_of(const SelfTest& test) {
  Json rows = Json::array();
  for (const auto& row : test.rows)
    rows.push_back({{"name", row.name},
                    {"sown", row.injected},
                    {"wanted", row.wanted},
                    {"found", row.found},
                    {"result", result_word(row.result)},
                    {"sentence", row.sentence}});
  return {{"void", test.is_void}, {"sentence", test.sentence}, {"rows", rows}};
}

blocks::Checks checks_of(const SelfTest& test) {
  blocks::Checks suite{.suite = "self-test",
                       .label = "Self-test",
                       .head = {"injected", "wanted", "found", "result"},
                       .checks = {}};
  for (const auto& row : test.rows)
    suite.checks.push_back({.name = row.name,
                            .mood = mood_of(row.result),
                            .message = row.sentence,
                            .result = result_word(row.result),
                            .told = {row.injected, row.wanted, row.found}});
  return suite;
}

Section compose(const Judged& judged) {
  Section section{.heading = "Self-test", .members = {{"self_test", nullptr}}};
  const auto& test = judged.closer.self_test;
  if (!test) return section;
  section.members = {{"self_test", members_of(*test)}};
  const std::string what =
      "Short runs of this recipe: what was injected into each, what had to be found, and what was found.";
  section.blocks = {{blocks::Prose{{what}, true}}, {checks_of(*test)}};
  return section;
}

}  // namespace

extern const SectionComposer self_test{
    .summary = "what was injected into short runs, and what was found",
    .order = {.page = 80},
    .compose = compose,
};

}  // namespace reprise::sections
