// SPDX-License-Identifier: Apache-2.0
#include "harness/left/file_name.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/utf8.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view idle_folders[] = {"__pycache__", "node_modules", "site-packages", "dist-packages",
                                             "wandb",       "mlruns",       "triton_cache"};
constexpr std::string_view idle_endings[] = {".pyc", ".lock", ".tmp", ".pid"};
constexpr std::string_view system_folders[] = {"/tmp/", "/var/", "/dev/", "/proc/", "/sys/", "/run/"};

bool is_idle_folder(const std::string& name) {
  return (name.size() > 1 && name[0] == '.' && name != "..") || name.starts_with("torchinductor_") ||
         std::ranges::find(idle_folders, name) != std::end(idle_folders);
}

}  // namespace

std::string as_utf8(const std::string& name) {
  std::string text;
  bool odd = false;
  for (std::string_view rest = name; !rest.empty();) {
    const Character next = character_at(rest);
    if (next.valid && rest[0] != '\\') {
      text += rest.substr(0, next.bytes);
    } else {
      odd = true;
      text += next.valid ? "\\\\" : fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[0]));
    }
    rest.remove_prefix(next.bytes);
  }
  return odd ? text : name;
}

std::string name_below(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_normal().lexically_relative(folder.lexically_normal());
  return relative.empty() || *relative.begin() == ".." ? "" : relative.string();
}

bool is_no_result(const std::string& name) {
  const fs::path path = name;
  if (std::ranges::any_of(idle_endings, [&](auto ending) { return name.ends_with(ending); })) return true;
  if (std::ranges::any_of(system_folders, [&](auto folder) { return name.starts_with(folder); })) return true;
  return std::ranges::any_of(path.parent_path(),
                             [](const fs::path& part) { return is_idle_folder(part.string()); });
}

}  // namespace reprise
