// SPDX-License-Identifier: Apache-2.0
// Runs on processors that a program emulated: by what, on which machine, and what of it is no processor's.
#include <set>

#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

std::string fact(const TraceSummary& trace, const std::string& name) {
  const auto found = trace.facts.find(name);
  return found == trace.facts.end() ? "" : found->second;
}

// What is the same of several runs, and these.
struct Emulation {
  std::string emulator, processor, host, capability, artefact;
  auto operator<=>(const Emulation&) const = default;
};

Section compose(const Judged& judged) {
  std::map<Emulation, std::vector<std::string>> runs;
  Json list = Json::array();
  for (const auto& trace : judged.diff.traces) {
    const Emulation one{fact(trace, "cpu.emulator"), fact(trace, "cpu.architecture"),
                        fact(trace, "cpu.host.model"), fact(trace, "cpu.capability"),
                        fact(trace, "arithmetic.artefact")};
    if (one.emulator.empty()) continue;
    runs[one].push_back(trace.name);
    list.push_back({{"configuration", trace.name},
                    {"emulator", one.emulator},
                    {"architecture", one.processor},
                    {"host", one.host},
                    {"capability", one.capability},
                    {"artefact", one.artefact}});
  }
  Section section{.heading = "Emulated processors", .members = {{"emulated", list}}};
  if (runs.empty()) return section;
  blocks::Table table{.label = "Emulated processors", .style = "beside"};
  table.columns = {{"runs", 26}, {"emulated by", 24}, {"known artefact", 26}};
  std::set<std::string> artefacts;
  for (const auto& [one, names] : runs) {
    table.rows.push_back({{{"", blocks::Form::names, names},
                           {fmt::format("{} ({}, {})", one.emulator, one.processor, one.capability)},
                           {one.artefact.empty() ? "none found" : "square roots of the emulator"}}});
    if (!one.artefact.empty()) artefacts.insert(sentence(one.artefact));
  }
  section.blocks.push_back({table});
  blocks::Prose prose{
      {"An emulated run shows that another path through the libraries gives other bits, or the same; that "
       "bits are equal under emulation does not show that they are on that processor."},
      true};
  for (const auto& artefact : artefacts) prose.sentences.push_back("A " + artefact);
  section.blocks.push_back({prose});
  return section;
}

}  // namespace

extern const SectionComposer emulated{
    .summary = "runs on emulated processors, and what of them is the emulator's",
    .order = {.page = 25, .data = 140},
    .compose = compose,
};

}  // namespace reprise::sections
