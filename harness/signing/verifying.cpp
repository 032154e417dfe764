// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/verifying.h"

#include <algorithm>
#include <set>

#include "harness/attest/evidence_files.h"
#include "harness/attest/model_signature.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/matrix/matrix.h"
#include "harness/signing/attesting.h"
#include "harness/signing/covered_check.h"
#include "harness/signing/matrix_check.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

void check_folder_as_model(const std::string& payload, Verified& verified) {
  FolderManifest manifest;
  try {
    manifest = folder_manifest_of(payload);
  } catch (const Error& error) {
    return verified.found.fail("statement", error.what());
  }
  verified.found.pass("statement", fmt::format("the folder {} signed as a model is, with {} files",
                                               manifest.name, manifest.files.size()));
  if (fs::is_directory(verified.files / manifest.name)) verified.files /= manifest.name;
  check_files(manifest.files, verified.files, verified.found);
  try {
    std::set<std::string> names;
    for (const auto& file : manifest.files) names.insert(file.name);
    for (const auto& file : files_as_model(verified.files, manifest.ignored))
      if (!names.contains(file))
        return verified.found.fail("nothing beside",
                                   fmt::format("wanted signed files only, found {}, which nobody signed",
                                               (verified.files / file).string()));
    verified.found.pass("nothing beside", "the folder holds no other file");
  } catch (const Error& error) {
    verified.found.fail("nothing beside", error.what());
  }
}

// Everything but pages of the report for people: without one of these its traces cannot be asked.
bool is_needed(const Statement& statement, const std::string& name) {
  const fs::path page = name, report = statement.evidence.report;
  return name == statement.evidence.report || page.parent_path() != report.parent_path() ||
         page.stem() != report.stem();
}

// Why the traces cannot be asked, or "".
std::string why_not_asked(const Verified& verified) {
  std::size_t changed = 0, missing = 0;
  for (const auto& check : verified.found.checks) {
    if (!check.name.starts_with("file ") || !is_needed(*verified.statement, check.name.substr(5))) continue;
    changed += check.end == CheckEnd::failed ? 1 : 0;
    missing += check.end == CheckEnd::untested ? 1 : 0;
  }
  if (changed + missing == 0) return "";
  return fmt::format("of the files that it rests on, {} are missing and {} are not as they were signed",
                     missing, changed);
}

// Names of the folders of all runs, in which a file more could change what is told.
std::vector<std::string> run_names(const Verified& verified) {
  std::vector<std::string> names;
  const Matrix matrix = read_matrix(verified.files / verified.statement->evidence.matrix);
  for (const auto* list : {&matrix.configurations, &matrix.self_test, &matrix.own_pair})
    for (const auto& one : *list) {
      if (one.folder.empty()) continue;
      const std::string name = subject_name(verified.files, one.folder);
      names.push_back(name == "." ? "" : name);
    }
  return names;
}

// What is told of a report, and what its traces say.
void check_evidence(const fs::path& bundle, Verified& verified) {
  Verification& found = verified.found;
  const Statement& statement = *verified.statement;
  if (const auto why = why_not_asked(verified); !why.empty()) {
    for (const char* name : {"nothing beside", "covered", "traces", "matrix", "predicate", "report"})
      found.leave(name, why);
    return;
  }
  std::vector<std::string> names;
  for (const auto& one : statement.subjects)
    if (fs::exists(file_of(verified.files, one.name))) names.push_back(one.name);
  try {
    const auto runs = run_names(verified);
    check_nothing_beside(statement.subjects, verified.files, runs, found);
    check_covered(statement, bundle, verified.files, runs, found);
    check_traces(names, verified.files, found);
    check_matrix(read_matrix(verified.files / statement.evidence.matrix), statement.evidence.of_matrix,
                 found);
    check_predicate(
        statement,
        nlohmann::ordered_json::parse(read_file(verified.files / statement.evidence.report, "report")),
        found);
    check_against_traces(statement.evidence, statement.version, names, verified.files, found);
  } catch (const std::exception& error) {  // signed, and yet no report, matrix or run
    found.fail("report", error.what());
  }
}

// The predicate that attest writes beside the bundle is in no statement, and somebody may sign it anew.
void check_predicate_file(const fs::path& bundle, Verified& verified) {
  const std::string name = bundle.filename().string();
  if (!name.ends_with(bundle_ending)) return;
  const fs::path file = bundle.parent_path() /
                        (name.substr(0, name.size() - bundle_ending.size()) + std::string(predicate_ending));
  if (!fs::exists(file)) return;
  const auto found = nlohmann::ordered_json::parse(read_file(file, "predicate"), nullptr, false);
  if (found == predicate_of(*verified.statement))
    verified.found.pass("predicate file", file.string() + " says what was signed");
  else
    verified.found.fail("predicate file", file.string() + " does not say what was signed: do not use it");
}

}  // namespace

Verified verify_bundle(const fs::path& bundle, const PublicKey& key, const fs::path& files) {
  Verified verified;
  verified.files = !files.empty() ? files : bundle.has_parent_path() ? bundle.parent_path() : fs::path(".");
  if (!fs::is_directory(verified.files))
    fail("wanted the folder that holds the signed files, found none at {}", verified.files.string());
  const std::string payload = signed_payload(read_file(bundle, "bundle"), key, verified.found);
  if (payload.empty()) {
    verified.found.leave("statement", "nothing is believed of what the key's holder did not sign");
    return verified;
  }
  if (is_model_signature(payload)) {
    check_folder_as_model(payload, verified);
    return verified;
  }
  try {
    verified.statement = statement_of(payload);
  } catch (const Error& error) {
    verified.found.fail("statement", error.what());
    return verified;
  }
  verified.found.pass("statement",
                      fmt::format("in-toto Statement v1 about {} files, test-result v0.1, by reprise {}",
                                  verified.statement->subjects.size(), verified.statement->version));
  check_files(verified.statement->subjects, verified.files, verified.found);
  check_predicate_file(bundle, verified);
  // A release whose bundle was put elsewhere has it too.
  const fs::path own = verified.files / ("report" + std::string(bundle_ending));
  std::error_code absent;
  if (!fs::equivalent(own.parent_path(), bundle.has_parent_path() ? bundle.parent_path() : ".", absent))
    check_predicate_file(own, verified);
  check_evidence(bundle, verified);
  return verified;
}

}  // namespace reprise
