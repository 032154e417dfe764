// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/report.h"

#include <algorithm>

#include "harness/base/text.h"

namespace reprise {

std::vector<const Section*> sections_by(const Report& report, int Order::*place) {
  std::vector<const Section*> sections;
  for (const auto& section : report.sections) sections.push_back(&section);
  std::ranges::stable_sort(sections, {}, [&](const Section* section) { return section->order.*place; });
  return sections;
}

bool is_for(const Block& block, Readers readers) {
  return block.readers == Readers::everyone || block.readers == readers;
}

nlohmann::ordered_json member_of(const Report& report, std::string_view key) {
  for (const auto& section : report.sections)
    if (const auto found = section.members.find(key); found != section.members.end()) return *found;
  return {};
}

Section again_section(const std::vector<std::string>& command) {
  const std::string line = shell_text(command);
  Section section{
      .heading = "Do it again", .members = {{"command", line}}, .key = "again", .order = {.page = 130}};
  section.blocks.push_back({blocks::Command{line}, Readers::pages});
  return section;
}

}  // namespace reprise
