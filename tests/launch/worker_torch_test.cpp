// SPDX-License-Identifier: Apache-2.0
// How the worker comes to its torch, with folders that look like a torch and a worker that is a few lines of
// shell.
#include "harness/launch/worker_torch.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "harness/base/files.h"
#include "harness/base/text.h"
#include "plan/small_recipe.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using Variables = std::map<std::string, std::string>;

namespace {

void write_program(const fs::path& path, const std::string& script) {
  make_folder(path.parent_path());
  write_atomically(path, "#!/bin/sh\n" + script);
  fs::permissions(path, fs::perms::owner_all);
}

// A variable for one test, put back at its end.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name), before_(environment_text(name)) {
    set(value);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { set(before_); }

 private:
  void set(const std::string& value) const {
    if (value.empty())
      ::unsetenv(name_);
    else
      ::setenv(name_, value.c_str(), 1);
  }
  const char* name_;
  std::string before_;
};

// HOME/bin/worker, built for torch 2.11.0, and nothing on PATH but what a test puts there.
struct Home {
  Scratch scratch;
  fs::path home = fs::canonical(scratch.path());
  LaunchOptions options;
  Variable no_torch{"LIBTORCH_DIR", ""}, no_libraries{"LD_LIBRARY_PATH", ""};
  Variable path{"PATH", (home / "path").string()};

  Home() {
    options.worker = home / "bin/worker";
    write_program(options.worker, "echo \"$LD_LIBRARY_PATH\" > \"$2\"\n");
    make_folder(home / "share/reprise");
    write_atomically(home / "share/reprise/worker.toml", "torch = \"2.11.0\"\n");
  }
  fs::path make_torch(const std::string& place, const std::string& version) const {
    const fs::path folder = home / place / "torch";
    make_folder(folder / "lib");
    write_atomically(folder / "lib/libtorch_cpu.so", "");
    write_atomically(folder / "version.py", "__version__ = '" + version + "'\n");
    return folder;
  }
  Variables led_to(const fs::path& torch) const {
    return {{"LD_LIBRARY_PATH", (home / "lib").string() + ":" + (torch / "lib").string()}};
  }
};

}  // namespace

TEST_CASE("the worker is led to the torch that was named, by any build of its version") {
  Home at;
  at.options.torch = at.make_torch("named", "2.11.0+cu130");
  CHECK(torch_variables(at.options) == at.led_to(at.options.torch));
  const Variable more("LD_LIBRARY_PATH", "/opt/driver");
  CHECK_THAT(torch_variables(at.options)["LD_LIBRARY_PATH"], Catch::EndsWith("/torch/lib:/opt/driver"));
}

TEST_CASE("a run of the worker gets the variables") {
  Home at;
  at.options.torch = at.make_torch("named", "2.11.0");
  at.options.runs = at.home / "runs";
  const Plan plan = small_recipe(at.scratch).defaults;
  const RunResult result = launch({{"baseline", plan, 1}}, at.options).at(0);
  CHECK(trim(read_file(result.folder / "trace.h5", "trace")) ==
        at.led_to(at.options.torch)["LD_LIBRARY_PATH"]);
}

TEST_CASE("another version of torch is refused before a run is begun") {
  Home at;
  at.options.runs = at.home / "runs";
  const Plan plan = small_recipe(at.scratch).defaults;
  for (const auto* version : {"2.8.0+cu128", "2.11.1", "2.11", "2.110.0", "2.11.0a0+git1234"}) {
    at.options.torch = at.make_torch("named", version);
    INFO(version);
    CHECK_THROWS_WITH(launch({{"baseline", plan, 1}}, at.options),
                      Contains("wanted torch 2.11.0") && Contains("found " + std::string(version) + " in") &&
                          Contains("pip install torch==2.11.0"));
  }
  CHECK_FALSE(fs::exists(at.options.runs));
}

TEST_CASE("a torch with the older C++ ABI is refused, whatever its version") {
  Home at;
  at.options.torch = at.make_torch("named", "2.11.0");
  make_folder(at.options.torch / "share/cmake/Torch");
  write_atomically(at.options.torch / "share/cmake/Torch/TorchConfig.cmake",
                   "set(TORCH_CXX_FLAGS \"-D_GLIBCXX_USE_CXX11_ABI=0\")\n");
  CHECK_THROWS_WITH(torch_variables(at.options), Contains("older") && Contains("ABI"));
}

TEST_CASE("a worker with the older C++ ABI is led to a torch that has it and to no other") {
  Home at;
  write_atomically(at.home / "share/reprise/worker.toml", "torch = \"2.11.0\"\nabi = \"0\"\n");
  at.options.torch = at.make_torch("named", "2.11.0");
  CHECK_THROWS_WITH(torch_variables(at.options), Contains("wanted a torch with the older C++ ABI"));
  make_folder(at.options.torch / "share/cmake/Torch");
  write_atomically(at.options.torch / "share/cmake/Torch/TorchConfig.cmake",
                   "set(TORCH_CXX_FLAGS \"-D_GLIBCXX_USE_CXX11_ABI=0\")\n");
  CHECK(torch_variables(at.options) == at.led_to(at.options.torch));
}

TEST_CASE("where the worker finds its torch by itself nothing is set, unless another is named") {
  Home at;
  const fs::path own = at.make_torch("own", "2.11.0+cpu"), other = at.make_torch("other", "2.11.0");
  make_folder(at.home / "lib");
  fs::create_directory_symlink(own / "lib", at.home / "lib/torch");
  CHECK(torch_variables(at.options).empty());
  {
    // A torch that lies on the library path must not come before its own.
    const Variable foreign("LD_LIBRARY_PATH", "/conda/torch/lib");
    CHECK_THAT(torch_variables(at.options)["LD_LIBRARY_PATH"],
               Catch::EndsWith("/lib:" + (at.home / "lib/torch").string() + ":/conda/torch/lib"));
  }
  at.options.torch = other;
  CHECK(torch_variables(at.options) == at.led_to(other));
  at.options.torch.clear();
  at.make_torch("own", "2.12.0");
  CHECK_THROWS_WITH(torch_variables(at.options), Contains("found 2.12.0"));
}

TEST_CASE("LIBTORCH_DIR comes before the python3 on PATH, and a name before both") {
  Home at;
  const fs::path pythons = at.make_torch("python", "2.11.0"), variables = at.make_torch("variable", "2.11.0");
  CHECK_THROWS_WITH(torch_variables(at.options),
                    Contains("wanted torch 2.11.0") && Contains("found none") && Contains("--torch"));
  write_program(at.home / "path/python3", "echo 'reprise:{\"folder\": \"" + pythons.string() +
                                              "\", \"version\": \"2.11.0\", \"abi\": \"1\"}'\n");
  CHECK(torch_variables(at.options) == at.led_to(pythons));
  const Variable named("LIBTORCH_DIR", variables.string());
  CHECK(torch_variables(at.options) == at.led_to(variables));
  at.options.torch = at.make_torch("named", "2.11.0");
  CHECK(torch_variables(at.options) == at.led_to(at.options.torch));
}

TEST_CASE("a folder that is no torch is one sentence") {
  Home at;
  at.options.torch = at.home / "bin";
  CHECK_THROWS_WITH(torch_variables(at.options), Contains("no lib/libtorch_cpu.so in") && Contains("/bin"));
}

TEST_CASE("a worker of somebody's own is left alone") {
  Home at;
  fs::remove(at.home / "share/reprise/worker.toml");
  CHECK(torch_wanted_by(at.options.worker).empty());
  CHECK(torch_variables(at.options).empty());
}
