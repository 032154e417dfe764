// SPDX-License-Identifier: Apache-2.0
// One self-contained page without any script, so that a release page, a mail or a strict viewer shows it
// whole.
#include "harness/base/error.h"
#include "reports/layout/format.h"
#include "reports/layout/names.h"
#include "reports/layout/page.h"
#include "reports/layout/page_blocks.h"
#include "reports/layout/page_style.h"

namespace reprise::formats {
namespace {

// With the sections that have no heading.
std::string verdict_box(const Report& report) {
  std::string box =
      fmt::format("<section class=\"verdict {}\" aria-label=\"Verdict\">\n", name_of(report.mood));
  for (const auto& sentence : report.verdict) box += page::paragraph("", sentence);
  for (const auto* section : sections_by(report, &Order::page))
    if (section->heading.empty()) box += page::html_of(section->blocks);
  return box + "</section>\n";
}

std::string sections(const Report& report) {
  std::string html;
  for (const auto* section : sections_by(report, &Order::page)) {
    const std::string inside = section->heading.empty() ? "" : page::html_of(section->blocks);
    if (!inside.empty()) html += page::heading(section->key, section->heading) + inside;
  }
  return html;
}

}  // namespace

extern const Format html{
    .summary = "one page without any script: for people, releases and archives",
    .extension = "html",
    .render =
        [](const Report& report, std::ostream& out) {
          out << "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
              << "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>"
              << escaped(report.title) << "</title>\n<style>" << page_style
              << "</style></head>\n<body><main>\n"
              << page::paragraph("dim", report.kind + " · " + report.subtitle) << "<h1>"
              << page::breakable(report.headline) << "</h1>\n"
              << page::with_numbered_regions(verdict_box(report) + sections(report))
              << page::paragraph("dim", report.closing) << "</main></body></html>\n";
        },
};

}  // namespace reprise::formats
