// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/matrix_file.h"

#include "harness/base/error.h"
#include "plan/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;
using std::chrono::seconds;

namespace {

const MatrixFileWords known{{"html", "json", "md"}, {"local", "slurm"}};
const std::string first_line = "format = \"reprise.matrices/1\"\n";

struct Files {
  Scratch scratch;
  Files() { small_recipe(scratch); }
  std::filesystem::path write(const std::string& text) const {
    write_atomically(scratch / "night.toml", text);
    return scratch / "night.toml";
  }
  std::string recipe() const { return "recipes = [\"" + (scratch / "small.toml").string() + "\"]\n"; }
  MatrixFile read(const std::string& text) const { return read_matrix_file(write(text), known); }
  std::string refusal(const std::string& text) const {
    try {
      read(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "taken";
  }
};

}  // namespace

TEST_CASE("a matrix file names recipes with their axes, and what it says for all of them holds for each") {
  const Files files;
  const auto file =
      files.read(first_line + "budget = \"10m\"\nbisect = \"first\"\nformats = [\"html\", \"md\"]\n" +
                 "executor = \"slurm\"\n[[matrix]]\n" + files.recipe() +
                 "axes = [\"threads=1,2\", \"repeat=2\"]\ndesign = \"full\"\nset = [\"steps=10\"]\n"
                 "pin = [\"mkl=strict\"]\ntime_limit = \"90s\"\n[[matrix]]\nname = \"again\"\n" +
                 files.recipe() + "axes = [\"repeat=2\"]\nbisect = \"all\"\nbudget = \"1h\"\n");
  CHECK(file.budget == seconds(600));
  REQUIRE(file.entries.size() == 2);
  const auto& first = file.entries[0];
  CHECK(first.name == "small");
  CHECK_THAT(first.where, Contains("night.toml"));
  CHECK(first.axes == std::vector<std::string>{"threads=1,2", "repeat=2"});
  CHECK(first.design == Design::full);
  CHECK(first.set == std::vector<std::string>{"steps=10", "executor=slurm"});
  CHECK(first.pin == std::vector<std::string>{"mkl=strict"});
  CHECK(first.formats == std::vector<std::string>{"html", "md"});
  CHECK(first.bisect == Bisecting::first);
  CHECK(first.time_limit == seconds(90));
  const auto& second = file.entries[1];
  CHECK(second.name == "again");
  CHECK(second.bisect == Bisecting::all);
  CHECK(second.budget == seconds(3600));
}

TEST_CASE("one table may name several recipes and scripts, and a script has a metric of its own") {
  const Files files;
  write_atomically(files.scratch / "train.py", "print(1)\n");
  const auto file =
      files.read(first_line + "[[matrix]]\nname = \"mine\"\nscripts = [\"python3 " +
                 (files.scratch / "train.py").string() +
                 " --lr '0.1'\", \"sh other.sh\"]\naxes = [\"repeat=2\"]\nfresh = \"yes\"\n[matrix.metric]\n"
                 "name = \"val\"\npattern = \"val=([0-9.]+)\"\nmargin = 0.5\nbetter = \"lower\"\n");
  REQUIRE(file.entries.size() == 2);
  CHECK(file.entries[0].name == "mine-train");
  CHECK(file.entries[1].name == "mine-other");
  CHECK(file.entries[0].words.back() == "0.1");
  CHECK(file.entries[0].fresh == "yes");
  REQUIRE(file.entries[0].metric);
  CHECK(file.entries[0].metric->metric == "val=val=([0-9.]+)");
  CHECK(*file.entries[0].metric->margin == 0.5);
}

TEST_CASE("a recipe is no matrix file, and a matrix file without its first line is told so") {
  const Files files;
  CHECK_FALSE(is_matrix_file(files.scratch / "small.toml"));
  CHECK_FALSE(is_matrix_file(files.scratch / "missing.toml"));
  CHECK(is_matrix_file(files.write("[[matrix]]\n")));
  CHECK_THAT(files.refusal("[[matrix]]\n"),
             Contains("wanted format = \"reprise.matrices/1\" as the first line"));
  CHECK_THAT(files.refusal("format = \"reprise.matrices/9\"\n"), Contains("night.toml:1: format: wanted"));
}

TEST_CASE("what cannot be run is refused with its line before anything runs") {
  const Files files;
  const std::string start = first_line + "[[matrix]]\n" + files.recipe();
  const auto refused = [&](const std::string& rest, const std::string& line, const std::string& sentence) {
    const std::string found = files.refusal(start + rest);
    INFO(rest);
    CHECK_THAT(found, Contains("night.toml:" + line + ": ") && Contains(sentence));
  };
  refused("axes = [\"thread=1,2\"]\n", "4", "did you mean 'threads'");
  refused("axes = [\"threads=1\"]\n", "4", "wanted at least two runs to compare");
  refused("axis = [\"threads=1,2\"]\n", "4", "matrix.axis: no key named 'axis'; did you mean 'axes'?");
  refused("design = \"one\"\n", "2", "wanted an array of texts, found no such key");
  refused("axes = [\"repeat=2\"]\naxis = [\"threads=1,2\"]\n", "5", "did you mean 'axes'");
  refused("axes = [\"repeat=2\"]\nset = [\"widht=3\"]\n", "5", "did you mean 'width'");
  refused("axes = [\"repeat=2\"]\nset = [\"width\"]\n", "5", "wanted NAME=VALUE");
  refused("axes = [\"repeat=2\"]\npin = [\"thread=2\"]\n", "5", "did you mean 'threads'");
  refused("axes = [\"repeat=2\"]\nbisect = \"some\"\n", "5", "wanted bisect to be off, first, few or all");
  refused("axes = [\"repeat=2\"]\nformats = [\"htm\"]\n", "5", "did you mean 'html'");
  refused("axes = [\"repeat=2\"]\nexecutor = \"slrum\"\n", "5", "did you mean 'slurm'");
  refused("axes = [\"repeat=2\"]\nbudget = \"10\"\n", "5", "such as 90s, 10m, 2h or 1d, found '10'");
  refused("axes = [\"repeat=2\"]\nbudget = \"-1h\"\n", "5", "found '-1h'");
  refused("axes = [\"repeat=2\"]\nbudget = 10\n", "5", "night.toml:5: matrix.budget: wanted a text");
  CHECK(files.refusal(start + "axes = [\"repeat=2\"]\nbudget = 10\n").rfind("night.toml:5") ==
        files.refusal(start + "axes = [\"repeat=2\"]\nbudget = 10\n").find("night.toml:5"));
  refused("axes = [\"repeat=2\"]\ndevice = \"gpu\"\n", "5", "matrix.device: wanted one of cpu, cuda");
  refused("axes = [\"repeat=2\"]\nfresh = \"yes\"\n", "5", "matrix.fresh: the native recipe");
  refused("axes = [\"repeat=2\"]\nname = \"../up\"\n", "5", "since a folder is called so");
  refused("axes = [\"repeat=2\"]\n[matrix.metric]\nname = \"a\"\nmargin = 1\n", "5",
          "only scripts take this table");
  refused("axes = [\"repeat=2\"]\n[[matrix]]\n" + files.recipe() + "axes = [\"repeat=2\"]\n", "6",
          "two matrices are called small");
  CHECK_THAT(files.refusal(first_line), Contains("wanted at least one table [[matrix]], found none"));
  CHECK_THAT(files.refusal(first_line + "bugdet = \"1h\"\n"), Contains("did you mean 'budget'"));
  CHECK_THAT(files.refusal(first_line + "[[matrix]]\naxes = [\"repeat=2\"]\n"), Contains("found neither"));
  CHECK_THAT(
      files.refusal(first_line + "[[matrix]]\nrecipes = [\"no-such-recipe\"]\naxes = [\"repeat=2\"]\n"),
      Contains("night.toml:3: matrix.recipes: no recipe named 'no-such-recipe'"));
}

TEST_CASE("a device for all matrices and a metric of a script are refused by the line of their own keys") {
  const Files files;
  CHECK_THAT(files.refusal(first_line + "device = \"gpu\"\n[[matrix]]\n" + files.recipe() +
                           "axes = [\"repeat=2\"]\n"),
             Contains("night.toml:2: device: wanted one of cpu, cuda"));
  const std::string script = first_line +
                             "[[matrix]]\nscripts = [\"sh train.sh\"]\naxes = [\"repeat=2\"]\n"
                             "[matrix.metric]\nname = \"val\"\n";
  CHECK_THAT(files.refusal(script + "margn = 1\n"),
             Contains("night.toml:7: matrix.metric.margn: no key named 'margn'; did you mean 'margin'?"));
  CHECK_THAT(files.refusal(script + "margin = 1\nbetter = \"hihger\"\n"),
             Contains("night.toml:8: matrix.metric.better: ") && Contains("did you mean 'higher'?"));
  MatrixFileWords more = known;
  more.takes = {"last", "max"};
  more.check_metric = [](const ScriptMetric& metric) { fail("no {}", metric.metric); };
  const auto refused = [&](const std::string& rest) -> std::string {
    try {
      read_matrix_file(files.write(script + "margin = 1\n" + rest), more);
    } catch (const Error& error) {
      return error.what();
    }
    return "taken";
  };
  CHECK_THAT(refused("take = \"lst\"\n"), Contains("night.toml:8: ") && Contains("did you mean 'last'?"));
  CHECK_THAT(refused("pattern = \"(\"\n"), Contains("night.toml:8: matrix.metric.pattern: no val=("));
}

TEST_CASE("durations have a unit, and people read them in words") {
  CHECK(duration_from("90s", "budget") == seconds(90));
  CHECK(duration_from("1d", "budget") == seconds(86400));
  CHECK_THROWS_AS(duration_from("9999999999999999999m", "budget"), Error);
  CHECK_THROWS_AS(duration_from("0m", "budget"), Error);
  CHECK(duration_words(seconds(5400)) == "1 h 30 min");
  CHECK(duration_words(seconds(0)) == "0 s");
}

TEST_CASE("the matrix file that comes with the program can be run as it stands") {
  const auto file = read_matrix_file(REPRISE_SOURCE "/recipes/matrices/nightly.toml", known);
  CHECK(file.entries.size() == 4);
  for (const auto& entry : file.entries) CHECK(entry.bisect == Bisecting::first);
}
