// SPDX-License-Identifier: Apache-2.0
#pragma once
// Versions of torch that were made ready beside the one at hand, by `reprise torch add`: an environment with
// that torch, for scripts, and a worker that was built for it, for native recipes. One folder each below
// REPRISE_TORCH_HOME, else below the cache folder; kept.toml is written last, so that one without it is none.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace reprise {

struct KeptTorch {
  std::string version;  // "2.6.0"
  std::filesystem::path folder;
  bool worker = false, scripts = false;  // which of both was made
  std::string sources;                   // of reprise, that the worker was built from: their digest

  std::filesystem::path worker_program() const { return folder / "worker/bin/reprise-worker"; }
  std::filesystem::path programs() const { return folder / "python/bin"; }  // python, torchrun
};
inline constexpr const char* kept_torch_file = "kept.toml";

// An Error where neither REPRISE_TORCH_HOME nor a cache folder is known.
std::filesystem::path torch_home();
// Sorted by version. A folder whose kept.toml cannot be read is none.
std::vector<KeptTorch> kept_torches();
std::optional<KeptTorch> kept_torch(const std::string& version);
std::string to_toml(const KeptTorch& kept);

// Of the sources that a worker is built from, as they lie on this machine now; "" where this program has
// none.
std::string source_digest();
// The folder of those sources; empty where this program has none (a bundle).
std::filesystem::path source_folder();

}  // namespace reprise
