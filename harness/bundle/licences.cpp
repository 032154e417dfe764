// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/licences.h"

#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Each Debian package that owns one of the files, by file: its list of files is searched for them.
std::map<fs::path, std::string> owners_of(const std::vector<fs::path>& files) {
  std::map<std::string, fs::path> wanted;
  for (const auto& file : files) {
    // /lib is a link to /usr/lib, and packages name either.
    for (const auto& path : {file, fs::canonical(file)}) {
      wanted[path.string()] = file;
      const std::string usr = "/usr" + path.string();
      wanted[path.string().starts_with("/usr/") ? path.string().substr(4) : usr] = file;
    }
  }
  std::map<fs::path, std::string> owners;
  for (const auto& list : list_folder("/var/lib/dpkg/info")) {
    if (list.extension() != ".list" || !fs::is_regular_file(list)) continue;
    for (const auto& line : split(read_file(list, "package list"), '\n'))
      if (const auto found = wanted.find(line); found != wanted.end()) {
        const std::string package = list.stem().string();
        owners[found->second] = package.substr(0, package.find(':'));
      }
  }
  return owners;
}

}  // namespace

Licences licences_of(const std::map<std::string, fs::path>& libraries, const fs::path& home) {
  Licences licences;
  for (const auto& file : list_folder(home / licence_folder))
    if (fs::is_regular_file(file)) licences.texts[file.filename().string()] = read_file(file, "licence");
  std::vector<fs::path> files;
  for (const auto& [name, file] : libraries)
    if (!file.lexically_normal().string().starts_with(home.string() + "/")) files.push_back(file);
  const auto owners = owners_of(files);
  for (const auto& file : files) {
    const auto owner = owners.find(file);
    const fs::path text =
        fs::path("/usr/share/doc") / (owner == owners.end() ? "" : owner->second) / "copyright";
    if (fs::is_regular_file(text))
      licences.texts[owner->second + ".txt"] = read_file(text, "licence");
    else
      licences.missing.push_back(file.filename().string());
  }
  return licences;
}

}  // namespace reprise
