// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes a version of torch ready for the axis `torch`: fetches it from the Python package index into a folder
// of its own (watch/kept_torch.h) and builds a worker against it. No environment of the user's is touched.
#include <functional>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/watch/kept_torch.h"

namespace reprise {

// What the version is wanted for: both, native recipes alone (a worker; of torch only what LibTorch needs on
// a processor), or scripts alone (an environment that imports it).
enum class TorchFor { both, recipes, scripts };
std::span<const Word<TorchFor>> words_of(TorchFor wanted);

struct TorchOrder {
  std::string version;  // "2.6.0"
  TorchFor wanted = TorchFor::both;
  // The Python whose environment is made again with that torch; of its packages those of torch itself and of
  // NVIDIA are left out.
  std::string python = "python3";
};

// Releases in what `pip index versions torch` prints, newest first; none where it prints no list.
std::vector<std::string> releases_in(const std::string& printed);

// The lines of `pip freeze` that are installed beside another torch: no torch, nothing that comes with it,
// and nothing from a folder or an address. None of a Python without torch: nothing was trained with it.
std::vector<std::string> requirements_beside(const std::string& frozen);

// Those of `wanted` whose package is not among the lines of `frozen`: what torch brought along stays in the
// version that this torch asks for.
std::vector<std::string> requirements_missing(const std::vector<std::string>& wanted,
                                              const std::string& frozen);

// "nvidia-cuda-cupti-cu12==12.4.127" and the like, of the METADATA of a torch wheel: what its processor half
// loads.
std::vector<std::string> cuda_needs_of_cpu(const std::string& metadata);

// Bytes on disk that it takes at most, as measured for 2.6.0 to 2.15.0.
std::uint64_t bytes_for(TorchFor wanted);

// An Error, before anything is fetched: a version that is older than 2.6 or not on the index (with the
// nearest), no room on the disk, no sources to build a worker from, no Python or compiler.
void check_order(const TorchOrder& order);

// `tell` hears of each step and of how long it may take. An Error with the last lines of its log where a step
// fails; what is not whole is no kept torch.
KeptTorch make_torch(const TorchOrder& order, const std::function<void(const std::string&)>& tell);

// An Error where that version is not kept.
void remove_torch(const std::string& version);

}  // namespace reprise
