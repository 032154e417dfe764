// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/releasing.h"

#include <fmt/format.h>

#include <map>
#include <system_error>

#include "harness/attest/evidence_files.h"
#include "harness/attest/model_signature.h"
#include "harness/attest/release/badge.h"
#include "harness/attest/release/model_card.h"
#include "harness/attest/release/readme.h"
#include "harness/attest/release/ro_crate.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/signing/attesting.h"
#include "harness/terminal/reporting.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* matrix_name = "matrix.toml";

void check_free(const fs::path& folder) {
  if (folder.empty() || !folder.has_filename())
    fail("wanted a folder to make the release in, found '{}'", folder.string());
  if (fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder)))
    fail("wanted a new or an empty folder for the release, found something in {}; name another, or remove it",
         folder.string());
}

// What takes room and proves nothing that the trace does not.
bool is_left_out(const std::string& name, bool with_checkpoints) {
  return !with_checkpoints && (name.starts_with("checkpoints/") || name.find("/checkpoints/") != name.npos);
}

void copy_file_to(const fs::path& from, const fs::path& to) {
  make_folder(to.parent_path());
  std::error_code trouble;
  fs::copy_file(from, to, trouble);
  if (trouble) fail("cannot copy {} to {}: {}", from.string(), to.string(), trouble.message());
}

void copy_run(const fs::path& from, const fs::path& to, bool with_checkpoints) {
  for (const auto& name : names_below(from, from, Links::left_out)) {
    if (is_left_out(name, with_checkpoints)) continue;
    copy_file_to(from / name, to / name);
  }
}

// Every run that the matrix tells of lies below the release from here on.
void copy_runs(Matrix& matrix, const ReleaseChoices& choices, const fs::path& folder) {
  std::map<fs::path, fs::path> copied;
  for (auto* list : {&matrix.configurations, &matrix.self_test, &matrix.own_pair})
    for (auto& one : *list) {
      if (one.folder.empty()) continue;
      if (!fs::exists(one.folder)) {
        if (one.outcome.done())
          fail("wanted the run {} of the matrix at {}, found none there; run the matrix again", one.name,
               one.folder.string());
        one.folder.clear();
        continue;
      }
      const fs::path from = fs::weakly_canonical(run_folder_of(one.folder));
      auto& to = copied[from];
      if (to.empty()) {
        to = folder / "runs" / std::to_string(copied.size());
        copy_run(from, to, choices.with_checkpoints);
      }
      one.folder = to;
    }
}

// Whether the runs are of a matrix.
bool copy_evidence(const ReleaseChoices& choices, const fs::path& folder) {
  const fs::path first = choices.runs.front();
  const bool of_matrix = choices.runs.size() == 1 && fs::exists(first / matrix_name);
  Matrix matrix = of_matrix ? read_matrix(first / matrix_name) : side_by_side(choices.runs);
  make_folder(folder);
  copy_runs(matrix, choices, folder);
  if (!of_matrix) name_runs(matrix, folder);
  for (const auto& file : choices.more) copy_file_to(file, folder / "more" / file.filename());
  write_matrix(matrix, folder / matrix_name);
  return of_matrix;
}

std::vector<ReleasedFile> files_in(const fs::path& folder) {
  std::vector<ReleasedFile> files;
  for (const auto& name : files_as_model(folder, {})) files.push_back({name, fs::file_size(folder / name)});
  return files;
}

ReleaseFacts facts_of(const Report& report, const ReleaseChoices& choices, const PublicKey& key,
                      const fs::path& folder) {
  ReleaseFacts facts;
  facts.report = nlohmann::ordered_json::parse(rendered(report, "json"));
  facts.result = test_result_of(facts.report);
  const Matrix matrix = read_matrix(folder / matrix_name);
  for (const auto& one : matrix.configurations) {
    const bool there = !one.folder.empty() && fs::exists(one.folder);
    facts.runs.push_back(
        {one.name, there ? subject_name(folder, one.folder) : "", one.outcome.done(), one.outcome.reason});
  }
  facts.key_hint = key.hint();
  facts.version = REPRISE_VERSION;
  facts.date = choices.date;
  facts.license = choices.license;
  facts.author = choices.author;
  return facts;
}

void write_texts(ReleaseFacts facts, const std::string& pem, const fs::path& folder) {
  const auto write = [&](const char* name, const std::string& text) {
    write_atomically(folder / name, text);
  };
  write(release_names::key, pem);
  write(release_names::badge, badge_svg(badge_of(facts.result.result)));
  write(release_names::badge_endpoint, badge_json(badge_of(facts.result.result)));
  write(release_names::card, model_card_metadata(facts));
  facts.files = files_in(folder);
  write(release_names::crate, ro_crate_metadata(facts));
  write(release_names::readme, release_readme(facts));
}

// A report names a place where something cannot be read there. Elsewhere it would say another one.
void check_names_no_place(const Report& report, const fs::path& folder) {
  const std::string text = rendered(report, "json");
  const auto at = text.find(folder.string());
  if (at == text.npos) return;
  const std::string named = text.substr(at, text.find_first_of(" :;,\"", at) - at);
  fail(
      "nothing was signed: wanted runs that can be read, found one that cannot, {}; take it out of the "
      "matrix or "
      "run it again",
      replace_all(fs::path(named).lexically_normal().string(), ".partial/", "/"));
}

Released made_in(const fs::path& folder, const ReleaseChoices& choices, const SigningKey& key) {
  const bool of_matrix = copy_evidence(choices, folder);
  // Of the copies, so that whoever has them alone finds the same.
  const Report report = report_again({of_matrix, matrix_name, release_names::report}, folder);
  check_names_no_place(report, folder);
  write_reports(report, {"html", "json"}, folder);
  const PublicKey pub = key.public_key();
  const ReleaseFacts facts = facts_of(report, choices, pub, folder);
  write_texts(facts, pub.pem(), folder);
  write_attested(evidence_in(folder, of_matrix), key, false);
  sign_folder_as_model(folder, key, folder / release_names::model_signature);
  const auto files = files_in(folder);
  return {std::string(to_text(facts.result.result)), report.headline, facts.runs.size(), bytes_of(files),
          bytes_of(files, ".h5")};
}

}  // namespace

Released make_release(const ReleaseChoices& choices, const SigningKey& key) {
  check_free(choices.folder);
  for (const auto& file : choices.more)
    if (!fs::is_regular_file(file))
      fail("wanted a file to sign with the release, found none at {}", file.string());
  const fs::path partial = choices.folder.string() + ".partial";
  std::error_code trouble;
  fs::remove_all(partial, trouble);
  try {
    const Released made = made_in(partial, choices, key);
    fs::remove(choices.folder, trouble);
    fs::rename(partial, choices.folder, trouble);
    if (trouble) fail("cannot name the release {}: {}", choices.folder.string(), trouble.message());
    return made;
  } catch (...) {
    fs::remove_all(partial, trouble);
    throw;
  }
}

}  // namespace reprise
