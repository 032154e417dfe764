// SPDX-License-Identifier: Apache-2.0
#pragma once
// The torch that a process would use: a recorder is built for exactly this one.
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace reprise {

struct ObservedTorch {
  std::filesystem::path folder;  // that holds include and lib: "site-packages/torch"
  std::string version;           // "2.11.0+cu130"
  std::string abi;               // "1": the newer C++ ABI, "0": the older one
};

// The torch that `python` would import when started in `folder`; nothing if it has none. An Error for one
// older than 2.6.
std::optional<ObservedTorch> torch_of(const std::filesystem::path& python,
                                      const std::map<std::string, std::string>& environment,
                                      const std::filesystem::path& folder);

// The torch in a folder. An Error if it has no version, or one older than 2.6.
ObservedTorch torch_in(const std::filesystem::path& folder);

// "2.11.0" of "2.11.0+cu130": the builds of one release have one C++ interface.
std::string release_of(const std::string& version);

// Newer than any the recorder was tried with.
bool is_newer_than_known(const ObservedTorch& torch);

}  // namespace reprise
