// SPDX-License-Identifier: Apache-2.0
// What compiled code and child programs of a script read is data of its run, outside of its folder too.
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace fs = std::filesystem;

namespace {

const std::string training =
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
    "for step in range(3):\n    model(torch.ones(3, 2)).sum().backward()\n    optimizer.step()\n";

// A script in one folder, its data in another.
struct Project {
  Scratch folder, elsewhere;

  std::string data(const std::string& name) const { return (elsewhere / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(data(name)) << text; }
  void touch(const std::string& name) const {
    fs::last_write_time(data(name), fs::file_time_type::clock::now());
  }
  void write_script(const std::string& lines) const {
    std::ofstream(folder / "train.py") << "import ctypes, os, subprocess, torch\nHERE = '"
                                       << elsewhere.path().string() << "/'\nmodel = torch.nn.Linear(2, 1)\n"
                                       << lines << training;
  }
  Json run() const {
    const auto printed = run_program(folder.path(), "run --json --runs runs -- " + test_python + " train.py");
    INFO(printed.out << printed.err);
    REQUIRE(printed.code == 0);
    return Json::parse(printed.out)["runs"][0];
  }
  void check_reused() const {
    const Json again = run();
    INFO(again.dump());
    CHECK(again["reused"] == true);
  }
  void check_changed(const std::string& name) const {
    const Json again = run();
    INFO(again.dump());
    CHECK(again["reused"] == false);
    CHECK(again["anew"] == data(name) + " changed since this run was made");
  }
};

void save_module(const Project& project) {
  const auto saved = run_program(project.elsewhere.path(),
                                 "-c 'import torch; torch.jit.script(torch.nn.Linear(2, 1)).save(\"m.pt\")'",
                                 "", test_python);
  REQUIRE(saved.code == 0);
}

}  // namespace

TEST_CASE("what LibTorch reads itself is data: a module that torch.jit.load reads") {
  const Project project;
  save_module(project);
  project.write_script("model = torch.jit.load(HERE + 'm.pt')\n");
  project.run();
  project.check_reused();
  project.touch("m.pt");
  project.check_reused();
  save_module(project);
  project.check_changed("m.pt");
  project.check_reused();
}

TEST_CASE("what a child program reads is data, and what it reads of the run's own is not") {
  const Project project;
  project.write("x.txt", "1");
  project.write_script(
      "subprocess.run(['cat', HERE + 'x.txt'])\n"
      "subprocess.run(f'echo {os.getpid()} > {HERE}own.txt; cat {HERE}own.txt', shell=True)\n"
      "os.mkdir(HERE + 'made'); subprocess.run(['rm', '-r', HERE + 'made'])\n");
  project.run();
  project.check_reused();
  project.touch("x.txt");
  project.check_reused();
  project.write("own.txt", "another");
  project.check_reused();
  project.write("x.txt", "2");
  project.check_changed("x.txt");
}

TEST_CASE("what is opened by the C library and listed by a descriptor is data") {
  const Project project;
  project.write("raw", "1");
  fs::create_directories(project.elsewhere / "images");
  project.write("images/a", "");
  project.write_script(
      "ctypes.CDLL(None).open((HERE + 'raw').encode(), 0)\n"
      "os.listdir(os.open(HERE + 'images', os.O_RDONLY))\n");
  project.run();
  project.check_reused();
  project.write("raw", "2");
  project.check_changed("raw");
  project.write("images/b", "");
  CHECK_THAT(project.run()["anew"].get<std::string>(),
             Contains("images/b, of a folder that this run listed"));
}

TEST_CASE(
    "repeats whose child program read other data did not start alike, and equal ones have equal traces") {
  const Project project;
  project.write("x.txt", "0.1");
  const std::string read =
      "lr = float(subprocess.run(['cat', HERE + 'x.txt'], capture_output=True, text=True).stdout)\n"
      "torch.manual_seed(int(lr * 10))\nmodel = torch.nn.Linear(2, 1)\n";
  project.write_script(read);
  const std::string trace =
      content_of(project.folder / project.run()["folder"].get<std::string>() / "trace.h5");
  const auto again =
      run_program(project.folder.path(), "run --again --runs runs -- " + test_python + " train.py");
  REQUIRE(again.code == 0);
  CHECK(content_of(only_run(project.folder) / "trace.h5") == trace);
  project.write_script(
      read + "subprocess.run(f'echo {lr + 1} > {HERE}next; mv {HERE}next {HERE}x.txt', shell=True)\n");
  const auto matrix = run_program(
      project.folder.path(), "matrix --json --runs others --axis repeat=2 -- " + test_python + " train.py");
  INFO(matrix.out << matrix.err);
  CHECK(matrix.code == 1);
  CHECK_THAT(Json::parse(matrix.out)["headline"].get<std::string>(),
             Contains("The runs did not start alike: " + project.data("x.txt")));
}
