// SPDX-License-Identifier: Apache-2.0
// The line of the script: where each operator call of a window was made, in code of many shapes.
#include <fstream>
#include <regex>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string shapes = test_scripts + "/lines";

struct Mark {
  std::string kind, what, file, text;
  std::int64_t line;
};

// The marks in a script's comments: "# here: aten::cosh".
std::vector<Mark> marks_in(const std::string& file) {
  std::vector<Mark> marks;
  const auto lines = split(read_file(shapes + "/" + file, "script"), '\n');
  const std::regex mark("# (here|gradient|module|unknown|nowhere): ([^#\"]+)");
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::sregex_iterator at(lines[i].begin(), lines[i].end(), mark), end; at != end; ++at)
      marks.push_back({(*at)[1], std::string(trim((*at)[2].str())), file, std::string(trim(lines[i])),
                       static_cast<std::int64_t>(i) + 1});
  return marks;
}

// Outermost calls of an operator, whatever its overload.
std::vector<OpCall> calls_of(const Trace& trace, const std::string& name, std::int64_t from) {
  std::vector<OpCall> found;
  for (std::int64_t step = from; step <= trace.last_step(); ++step)
    for (auto& call : trace.calls(step))
      if (call.depth == 0 && (call.name == name || call.name.starts_with(name + "."))) found.push_back(call);
  return found;
}

void is_at(const KnownPlace& place, const Mark& mark) {
  REQUIRE(place);
  INFO(to_text(*place) << " in " << place->module);
  CHECK(place->file == mark.file);
  CHECK(place->line == mark.line);
  CHECK_THAT(place->source, Contains(mark.text.substr(0, mark.text.find('#'))));
}

void check_mark(const Trace& trace, const Mark& mark) {
  INFO(mark.file << ":" << mark.line << ": " << mark.kind << " " << mark.what);
  // In step 1 what is compiled is called by its compiler too.
  const auto calls = calls_of(trace, mark.what, mark.kind == "unknown" ? 2 : 1);
  std::size_t seen = 0;
  for (const auto& call : calls) {
    if (mark.kind == "here" && call.phase == Phase::backward && call.forward) continue;
    if (mark.kind == "here" && mark.what == "aten::add_" && call.phase != Phase::optimizer) continue;
    if (mark.kind == "gradient" && call.phase != Phase::backward) continue;
    ++seen;
    if (mark.kind == "here") {
      CHECK_FALSE(call.forward);
      is_at(call.place, mark);
    } else if (mark.kind == "gradient") {
      is_at(call.forward, mark);
      CHECK(call.place->source == "loss.backward()");
    } else if (mark.kind == "nowhere") {
      CHECK_FALSE(call.place);
    } else {
      REQUIRE(call.place);
      CHECK(call.place->line == 0);
      CHECK(call.place->file == mark.file);
    }
  }
  CHECK(seen > 0);
}

}  // namespace

TEST_CASE("each call has the line that made it, in a module, a loop, a hook, a thread and other shapes") {
  const Scratch folder;
  for (const char* file : {"shapes.py", "elsewhere.py"})
    std::filesystem::copy_file(shapes + "/" + file, folder / file);
  const auto printed = run_command(folder, test_python + " shapes.py", "--set ops=1-2");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  std::map<std::int64_t, std::string> modules;
  for (const char* file : {"shapes.py", "elsewhere.py"})
    for (const auto& mark : marks_in(file)) {
      if (mark.kind == "module")
        modules[mark.line] = mark.what;
      else
        check_mark(trace, mark);
    }
  REQUIRE(modules.size() == 4);
  for (const auto& mark : marks_in("shapes.py"))
    if (mark.kind == "here" && modules.contains(mark.line))
      for (const auto& call : calls_of(trace, mark.what, 1))
        if (call.phase == Phase::forward) CHECK(call.place->module == modules.at(mark.line));
  const auto parts = calls_of(trace, "aten::trunc", 1);
  CHECK(parts.at(0).place->part == "torch.trunc(x)");
  const auto floors = calls_of(trace, "aten::floor", 1);
  CHECK(floors.at(0).place->file == "<string>");
  CHECK(floors.at(0).place->source.empty());
}

TEST_CASE("a text that is another one by now is not told as a line's, and names of files may be any bytes") {
  const Scratch folder;
  const std::string odd = folder.path().string() + "/caf\xe9";
  std::filesystem::create_directories(odd);
  std::ofstream(odd + "/odd.py") << "import torch\ndef odd(x):\n    return torch.sinh(x)\n";
  script(folder,
         "import os, sys, torch\n"
         "text = open(__file__).read()\n"
         "open(__file__, 'w').write('# another first line\\n' + text.replace('torch.tanh', 'torch.cosh'))\n"
         "sys.path.insert(0, os.fsdecode(b'caf\\xe9'))\n"
         "from odd import odd\n"
         "model = torch.nn.Linear(2, 1); optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
         "for step in range(2):\n"
         "    x = torch.ones(1, 2)\n"
         "    y = torch.tanh(x)\n"
         "    optimizer.zero_grad(); model(odd(y)).sum().backward(); optimizer.step()\n");
  const auto printed = run_command(folder, test_python + " script.py", "--set ops=1-2");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  const auto changed = calls_of(trace, "aten::tanh", 1);
  REQUIRE(changed.size() == 2);
  CHECK(changed[0].place->line == 9);
  CHECK(changed[0].place->source.empty());
  const auto odd_call = calls_of(trace, "aten::sinh", 1).at(0);
  CHECK(odd_call.place->file == "caf\\xe9/odd.py");
  CHECK(odd_call.place->source == "return torch.sinh(x)");
}

TEST_CASE("bisect tells the line whose gradient parts two sides") {
  const Scratch folder;
  script(folder,
         "import torch\n"
         "torch.manual_seed(0)\n"
         "class Model(torch.nn.Module):\n"
         "    def __init__(self):\n"
         "        super().__init__()\n"
         "        self.norm = torch.nn.LayerNorm(64)\n"
         "    def forward(self, x):\n"
         "        return self.norm(x)\n"
         "model = Model(); optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
         "for step in range(3):\n"
         "    x = torch.randn(512, 64)\n"
         "    loss = (model(x) * x.roll(1)).square().mean()\n"
         "    optimizer.zero_grad()\n"
         "    loss.backward()\n"
         "    optimizer.step()\n");
  const auto printed =
      run_program(folder.path(),
                  "bisect --no-remedies --no-control --runs runs --between threads=1 threads=2 "
                  "--format html,json,md -- " +
                      test_python + " script.py");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 1);
  CHECK_THAT(printed.out, Contains("aten::native_layer_norm_backward") && Contains("of script.py:8"));
  std::filesystem::path reports;
  for (const auto& one : std::filesystem::directory_iterator(folder / "runs"))
    if (one.path().filename().string().starts_with("bisect-")) reports = one.path();
  const std::string wanted =
      "aten::native_layer_norm_backward computes the gradient of script.py:8 in Model.forward: return "
      "self.norm(x), in module norm (LayerNorm); the backward pass was begun at script.py:14: "
      "loss.backward().";
  const Json json = Json::parse(read_file(reports / "report.json", "report"));
  CHECK(json["partings"][0]["operator"]["lines"] == Json{wanted});
  CHECK_THAT(read_file(reports / "report.html", "report"), Contains("of script.py:8 in Model.forward"));
  CHECK_THAT(read_file(reports / "report.md", "report"), Contains("script.py:8"));
}
