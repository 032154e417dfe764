// SPDX-License-Identifier: Apache-2.0
// What was checked and what was not, one line each; it stands with the verdict.
#include "reports/marks.h"

#include "reports/layout/names.h"
#include "reports/members.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

std::vector<Mark> marks_of(const Judged& judged) {
  std::vector<Mark> marks;
  const auto add = [&](const std::vector<Mark>& more) {
    marks.insert(marks.end(), more.begin(), more.end());
  };
  if (!judged.diff.traces.empty()) {
    add(pin_marks(judged.diff));
    if (!judged.matrix.factors.empty()) add({repeat_mark(judged.verdict, judged.matrix)});
  }
  add(run_marks(judged.diff));
  add(metric_marks(judged.diff, judged.metric));
  add(outcome_marks(judged.matrix));
  add(gpu_marks(judged.diff));
  add(self_test_marks(judged.closer.self_test));
  return marks;
}

Section compose(const Judged& judged) {
  const auto marks = marks_of(judged);
  Json list = Json::array();
  for (const auto& mark : marks) list.push_back({{"mood", name_of(mark.mood)}, {"text", mark.text}});
  return {.heading = "", .blocks = {{blocks::Marks{marks}}}, .members = {{"marks", list}}};
}

}  // namespace

extern const SectionComposer marks{
    .summary = "what was checked and what was not",
    .order = {.page = 10, .terminal = 75, .data = 32},
    .compose = compose,
};

}  // namespace reprise::sections
