// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/recorder_kit.h"

#include <link.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

int add_loaded(::dl_phdr_info* info, std::size_t /*size*/, void* files) {
  if (info->dlpi_name && *info->dlpi_name)
    static_cast<std::vector<fs::path>*>(files)->emplace_back(info->dlpi_name);
  return 0;
}

// "libfmt" is libfmt.so.9, and libfmt-1a2b3c4d.so.9.1.0 in a wheel, whose tools give libraries such names.
bool is_called(const fs::path& file, const std::string& name) {
  const std::string found = file.filename().string();
  return found.starts_with(name + ".so") || found.starts_with(name + "-");
}

std::string loaded_library(const std::string& name, const fs::path& kit) {
  std::vector<fs::path> files;
  ::dl_iterate_phdr(add_loaded, &files);
  const auto found = std::ranges::find_if(files, [&](const fs::path& file) { return is_called(file, name); });
  if (found == files.end())
    fail(
        "wanted the library {} that {} names among those that this program runs with, found none; install "
        "reprise again",
        name, kit.string());
  return fs::canonical(*found).string();
}

void begin_at(const fs::path& folder, std::string& place) {
  place = (folder / place).lexically_normal().string();  // one that begins at the root stays
}

}  // namespace

RecorderKit read_recorder_kit(const fs::path& home) {
  const fs::path path = (home / "share/reprise/recorder/kit.toml").lexically_normal();
  if (!fs::exists(path))
    fail(
        "wanted the recorder's sources to watch a command, found none at {} (a bundle has none): "
        "use a reprise built from its sources, or a bundle made with --with-recorder",
        path.string());
  auto table = TomlTable::parse(read_file(path, "recorder's kit"), path.string());
  RecorderKit kit{table.text("compiler"),   table.texts("options"),     table.texts("includes"),
                  table.texts("libraries"), table.texts("rooms"),       table.texts("generated"),
                  table.texts("archives"),  table.texts("torch_rooms"), table.text("source")};
  table.finish();
  const fs::path folder = fs::absolute(path).parent_path();
  kit.source = (folder / kit.source).lexically_normal();
  for (auto* places : {&kit.includes, &kit.generated, &kit.archives})
    for (auto& place : *places) begin_at(folder, place);
  for (auto& library : kit.libraries)
    if (library.find('/') == std::string::npos)
      library = loaded_library(library, path);
    else
      begin_at(folder, library);
  return kit;
}

std::string digest_of(const RecorderKit& kit) {
  std::string all = join(kit.options, " ") + kit.compiler + join(kit.libraries, " ");
  std::vector<std::string> folders = kit.rooms;
  folders.insert(folders.end(), kit.torch_rooms.begin(), kit.torch_rooms.end());
  for (const auto& room : folders)
    for (const auto& file : list_folder(kit.source / room))
      if (file.extension() == ".h" || file.extension() == ".cpp" || file.extension() == ".map")
        all += read_file(file, "source");
  for (const auto& archive : kit.archives) all += read_file(archive, "archive");
  return sha256_text(all).substr(0, 12);
}

std::vector<std::string> library_folders(const RecorderKit& kit) {
  std::vector<std::string> folders;
  for (const auto& library : kit.libraries) {
    const std::string folder = fs::path(library).parent_path().string();
    const bool usual = folder.starts_with("/usr/lib") || folder.starts_with("/lib");
    if (!usual && std::ranges::find(folders, folder) == folders.end()) folders.push_back(folder);
  }
  return folders;
}

}  // namespace reprise
