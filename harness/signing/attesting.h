// SPDX-License-Identifier: Apache-2.0
#pragma once
// From a report and its runs to signed statements beside them. What is signed is checked first: a report that
// does not say what its traces say is not signed.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/attest/checks.h"
#include "harness/attest/statement.h"
#include "harness/matrix/matrix.h"
#include "reports/layout/report.h"

namespace reprise {

// A folder that holds a report and all it rests on.
struct Evidence {
  std::filesystem::path base;    // holds everything; names of subjects are below it
  std::filesystem::path folder;  // of the report
  std::vector<std::filesystem::path> runs;
  EvidencePlace place;
  std::string name;  // what the bundle is called: "matrix-1a2b3c", or "report" where base and folder are one
};

// `arguments`: a folder with matrix.toml and report.json, or runs and traces without a matrix; of these a
// report is written into `output` first (formats html and json, and their matrix.toml). An Error where a
// report or run lacks.
Evidence gathered_evidence(const std::vector<std::string>& arguments, const std::filesystem::path& output);

// The same of a folder that holds both, whatever `of_matrix` says of how the report was made.
Evidence evidence_in(const std::filesystem::path& folder, bool of_matrix);

// The folder of a run that is named by its folder or its trace.h5. An Error for a trace that lies in no
// folder of its own: there would be no telling what belongs to it.
std::filesystem::path run_folder_of(const std::filesystem::path& path);

// Runs side by side, whose report is to be read in the folder that holds them: what differs between them are
// factors, each with its promise.
Matrix side_by_side(const std::vector<std::string>& arguments);
// The command that compares the matrix's runs, to be typed in `base`.
void name_runs(Matrix& matrix, const std::filesystem::path& base);

// The report composed again from the traces that the place names below `base`. Commands in it name runs as
// they are named from there.
Report report_again(const EvidencePlace& place, const std::filesystem::path& base);
// Compares it with the files there: report.json, and every other format of it that is among `names`.
void check_against_traces(const EvidencePlace& place, const std::string& signed_with,
                          const std::vector<std::string>& names, const std::filesystem::path& base,
                          Verification& found);

// Each trace.h5 of these names must be proven by what it holds.
void check_traces(const std::vector<std::string>& names, const std::filesystem::path& base,
                  Verification& found);

// Of all files as they are. An Error, with the first reason, for a trace that is not proven and a report that
// its traces do not bear out.
Statement statement_about(const Evidence& evidence);

struct Attested {
  TestEnd result = TestEnd::warned;
  std::filesystem::path bundle, predicate;
  std::optional<std::filesystem::path> model_signature;
};
// Writes the bundle and the predicate, and with `sign_folder` the report's folder as a model is signed.
Attested write_attested(const Evidence& evidence, const SigningKey& key, bool sign_folder);

// The folder's signature as a model, in a file.
void sign_folder_as_model(const std::filesystem::path& folder, const SigningKey& key,
                          const std::filesystem::path& signature);

}  // namespace reprise
