// SPDX-License-Identifier: Apache-2.0
// The runs that were not done, with why and the last lines of their logs.
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

blocks::Notices notices_of(const Matrix& matrix) {
  blocks::Notices found;
  for (const auto& configuration : matrix.configurations)
    if (const auto& outcome = configuration.outcome; !outcome.done())
      found.notices.push_back({configuration.name, kind_of(outcome), reason_of(outcome), outcome.last_lines});
  return found;
}

Section compose(const Judged& judged) {
  const auto all = notices_of(judged.matrix);
  blocks::Notices logs;
  Json list = Json::array();
  for (const auto& run : all.notices) {
    if (!run.last_lines.empty()) logs.notices.push_back(run);
    list.push_back({{"configuration", run.name},
                    {"kind", run.kind},
                    {"reason", run.sentence},
                    {"last_lines", run.last_lines}});
  }
  // In a terminal the marks name them all already.
  return {.heading = "Untested runs",
          .blocks = {{all, Readers::pages}, {logs, Readers::terminal}},
          .members = {{"untested", list}}};
}

}  // namespace

extern const SectionComposer untested{
    .summary = "the runs that were not done, and why",
    .order = {.page = 90, .terminal = 76, .data = 37},
    .compose = compose,
};

}  // namespace reprise::sections
