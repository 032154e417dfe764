// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/bundle.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/bundle/licences.h"
#include "harness/bundle/shared_libraries.h"
#include "harness/launch/worker_torch.h"
#include "harness/machine/cpu.h"
#include "harness/plan/recipe.h"
#include "harness/watch/recorder.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

using Telling = std::function<void(const std::string&)>;
constexpr std::string_view plugin = "lib/libreprise_cuda.so";

// What to read first, in the folder itself.
std::string read_me(const Bundle& bundle) {
  return fmt::format(
      "reprise {}, for machines that have torch {} but nothing of reprise.\n\n"
      "    bin/reprise run waves --torch /path/to/site-packages/torch\n"
      "    bin/reprise matrix waves --axis repeat=2 --axis threads=1,2\n\n"
      "Without --torch it takes the torch that $LIBTORCH_DIR names, else that of the python3 on PATH; a "
      "link\n"
      "lib/torch to that torch's lib folder decides it once. Another version than {} is refused.\n"
      "It needs Linux with glibc {} or newer and a libstdc++ with GLIBCXX_{} or newer.\n"
      "The folder can lie anywhere; nothing is installed. {}\n"
      "{}\n"
      "Copy the folder runs/ back and compare: reprise diff RUNS_HERE RUNS_THERE.\n",
      REPRISE_VERSION, bundle.torch, bundle.torch, bundle.glibc, bundle.libstdcxx,
      bundle.cuda ? "Digests on a GPU are made by lib/libreprise_cuda.so."
                  : "It has no part for GPUs (libreprise_cuda.so).",
      bundle.recorder.empty()
          ? "It cannot watch commands: it was made without --with-recorder."
          : fmt::format("Scripts run as they are: bin/reprise run -- python train.py, where that Python has "
                        "torch {}.",
                        bundle.recorder));
}

class Packing {
 public:
  Packing(fs::path home, bool with_recorder, const Telling& tell)
      : home_(std::move(home)), with_recorder_(with_recorder), tell_(tell) {
    for (const char* program : {"bin/reprise", "bin/reprise-worker"})
      if (!fs::is_regular_file(home_ / program))
        fail(
            "wanted {} for the bundle, found none; build it (cmake --build build --target {}), with LibTorch",
            (home_ / program).string(), fs::path(program).filename().string());
    bundle_.torch = torch_wanted_by(home_ / "bin/reprise-worker");
    if (bundle_.torch.empty())
      fail(
          "wanted {}, which says what torch the worker was built for, found none; build reprise-worker again",
          (home_ / "share/reprise/worker.toml").string());
    bundle_.name =
        fmt::format("reprise-{}-{}-torch-{}", REPRISE_VERSION, this_cpu().architecture, bundle_.torch);
    bundle_.cuda = fs::is_regular_file(home_ / plugin);
  }

  Bundle gathered() {
    add("bin/reprise", home_ / "bin/reprise", true);
    add("bin/reprise-worker", home_ / "bin/reprise-worker", true);
    if (bundle_.cuda) add(std::string(plugin), home_ / plugin);
    if (with_recorder_) add_recorder();
    add_libraries();
    for (const char* more : {"share/reprise/worker.toml", "share/man/man1/reprise.1", "share/reprise.bash"})
      if (fs::is_regular_file(home_ / more)) add(more, home_ / more);
    add_recipes();
    add_text("README.txt", read_me(bundle_));
    return std::move(bundle_);
  }

 private:
  void add_text(const std::string& name, std::string content, bool program = false) {
    bundle_.files.push_back({bundle_.name + "/" + name, std::move(content), program});
  }
  void add(const std::string& name, const fs::path& from, bool program = false) {
    add_text(name, read_file(from, "part of the bundle"), program);
  }

  // The library, and beside it what Python needs of it.
  void add_recorder() {
    const CarriedRecorder recorder =
        recorder_to_carry(fs::canonical(home_ / "lib/torch").parent_path(), tell_);
    bundle_.recorder = recorder.torch;
    const std::string share = "share/reprise/";
    add(fmt::format("{}{}/{}", share, carried_recorders, recorder.name), recorder.file, true);
    more_programs_.push_back(recorder.file);
    for (const char* beside : {"recorder/reprise-preload.so", "recorder/reprise-opened.so"}) {
      add(share + beside, home_ / share / beside, true);
      more_programs_.push_back(home_ / share / beside);
    }
    for (const char* folder : {"site", "observe", "probing"})
      for (const auto& file : list_folder(recorder_sources() / folder))
        if (file.extension() == ".py")
          add(fmt::format("{}recorder/{}/{}", share, folder, file.filename().string()), file);
  }

  void add_libraries() {
    std::vector<fs::path> programs = {home_ / "bin/reprise", home_ / "bin/reprise-worker"};
    if (bundle_.cuda) programs.push_back(home_ / plugin);
    programs.insert(programs.end(), more_programs_.begin(), more_programs_.end());
    const SharedLibraries carried = libraries_to_carry(programs);
    bundle_.glibc = carried.glibc;
    bundle_.libstdcxx = carried.libstdcxx;
    for (const auto& [name, file] : carried.files) {
      bundle_.libraries.push_back(name);
      add("lib/" + name, file);
    }
    const Licences licences = licences_of(carried.files, home_);
    for (const auto& [name, text] : licences.texts) add_text(licence_folder.string() + "/" + name, text);
    bundle_.unlicensed = licences.missing;
  }

  void add_recipes() {
    const fs::path recipes = shipped_recipes();
    for (const auto& entry : fs::recursive_directory_iterator(recipes))
      if (entry.is_regular_file() && entry.path().extension() == ".toml")
        add("share/reprise/recipes/" + entry.path().lexically_relative(recipes).generic_string(),
            entry.path());
  }

  fs::path home_;
  bool with_recorder_;
  const Telling& tell_;
  std::vector<fs::path> more_programs_;
  Bundle bundle_;
};

}  // namespace

Bundle gather_bundle(const fs::path& home, bool with_recorder, const Telling& tell) {
  return Packing(home, with_recorder, tell).gathered();
}

}  // namespace reprise
