// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/run_start.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "harness/base/digest_cache.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/machine/cpu.h"
#include "harness/plan/devices.h"
#include "harness/watch/loaded_libraries.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

// Where programs and passing files are found; what is found there is told by itself.
constexpr const char* places[] = {"PATH", "TMPDIR", "USER"};

std::string short_digest(const std::string& text) { return sha256_text(text).substr(0, 16); }

// As the kernel shows it: a file of /proc has no size to go by.
std::string shown(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

// Without asking the driver, which takes its time.
void add_gpus(Facts& given) {
  const fs::path driver = "/proc/driver/nvidia";
  std::string all = shown(driver / "version");
  for (const auto& gpu : list_folder(driver / "gpus")) all += shown(gpu / "information");
  if (!all.empty()) given["GPU or its driver"] = short_digest(all);
}

void add_machine(Facts& given) {
  const Cpu cpu = this_cpu();
  given["processor"] =
      fmt::format("{} {} {}", cpu.architecture, cpu.model, short_digest(join(cpu.flags, " ")));
}

// The Python half of the recorder; the other half is the library.
std::string recorder_sources(const fs::path& site) {
  std::string all;
  for (const fs::path& folder : {site, site.parent_path() / "observe"})
    for (const auto& file : list_folder(folder))
      if (file.extension() == ".py") all += read_file(file, "recorder");
  return all;
}

void add_recorder(const Recorder& recorder, DigestCache& digests, Facts& given) {
  given["recorder"] =
      short_digest(digests.sha256(recorder.library) + recorder_sources(recorder.site) + REPRISE_VERSION);
  const fs::path torch = recorder.folder / "lib/libtorch_cpu.so";
  given["torch"] = fmt::format("{} in {} {}", recorder.torch, recorder.folder.string(),
                               fs::is_regular_file(torch) ? digests.sha256(torch) : "");
}

}  // namespace

Facts worker_givens(const Plan& plan, const fs::path& worker, const Variables& variables) {
  Facts given;
  add_machine(given);
  DigestCache digests(library_cache());
  given["worker"] = digests.sha256(worker);
  for (const auto& [name, library] : libraries_loaded_by(worker, variables, {}))
    if (fs::is_regular_file(library))
      given["library " + library.filename().string()] = digests.sha256(library);
  if (wants_gpu(plan)) {
    add_gpus(given);
    if (const auto seen = variables.find("CUDA_VISIBLE_DEVICES"); seen != variables.end())
      given["variable CUDA_VISIBLE_DEVICES"] = seen->second;
  }
  digests.keep();
  return given;
}

Facts command_givens(const fs::path& program, const std::optional<Recorder>& recorder,
                     const Variables& variables) {
  Facts given;
  add_machine(given);
  given["number of usable cores"] = std::to_string(this_cpu().cores);  // a script may ask for it
  add_gpus(given);
  DigestCache digests(library_cache());
  given["program " + program.filename().string()] = program.string() + " " + digests.sha256(program);
  if (recorder) add_recorder(*recorder, digests, given);
  for (const auto& [name, value] : variables)
    if (std::ranges::find(places, name) == std::end(places))
      given["variable " + name] = short_digest(value);  // it may be a secret
  digests.keep();
  return given;
}

}  // namespace reprise
