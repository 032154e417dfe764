// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/evidence_files.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

fs::path whole(const fs::path& path) {
  const fs::path normal = fs::absolute(path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

// A partial trace is evidence too: of a run that was ended.
bool is_evidence(const std::string& name) {
  return !name.ends_with(bundle_ending) && !name.ends_with(predicate_ending) &&
         !name.ends_with(model_signature_ending) && !name.ends_with(".lock");
}

void add_below(const fs::path& base, const fs::path& folder, Links links, std::vector<std::string>& names) {
  for (const auto& path : list_folder(folder)) {
    const auto type = fs::symlink_status(path).type();
    if (type == fs::file_type::symlink && links == Links::left_out) continue;
    if (type == fs::file_type::directory)
      add_below(base, path, links, names);
    else if (type != fs::file_type::regular)
      fail(
          "wanted files and folders only below {}, found {} at {}: evidence holds its files itself; `reprise "
          "release` leaves links out of the copy that it signs",
          folder.string(), type == fs::file_type::symlink ? "a link" : "another thing", path.string());
    else if (is_evidence(path.filename().string()))
      names.push_back(subject_name(base, path));
  }
}

}  // namespace

std::vector<std::string> names_below(const fs::path& base, const fs::path& folder, Links links) {
  std::vector<std::string> names;
  add_below(base, folder, links, names);
  std::ranges::sort(names);
  return names;
}

std::vector<Subject> subjects_named(const fs::path& base, std::vector<std::string> names) {
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  std::vector<Subject> subjects;
  for (const auto& name : names) {
    if (const auto why = why_no_name(name); !why.empty())
      fail("wanted files whose names can be signed, found '{}', which {}; rename it", name, why);
    subjects.push_back({name, sha256_file(file_of(base, name))});
  }
  return subjects;
}

fs::path file_of(const fs::path& base, std::string_view name) {
  if (const auto why = why_no_name(name); !why.empty())
    fail("wanted the name of a file below {}, found '{}', which {}", base.string(), name, why);
  fs::path path = base;
  for (const auto& part : split(name, '/')) {
    path /= part;
    if (fs::is_symlink(fs::symlink_status(path)))
      fail("wanted a file below {}, found a link at {}, which may lead out of it", base.string(),
           path.string());
  }
  return path;
}

fs::path common_folder(const std::vector<fs::path>& folders) {
  check(!folders.empty(), "some folders have one in common");
  fs::path common = whole(folders.front());
  for (const auto& folder : folders) {
    const fs::path other = whole(folder);
    fs::path shared;
    for (auto a = common.begin(), b = other.begin(); a != common.end() && b != other.end() && *a == *b;
         ++a, ++b)
      shared /= *a;
    common = shared;
  }
  return common;
}

std::string subject_name(const fs::path& base, const fs::path& path) {
  const std::string name = whole(path).lexically_relative(whole(base)).generic_string();
  if (name.empty() || name == ".." || name.starts_with("../"))
    fail("wanted a file below {}, found {}", base.string(), path.string());
  return name;
}

}  // namespace reprise
