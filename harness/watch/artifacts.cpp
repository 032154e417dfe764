// SPDX-License-Identifier: Apache-2.0
#include "harness/watch/artifacts.h"

#include <glob.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/checkpoint/checkpoint_file.h"
#include "harness/left/file_name.h"
#include "harness/plan/command_table.h"
#include "harness/trace/layout.h"
#include "harness/trace/trace_writer.h"
#include "harness/watch/fresh_folder.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// A path as a pattern that fits nothing but it.
std::string literally(const fs::path& path) {
  std::string pattern;
  for (const char c : path.string()) {
    if (std::string_view("*?[]\\").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

std::vector<fs::path> matches(const std::string& pattern) {
  glob_t found{};
  const int failed = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<fs::path> paths;
  if (failed == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  ::globfree(&found);
  std::ranges::sort(paths);
  return paths;
}

// What a trace has room for: the front, and a digest of the whole.
std::string fitting(const std::string& name) {
  if (name.size() <= layout::name_width) return name;
  return name.substr(0, layout::name_width - 18) + "~" + sha256_text(name).substr(0, 16);
}

void add_tensors(const fs::path& path, const std::string& name, const std::string& sha256, Artifacts& all) {
  const CheckpointFile checkpoint = read_checkpoint(path);
  for (const auto& tensor : checkpoint.tensors)
    all.found.push_back(
        {fitting(name + ":" + as_utf8(tensor.name)), tensor.dtype, tensor.shape, digest_of(tensor), sha256});
  std::size_t opaque = checkpoint.scalars;
  for (const auto& [what, values] : checkpoint.opaque) opaque += values.count;
  if (opaque > 0)
    all.notes.push_back(fmt::format("not compared: {} values in {} that are not tensors", opaque, name));
}

void add_bytes(const fs::path& path, const std::string& name, const std::string& sha256, Artifacts& all) {
  const Kept file = map_file(path);
  const auto size = static_cast<std::int64_t>(file.bytes.size());
  all.found.push_back({fitting(name), "U8", {size}, tensor_digest("U8", {&size, 1}, file.bytes), sha256});
}

class Collection {
 public:
  Collection(const Plan& plan, const fs::path& run)
      : plan_(plan),
        out_(run / "out"),
        folder_(plan.command->folder.empty() ? fs::current_path() : fs::path(plan.command->folder)),
        view_(plan.watch.fresh == Fresh::no ? fs::path() : run / "fresh"),
        removed_(fresh_left(run).removed),
        began_(fs::last_write_time(run / "plan.toml")) {}

  Artifacts collect() {
    for (const auto& pattern : plan_.watch.artifacts) add_pattern(pattern);
    std::ranges::sort(all_.found, {}, &Artifact::name);
    // A file that two patterns fit counts once.
    const auto same = [](const Artifact& a, const Artifact& b) { return a.name == b.name; };
    all_.found.erase(std::unique(all_.found.begin(), all_.found.end(), same), all_.found.end());
    return std::move(all_);
  }

 private:
  void add_pattern(const std::string& pattern) {
    const std::string filled = filled_word(plan_, pattern, literally(out_));
    const auto paths = filled.starts_with('/') ? matches(filled) : below_folder(filled);
    if (paths.empty())
      fail("wanted the artifacts {}, found none below {}: the command left no such file", pattern,
           pattern.starts_with("{out}") ? out_.string() : folder_.string());
    for (const auto& path : paths) add_path(path);
  }

  // What the run wrote in a view of its own covers what lies in the folder.
  std::vector<fs::path> below_folder(const std::string& pattern) const {
    auto paths = matches(literally(folder_) + "/" + pattern);
    if (view_.empty()) return paths;
    std::erase_if(paths, [&](const fs::path& path) {
      const std::string name = name_below(path, folder_);
      return removed_.contains(name) || fs::exists(fs::symlink_status(view_ / name));
    });
    const auto own = matches(literally(view_) + "/" + pattern);
    paths.insert(paths.end(), own.begin(), own.end());
    return paths;
  }

  // The same for each run, wherever its folder lies.
  std::string name_of(const fs::path& path) const {
    if (!view_.empty())
      if (const auto name = name_below(path, view_); !name.empty()) return name;
    if (const auto name = name_below(path, out_); !name.empty()) return "{out}/" + name;
    const auto name = name_below(path, folder_);
    return name.empty() ? path.string() : name;
  }

  void add_path(const fs::path& path) {
    const std::string name = as_utf8(name_of(path));
    if (fs::last_write_time(path) < began_)
      all_.notes.push_back(fmt::format("{} was there before the run, which did not write it", name));
    const bool folder = fs::is_directory(path);
    const std::string sha256 = folder ? "" : sha256_file(path);
    if (is_checkpoint(path)) {
      try {
        return add_tensors(path, name, sha256, all_);
      } catch (const Error& error) {
        all_.notes.push_back(
            fmt::format("{} is compared by its bytes alone: {}", name, as_utf8(error.what())));
      }
    }
    if (folder)
      fail("wanted a file as an artifact, found the folder {}, which is not a checkpoint; write {}/*", name,
           name);
    add_bytes(path, name, sha256, all_);
  }

  const Plan& plan_;
  fs::path out_, folder_, view_;  // view_: what the run wrote in its own view of the folder
  std::set<std::string> removed_;
  fs::file_time_type began_;
  Artifacts all_;
};

}  // namespace

Artifacts collect_artifacts(const Plan& plan, const fs::path& run) { return Collection(plan, run).collect(); }

void write_trace_of_no_step(const Plan& plan, const Facts& facts, const fs::path& trace) {
  TraceWriter writer(trace, {plan, facts, {}});
  for (std::int64_t step = 0; step < 2; ++step) {
    StepRecord row;
    row.step = step;
    row.checkpoint = true;
    writer.write(row);
  }
  writer.finish();
}

}  // namespace reprise
