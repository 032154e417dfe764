// SPDX-License-Identifier: Apache-2.0
#pragma once
// The recorder is a library that watches a Python process from inside. It must be built for exactly the torch
// that is watched (a foreign one is misread, mostly in silence), from the headers which every torch brings
// along. It is built on first use and kept.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

struct Recorder {
  std::filesystem::path library;  // for this torch
  std::filesystem::path site;     // goes first on PYTHONPATH
  std::filesystem::path preload;  // goes first on LD_PRELOAD, where PYTHONPATH is of no use
  std::string torch;              // its version: "2.11.0+cu130"
  std::filesystem::path folder;   // and where it lies: "site-packages/torch"
};

// The recorder for the torch that `python` would import when started in `folder`; nothing if it has no torch.
// An Error if one is there but none can be built for it, with the compiler's first complaint. `tell` hears of
// a build, which takes about 15 seconds.
std::optional<Recorder> recorder_for(const std::filesystem::path& python,
                                     const std::map<std::string, std::string>& environment,
                                     const std::filesystem::path& folder,
                                     const std::function<void(const std::string&)>& tell);

// The same for the torch in a folder ("site-packages/torch"), with which a program is linked.
Recorder recorder_for_libtorch(const std::filesystem::path& torch,
                               const std::map<std::string, std::string>& environment,
                               const std::function<void(const std::string&)>& tell);

// Where a bundle keeps a recorder that was built beforehand, and what else belongs to it: below
// share/reprise.
inline constexpr std::string_view carried_recorders = "recorder/carried";

// One for a bundle, built for the torch in a folder: it looks for its libraries in the bundle's lib. Kept as
// those are that recorder_for() builds.
struct CarriedRecorder {
  std::filesystem::path file;
  std::string name;   // in the bundle
  std::string torch;  // its version
};
CarriedRecorder recorder_to_carry(const std::filesystem::path& torch,
                                  const std::function<void(const std::string&)>& tell);
// The folder with harness/recorder/site and observe, from which it is watched.
std::filesystem::path recorder_sources();
// The script that calls a function of somebody's file again and again, for `reprise probe my_op.py`.
std::filesystem::path probing_script();

}  // namespace reprise
