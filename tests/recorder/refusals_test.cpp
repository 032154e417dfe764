// SPDX-License-Identifier: Apache-2.0
// A torch that cannot be watched is refused in one sentence, before the script does anything.
#include "observed.h"

using namespace reprise;
using Catch::Contains;

namespace {

// A folder that holds a torch of that version, as far as its files say.
std::filesystem::path torch_like(const Scratch& folder, const std::string& version) {
  std::filesystem::create_directories(folder / "site/torch");
  std::ofstream(folder / "site/torch/__init__.py") << "";
  std::ofstream(folder / "site/torch/version.py") << "__version__ = '" << version << "'\n";
  return folder / "site";
}

Printed run_with(const Scratch& folder, const std::filesystem::path& site) {
  const auto path = script(folder, "print('ran')");
  return run_command(folder, "/usr/bin/python3 " + path.string(), "", "PYTHONPATH=" + site.string());
}

}  // namespace

TEST_CASE("a torch older than 2.6, one without headers and one newer than known are told apart") {
  const Scratch old, newer;
  const auto refused = run_with(old, torch_like(old, "2.5.1+cpu"));
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("wanted torch 2.6 or newer, found torch 2.5.1+cpu"));
  const auto headless = run_with(newer, torch_like(newer, "2.16.0"));
  CHECK(headless.code == 2);
  CHECK_THAT(headless.err, Contains("torch 2.16.0 is newer than what the recorder is known to work with"));
  CHECK_THAT(headless.err, Contains("wanted the headers of torch 2.16.0"));
}

TEST_CASE("without a compiler a recorder cannot be built, and that is said") {
  const Scratch folder;
  const std::filesystem::path share = "share/reprise/recorder";
  std::filesystem::create_directories(folder.path() / share);
  std::filesystem::create_directories(folder / "bin");
  std::filesystem::copy(REPRISE_BIN "/reprise", folder / "bin");
  std::string kit = content_of(std::filesystem::path(REPRISE_BIN) / ".." / share / "kit.toml");
  const auto at = kit.find("compiler = \"") + 12;
  kit.replace(at, kit.find('"', at) - at, "/nowhere/c++");
  std::ofstream(folder.path() / share / "kit.toml") << kit;
  const auto path = script(folder, "print('ran')");
  const auto printed =
      run_program(folder.path(), "run -- " + test_python + " " + path.string(), "", folder / "bin/reprise");
  CHECK(printed.code == 2);
  CHECK_THAT(printed.err, Contains("wanted the C++ compiler /nowhere/c++"));
}

TEST_CASE("a torch whose operators are not what they seem fails the recorder's test of itself") {
  const Scratch folder;
  std::filesystem::create_directory(folder / "own");
  // What this does to torch.add stands for a recorder that misreads the memory of an unknown torch.
  std::ofstream(folder / "own/sitecustomize.py")
      << "import importlib.util, sys\n"
         "class Breaker:\n"
         "    @classmethod\n"
         "    def find_spec(cls, name, path=None, target=None):\n"
         "        if name != 'torch' or cls not in sys.meta_path: return None\n"
         "        sys.meta_path.remove(cls)\n"
         "        spec = importlib.util.find_spec(name)\n"
         "        original = spec.loader.exec_module\n"
         "        def exec_module(module):\n"
         "            original(module)\n"
         "            add = module.add\n"
         "            module.add = lambda a, b: add(a, b, alpha=2)\n"
         "        spec.loader.exec_module = exec_module\n"
         "        return spec\n"
         "sys.meta_path.append(Breaker)\nsys.meta_path.insert(1, sys.meta_path.pop())\n";
  const auto path = script(folder, "import torch\nprint('ran')\n");
  const auto printed = run_command(folder, test_python + " " + path.string(), "", "PYTHONPATH=own");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK_THAT(printed.out, Contains("test of itself failed with torch 2.11"));
  CHECK_THAT(printed.out, Contains("check 'values that come out'"));
  CHECK_FALSE(contains(content_of(only_run(folder) / "log.txt"), "ran"));
}
