// SPDX-License-Identifier: Apache-2.0
#pragma once
// One file in reports/sections is one section of every report, in every format. It reads what was judged and
// says it three times: in blocks for people, in checks for servers, in members for programs. A section that
// has nothing to say of these runs leaves its blocks empty; its members are there all the same, since every
// key of the JSON report always is.
#include <optional>

#include "harness/base/shelf.h"
#include "harness/judge/compare/diff.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/matrix/matrix.h"
#include "reports/compose.h"
#include "reports/layout/report.h"

namespace reprise {

struct Judged {  // what a report is made from
  const Diff& diff;
  const Verdict& verdict;
  const Matrix& matrix;
  const std::optional<Metric>& metric;
  const CloserLook& closer;
  const Report& head;  // the report without its sections
};

struct SectionComposer {
  const char* summary;  // one line for people: what it tells
  Order order;          // {.page = 45}: two sections of one number stand by name
  Section (*compose)(const Judged& judged);
};

Shelf<SectionComposer> sections_shelf();

}  // namespace reprise
