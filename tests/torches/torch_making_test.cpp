// SPDX-License-Identifier: Apache-2.0
// Versions of torch made ready: what is read of pip's answers, what is refused, and what is left behind.
#include "harness/torches/torch_making.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/launch/worker_torch.h"
#include "harness/watch/kept_torch.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;
namespace fs = std::filesystem;

namespace {

// A Python that knows pip's index, makes environments of copies of itself and says it has the torch that was
// installed last; `install` is what it does when asked to install.
struct FakeHome {
  Scratch scratch;
  explicit FakeHome(const std::string& install = "exit 0") {
    ::setenv("REPRISE_TORCH_HOME", (scratch / "home").c_str(), 1);
    write_atomically(
        python(),
        "#!/bin/sh\ncase \"$*\" in\n"
        "*'pip index'*) echo 'torch (2.11.0)'; echo 'Available versions: 2.11.0, 2.6.0, 2.5.1';;\n"
        "*'pip freeze'*) case $0 in */home/*) echo 'sympy==1.13.1';; *) echo 'numpy==1.26.0'\n"
        "  echo 'torch==2.11.0'; echo 'einops==0.8.0'; echo 'sympy==1.14.0';; esac;;\n"
        "*venv*) mkdir -p \"$3/bin\" && cp \"$0\" \"$3/bin/python\";;\n"
        "*install*) echo \"$*\" >> " +
            (scratch / "asked").string() + "\n" + install + ";;\nesac\n");
    fs::permissions(python(), fs::perms::owner_all);
  }
  ~FakeHome() { ::unsetenv("REPRISE_TORCH_HOME"); }
  std::string python() const { return (scratch / "python3").string(); }
  TorchOrder order(const std::string& version) const { return {version, TorchFor::scripts, python()}; }
};

}  // namespace

TEST_CASE("what pip prints is read: releases, requirements beside torch, and what LibTorch loads") {
  CHECK(releases_in("torch (2.15.0)\nAvailable versions: 2.15.0, 2.6.0\n") ==
        std::vector<std::string>{"2.15.0", "2.6.0"});
  CHECK(releases_in("ERROR: no matching distribution\n").empty());
  CHECK(requirements_beside("einops==0.8.0\ntorch==2.11.0\nnvidia-cublas==13\ntriton==3.0\n-e /src/mine\n"
                            "mine @ file:///src\nnumpy==2.0.0\n") ==
        std::vector<std::string>{"einops==0.8.0", "numpy==2.0.0"});
  CHECK(requirements_beside("einops==0.8.0\nboto3==1.0\n").empty());
  CHECK(requirements_missing({"einops==0.8.0", "sympy==1.14.0"}, "sympy==1.13.1\ntorch==2.6.0\n") ==
        std::vector<std::string>{"einops==0.8.0"});
  CHECK(
      cuda_needs_of_cpu("Name: torch\nRequires-Dist: filelock\n"
                        "Requires-Dist: nvidia-cuda-cupti-cu12==12.4.127; platform_system == \"Linux\"\n") ==
      std::vector<std::string>{"nvidia-cuda-cupti-cu12==12.4.127"});
}

TEST_CASE("a version that is too old, unknown or no version is refused before anything is fetched") {
  const FakeHome home;
  CHECK_THROWS_WITH(check_order(home.order("2.5.1")), Contains("wanted torch 2.6.0 or newer, found 2.5.1"));
  CHECK_THROWS_WITH(check_order(home.order("2.6")), Contains("wanted a release of torch such as 2.11.0"));
  CHECK_THROWS_WITH(check_order(home.order("2.6.9")),
                    Contains("no torch named '2.6.9'; did you mean '2.6.0'?"));
  CHECK_NOTHROW(check_order(home.order("2.6.0")));
  CHECK_THROWS_WITH(check_order({"2.6.0", TorchFor::scripts, (home.scratch / "none").string()}),
                    Contains("wanted the program"));
  CHECK_FALSE(fs::exists(home.scratch / "home"));
}

TEST_CASE("a version is kept when it is whole, with the packages of the Python that was named") {
  const FakeHome home;
  std::vector<std::string> told;
  const KeptTorch kept =
      make_torch(home.order("2.6.0"), [&](const std::string& news) { told.push_back(news); });
  CHECK(kept.scripts);
  CHECK_FALSE(kept.worker);
  CHECK_THAT(read_file(home.scratch / "asked", "what was asked"),
             Contains("torch==2.6.0") && Contains("numpy==1.26.0") && Contains("einops==0.8.0") &&
                 !Contains("torch==2.11.0") && !Contains("sympy"));
  REQUIRE(kept_torches().size() == 1);
  CHECK(kept_torch("2.6.0")->scripts);
  CHECK_FALSE(kept_torch("2.11.0"));
  CHECK_THROWS_WITH(remove_torch("2.7.0"), Contains("no torch named '2.7.0'"));
  remove_torch("2.6.0");
  CHECK(kept_torches().empty());
}

TEST_CASE("a version that could not be fetched is not kept, and its log says why") {
  const FakeHome home("echo 'ERROR: the index does not answer'; exit 3");
  CHECK_THROWS_WITH(
      make_torch(home.order("2.6.0"), [](const std::string&) {}),
      Contains("installing torch 2.6.0 failed (exit code 3)") && Contains("the index does not answer"));
  CHECK(kept_torches().empty());
}

TEST_CASE("a version that was ready stays so where making it again fails") {
  const FakeHome home("test ! -e $(dirname $0)/../../../broken");
  const auto quiet = [](const std::string&) {};
  make_torch(home.order("2.6.0"), quiet);
  const fs::path mine = home.scratch / "home/2.6.0/mine";
  write_atomically(mine, "still here\n");
  write_atomically(home.scratch / "home/broken", "\n");
  CHECK_THROWS_WITH(make_torch(home.order("2.6.0"), quiet), Contains("installing torch 2.6.0 failed"));
  REQUIRE(kept_torch("2.6.0"));
  CHECK(fs::exists(mine));
  fs::remove(home.scratch / "home/broken");
  make_torch(home.order("2.6.0"), quiet);
  CHECK_FALSE(fs::exists(mine));
  CHECK(kept_torches().size() == 1);
}

TEST_CASE("a native run takes the worker that was kept for its torch, and one of other sources is stale") {
  const FakeHome home;
  const fs::path folder = home.scratch / "home/2.6.0";
  make_folder(folder / "worker/bin");
  make_folder(folder / "worker/share/reprise");
  write_atomically(folder / "worker/share/reprise/worker.toml", "torch = \"2.6.0\"\n");
  write_atomically(folder / "worker/bin/reprise-worker", "#!/bin/sh\n");
  write_atomically(folder / kept_torch_file, to_toml({"2.6.0", folder, true, false, "other sources"}));
  Plan plan;
  // Where no worker is beside this program, the torch at hand decides: here there is none.
  const std::string path = environment_text("PATH");
  ::setenv("PATH", (home.scratch / "none").c_str(), 1);
  ::unsetenv("LIBTORCH_DIR");
  CHECK(worker_for(plan, {}).worker.empty());
  ::setenv("PATH", path.c_str(), 1);
  plan.placement.torch = "2.6.0";
  const LaunchOptions options = worker_for(plan, {});
  CHECK(options.worker == folder / "worker/bin/reprise-worker");
  CHECK_THAT(why_stale(options.worker), Contains("`reprise torch add 2.6.0` builds it anew"));
  LaunchOptions named;
  named.worker = "/somewhere/worker";
  CHECK(worker_for(plan, named).worker == "/somewhere/worker");
  plan.placement.torch = "2.7.0";
  CHECK(worker_for(plan, {}).worker.empty());
}
