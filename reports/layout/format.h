// SPDX-License-Identifier: Apache-2.0
#pragma once
// A format writes a Report. One file in reports/layout/formats is one format. Same report, same bytes.
#include <ostream>

#include "harness/base/shelf.h"
#include "reports/layout/report.h"

namespace reprise {

struct Format {
  const char* summary;    // one line for people: what it is for
  const char* extension;  // of the file: "html"
  void (*render)(const Report& report, std::ostream& out);
};

Shelf<Format> formats_shelf();

}  // namespace reprise
