// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "reports/layout/page.h"
#include "reports/markup.h"
#include "reports/sample.h"

using namespace reprise;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

// Whether an element, or one directly inside it, is a title.
bool has_title(const Markup& markup, const Element& element) {
  for (const auto child : element.children)
    if (markup.elements[child].name == "title") return true;
  return false;
}

std::vector<Evidence> all_evidence() {
  return {sample(), two_equal(), nothing_done(), hostile(), many(40, 3, 2), many(0, 60, 1)};
}

}  // namespace

TEST_CASE("the page is well formed whatever is in it") {
  for (const auto& evidence : all_evidence()) {
    const Markup markup = read_markup(rendered(evidence.report(), "html"));
    INFO(markup.fault);
    CHECK(markup.fault.empty());
    CHECK(markup.named("h1").size() == 1);
    CHECK(markup.named("html").front()->attributes.at("lang") == "en");
  }
}

TEST_CASE("the small reader of markup finds what is wrong") {
  CHECK(read_markup("<p>a<br></p>").fault.empty());
  CHECK_FALSE(read_markup("<p>a").fault.empty());
  CHECK_FALSE(read_markup("<p>a</b></p>").fault.empty());
  CHECK_FALSE(read_markup("<p x=1>a</p>").fault.empty());
  CHECK_FALSE(read_markup("<p>a > b</p>").fault.empty());
  CHECK_FALSE(read_markup("<p>a < b</p>").fault.empty());
  CHECK_FALSE(read_markup("<p x=\"1\" x=\"2\">a</p>").fault.empty());
}

TEST_CASE("the page has no script and asks for nothing") {
  for (const auto& evidence : all_evidence()) {
    const std::string page = rendered(evidence.report(), "html");
    const Markup markup = read_markup(page);
    CHECK(markup.named("script").empty());
    for (const auto* name : {"link", "img", "iframe", "object", "embed", "base", "form", "a", "use", "image"})
      CHECK(markup.named(name).empty());
    for (const auto& element : markup.elements)
      for (const auto& [attribute, value] : element.attributes) {
        CHECK_FALSE(attribute.starts_with("on"));
        CHECK(attribute != "src");
        CHECK(attribute != "href");
      }
    CHECK_FALSE(holds(page, "<script"));
    CHECK_FALSE(holds(page, "url("));
    CHECK_FALSE(holds(page, "@import"));
    CHECK_FALSE(holds(page, "http://"));
    CHECK_FALSE(holds(page, "https://"));
  }
}

TEST_CASE("every picture has a role and a label, and every mark a title") {
  for (const auto& evidence : all_evidence()) {
    const Markup markup = read_markup(rendered(evidence.report(), "html"));
    for (const auto* svg : markup.named("svg")) {
      CHECK(svg->attributes.at("role") == "img");
      CHECK_FALSE(svg->attributes.at("aria-label").empty());
    }
    for (const auto* group : markup.named("g")) CHECK(has_title(markup, *group));
    for (const auto* path : markup.named("path")) {
      const auto& style = path->attributes.at("class");
      if (style != "axis" && style != "grid") CHECK(has_title(markup, *path));
    }
    std::size_t boxes = 0;
    for (const auto* group : markup.named("g"))
      for (const auto child : group->children) boxes += markup.elements[child].name == "rect" ? 1 : 0;
    CHECK(boxes == markup.named("rect").size());
  }
  CHECK(read_markup(rendered(sample().report(), "html")).named("svg").size() == 5);
}

TEST_CASE("tables have headings with a scope, and what scrolls can be reached by keyboard") {
  const Markup markup = read_markup(rendered(sample().report(), "html"));
  CHECK(markup.named("table").size() >= 5);
  for (const auto* heading : markup.named("th")) CHECK(heading->attributes.contains("scope"));
  for (const auto* part : markup.named("div"))
    if (const auto style = part->attributes.find("class");
        style != part->attributes.end() && style->second == "scroll") {
      CHECK(part->attributes.at("tabindex") == "0");
      CHECK(part->attributes.at("role") == "region");
      CHECK_FALSE(part->attributes.at("aria-label").empty());
    }
  for (const auto* fold : markup.named("details"))
    CHECK(markup.elements[fold->children.front()].name == "summary");
}

TEST_CASE("a word longer than a narrow column may break behind a mark inside it, and stays text") {
  CHECK(page::breakable("") == "");
  CHECK(page::breakable("a short <b> & more") == "a short &lt;b&gt; &amp; more");
  CHECK(page::breakable("add --axis seed=0") == "add <span class=\"option\">--axis</span> seed=0");
  CHECK(page::breakable("cublas-emulation-special-values") == "cublas-emulation-<wbr>special-values");
  CHECK(page::breakable(std::string(30, '<')) ==
        replace_all(std::string(20, '<') + "|" + std::string(10, '<'), "<", "&lt;").replace(80, 1, "<wbr>"));
}

TEST_CASE("each cell of a table has the title of its column with it, for screens that are narrow") {
  const Markup markup = read_markup(rendered(sample().report(), "html"));
  REQUIRE(markup.fault.empty());
  std::set<std::string> titles;
  for (const auto* cell : markup.named("td"))
    if (!cell->attributes.contains("colspan")) titles.insert(cell->attributes.at("data-label"));
  for (const auto* title : {"promise", "found", "verdict", "parts from class A", "A", "result"}) {
    INFO(title);
    CHECK(titles.contains(title));
  }
}

TEST_CASE("the verdict stands before any table, and the command that does it again last") {
  const std::string page = rendered(sample().report(), "html");
  CHECK(page.find("class=\"verdict bad\"") < page.find("<table"));
  CHECK(page.find("<h1>The bits move") < page.find("class=\"verdict bad\""));
  CHECK(page.rfind("<h2") == page.find("<h2 id=\"again\""));
  CHECK(holds(page, "reprise-worker: wanted a positive batch"));
  CHECK(holds(page, "<title>threads=2: loss differs from step 2</title>"));
  CHECK(holds(page, "<title>threads=2: batch equal at every step</title>"));
  CHECK(holds(page, "<title>baseline and threads=2: differ from step 1</title>"));
  CHECK(holds(page, "<title>loss of class B against class A</title>"));
}

TEST_CASE("many runs that never leave fold into one line, many classes are counted") {
  const std::string few = rendered(many(12, 0, 0).report(), "html");
  CHECK(count_of(few, ": identical to baseline</title>") == 12);
  const std::string equal = rendered(many(40, 3, 2).report(), "html");
  CHECK(holds(equal, "<title>40 runs identical to baseline, class A</title>"));
  CHECK(count_of(equal, ": identical to baseline</title>") == 1);
  CHECK(holds(equal, "<title>seed=1 repeat=1 and 1 more: loss differs from step 2</title>"));
  CHECK_FALSE(holds(equal, "<title>seed=1 repeat=2: loss"));
  CHECK(
      holds(equal, "<title>baseline and 40 more and seed=3 repeat=1 and 1 more: differ from step 9</title>"));
  const std::string classes = rendered(many(0, 60, 1).report(), "html");
  CHECK(holds(classes, "and 30 more, listed in the JSON report"));
  CHECK(holds(classes, "and 21 more classes, in the JSON report"));
  CHECK(holds(classes, "Drawn: the first 12 of 61 classes"));
  CHECK(holds(classes, "1810 more pairs of classes are not written out"));
  CHECK(classes.size() < 1500000);
}

TEST_CASE("hostile names stay text") {
  for (const auto& [format, item] : formats_shelf()) {
    if (item->extension != std::string_view("html") && item->extension != std::string_view("xml")) continue;
    const std::string text = rendered(hostile().report(), std::string(format));
    CHECK_FALSE(holds(text, "<script>"));
    CHECK(holds(text, "&lt;script&gt;alert(&#39;&amp;&quot;x&#39;)&lt;/script&gt;"));
    for (const char c : text) CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    CHECK_FALSE(holds(text, "\xff"));
    CHECK_FALSE(holds(text, "\xe2\x80\xae"));
  }
}

TEST_CASE("parts of one name are numbered, since a screen reader lists them by it") {
  const std::string part = page::scrolling("Calls", "<p>one</p>");
  const std::string all = page::with_numbered_regions(part + page::scrolling("Pins", "") + part + part);
  CHECK_THAT(all, Catch::Contains("aria-label=\"Calls\">") && Catch::Contains("aria-label=\"Calls (2)\">") &&
                      Catch::Contains("aria-label=\"Calls (3)\">") &&
                      Catch::Contains("aria-label=\"Pins\">"));
  CHECK(page::with_numbered_regions(part) == part);
}
