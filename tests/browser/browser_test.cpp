// SPDX-License-Identifier: Apache-2.0
// The pages of reports, as `reprise` writes them, in a real browser: light and dark, on a wide screen and on
// a phone, and in print. tests/browser/look.py says what must hold of them. With REPRISE_LOOK=FOLDER
// screenshots and PDFs are kept there.
#include <catch2/catch.hpp>

#include "browser/made_runs.h"
#include "harness/base/files.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;

namespace {

// The page that `arguments` let reprise write, on standard output or in a folder `out`.
std::string page_of(const Scratch& folder, const std::string& name, const std::string& arguments) {
  const auto printed = run_program(folder.path(), arguments);
  const auto page = folder / (name + ".html");
  if (std::filesystem::exists(folder / "out/report.html"))
    std::filesystem::rename(folder / "out/report.html", page);
  else
    write_atomically(page, printed.out);
  INFO(arguments << "\n" << printed.err);
  REQUIRE(contains(content_of(page), "</html>"));
  return page.string();
}

Printed look(const Scratch& folder, const std::string& pages) {
  const std::string shots = environment_text("REPRISE_LOOK");
  const std::string keep = shots.empty() ? "" : " --shots '" + shots + "'";
  return run_program(folder.path(), "'" REPRISE_SOURCE "/tests/browser/look.py' " + pages + keep, "",
                     "python3");
}

void require_good(const Scratch& folder, const std::string& page) {
  const auto printed = look(folder, page);
  if (printed.code == 77) skip(printed.out);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
}

}  // namespace

TEST_CASE("the page of a matrix of an older version is good in a browser") {
  const Scratch folder;
  const std::string unpack =
      "tar -xzf '" REPRISE_SOURCE "/tests/golden/runs-0.1.0.tgz' -C '" + folder.path().string() + "'";
  REQUIRE(std::system(unpack.c_str()) == 0);
  require_good(folder, page_of(folder, "older-matrix", "report old --format html --output out"));
}

TEST_CASE("the page of a matrix of many factors with long names is good in a browser") {
  const Scratch folder;
  write_matrix_of_many(folder.path());
  require_good(folder, page_of(folder, "matrix", "report . --format html --output out"));
}

TEST_CASE("the page of a bisection is good in a browser") {
  const Scratch folder;
  draw(folder / "one/run", traced_on("NVIDIA H200", " one"));
  draw(folder / "two/run", traced_on("NVIDIA H200", " other"));
  require_good(folder, page_of(folder, "bisect", "diff one/run two/run --format html"));
}

TEST_CASE("the pages of openness cards are good in a browser") {
  const Scratch folder;
  REQUIRE(run_program(folder.path(), "card --all --format html --output out").code == 0);
  REQUIRE(run_program(folder.path(), "card openelm --format html --output out").code == 0);
  require_good(folder, "out/cards.html out/openelm.html");
}

TEST_CASE("the page of a script is good in a browser") {
  const Scratch folder;
  write_script_run(folder / "one/run", " one");
  write_script_run(folder / "two/run", " other");
  require_good(folder, page_of(folder, "script", "diff one/run two/run --format html"));
}

TEST_CASE("the page of claims is good in a browser") {
  const Scratch folder;
  // Runs of a script with a long name of its metric, of which the seventh fails.
  write_atomically(folder / "train.sh",
                   "[ \"$1\" = 6 ] && exit 3\ntouch \"$2/left.txt\"\necho \"best checkpoint: 1.8$1$1\"\n");
  const std::string claim =
      "claim --metric 'validation_loss_of_the_best_checkpoint_over_all_evaluations=checkpoint: ([0-9.]+)' "
      "--take min --value 1.88 --margin 0.02 --better lower --spread 0.01 --spread-kind unknown --n-seeds 5 "
      "--set 'artifacts={out}/*' --format html ";
  std::string pages;
  for (const std::string seeds : {"4", "8"}) {
    const auto printed = run_program(folder.path(), claim + "--seeds " + seeds + " --output claim-" + seeds +
                                                        " -- /bin/sh train.sh {seed} {out}");
    INFO(printed.out << printed.err);
    REQUIRE(contains(content_of(folder / ("claim-" + seeds + "/report.html")), "</html>"));
    pages += " claim-" + seeds + "/report.html";
  }
  require_good(folder, pages);
}

TEST_CASE("the page of two machines is good in a browser") {
  const Scratch folder;
  write_gathered_runs(folder / "runs");
  require_good(folder, page_of(folder, "two-machines", "report runs --format html --output out"));
}

TEST_CASE("a page on which everything is wrong has each of its faults found in a browser") {
  const Scratch folder;
  const auto printed = look(folder, "'" REPRISE_SOURCE "/tests/browser/bad.html'");
  if (printed.code == 77) skip(printed.out);
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  for (const auto* fault : {"anchors: #nowhere leads nowhere", "anchors: the anchor #twice is there twice",
                            "axe_faults: color-contrast", "axe_faults: landmark-one-main",
                            "beyond_the_page: the page is 1400 px wide",
                            "beyond_the_page: <p class=\"wide\">", "broken_words: \"python\"",
                            "cut_in_pictures:", "hidden_in_print: what is folded in <summary> \"folded\"",
                            "out_of_their_box: <p class=\"narrow\">", "pale: <p class=\"pale\">",
                            "pale: <text>", "requests: the page asks for http://127.0.0.1:9/picture.png",
                            "scrolled_tables: the table \"Scrolled\"", "tables_heard:"}) {
    INFO(fault);
    CHECK(contains(printed.out, fault));
  }
}
