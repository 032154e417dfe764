// SPDX-License-Identifier: Apache-2.0
// The runs that were done, for programs, with their numbers as numbers; and for servers, with those that were
// not.
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

Json processes_of(const TraceSummary& trace) {
  Json list = Json::array();
  for (const auto& process : trace.processes)
    list.push_back({{"name", process.label},
                    {"last_step", process.last_step},
                    {"finished", process.finished},
                    {"ended", process.ended},
                    {"chain", to_text(process.chain)}});
  return list;
}

Json members_of(const Diff& diff) {
  Json list = Json::array();
  for (const auto& trace : diff.traces) {
    Json metrics = Json::object();
    for (const auto& [name, value] : trace.final_metrics) metrics[name] = number(value);
    list.push_back({{"configuration", trace.name},
                    {"class", diff.classes[trace.in_class].letter},
                    {"plan_id", trace.plan_id},
                    {"chain", to_text(trace.chain)},
                    {"final_weights", to_text(trace.final_weights)},
                    {"last_step", trace.last_step},
                    {"planned_steps", trace.planned_steps},
                    {"final_loss", number(trace.final_loss)},
                    {"first_nan", trace.first_nan >= 0 ? Json(trace.first_nan) : Json()},
                    {"metrics", metrics},
                    {"pin_checks", trace.pin_checks},
                    {"processes", processes_of(trace)}});
  }
  return list;
}

blocks::Checks checks_of(const Diff& diff, const Matrix& matrix) {
  blocks::Checks suite{.suite = "runs"};
  for (const auto& trace : diff.traces)
    suite.checks.push_back({.name = trace.name, .message = "class " + diff.classes[trace.in_class].letter});
  for (const auto& configuration : matrix.configurations) {
    const auto& outcome = configuration.outcome;
    if (outcome.done()) continue;
    std::string log;
    for (const auto& line : outcome.last_lines) log += line + "\n";
    suite.checks.push_back({.name = configuration.name,
                            .mood = Mood::neutral,
                            .message = "untested (" + kind_of(outcome) + "): " + reason_of(outcome),
                            .text = log});
  }
  return suite;
}

Section compose(const Judged& judged) {
  return {.heading = "Runs",
          .blocks = {{checks_of(judged.diff, judged.matrix), Readers::servers}},
          .members = {{"runs", members_of(judged.diff)}}};
}

}  // namespace

extern const SectionComposer runs{
    .summary = "the runs that were done, for programs and servers",
    .order = {.page = 35},
    .compose = compose,
};

}  // namespace reprise::sections
