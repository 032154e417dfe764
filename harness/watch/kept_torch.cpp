// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/kept_torch.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/watch/recorder.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* format = "reprise.torch/1";
constexpr const char* source_folders[] = {"cmake", "harness", "probes", "recipes"};

std::optional<KeptTorch> read_kept(const fs::path& folder) {
  const fs::path file = folder / kept_torch_file;
  if (!fs::is_regular_file(file)) return std::nullopt;
  try {
    auto table = TomlTable::parse(read_file(file, "kept torch"), file.string());
    if (table.text("format") != format) return std::nullopt;
    KeptTorch kept{table.text("torch"), folder, table.truth("worker"), table.truth("scripts"),
                   table.text("sources")};
    table.finish();
    return kept.version == folder.filename() ? std::optional(kept) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::vector<std::int64_t> numbers_of(const std::string& version) {
  std::vector<std::int64_t> numbers;
  for (const auto& part : split(version, '.')) numbers.push_back(to_integer(part).value_or(0));
  return numbers;
}

std::string digest_below(const fs::path& root) {
  std::string lines = sha256_file(root / "CMakeLists.txt") + "\n";
  for (const char* name : source_folders) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root / name))
      // Not what Python writes there as soon as a script was watched.
      if (entry.is_regular_file() && entry.path().parent_path().filename() != "__pycache__")
        files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files)
      lines += file.lexically_relative(root).string() + " " + sha256_file(file) + "\n";
  }
  return sha256_text(lines);
}

}  // namespace

fs::path torch_home() {
  if (const std::string home = environment_text("REPRISE_TORCH_HOME"); !home.empty()) return home;
  const fs::path cache = cache_folder();
  if (cache.empty())
    fail("wanted a folder for versions of torch, found neither REPRISE_TORCH_HOME nor HOME; set one of them");
  return cache / "torch";
}

std::vector<KeptTorch> kept_torches() {
  std::vector<KeptTorch> kept;
  for (const auto& folder : list_folder(torch_home()))
    if (auto one = read_kept(folder)) kept.push_back(std::move(*one));
  std::ranges::sort(kept, {}, [](const KeptTorch& one) { return numbers_of(one.version); });
  return kept;
}

std::optional<KeptTorch> kept_torch(const std::string& version) {
  if (environment_text("REPRISE_TORCH_HOME").empty() && cache_folder().empty()) return std::nullopt;
  return read_kept(torch_home() / version);
}

std::string to_toml(const KeptTorch& kept) {
  return fmt::format("format = {}\ntorch = {}\nworker = {}\nscripts = {}\nsources = {}\n",
                     quoted_text(format), quoted_text(kept.version), kept.worker, kept.scripts,
                     quoted_text(kept.sources));
}

fs::path source_folder() {
  try {
    const fs::path root = (recorder_sources() / "../..").lexically_normal();
    return fs::is_regular_file(root / "cmake/programs.cmake") ? root : fs::path();
  } catch (const Error&) {
    return {};
  }
}

std::string source_digest() {
  static const std::string digest = source_folder().empty() ? "" : digest_below(source_folder());
  return digest;
}

}  // namespace reprise
