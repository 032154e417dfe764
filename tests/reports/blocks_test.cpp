// SPDX-License-Identifier: Apache-2.0
// Every kind of block in every format of the shelf, by itself: a kind or a format more is tested here at
// once.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "reports/layout/wrap.h"
#include "reports/markup.h"
#include "reports/sample.h"
#include "reports/section.h"

using namespace reprise;
using namespace reprise::blocks;

namespace {

const std::string word = "remarkable", attack = "<b>|`*_\x1b[31m\xff]]>-->";

// One block of each kind that says `text`.
std::vector<Content> kinds(const std::string& text) {
  const Grid grid{{"name", "A", "B"}, {{text, "1", "2"}, {"same", "3", "3"}}, {true, false}};
  Table table{.label = "things", .caption = text};
  table.columns = {{"class"}, {"runs"}, {"left out in a terminal", 0}, {"verdict", 30}};
  table.rows = {{{{"A", Form::letter},
                  {"", Form::names, {text, text}},
                  {"0123", Form::digest},
                  {text, Form::verdict, {}, Mood::bad}},
                 {{"2", "threads=2", text}},
                 true}};
  const std::vector<std::int64_t> steps{1, 2};
  return {Prose{{text}},
          Marks{{{Mood::bad, text}}},
          table,
          Sides{"Things", "things", grid},
          Strips{text, "baseline", 9, {{text, "B", {{"loss", 2}}}}},
          Curves{text, {{"A", steps, {3, 2}, {}}, {"B", steps, {3, 1}, {0, 1}}}},
          Apart{text, steps, {1e-8, 2e-8}, {1e-7, 1e-7}},
          Heat{text, 9, {"a", text}, {"A", "B"}, {{{}, {3}}, {{3}, {}}}},
          Presence{text, {text}, {{text, {{"yes", text}}}}},
          Nights{text, {text}, {{text, {{text, 4, text, text}}}}},
          Drifts{{{text, {1, 2}, {1, 2}}}},
          Dots{text, 2, 1, {{1.5, text, true}, {1.5, "again", false}, {3, "far"}}, {{text, 1, 2, true}}},
          Prices{text, text, "pin", {{text, 1, 1.5}, {"again", 2, 1.25, false, false}}},
          Calls{{{"guilty", 3, 0, text, "forward", ""}}},
          Checks{.suite = "things", .label = "Things", .checks = {{text, Mood::bad, text, text, "", {}}}},
          Notices{{{text, "failed", text, {text}}}},
          Listing{{text, "again"}},
          Command{"reprise " + text},
          Part{{{text, Form::code}}, true, {{Prose{{text}}}}}};
}

Report with(std::vector<Block> blocks) {
  Report report;
  report.recipe = "waves";
  report.title = report.headline = "A title.";
  Section section{.heading = "Things"};
  section.key = "things";
  section.blocks = std::move(blocks);
  report.sections.push_back(section);
  return report;
}

// What each extension asks of a text, whoever wrote it.
void check_form(const std::string& text, std::string_view extension) {
  if (extension == "html" || extension == "xml") {
    const Markup markup = read_markup(text);
    INFO(markup.fault);
    CHECK(markup.fault.empty());
  }
  if (extension == "json") CHECK(nlohmann::json::accept(text));
  if (extension == "txt")
    for (const auto& line : split(text, '\n')) CHECK(width_of(line) <= 80);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\xff') == std::string::npos);
  CHECK(text.ends_with('\n'));
}

}  // namespace

TEST_CASE("every format lays out every kind of block, and shows its words or nothing of it") {
  REQUIRE(kinds(word).size() == std::variant_size_v<Content>);
  for (std::size_t kind = 0; kind < std::variant_size_v<Content>; ++kind) {
    const Content shown = kinds(word)[kind], hostile = kinds(word + attack)[kind];
    REQUIRE(shown.index() == kind);
    std::set<std::string_view> shown_by;
    for (const auto& [name, format] : formats_shelf()) {
      INFO("kind " << kind << " in " << name);
      const std::string text = rendered(with({{shown}}), std::string(name));
      const bool says = text.find(word) != std::string::npos;
      CHECK(says == (text != rendered(with({}), std::string(name))));
      if (says) shown_by.insert(format->extension);
      check_form(text, format->extension);
      check_form(rendered(with({{hostile}, {hostile}}), std::string(name)), format->extension);
    }
    CHECK(shown_by.contains("html"));
    CHECK(shown_by.contains("xml") == std::holds_alternative<Checks>(shown));
  }
}

TEST_CASE("a section of which nothing is shown has no heading") {
  const std::vector<Content> empty{Prose{},  Marks{},   Table{"things"}, Sides{},  Strips{}, Curves{},
                                   Apart{},  Heat{},    Presence{},      Nights{}, Drifts{}, Calls{},
                                   Checks{}, Notices{}, Prices{},        Listing{}};
  for (const auto& content : empty)
    for (const auto& name : formats_for_people()) {
      INFO("kind " << content.index() << " in " << name);
      CHECK(rendered(with({{content}}), name) == rendered(with({}), name));
    }
}

TEST_CASE("a block is shown to those whom it is for") {
  const std::pair<Readers, std::vector<std::string_view>> rows[] = {
      {Readers::everyone, {"html", "md", "txt"}},
      {Readers::pages, {"html", "md"}},
      {Readers::terminal, {"txt"}},
      {Readers::servers, {}}};
  for (const auto& [readers, extensions] : rows) {
    std::vector<std::string_view> found;
    for (const auto& [name, format] : formats_shelf())
      if (rendered(with({{Prose{{word}}, readers}}), std::string(name)).find(word) != std::string::npos)
        found.push_back(format->extension);
    std::ranges::sort(found);
    CHECK(found == extensions);
  }
}

TEST_CASE("a section more is a file more, with keys of its own in the JSON report") {
  const Report report = sample().report();
  REQUIRE(report.sections.size() == sections_shelf().size());
  std::set<std::string> keys, members;
  int page = 0;
  for (const auto& section : report.sections) {
    INFO(section.key);
    CHECK(keys.insert(section.key).second);
    CHECK(section.order.page >= page);
    page = section.order.page;
    for (const auto& [key, value] : section.members.items()) CHECK(members.insert(key).second);
  }
  // What every report says of itself, and the members: none hides another.
  CHECK(json_of(report).size() == members.size() + json_of(with({})).size());
  for (const auto& evidence : {two_equal(), nothing_done()}) {
    const auto other = json_of(evidence);
    for (const auto& key : members) CHECK(other.contains(key));
  }
}

TEST_CASE("no format names a section") {
  for (const auto& [key, section] : sections_shelf())
    for (const auto& file : std::filesystem::directory_iterator(REPRISE_SOURCE "/reports/layout/formats")) {
      INFO(key << " in " << file.path());
      CHECK(read_file(file.path(), "source").find("\"" + std::string(key) + "\"") == std::string::npos);
    }
}
