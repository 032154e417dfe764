// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/fresh_folder.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/watch/folder_snapshot.h"
#include "harness/watch/fresh_copy.h"
#include "harness/watch/fresh_view.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t most_copied = std::uint64_t{2} << 30;
constexpr const char* record_name = "fresh.json";

fs::path folder_of(const Plan& plan) {
  return fs::canonical(plan.command->folder.empty() ? "." : plan.command->folder);
}

bool lies_below(const fs::path& path, const fs::path& folder) {
  const auto inside = path.lexically_relative(folder);
  return !inside.empty() && *inside.begin() != "..";
}

// Where the parts of an overlay lie: in the run's folder unless that is below the folder, which no overlay
// allows.
fs::path make_parts(const fs::path& folder, const fs::path& run) {
  fs::path parts = run / "fresh.parts";
  if (lies_below(run, folder)) {
    std::string pattern = (fs::temp_directory_path() / "reprise-fresh-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      fail("cannot write in {}: set TMPDIR to a folder that can be written",
           fs::temp_directory_path().string());
    parts = pattern;
  }
  for (const char* name : {"upper", "work", "keep"}) make_folder(parts / name);
  return parts;
}

void remove_parts(const fs::path& parts) {
  std::error_code ignored;
  // Made by the kernel for itself, closed even to the owner.
  for (const char* name : {"work/work", "work/index"})
    if (fs::exists(parts / name, ignored))
      fs::permissions(parts / name, fs::perms::owner_all, fs::perm_options::add, ignored);
  fs::remove_all(parts, ignored);
}

std::vector<std::string> view_words(const fs::path& folder, const fs::path& parts, const fs::path& runs,
                                    const std::vector<std::string>& words) {
  std::vector<std::string> all{(program_folder() / "reprise").string(), view_word, folder.string(),
                               parts.string(), fs::canonical(runs).string()};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

// "" if overlays of the folder work here.
std::string no_overlay(const fs::path& folder, const fs::path& runs) {
  if (!fs::exists(program_folder() / "reprise")) return "the program reprise is not beside this one";
  const fs::path tried = fs::canonical(runs) / ".fresh-tried";
  make_folder(tried);
  const fs::path parts = make_parts(folder, tried);
  const Said said = run_quietly(view_words(folder, parts, runs, {"/bin/true"}), {}, "/");
  remove_parts(parts);
  std::error_code ignored;
  fs::remove_all(tried, ignored);
  if (said.well) return "";
  const std::string text(trim(said.text));
  return text.starts_with("reprise: ") ? text.substr(9) : text;
}

void write_record(const Json& record, const fs::path& run) {
  write_atomically(run / record_name, record.dump(1, ' ', false, Json::error_handler_t::replace));
}

Json record_of(const fs::path& run) {
  const fs::path file = run / record_name;
  if (!fs::is_regular_file(file)) return Json();
  return Json::parse(read_file(file, "record of a view"), nullptr, false);
}

bool is_whiteout(const fs::path& file) {
  struct stat s {};
  return ::lstat(file.c_str(), &s) == 0 && S_ISCHR(s.st_mode) && s.st_rdev == 0;
}

// A folder that the run made anew: nothing of the one below shows through.
bool is_opaque(const fs::path& folder) {
  char value = 0;
  for (const char* name : {"trusted.overlay.opaque", "user.overlay.opaque"})
    if (::lgetxattr(folder.c_str(), name, &value, 1) == 1 && value == 'y') return true;
  return false;
}

std::set<std::string> files_below(const fs::path& folder) {
  std::set<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (!it->is_directory() || it->is_symlink()) files.insert(it->path().lexically_relative(folder).string());
  return files;
}

// What an overlay's upper folder says, and the marks taken out of it.
void read_upper(const fs::path& upper, const fs::path& folder, FreshLeft& left) {
  std::vector<fs::path> marks, anew;
  for (const auto& entry : fs::recursive_directory_iterator(upper)) {
    if (is_whiteout(entry.path()))
      marks.push_back(entry.path());
    else if (entry.is_directory() && !entry.is_symlink() && is_opaque(entry.path()))
      anew.push_back(entry.path());
  }
  const auto remove_below = [&](const fs::path& name) {
    if (!fs::is_directory(folder / name)) left.removed.insert(name.string());
    for (const auto& file : files_below(folder / name)) left.removed.insert((name / file).string());
  };
  for (const auto& mark : marks) {
    remove_below(mark.lexically_relative(upper));
    fs::remove(mark);
  }
  for (const auto& made : anew)
    if (fs::exists(folder / made.lexically_relative(upper))) remove_below(made.lexically_relative(upper));
  left.written = files_below(upper);
  for (const auto& file : left.written) left.removed.erase(file);
}

void keep_upper(const fs::path& upper, const fs::path& kept) {
  std::error_code error;
  fs::rename(upper, kept, error);
  if (error) copy_folder(upper, kept / "none", kept);  // it lies on another file system
}

// Leaves in a copy what was written since it was made.
void prune_copy(const fs::path& kept, const Json& copies, FreshLeft& left) {
  const auto state = [&](const std::string& name) {
    std::error_code ignored;
    if (fs::is_symlink(kept / name, ignored))
      return "link " + fs::read_symlink(kept / name, ignored).string();
    return identity_of(kept / name);
  };
  for (const auto& [name, identity] : copies.items()) {
    const std::string now = state(name);
    if (now.empty()) left.removed.insert(name);
    if (now == identity.get<std::string>()) fs::remove(kept / name);
  }
  left.written = files_below(kept);
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(kept))
    if (entry.is_directory() && !entry.is_symlink()) folders.push_back(entry.path());
  std::error_code not_empty;
  for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder) fs::remove(*folder, not_empty);
}

}  // namespace

std::string size_for_people(std::uint64_t bytes) {
  const auto number = static_cast<double>(bytes);
  if (bytes >= std::uint64_t{1} << 30) return fmt::format("{:.1f} GiB", number / (1 << 30));
  if (bytes >= 1 << 20) return fmt::format("{:.1f} MiB", number / (1 << 20));
  return fmt::format("{:.0f} KiB", number / 1024);
}

FreshWay fresh_way(const Plan& plan, const fs::path& runs, bool any_size) {
  const fs::path folder = folder_of(plan);
  make_folder(runs);
  FreshWay way;
  way.reason = plan.watch.fresh == Fresh::copy ? "a copy was asked for" : no_overlay(folder, runs);
  way.overlay = way.reason.empty();
  if (way.overlay) return way;
  way.bytes = bytes_below(folder, runs);
  if (!any_size && way.bytes > most_copied && !copies_by_reference(folder, fs::canonical(runs)))
    fail(
        "wanted a view of {} for each run, but it would have to be copied ({}) and holds {}, more than the "
        "{} "
        "that are copied unasked: move data out of it, start in a smaller folder, or copy it all the same "
        "with "
        "--fresh=copy-any",
        folder.string(), way.reason, size_for_people(way.bytes), size_for_people(most_copied));
  return way;
}

fs::path enter_fresh(const FreshWay& way, const Plan& plan, const fs::path& run, const fs::path& runs,
                     ProcessStart& start) {
  const fs::path folder = folder_of(plan), kept = run / "fresh";
  if (way.overlay) {
    const fs::path parts = make_parts(folder, fs::canonical(run));
    write_record({{"how", "overlay"}, {"parts", parts.string()}}, run);
    start.arguments = view_words(folder, parts, runs, start.arguments);
    return folder;
  }
  const Json copies = copy_folder(folder, runs, kept);
  write_record({{"how", "copy"}, {"reason", way.reason}, {"copies", copies}}, run);
  if (const fs::path program = start.arguments[0]; lies_below(program, folder))
    start.arguments[0] = (kept / program.lexically_relative(folder)).string();
  start.folder = kept;
  return kept;
}

FreshLeft keep_fresh(const Plan& plan, const fs::path& run) {
  const Json record = record_of(run);
  FreshLeft left;
  if (!record.is_object()) return left;
  const fs::path folder = folder_of(plan), kept = run / "fresh";
  if (record.value("how", "") == "overlay") {
    const fs::path parts = record.at("parts").get<std::string>();
    read_upper(parts / "upper", folder, left);
    keep_upper(parts / "upper", kept);
    remove_parts(parts);
    for (const auto& place : mounted_below(folder))
      left.notes.push_back(fmt::format("not in the run's own view of the folder: {}, another file system",
                                       path_for_people(place.string(), folder.string())));
  } else {
    prune_copy(kept, record.at("copies"), left);
    left.notes.push_back(fmt::format(
        "the run started in a copy of its folder ({}): a path that is written out whole leads to the folder "
        "itself, which all runs share",
        record.value("reason", "")));
  }
  write_record({{"how", record.value("how", "")},
                {"written", left.written},
                {"removed", left.removed},
                {"notes", left.notes}},
               run);
  return left;
}

FreshLeft fresh_left(const fs::path& run) {
  const Json record = record_of(run);
  FreshLeft left;
  if (!record.is_object() || !record.contains("written")) return left;
  left.written = record["written"].get<std::set<std::string>>();
  left.removed = record["removed"].get<std::set<std::string>>();
  left.notes = record["notes"].get<std::vector<std::string>>();
  return left;
}

}  // namespace reprise
