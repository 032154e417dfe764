// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/attesting.h"

#include <algorithm>

#include "harness/attest/envelope.h"
#include "harness/attest/evidence_files.h"
#include "harness/attest/model_signature.h"
#include "harness/attest/report_check.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/signing/matrix_check.h"
#include "harness/terminal/reporting.h"
#include "harness/trace/trace.h"
#include "reports/layout/format.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr const char* matrix_name = "matrix.toml";
constexpr const char* report_name = "report.json";

// Every run that the matrix tells of, the short ones of its self-test too.
std::vector<fs::path> run_folders(const Matrix& matrix) {
  std::vector<fs::path> folders;
  for (const auto* list : {&matrix.configurations, &matrix.self_test, &matrix.own_pair})
    for (const auto& one : *list)
      if (!one.folder.empty() && fs::exists(one.folder)) folders.push_back(one.folder);
  return folders;
}

nlohmann::ordered_json json_in(const fs::path& path) {
  auto report = nlohmann::ordered_json::parse(read_file(path, "report"), nullptr, false);
  if (report.is_discarded()) fail("wanted a JSON report, found another text in {}", path.string());
  return report;
}

}  // namespace

fs::path run_folder_of(const fs::path& path) {
  if (fs::is_directory(path)) return path;
  if (path.filename() != "trace.h5")
    fail(
        "wanted the folder of a run, or the trace.h5 in one, found {}; put it into a folder of its own, as "
        "trace.h5",
        path.string());
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

Evidence evidence_in(const fs::path& folder, bool of_matrix) {
  Evidence evidence;
  evidence.folder = folder;
  for (const char* name : {matrix_name, report_name})
    if (!fs::exists(folder / name))
      fail(
          "wanted a report with its matrix to attest, found no {} in {}; write it with: reprise report {} "
          "--format "
          "html,json",
          name, folder.string(), folder.string());
  evidence.runs = run_folders(read_matrix(folder / matrix_name));
  std::vector<fs::path> all = evidence.runs;
  all.push_back(folder);
  evidence.base = common_folder(all);
  evidence.place = {of_matrix, subject_name(evidence.base, folder / matrix_name),
                    subject_name(evidence.base, folder / report_name)};
  const fs::path whole = common_folder({folder});
  evidence.name = whole == evidence.base ? "report" : whole.filename().string();
  return evidence;
}

namespace {

Evidence evidence_of_runs(const std::vector<std::string>& arguments, const fs::path& output) {
  Matrix matrix = side_by_side(arguments);
  std::vector<fs::path> all = run_folders(matrix);
  all.push_back(output);
  const fs::path base = common_folder(all);
  name_runs(matrix, base);
  make_folder(output);
  write_matrix(matrix, output / matrix_name);
  // What is signed is what the files say: read back, as whoever verifies reads them.
  const EvidencePlace here{false, subject_name(base, output / matrix_name),
                           subject_name(base, output / report_name)};
  write_reports(report_again(here, base), {"html", "json"}, output);
  return evidence_in(output, false);
}

}  // namespace

Evidence gathered_evidence(const std::vector<std::string>& arguments, const fs::path& output) {
  if (arguments.size() == 1 && fs::exists(fs::path(arguments.front()) / matrix_name))
    return evidence_in(arguments.front(), true);
  return evidence_of_runs(arguments, output);
}

Matrix side_by_side(const std::vector<std::string>& arguments) {
  Matrix matrix = traces_of(arguments, {}, TraceFactors::always).first;
  for (auto& one : matrix.configurations) one.folder = run_folder_of(one.folder);
  return matrix;
}

void name_runs(Matrix& matrix, const fs::path& base) {
  matrix.command = {"reprise", "diff"};
  for (const auto& one : matrix.configurations) matrix.command.push_back(subject_name(base, one.folder));
}

Report report_again(const EvidencePlace& place, const fs::path& base) {
  const Matrix matrix = read_matrix(base / place.matrix);
  if (place.of_matrix) return report_of(matrix);
  std::vector<NamedTrace> traces;
  for (const auto& one : matrix.configurations) {
    const RunTraces run = read_run(one.folder);
    traces.push_back({one.name, run.processes.front().trace, run});
  }
  return report_of_traces(matrix, traces, common_folder({base}));
}

void check_against_traces(const EvidencePlace& place, const std::string& signed_with,
                          const std::vector<std::string>& names, const fs::path& base, Verification& found) {
  const ReportVersions versions{signed_with, REPRISE_VERSION};
  const auto told = json_in(base / place.report);
  const Report again = report_again(place, base);
  const auto other = nlohmann::ordered_json::parse(rendered(again, "json"));
  check_report(told, other, versions, found);
  const bool bisected = has_bisection(told) && !has_bisection(other);
  const fs::path folder = fs::path(place.report).parent_path();
  for (const auto& [format, row] : formats_shelf()) {
    const std::string name = (folder / ("report." + std::string(row->extension))).generic_string();
    if (name == place.report || std::ranges::find(names, name) == names.end()) continue;
    check_page(name, read_file(base / name, "report"), rendered(again, std::string(format)), versions,
               bisected, found);
  }
}

void check_traces(const std::vector<std::string>& names, const fs::path& base, Verification& found) {
  const auto is_trace = [](const std::string& name) { return fs::path(name).filename() == "trace.h5"; };
  if (std::ranges::none_of(names, is_trace)) found.leave("traces", "no trace is among the files");
  for (const auto& name : names) {
    if (!is_trace(name)) continue;
    try {
      const Trace trace(file_of(base, name));
      found.pass("trace " + name,
                 fmt::format("its tensor digests make its stages, roots and chain, up to step {}",
                             trace.last_step()));
    } catch (const Error& error) {
      found.fail("trace " + name, error.what());
    }
  }
}

namespace {

void check_can_be_signed(const Evidence& evidence, const std::vector<std::string>& names) {
  Verification found;
  check_traces(names, evidence.base, found);
  check_matrix(read_matrix(evidence.base / evidence.place.matrix), evidence.place.of_matrix, found);
  if (found.exit_code() != 1)
    check_against_traces(evidence.place, REPRISE_VERSION, names, evidence.base, found);
  for (const auto& check : found.checks)
    if (check.end == CheckEnd::failed)
      fail(
          "nothing was signed: wanted traces that prove themselves and a report that says what they say, "
          "found another "
          "({}: {}); write the report again with: reprise report {} --format html,json",
          check.name, check.sentence, evidence.folder.string());
}

}  // namespace

Statement statement_about(const Evidence& evidence) {
  std::vector<std::string> names = names_below(evidence.base, evidence.folder);
  for (const auto& run : evidence.runs)
    for (const auto& name : names_below(evidence.base, run)) names.push_back(name);
  check_can_be_signed(evidence, names);
  Statement statement;
  statement.subjects = subjects_named(evidence.base, names);
  for (const auto& one : statement.subjects)
    if (fs::path(one.name).filename() == "plan.toml") statement.configuration.push_back(one);
  statement.result = test_result_of(json_in(evidence.base / evidence.place.report));
  statement.evidence = evidence.place;
  statement.version = REPRISE_VERSION;
  return statement;
}

void sign_folder_as_model(const fs::path& folder, const SigningKey& key, const fs::path& signature) {
  write_atomically(signature,
                   to_bundle(signed_envelope(to_text(manifest_of_folder(folder, signature)), key)));
}

Attested write_attested(const Evidence& evidence, const SigningKey& key, bool sign_folder) {
  const Statement statement = statement_about(evidence);
  const auto place = [&](std::string_view ending) {
    return evidence.base / (evidence.name + std::string(ending));
  };
  Attested done{statement.result.result, place(bundle_ending), place(predicate_ending), {}};
  write_atomically(done.bundle, to_bundle(signed_envelope(to_text(statement), key)));
  write_atomically(done.predicate, predicate_of(statement).dump(1) + "\n");
  if (!sign_folder) return done;
  done.model_signature = place(model_signature_ending);
  sign_folder_as_model(evidence.folder, key, *done.model_signature);
  return done;
}

}  // namespace reprise
