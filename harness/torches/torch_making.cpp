// SPDX-License-Identifier: Apache-2.0
#include "harness/torches/torch_making.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/process.h"
#include "harness/base/program_search.h"
#include "harness/base/text.h"
#include "harness/plan/placement.h"
#include "harness/watch/fresh_folder.h"
#include "harness/watch/log_tail.h"
#include "harness/watch/observed_torch.h"
#include "harness/watch/quiet_run.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

using Tell = std::function<void(const std::string&)>;
using Words = std::vector<std::string>;

constexpr std::uint64_t gigabyte = 1'000'000'000;

std::map<std::string, std::string> variables() {
  std::map<std::string, std::string> all;
  for (const char* name :
       {"PATH", "HOME", "TMPDIR", "USER", "LANG", "XDG_CACHE_HOME", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL",
        "PIP_CONFIG_FILE", "PIP_CERT", "SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy",
        "https_proxy", "no_proxy", "CCACHE_DIR"})
    if (const std::string value = environment_text(name); !value.empty()) all[name] = value;
  return all;
}

fs::path program_called(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    if (can_be_started(name)) return fs::absolute(name);
  } else if (const auto found = find_program(name, environment_text("PATH"))) {
    return *found;
  }
  fail("wanted the program {}, found none; install it, or put its folder on PATH", name);
}

bool for_recipes(TorchFor wanted) { return wanted != TorchFor::scripts; }
bool for_scripts(TorchFor wanted) { return wanted != TorchFor::recipes; }

// A release that check_release() let pass.
bool is_older(const std::string& version, std::int64_t major, std::int64_t minor) {
  const auto parts = split(version, '.');
  return std::pair(to_integer(parts[0]).value_or(0), to_integer(parts[1]).value_or(0)) <
         std::pair(major, minor);
}

void check_index(const TorchOrder& order) {
  const Said said = run_quietly(
      {program_called(order.python).string(), "-m", "pip", "index", "versions", "torch"}, variables(), "/");
  const auto releases = releases_in(said.text);
  if (releases.empty())
    fail("wanted the versions of torch from the Python package index, found none: {}",
         said.text.substr(0, said.text.find('\n')));
  if (std::ranges::find(releases, order.version) == releases.end())
    fail("{} (of the index that pip asks)", unknown_name("torch", order.version, releases));
}

void check_room(const TorchOrder& order) {
  fs::path place = torch_home();
  while (!fs::exists(place)) place = place.parent_path();
  const std::uint64_t room = fs::space(place).available, needed = bytes_for(order.wanted);
  if (room < needed)
    fail("wanted {} in {} for torch {}, found {}; name another folder in REPRISE_TORCH_HOME",
         size_for_people(needed), place.string(), order.version, size_for_people(room));
}

// A step, its output at the end of the log.
void step(const Words& words, const fs::path& folder, const std::string& what) {
  const fs::path log = folder.parent_path() / (folder.filename().string() + ".log");
  Process process({words, variables(), log, folder}, std::chrono::milliseconds(0));
  const ProcessEnd end = process.wait();
  if (end.signal == 0 && end.exit_code == 0) return;
  auto lines = end_of_log(log);
  if (lines.size() > 5) lines.erase(lines.begin(), lines.end() - 5);
  fail("{} failed ({}):\n  {}\nwhole output: {}", what,
       end.signal != 0 ? fmt::format("signal {}", end.signal) : fmt::format("exit code {}", end.exit_code),
       join(lines, "\n  "), log.string());
}

fs::path torch_folder(const fs::path& python) {
  const auto found = torch_of(python, variables(), "/");
  if (!found) fail("wanted the torch that was installed for {}, found none", python.string());
  return found->folder;
}

// For a worker: torch itself and the two CUDA libraries that its processor half loads.
void fetch_libtorch(const TorchOrder& order, const fs::path& python, const fs::path& folder) {
  const Words pip = {python.string(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "--no-deps"};
  Words torch = pip;
  torch.push_back("torch==" + order.version);
  step(torch, folder, "fetching torch " + order.version);
  const fs::path packages = torch_folder(python).parent_path();
  Words needs = pip;
  const auto wanted = cuda_needs_of_cpu(read_file(
      packages / fmt::format("torch-{}.dist-info/METADATA", order.version), "description of torch"));
  needs.insert(needs.end(), wanted.begin(), wanted.end());
  if (!wanted.empty()) step(needs, folder, "fetching what LibTorch loads");
}

Said frozen(const fs::path& python) {
  return run_quietly({python.string(), "-m", "pip", "freeze"}, variables(), "/");
}

// That torch first, with the packages that it asks for, in the versions that it asks for; then the others.
void fetch_environment(const TorchOrder& order, const fs::path& python, const fs::path& folder) {
  const Words pip = {python.string(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"};
  Words torch = pip;
  torch.push_back("torch==" + order.version);
  step(torch, folder, "installing torch " + order.version);
  const Said wanted = frozen(program_called(order.python)), there = frozen(python);
  Words others = pip;
  for (auto& line : requirements_missing(requirements_beside(wanted.well ? wanted.text : ""), there.text))
    others.push_back(std::move(line));
  if (std::ranges::none_of(others, [](const std::string& one) { return one.starts_with("numpy=="); }))
    others.push_back("numpy");
  step(others, folder, "installing the packages beside torch " + order.version);
}

void build_worker(const fs::path& python, const fs::path& folder) {
  const std::string build = (folder / "worker").string();
  step({program_called("cmake").string(), "-S", source_folder().string(), "-B", build, "-G", "Ninja",
        "-DCMAKE_BUILD_TYPE=Release", "-DREPRISE_CUDA=OFF", "-DREPRISE_LIGHT_TESTS=OFF",
        "-DLIBTORCH_DIR=" + torch_folder(python).string()},
       folder, "configuring the worker");
  step({program_called("cmake").string(), "--build", build, "--target", "reprise-worker"}, folder,
       "building the worker");
}

}  // namespace

std::span<const Word<TorchFor>> words_of(TorchFor /*wanted*/) {
  static constexpr Word<TorchFor> words[] = {
      {TorchFor::both, "both"}, {TorchFor::recipes, "recipes"}, {TorchFor::scripts, "scripts"}};
  return words;
}

std::vector<std::string> releases_in(const std::string& printed) {
  constexpr std::string_view heading = "Available versions: ";
  std::vector<std::string> releases;
  for (const auto& line : split(printed, '\n')) {
    if (!line.starts_with(heading)) continue;
    for (const auto& release : split(line.substr(heading.size()), ',')) releases.emplace_back(trim(release));
  }
  return releases;
}

std::vector<std::string> requirements_beside(const std::string& frozen) {
  std::vector<std::string> kept;
  bool trains = false;
  for (const auto& line : split(frozen, '\n')) {
    trains = trains || line.starts_with("torch==");
    const std::string name = line.substr(0, line.find("=="));
    const bool pinned = name.size() < line.size() && line.find_first_of(" @/") == std::string::npos;
    const bool of_torch = name == "torch" || name == "triton" || name == "torchvision" ||
                          name == "torchaudio" || name.starts_with("nvidia-") || name.starts_with("cuda-");
    if (pinned && !of_torch && line.front() != '#' && line.front() != '-') kept.push_back(line);
  }
  return trains ? kept : std::vector<std::string>();
}

std::vector<std::string> requirements_missing(const std::vector<std::string>& wanted,
                                              const std::string& frozen) {
  const auto name_of = [](const std::string& line) { return line.substr(0, line.find("==")); };
  const auto there = split(frozen, '\n');
  std::vector<std::string> missing;
  for (const auto& line : wanted)
    if (std::ranges::find(there, name_of(line), name_of) == there.end()) missing.push_back(line);
  return missing;
}

std::vector<std::string> cuda_needs_of_cpu(const std::string& metadata) {
  std::vector<std::string> needs;
  for (const auto& line : split(metadata, '\n')) {
    constexpr std::string_view heading = "Requires-Dist: ";
    if (!line.starts_with(heading)) continue;
    const std::string need(trim(line.substr(heading.size(), line.find(';') - heading.size())));
    if (need.starts_with("nvidia-cuda-runtime") || need.starts_with("nvidia-cuda-cupti"))
      needs.push_back(need);
  }
  return needs;
}

std::uint64_t bytes_for(TorchFor wanted) { return (for_scripts(wanted) ? 8 : 3) * gigabyte; }

void check_order(const TorchOrder& order) {
  check_release(order.version);
  if (is_older(order.version, 2, 6))
    fail(
        "wanted torch 2.6.0 or newer, found {}: older ones have headers that the worker and the recorder "
        "cannot use",
        order.version);
  program_called(order.python);
  if (for_recipes(order.wanted)) {
    if (source_folder().empty())
      fail(
          "wanted the sources of reprise to build a worker from, found none beside this program; use a "
          "checkout, "
          "or --for scripts");
    for (const char* name : {"cmake", "ninja", "c++"}) program_called(name);
  }
  check_room(order);
  check_index(order);
}

namespace {

// A version that was ready stays so until the new one is: its environment names its own folder, and so cannot
// be made elsewhere.
class EarlierVersion {
 public:
  explicit EarlierVersion(const fs::path& folder) : folder_(folder), aside_(folder.string() + ".before") {
    if (fs::exists(aside_)) come_back();  // the attempt before was ended in the middle
    if (fs::exists(folder_)) fs::rename(folder_, aside_);
  }
  EarlierVersion(const EarlierVersion&) = delete;
  EarlierVersion& operator=(const EarlierVersion&) = delete;
  ~EarlierVersion() {
    if (!replaced_ && fs::exists(aside_)) come_back();
  }
  void is_replaced() {
    replaced_ = true;
    fs::remove_all(aside_);
  }

 private:
  void come_back() {
    fs::remove_all(folder_);
    fs::rename(aside_, folder_);
  }
  fs::path folder_, aside_;
  bool replaced_ = false;
};

}  // namespace

KeptTorch make_torch(const TorchOrder& order, const Tell& tell) {
  const fs::path folder = torch_home() / order.version;
  EarlierVersion earlier(folder);
  fs::remove_all(folder);
  make_folder(folder);
  const fs::path python = folder / "python/bin/python";
  tell(fmt::format("fetching torch {} into {} ({} on disk at most; minutes, by the network)", order.version,
                   folder.string(), size_for_people(bytes_for(order.wanted))));
  step({program_called(order.python).string(), "-m", "venv", (folder / "python").string()}, folder,
       "making an environment");
  if (for_scripts(order.wanted))
    fetch_environment(order, python, folder);
  else
    fetch_libtorch(order, python, folder);
  KeptTorch kept{order.version, folder, for_recipes(order.wanted), for_scripts(order.wanted), ""};
  if (kept.worker) {
    tell("building the worker for it (6 min on two cores, 13 min of processor time)");
    build_worker(python, folder);
    kept.sources = source_digest();
  }
  write_atomically(folder / kept_torch_file, to_toml(kept));
  earlier.is_replaced();
  return kept;
}

void remove_torch(const std::string& version) {
  const auto kept = kept_torches();
  const auto found = std::ranges::find(kept, version, &KeptTorch::version);
  if (found == kept.end()) {
    std::vector<std::string> names;
    for (const auto& one : kept) names.push_back(one.version);
    fail("{} in {}", unknown_name("torch", version, names), torch_home().string());
  }
  fs::remove_all(found->folder);
}

}  // namespace reprise
