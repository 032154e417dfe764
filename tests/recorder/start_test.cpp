// SPDX-License-Identifier: Apache-2.0
// A script that is edited in its file, its module, its data or its environment is never reused, and runs that
// did not start alike are told so.
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string training =
    "import torch\n"
    "model = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=scale)\n"
    "for step in range(3):\n    model(torch.ones(3, 2)).sum().backward()\n    optimizer.step()\n";

struct Project {
  Scratch folder;
  void write(const std::string& name, const std::string& text) const {
    const auto path = folder.path() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  Json run(const std::string& words, const std::string& options = "", const std::string& before = "") const {
    const auto printed =
        run_program(folder.path(), "run --json " + options + " --runs runs -- " + words, before);
    INFO(printed.out << printed.err);
    REQUIRE(printed.code == 0);
    auto run = Json::parse(printed.out)["runs"][0];
    run["told"] = printed.err;
    return run;
  }
};

}  // namespace

TEST_CASE("a module, data and a variable of a script are watched, and a run is made anew when one changes") {
  const Project project;
  project.write("pkg/__init__.py", "");
  project.write("pkg/settings.py", "factor = 1.0\n");
  project.write("pkg/train.py",
                "import os\nfrom pkg.settings import factor\n"
                "scale = factor * float(open('data.txt').read()) * float(os.environ.get('SCALE', '1'))\n" +
                    training + "from pkg import late\n");
  project.write("pkg/late.py", "");
  project.write("data.txt", "0.1");
  const std::string words = test_python + " -m pkg.train", options = "--set keep-env=SCALE";
  const auto first = project.run(words, options);
  CHECK(project.run(words, options)["reused"] == true);
  const auto anew_with = [&](const std::string& what, const std::string& before = "") {
    const auto run = project.run(words, options, before);
    INFO(run.dump());
    CHECK(run["reused"] == false);
    CHECK_THAT(run["anew"].get<std::string>(), Contains(what));
    CHECK_THAT(run["told"].get<std::string>(),
               Contains(what + " changed since this run was made: it is run again"));
    return run;
  };
  project.write("data.txt", "0.2");
  CHECK(anew_with("data.txt")["weights"] != first["weights"]);
  project.write("pkg/settings.py", "factor = 2.0\n");
  anew_with("pkg/settings.py");
  project.write("pkg/late.py", "# more\n");
  anew_with("pkg/late.py");
  anew_with("the variable SCALE", "SCALE=3");
  project.write("pkg/train.py", "scale = 0.5\n" + training);
  const auto edited = project.run(words, options);
  CHECK(edited["reused"] == false);
  CHECK(edited["folder"] != first["folder"]);
}

TEST_CASE(
    "a file whose size was asked for, or that is read where it may be written, is watched, and a question "
    "whether there is one is not") {
  for (const std::string size :
       {"os.path.getsize('data.txt')", "os.stat('data.txt').st_size",
        "pathlib.Path('data.txt').stat().st_size",
        "(lambda file: (file.seek(0), len(file.read()))[1])(open('data.txt', 'a+'))"}) {
    INFO(size);
    const Project project;
    project.write("train.py", "import os, pathlib, shutil\nscale = 0.1 * " + size +
                                  "\nassert os.path.exists('other.txt') and "
                                  "pathlib.Path('other.txt').is_file()\n"
                                  "shutil.copystat('train.py', 'other.txt')\n" +
                                  training);
    project.write("data.txt", "0.1");
    project.write("other.txt", "a");
    const std::string words = test_python + " train.py";
    const auto first = project.run(words);
    project.write("other.txt", "ab");
    CHECK(project.run(words)["reused"] == true);
    project.write("data.txt", "0.123");
    const auto again = project.run(words);
    CHECK(again["reused"] == false);
    CHECK(again["weights"] != first["weights"]);
  }
}

TEST_CASE("runs that are equal because the later ones read what the first left show nothing") {
  const Project project;
  project.write(
      "train.py",
      "import os, torch, numpy as np\n"
      "torch.manual_seed(0)\n"
      "if os.path.exists('cache.npy'): cache = np.load('cache.npy')\n"
      "else:\n    cache = np.random.default_rng().normal(size=(3, 2)); np.save('cache.npy', cache)\n"
      "model = torch.nn.Linear(2, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
      "for step in range(3):\n    model(torch.tensor(cache).float()).sum().backward()\n"
      "    optimizer.step()\n");
  const std::string words = "--json --runs runs -- " + test_python + " train.py";
  const auto twice = run_program(project.folder.path(), "run --repeat 2 " + words);
  INFO(twice.out << twice.err);
  CHECK(twice.code == 2);
  const Json document = Json::parse(twice.out);
  CHECK_THAT(document["starts"].get<std::string>(),
             Contains("that shows nothing") && Contains("cache.npy was not there for run 1, which wrote it"));
  CHECK(document["seeds"]["own"]["result"] == "untested");
  const auto matrix = run_program(project.folder.path(), "matrix --axis repeat=2 " + words);
  INFO(matrix.out << matrix.err);
  CHECK(matrix.code == 2);
  const Json report = Json::parse(matrix.out);
  CHECK(report["factors"][0]["by_value"][0]["finding"] == "untested");
  CHECK_THAT(report["headline"].get<std::string>(), Contains("that shows nothing"));
}

TEST_CASE("a script that is the first word is never reused once it is edited") {
  const Project project;
  const std::string head = "#!" + test_python + "\n";
  project.write("train.py", head + "scale = 0.1\n" + training);
  std::filesystem::permissions(project.folder / "train.py", std::filesystem::perms::owner_all);
  const auto first = project.run("./train.py");
  CHECK(project.run("./train.py")["reused"] == true);
  project.write("train.py", head + "scale = 0.2\n" + training);
  const auto second = project.run("./train.py");
  CHECK(second["reused"] == false);
  CHECK(second["weights"] != first["weights"]);
}

TEST_CASE("what a worker process of a DataLoader reads is noted") {
  const Project project;
  project.write("train.py",
                "import torch\n"
                "class Lines(torch.utils.data.Dataset):\n"
                "    def __len__(self): return 4\n"
                "    def __getitem__(self, i): return torch.tensor(float(open('data.txt').read()))\n"
                "model = torch.nn.Linear(1, 1)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
                "for x in torch.utils.data.DataLoader(Lines(), batch_size=2, num_workers=1):\n"
                "    model(x[:, None]).sum().backward()\n    optimizer.step()\n");
  project.write("data.txt", "0.1");
  const std::string words = test_python + " train.py";
  project.run(words);
  CHECK(project.run(words)["reused"] == true);
  project.write("data.txt", "0.3");
  CHECK(project.run(words)["anew"] == "data.txt changed since this run was made");
}

TEST_CASE("runs that go on from what the first one left are not accused, and --fresh lets them start alike") {
  const Project project;
  project.write("train.py",
                "import os, torch\n"
                "torch.manual_seed(0)\n"
                "net = torch.nn.Linear(8, 1); opt = torch.optim.SGD(net.parameters(), 0.01)\n"
                "start = 0\n"
                "if os.path.exists('last.pt'):\n"
                "    c = torch.load('last.pt'); net.load_state_dict(c['net']); start = c['step']\n"
                "for step in range(start, 14):\n"
                "    x = torch.randn(16, 8); loss = (net(x).squeeze(1) - x.sum(1)).pow(2).mean()\n"
                "    opt.zero_grad(); loss.backward(); opt.step()\n"
                "    if step == 7: torch.save({'net': net.state_dict(), 'step': step + 1}, 'last.pt')\n");
  const std::string rest = "--runs runs --axis repeat=2 -- " + test_python + " train.py";
  const auto left = run_program(project.folder.path(), "matrix --no-own-seeds --json " + rest);
  INFO(left.out << left.err);
  REQUIRE(left.code == 1);
  const auto report = Json::parse(left.out);
  CHECK_THAT(report["headline"].get<std::string>(),
             Contains("The runs did not start alike: last.pt was not there for baseline, which wrote it"));
  CHECK_THAT(left.out, !Contains("though it must not"));
  CHECK_THAT(report["next"].get<std::string>(), !Contains("deterministic"));
  CHECK_THAT(report["next_command"].get<std::string>(), Contains("reprise matrix --fresh --"));
  std::filesystem::remove(project.folder / "last.pt");
  for (const std::string fresh : {"--fresh ", "--fresh=copy "}) {
    const auto alike = run_program(project.folder.path(), "matrix --no-own-seeds --json " + fresh + rest);
    INFO(alike.out << alike.err);
    CHECK(alike.code == 0);
    CHECK_FALSE(std::filesystem::exists(project.folder / "last.pt"));
  }
  const auto repeated = run_command(project.folder, test_python + " train.py --other", "--repeat 2");
  CHECK(repeated.code == 1);
  CHECK_THAT(repeated.out, Contains("The runs did not start alike: last.pt was not there for run 1"));
  const auto bisected =
      run_program(project.folder.path(), "bisect --runs runs -- " + test_python + " train.py");
  CHECK(bisected.code == 2);
}

TEST_CASE("tensors in a saved file that no watched stage has are told as not observed") {
  const Project project;
  project.write("train.py", "scale = 0.1\n" + training +
                                "torch.save({'mine': torch.arange(5.0)}, 'extra.pt')\n"
                                "torch.save(model.state_dict(), 'model.pt')\n");
  const auto run = project.run(test_python + " train.py");
  CHECK_THAT(run["notes"].dump(),
             Contains("not observed: extra.pt holds 1 tensor whose values no watched stage has (mine)"));
  CHECK_THAT(run["notes"].dump(), !Contains("model.pt"));
}
