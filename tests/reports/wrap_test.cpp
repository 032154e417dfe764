// SPDX-License-Identifier: Apache-2.0
#include "reports/layout/wrap.h"

#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "reports/layout/names.h"
#include "reports/layout/svg.h"
#include "reports/layout/terminal.h"

using namespace reprise;

TEST_CASE("lines are cut at spaces, and words longer than a line are cut inside") {
  CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(wrapped("abcdefgh ij", 3) == std::vector<std::string>{"abc", "def", "gh", "ij"});
  CHECK(wrapped("", 5) == std::vector<std::string>{""});
  CHECK(wrapped("äöü äöü", 3) == std::vector<std::string>{"äöü", "äöü"});
  CHECK(wrapped("模型 e\u0301e\u0301", 3) == std::vector<std::string>{"模", "型", "e\u0301e\u0301"});
  CHECK(wrapped("模型", 1) == std::vector<std::string>{"模", "型"});
  CHECK_THROWS(wrapped("a", 0));
}

TEST_CASE(
    "a name that is longer than its column is cut behind a mark inside it, if that is not at its start") {
  CHECK(wrapped("pin:mkldnn-deterministic", 14) == std::vector<std::string>{"pin:mkldnn-", "deterministic"});
  CHECK(wrapped("transformer.h.0.attn.weight", 16) ==
        std::vector<std::string>{"transformer.h.0.", "attn.weight"});
  CHECK(wrapped("a-bcdefghijklmnop", 9) == std::vector<std::string>{"a-bcdefgh", "ijklmnop"});
}

TEST_CASE("a column takes the room that others leave, so that names stay whole in 80 columns") {
  blocks::Table factors;
  factors.columns = {{"factor", 14}, {"promise", 8}, {"found", 30}, {"verdict", 14}};
  const std::string found = "moved them at step 12, in 3 of 4 pairs";
  blocks::Row row;
  for (const std::string text : {"pin:cublas-emulation-special", "numeric", found.c_str(), "inconclusive"})
    row.cells.push_back({text});
  factors.rows = {row};
  const std::string text = terminal::fitting_table(factors, "  ");
  INFO(text);
  CHECK(text.find("pin:cublas-emulation-special") != std::string::npos);
  for (const auto& line : split(text, '\n')) CHECK(width_of(line) <= 80);
}

TEST_CASE("widths count columns, and what is shortened says so") {
  CHECK(width_of("äö…") == 3);
  CHECK(shortened("baseline", 8) == "baseline");
  CHECK(shortened("baseline", 7) == "baseli…");
  CHECK(shortened("äöüäöü", 4) == "äöü…");
  CHECK(shortened("模型模型", 5) == "模型…");
  CHECK(shortened("模型模型", 4) == "模…");
}

TEST_CASE("what could steer a terminal, break a document or turn the reading is replaced") {
  CHECK(clean("a\x1b[31mb") == "a\xEF\xBF\xBD[31mb");
  CHECK(clean(std::string_view("a\0b", 3)) ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(clean("a\x7f") == "a\xEF\xBF\xBD");
  CHECK(clean("\xc2\x9b") == "\xEF\xBF\xBD");                      // C1
  CHECK(clean("\xff") == "\xEF\xBF\xBD");                          // never UTF-8
  CHECK(clean("\xc0\xaf") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // overlong
  CHECK(clean("\xed\xa0\x80").find('\xed') == std::string::npos);  // a surrogate
  CHECK(clean("\xe2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");          // cut short
  CHECK(clean("\xe2\x80\xae") == "\xEF\xBF\xBD");                  // right-to-left override
  CHECK(clean("ä€\n\t😀") == "ä€\n\t😀");
  CHECK(printable("a\nb\tc") == "a b c");
}

TEST_CASE("markup is escaped for text and for attributes") {
  CHECK(escaped("<a href='x'>\"&\"</a>") == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
}

TEST_CASE("letters choose colours, and go round after eight") {
  CHECK(colour_of("A") == 0);
  CHECK(colour_of("H") == 7);
  CHECK(colour_of("I") == 0);
  CHECK(colour_of("Z") == 1);
  CHECK(colour_of("AA") == 2);
  CHECK_FALSE(is_dashed("H"));
  CHECK(is_dashed("I"));
}

TEST_CASE("labels of a picture get the room that their letters take") {
  struct Named {
    std::string name;
  };
  CHECK(svg::room_for_labels(std::vector<Named>{{"a"}}, 30) == 56);
  // Measured in a browser, 12 px DejaVu Sans: 220 px.
  const std::string machine = "waves on NVIDIA H100 80GB HBM3, Intel";
  CHECK(svg::room_for_labels(std::vector<Named>{{"a"}, {machine}}, 30) >= 220);
  CHECK(svg::drawn_width("äöü") == 3 * svg::drawn_width("ä"));
}
