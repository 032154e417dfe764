// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is signed of a report: an in-toto Statement v1 that names every file of the evidence by its SHA-256,
// with a predicate of the type test-result v0.1, which says how the tests of the report went.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/attest/test_result.h"

namespace reprise {

inline constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
inline constexpr std::string_view test_result_type = "https://in-toto.io/attestation/test-result/v0.1";

struct Subject {
  std::string name;    // of the file, below the folder that holds the bundle: "report/report.json"
  std::string sha256;  // 64 hexadecimal digits
  bool operator==(const Subject&) const = default;
};

// How the report came from the traces: what `verify` does again. Paths are names of subjects.
struct EvidencePlace {
  bool of_matrix =
      true;            // as `reprise report` reads a matrix; no: traces beside one another, as `reprise diff`
  std::string matrix;  // matrix.toml
  std::string report;  // report.json
  bool operator==(const EvidencePlace&) const = default;
};

struct Statement {
  std::vector<Subject> subjects;
  TestResult result;
  std::vector<Subject> configuration;  // the plans
  EvidencePlace evidence;
  std::string version;  // of the reprise that wrote it
};

// The predicate alone, for a workflow that signs it itself (actions/attest).
nlohmann::ordered_json predicate_of(const Statement& statement);
// The text that is signed. Equal statements give equal bytes.
std::string to_text(const Statement& statement);
// An Error, in one sentence, for another type of statement or predicate, a key that lacks or stands there
// twice, a digest that is none, a name that leads out of the folder or stands there twice, and no subject at
// all.
Statement statement_of(std::string_view payload);

// "" for the name of a file below a folder; else what is wrong with it: "climbs out of its folder".
std::string why_no_name(std::string_view name);

}  // namespace reprise
