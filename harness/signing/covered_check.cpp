// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/covered_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/attest/evidence_files.h"
#include "harness/attest/model_signature.h"
#include "harness/base/error.h"
#include "harness/base/files.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* check_name = "covered";

// What attest and release write beside the files that they sign, the bundle may be called otherwise since,
// and what git keeps.
std::vector<std::string> written_with(const fs::path& bundle) {
  std::vector<std::string> names = {".git", ".gitattributes", ".gitignore", bundle.filename().string()};
  std::vector<std::string> stems = {"report"};
  if (const std::string name = bundle.filename().string(); name.ends_with(bundle_ending))
    stems.push_back(name.substr(0, name.size() - bundle_ending.size()));
  for (const auto& stem : stems)
    for (const auto ending : {bundle_ending, predicate_ending, model_signature_ending})
      names.push_back(stem + std::string(ending));
  return names;
}

void check_own_folder(const Statement& statement, const fs::path& bundle, const fs::path& files,
                      Verification& found) {
  std::set<std::string> covered;
  for (const auto& one : statement.subjects) covered.insert(one.name);
  auto names = files_as_model(files, written_with(bundle));
  std::erase_if(names,
                [&](const std::string& name) { return covered.contains(name) || name.ends_with(".lock"); });
  if (names.empty())
    return found.pass(check_name, "the signature covers every file in the folder of the evidence");
  found.leave(check_name,
              fmt::format("{} in the folder {} not covered by the signature, the first {}: nothing is known "
                          "of {}; take {} away, or sign again",
                          names.size() == 1 ? "1 file" : fmt::format("{} files", names.size()),
                          names.size() == 1 ? "is" : "are", (files / names.front()).string(),
                          names.size() == 1 ? "it" : "them", names.size() == 1 ? "it" : "them"));
}

// Runs lie in RUNS/PLAN/REPEAT: those beside the signed ones, whole or not.
std::set<fs::path> runs_nearby(const fs::path& files, const std::vector<std::string>& runs) {
  std::set<fs::path> parents;
  for (const auto& run : runs)
    for (fs::path at = fs::path(run).parent_path(), last = run; at != last; last = at, at = at.parent_path())
      parents.insert(files / at);
  std::set<fs::path> found;
  const auto look = [&](const fs::path& folder) {
    if (fs::exists(folder / "trace.h5") || fs::exists(folder / "trace.h5.partial")) found.insert(folder);
  };
  for (const auto& parent : parents)
    for (const auto& child : list_folder(parent)) {
      if (!fs::is_directory(child)) continue;
      look(child);
      for (const auto& below : list_folder(child)) look(below);
    }
  return found;
}

// The run itself, or one of its processes.
bool is_in(const std::string& name, const std::string& run) {
  return name == run || name.starts_with(run + "/");
}

void check_among_others(const fs::path& files, const std::vector<std::string>& runs, Verification& found) {
  std::set<std::string> others;
  const std::set<std::string> covered(runs.begin(), runs.end());
  for (const auto& run : runs_nearby(files, runs))
    if (const auto name = run.lexically_relative(files).generic_string();
        std::ranges::none_of(covered, [&](const std::string& own) { return is_in(name, own); }))
      others.insert(name);
  if (others.empty()) return found.pass(check_name, "no other run lies beside those that were signed");
  found.pass(check_name,
             fmt::format("the signature is about {} runs; {} more beside them, the first {}, {} not covered "
                         "by it, and nothing is known of {}",
                         covered.size(), others.size(), (files / *others.begin()).string(),
                         others.size() == 1 ? "is" : "are", others.size() == 1 ? "it" : "them"));
}

}  // namespace

void check_covered(const Statement& statement, const fs::path& bundle, const fs::path& files,
                   const std::vector<std::string>& runs, Verification& found) try {
  if (fs::path(statement.evidence.report).has_parent_path())
    check_among_others(files, runs, found);
  else
    check_own_folder(statement, bundle, files, found);
} catch (const Error& error) {
  found.fail(check_name, error.what());
}

}  // namespace reprise
