// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/opened_files.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/trace/files_seen.h"
#include "harness/watch/folder_snapshot.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// As observe/files.py digests: a run must not take longer for its evidence than for itself.
constexpr std::int64_t largest_file = std::int64_t{64} << 20, most_bytes = std::int64_t{8} << 30;
constexpr std::size_t most_files = 10000;

// Empty where there is none.
fs::path library() {
  const fs::path path = program_folder() / "../share/reprise/recorder/reprise-opened.so";
  return fs::exists(path) ? fs::weakly_canonical(path) : fs::path();
}

bool can_be_named(const fs::path& path) { return path.string().find_first_of(" :") == std::string::npos; }

// Of a file that is as it was when the run opened it; a view of the folder has other inodes.
std::string digest_if_same(const std::string& path, const PathState& then) {
  const auto same = [&] {
    const std::string now = identity_of(path);
    return now == then.identity || now.starts_with(then.identity + " ");
  };
  if (then.identity.empty() || !same()) return "";
  try {
    const std::string digest = sha256_file(path);
    return same() ? digest : "";
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

void add_opened(const fs::path& run, std::map<std::string, std::string>& variables) {
  const fs::path path = library();
  if (path.empty() || !can_be_named(path)) return;
  variables["REPRISE_FOLDER"] = run.string();
  std::string& all = variables["LD_PRELOAD"];
  all = path.string() + (all.empty() ? "" : ":" + all);
}

std::string opened_note() {
  const fs::path path = library();
  if (path.empty() || can_be_named(path)) return "";
  return fmt::format(
      "not observed: which files compiled code and child programs open; reprise lies in {}, and LD_PRELOAD "
      "would cut that at its space or colon",
      path.parent_path().string());
}

void digest_opened(const fs::path& run, bool all) {
  const FilesSeen seen = files_seen(run);
  std::map<std::string, std::string> digests;
  std::int64_t bytes = 0;
  for (const auto& [path, one] : seen.paths) {
    const PathState& then = one.at_first;
    if (!one.read_first() || then.bytes < 0 || !then.sha256.empty()) continue;
    if (!all && then.bytes > largest_file) continue;
    if (!all && (digests.size() == most_files || bytes + then.bytes > most_bytes)) break;
    const std::string digest = digest_if_same(path, then);
    if (digest.empty()) continue;
    digests[path] = digest;
    bytes += then.bytes;
  }
  if (!digests.empty()) write_digests(seen, digests, run);
}

}  // namespace reprise
