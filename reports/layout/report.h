// SPDX-License-Identifier: Apache-2.0
#pragma once
// A report is a document: a head and a list of sections, each made of a few kinds of blocks, ready to be
// written in any format. It knows no trace. Every sentence in it is derived from the traces by compose(),
// from the files in reports/sections; formats only lay it out, and none knows a section by name. Equal
// reports give equal bytes.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "reports/layout/blocks.h"

namespace reprise {

// Where a section stands, the least first: on a page, in a terminal, which is read from its end, and among
// the keys of the JSON report, where old ones stay where they were.
struct Order {
  int page = 0;
  int terminal = page;
  int data = page;
};

struct Section {
  std::string heading;             // "": it belongs to the verdict
  std::vector<Block> blocks = {};  // for people and for servers; none: nothing is shown
  nlohmann::ordered_json members =
      nlohmann::ordered_json::object();  // for programs: keys of the JSON report (docs/report-json.md)
  std::string key = {};                  // "self-test": the name of its file
  Order order = {};
};

struct Report {
  // What the JSON of it promises. Any other than this one's has, of the head, no recipe and no runs.
  std::string schema = "reprise.report/1";
  std::string kind = "Reproducibility report";  // what a page calls itself
  std::string closing =
      "Plan digests, trace digests and every number drawn here stand in the JSON report: reprise report "
      "--format json.";
  std::string recipe, recipe_id;
  std::int64_t steps = 0;            // compared
  std::string reference;             // the first run of class A: "baseline", or the first that was done
  std::string subtitle;              // "recipe waves 3f9a07c1, 200 steps, 8 runs"
  std::string title;                 // short: "waves: 4 equivalence classes of 8 runs"
  std::string headline;              // the finding, one sentence
  std::vector<std::string> verdict;  // a few sentences below it
  Mood mood = Mood::neutral;
  int exit_code = 0;
  std::vector<Section> sections;  // in the order of a page
};

// The command that makes this report again, for pages; the key "command" of its JSON.
Section again_section(const std::vector<std::string>& command);

// The sections as `place` orders them: sections_by(report, &Order::terminal).
std::vector<const Section*> sections_by(const Report& report, int Order::*place);
// Whether a block is for such readers.
bool is_for(const Block& block, Readers readers);
// What the JSON report holds under a key that a section adds; null if none does.
nlohmann::ordered_json member_of(const Report& report, std::string_view key);

}  // namespace reprise
