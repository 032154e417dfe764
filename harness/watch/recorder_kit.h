// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a recorder is built from: sources that need a torch's headers, and everything else compiled already.
// In a build it names the files of that build and its checkout; in an installed program all of it lies beside
// the program, and the shared libraries are those that the program itself runs with.
#include <filesystem>
#include <string>
#include <vector>

namespace reprise {

struct RecorderKit {
  std::string compiler;
  std::vector<std::string> options, includes, libraries;
  // What has no LibTorch in it: its folders and generated sources, and compiled already.
  std::vector<std::string> rooms, generated, archives;
  std::vector<std::string> torch_rooms;  // what has
  std::filesystem::path source;
};

// Of the program in HOME/bin: HOME/share/reprise/recorder/kit.toml. A path in it that begins at no root
// begins at the kit's own folder, and a library without a slash ("libfmt") is one that this process has
// loaded. An Error if there is no kit, or if it names a library that is not loaded.
RecorderKit read_recorder_kit(const std::filesystem::path& home);

// A digest of everything that goes into a recorder but torch itself.
std::string digest_of(const RecorderKit& kit);

// The folders of the kit's libraries in which no loader looks by itself.
std::vector<std::string> library_folders(const RecorderKit& kit);

}  // namespace reprise
