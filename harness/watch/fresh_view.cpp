// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/fresh_view.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

void must(bool well, const std::string& what) {
  if (!well) fail("{}: {}", what, std::strerror(errno));
}

void write_map(const char* file, const std::string& text) {
  std::ofstream out(file);
  out << text;
}

// True if a user namespace was needed for it.
bool leave_the_others() {
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (::unshare(CLONE_NEWNS) == 0) return false;
  must(::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "this system gives no namespace of one's own");
  write_map("/proc/self/setgroups", "deny");
  write_map("/proc/self/uid_map", fmt::format("{0} {0} 1", user));
  write_map("/proc/self/gid_map", fmt::format("{0} {0} 1", group));
  return true;
}

// A path as an option of an overlay takes it.
std::string escaped(const fs::path& path) {
  std::string text;
  for (const char c : path.string()) {
    if (c == '\\' || c == ':' || c == ',') text += '\\';
    text += c;
  }
  return text;
}

void bind(const fs::path& from, const fs::path& to) {
  must(::mount(from.c_str(), to.c_str(), nullptr, MS_BIND | MS_REC, nullptr) == 0,
       "cannot show " + from.string() + " in a view of the folder");
}

void cover(const fs::path& folder, const fs::path& parts, bool in_user_namespace) {
  const std::string options =
      fmt::format("lowerdir={},upperdir={},workdir={}{}", escaped(folder), escaped(parts / "upper"),
                  escaped(parts / "work"), in_user_namespace ? ",userxattr" : "");
  must(::mount("overlay", folder.c_str(), "overlay", 0, options.c_str()) == 0,
       "this system gives no overlay of " + folder.string());
}

std::vector<fs::path> kept_places(const fs::path& folder, const fs::path& runs) {
  auto kept = mounted_below(folder);
  const auto inside = runs.lexically_relative(folder);
  if (!inside.empty() && *inside.begin() != ".." && inside != ".") kept.push_back(runs);
  return kept;
}

void make_view(const fs::path& folder, const fs::path& parts, const fs::path& runs) {
  const auto kept = kept_places(folder, runs);
  const bool in_user_namespace = leave_the_others();
  must(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0, "cannot part from other mounts");
  for (std::size_t i = 0; i < kept.size(); ++i) {
    make_folder(parts / "keep" / std::to_string(i));
    bind(kept[i], parts / "keep" / std::to_string(i));
  }
  cover(folder, parts, in_user_namespace);
  for (std::size_t i = 0; i < kept.size(); ++i) {
    bind(parts / "keep" / std::to_string(i), kept[i]);
    ::umount2((parts / "keep" / std::to_string(i)).c_str(), MNT_DETACH);
  }
  // The folder as it was opened before is the one below.
  must(::chdir(folder.c_str()) == 0, "cannot go to " + folder.string());
}

// A mount point as /proc writes it: a space is \040.
std::string unescaped(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 3 >= text.size()) {
      plain += text[i];
      continue;
    }
    plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
    i += 3;
  }
  return plain;
}

}  // namespace

std::vector<fs::path> mounted_below(const fs::path& folder) {
  std::vector<fs::path> found;
  std::ifstream mounts("/proc/self/mountinfo");
  const std::string front = folder.string() + "/";
  for (std::string line; std::getline(mounts, line);) {
    const auto fields = split(line, ' ');
    if (fields.size() < 5) continue;
    const std::string place = unescaped(fields[4]);
    const bool inner = std::ranges::any_of(
        found, [&](const fs::path& outer) { return place.starts_with(outer.string() + "/"); });
    if (place.starts_with(front) && !inner) found.emplace_back(place);
  }
  return found;
}

int enter_view(const std::vector<std::string>& arguments) {
  if (arguments.size() < 5) return 2;
  try {
    make_view(arguments[1], arguments[2], arguments[3]);
  } catch (const std::exception& error) {
    std::cerr << "reprise: " << error.what() << '\n';
    return 125;
  }
  std::vector<std::string> words(arguments.begin() + 4, arguments.end());
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(pointers[0], pointers.data());
  std::cerr << "reprise: cannot start " << words[0] << ": " << std::strerror(errno) << '\n';
  return 127;
}

}  // namespace reprise
