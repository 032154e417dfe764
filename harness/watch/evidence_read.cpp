// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/evidence_read.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/watch/folder_snapshot.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

std::string changed_words(const std::string& what) { return what + " changed since this run was made"; }

std::string name_of(const std::string& path, const FilesSeen& seen) {
  const fs::path file(path);
  if (file.filename() == "METADATA") return "the package " + file.parent_path().stem().string();
  return path_for_people(path, seen.start ? seen.start->folder : "");
}

std::string settled_identity(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return "";
  const auto nanoseconds = [](const timespec& t) {
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
  };
  return fmt::format("{} {} {} {} {}", s.st_dev, s.st_ino, s.st_size, nanoseconds(s.st_mtim),
                     nanoseconds(s.st_ctim));
}

// A folder's names without what the run itself put there or took away; "" if they are the same.
std::string listing_changed(const std::string& path, const SeenPath& one, const FilesSeen& seen,
                            const std::string& runs) {
  const std::string name = path_for_people(path, seen.start->folder);
  if (one.at_first.absent)
    return fs::exists(path) ? name + ", which was not there when this run looked, is there now" : "";
  if (!fs::is_directory(path)) return name + " is gone since this run was made";
  if (!one.at_first.names) return "the names in " + name + ", too many to note, cannot be compared";
  std::set<std::string> then(one.at_first.names->begin(), one.at_first.names->end()), now;
  for (const auto& entry : list_folder(path)) now.insert(entry.filename().string());
  const auto own = [&](const std::string& each) { return seen.wrote((fs::path(path) / each).string()); };
  for (const auto& each : then)
    if (!now.contains(each) && !own(each))
      return (fs::path(name) / each).string() + " is gone since this run was made";
  for (const auto& each : now)
    if (!then.contains(each) && !own(each) && each != "__pycache__" && each != runs)
      return (fs::path(name) / each).string() + ", of a folder that this run listed, is new";
  return "";
}

// What a path held when it was first read, against what it holds now.
std::string file_changed(const std::string& path, const SeenPath& one, const FilesSeen& seen) {
  const std::string name = name_of(path, seen);
  const PathState& then = one.at_first;
  if (one.unsteady) return name + " changed while this run read it";
  const bool there = fs::exists(path);
  if (then.absent) return there ? name + ", which was not there when this run looked, is there now" : "";
  if (!there) return name + " is gone since this run was made";
  if (!then.settled.empty() && settled_identity(path) == then.settled) return "";
  if (then.bytes < 0) return "";  // a folder or a device
  if (then.sha256.empty()) {
    const std::string now = identity_of(path);
    return now == then.identity || now.starts_with(then.identity + " ") ? "" : changed_words(name);
  }
  std::error_code error;
  if (static_cast<std::int64_t>(fs::file_size(path, error)) != then.bytes || error)
    return changed_words(name);
  try {
    return sha256_file(path) == then.sha256 ? "" : changed_words(name);
  } catch (const Error&) {
    return name + " cannot be read any more";
  }
}

std::string listed_changed(const FilesSeen& seen, const std::string& runs) {
  if (seen.beyond)
    return "this run read more files than are noted, so it cannot be determined whether all are the same";
  for (const auto& [path, one] : seen.paths) {
    if (!one.read_first()) continue;
    const std::string found =
        one.first == "list" ? listing_changed(path, one, seen, runs) : file_changed(path, one, seen);
    if (!found.empty()) return found;
  }
  return "";
}

// What is mostly read by code that no audit hook of Python sees, and not even reprise-opened.so where it is
// linked statically or calls the kernel itself. Not every file: what a shell writes beside a run (`>
// out.txt`) is no data of it.
bool is_read_past_python(const fs::path& file) {
  constexpr std::array<std::string_view, 27> endings = {
      ".safetensors", ".h5",  ".hdf5",  ".parquet", ".arrow", ".feather", ".lmdb",  ".mdb", ".tfrecord",
      ".bin",         ".nc",  ".beton", ".so",      ".db",    ".gguf",    ".model", ".dat", ".raw",
      ".gz",          ".bz2", ".xz",    ".zst",     ".zip",   ".tar",     ".csv",   ".tsv", ".npy"};
  return std::ranges::find(endings, file.extension().string()) != endings.end();
}

// Of the files that lay in the folder: any that this run did not write itself and that is another now.
std::string snapshot_changed(const FilesSeen& seen, bool all) {
  const RunStart& start = *seen.start;
  for (const auto& [path, identity] : start.files) {
    const fs::path file = fs::path(start.folder) / path;
    if (path.ends_with('/') || (!all && !is_read_past_python(file)) || seen.paths.contains(file.string()) ||
        seen.changed.contains(file.string()))
      continue;
    const std::string now = identity_of(file);
    if (now != identity) return now.empty() ? path + " is gone since this run was made" : changed_words(path);
  }
  return "";
}

// Where no recorder saw what was read: the state of its git repository, and the files of its folder.
std::string unlisted_changed(const FilesSeen& seen, const GivenNow& now) {
  if (!seen.start->git.empty() && now.git() != seen.start->git)
    return changed_words("the git repository of the command");
  if (!seen.start->whole && seen.start->git.empty())
    return "nothing shows what this run read: no recorder watched it, and its folder has too many files to "
           "note";
  return snapshot_changed(seen, true);
}

std::string given_changed(const Facts& then, const Facts& now) {
  for (const auto& [name, value] : then)
    if (const auto found = now.find(name); found == now.end() || found->second != value)
      return changed_words("the " + name);
  for (const auto& [name, value] : now)
    if (!then.contains(name)) return changed_words("the " + name);
  return "";
}

}  // namespace

std::string what_changed(const fs::path& run, const GivenNow& now) {
  const FilesSeen seen = files_seen(run);
  if (!seen.start) return "nothing shows what this run read: it was made by an older version";
  if (const std::string found = given_changed(seen.start->given, now.given()); !found.empty()) return found;
  if (seen.start->folder.empty()) return "";  // a native recipe: its data is named by content
  if (const fs::path folder = fs::weakly_canonical(now.folder); folder != seen.start->folder)
    return fmt::format("this run was made in another folder, {}", seen.start->folder);
  if (const std::string found =
          listed_changed(seen, fs::absolute(run).parent_path().parent_path().filename());
      !found.empty())
    return found;
  return seen.listed ? snapshot_changed(seen, false) : unlisted_changed(seen, now);
}

}  // namespace reprise
