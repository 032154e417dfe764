// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/worker_torch.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/program_search.h"
#include "harness/base/toml.h"
#include "harness/watch/kept_torch.h"
#include "harness/watch/observed_torch.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

ObservedTorch torch_named(const fs::path& folder) {
  const fs::path place = fs::absolute(folder).lexically_normal();
  if (!fs::is_regular_file(place / "lib/libtorch_cpu.so"))
    fail(
        "wanted a torch, found no lib/libtorch_cpu.so in {}; name the folder of torch itself, as in --torch "
        "/usr/lib/python3/site-packages/torch",
        place.string());
  return torch_in(place);
}

// Asked outside of any folder of the user's, where a file may be called torch.
std::optional<ObservedTorch> torch_on_path() {
  std::map<std::string, std::string> variables;
  for (const char* name : {"PATH", "HOME", "PYTHONPATH", "LD_LIBRARY_PATH"})
    if (const std::string value = environment_text(name); !value.empty()) variables[name] = value;
  const auto python = find_program("python3", environment_text("PATH"));
  return python ? torch_of(*python, variables, "/") : std::nullopt;
}

ObservedTorch torch_for(const LaunchOptions& options, const std::string& wanted) {
  if (!options.torch.empty()) return torch_named(options.torch);
  if (const std::string named = environment_text("LIBTORCH_DIR"); !named.empty()) return torch_named(named);
  if (const auto found = torch_on_path()) return *found;
  fail(
      "wanted torch {0}, which the worker was built for, found none: the python3 on PATH has none, and "
      "neither --torch nor LIBTORCH_DIR names one; install it (pip install torch=={0}) or name its folder",
      wanted);
}

// What share/reprise/worker.toml says of a worker.
struct Built {
  std::string torch;
  std::string abi = "1";  // of the C++ library: "0" is the older, as in the wheels of torch 2.6
};

std::optional<Built> built_for(const fs::path& worker) {
  const fs::path file = worker.parent_path().parent_path() / "share/reprise/worker.toml";
  if (!fs::is_regular_file(file)) return std::nullopt;
  auto table = TomlTable::parse(read_file(file, "worker's description"), file.string());
  Built built{table.text("torch"), table.text_or("abi", "1")};
  table.finish();
  return built;
}

void refuse_foreign(const ObservedTorch& torch, const Built& built) {
  const std::string& wanted = built.torch;
  if (release_of(torch.version) != wanted)
    fail(
        "wanted torch {0}, which the worker was built for, found {1} in {2}; another version would be "
        "misread: install torch {0} (pip install torch=={0}) or name its folder with --torch",
        wanted, torch.version, torch.folder.string());
  if (torch.abi != built.abi)
    fail(
        "wanted a torch with the {} C++ ABI, which the worker was built for, found one with the {} in {}; "
        "name "
        "another torch {} with --torch",
        built.abi == "1" ? "newer" : "older", torch.abi == "1" ? "newer" : "older", torch.folder.string(),
        wanted);
}

}  // namespace

std::string torch_wanted_by(const fs::path& worker) {
  const auto built = built_for(worker);
  return built ? built->torch : "";
}

std::string torch_at_hand(const LaunchOptions& options) {
  try {
    return release_of(torch_for(options, "2.6 or newer").version);
  } catch (const Error&) {  // none, or one that is too old
    return "";
  }
}

LaunchOptions worker_for(const Plan& plan, const LaunchOptions& options) {
  if (!options.worker.empty()) return options;
  const fs::path usual = program_folder() / "reprise-worker";
  std::string wanted = plan.placement.torch;
  if (fs::exists(usual)) {
    if (wanted.empty() || !options.torch.empty() || torch_wanted_by(usual) == wanted) return options;
  } else if (wanted.empty()) {  // a program that was installed has no worker of its own
    wanted = torch_at_hand(options);
  }
  const auto kept = wanted.empty() ? std::nullopt : kept_torch(wanted);
  if (!kept || !kept->worker) return options;
  LaunchOptions other = options;
  other.worker = kept->worker_program();
  return other;
}

std::string why_stale(const std::filesystem::path& worker) {
  const auto kept = kept_torch(torch_wanted_by(worker));
  if (!kept || kept->worker_program() != worker || kept->sources == source_digest()) return "";
  return fmt::format(
      "the worker for torch {0} was built from other sources of reprise than these; `reprise torch add {0}` "
      "builds it anew",
      kept->version);
}

std::map<std::string, std::string> torch_variables(const LaunchOptions& options) {
  const fs::path worker = fs::canonical(worker_of(options));
  const auto built = built_for(worker);
  if (!built && options.torch.empty()) return {};
  const fs::path lib = worker.parent_path().parent_path() / "lib", own = lib / "torch";
  const std::string given = environment_text("LD_LIBRARY_PATH");
  fs::path torch_lib;
  if (options.torch.empty() && fs::is_regular_file(own / "libtorch_cpu.so")) {
    refuse_foreign(torch_in(fs::canonical(own).parent_path()), built.value());
    if (given.empty()) return {};
    torch_lib = own;  // before what is given, in which another torch may lie
  } else {
    const ObservedTorch torch = torch_for(options, built ? built->torch : "");
    if (built) refuse_foreign(torch, *built);
    torch_lib = torch.folder / "lib";
  }
  return {{"LD_LIBRARY_PATH",
           lib.string() + ":" + torch_lib.string() + (given.empty() ? std::string() : ":" + given)}};
}

}  // namespace reprise
