// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/statement.h"

#include <fmt/format.h>

#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/utf8.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const std::vector<Subject>& subjects) {
  Json list = Json::array();
  for (const auto& one : subjects) list.push_back({{"name", one.name}, {"digest", {{"sha256", one.sha256}}}});
  return list;
}

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::vector<Subject> subjects_of(const Json& list, const char* what) {
  std::vector<Subject> subjects;
  std::set<std::string> names;
  for (const auto& one : list) {
    Subject subject{one.at("name").get<std::string>(), one.at("digest").at("sha256").get<std::string>()};
    if (const auto why = why_no_name(subject.name); !why.empty())
      fail("wanted as {} the name of a file below the bundle's folder, found '{}', which {}", what,
           subject.name, why);
    if (!is_sha256(subject.sha256))
      fail("wanted the SHA-256 of {} {} in 64 hexadecimal digits, found '{}'", what, subject.name,
           subject.sha256);
    if (!names.insert(subject.name).second) fail("wanted each {} once, found {} twice", what, subject.name);
    subjects.push_back(subject);
  }
  return subjects;
}

TestResult result_of(const Json& predicate) {
  return {word_from<TestEnd>(predicate.at("result").get<std::string>(), "the result"),
          predicate.at("passedTests").get<std::vector<std::string>>(),
          predicate.at("warnedTests").get<std::vector<std::string>>(),
          predicate.at("failedTests").get<std::vector<std::string>>()};
}

EvidencePlace evidence_of(const Json& evidence) {
  const auto kind = evidence.at("kind").get<std::string>();
  if (kind != "matrix" && kind != "traces")
    fail("wanted evidence of the kind matrix or traces, found '{}'", kind);
  return {kind == "matrix", evidence.at("matrix").get<std::string>(),
          evidence.at("report").get<std::string>()};
}

Statement read_statement(const Json& whole) {
  if (const auto type = whole.at("_type").get<std::string>(); type != statement_type)
    fail("wanted a statement of the type {}, found '{}'", statement_type, type);
  if (const auto type = whole.at("predicateType").get<std::string>(); type != test_result_type)
    fail("wanted a predicate of the type {}, found '{}'", test_result_type, type);
  const Json& predicate = whole.at("predicate");
  Statement statement;
  statement.subjects = subjects_of(whole.at("subject"), "subject");
  statement.result = result_of(predicate);
  statement.configuration = subjects_of(predicate.at("configuration"), "configuration");
  statement.evidence = evidence_of(predicate.at("evidence"));
  statement.version = predicate.at("producer").at("version").get<std::string>();
  return statement;
}

void check_whole(const Statement& statement) {
  const auto is_subject = [&](const std::string& name) {
    for (const auto& one : statement.subjects)
      if (one.name == name) return true;
    return false;
  };
  for (const auto& name : {statement.evidence.matrix, statement.evidence.report})
    if (!is_subject(name))
      fail("wanted {} among the subjects, since the statement rests on it, found it missing",
           name.empty() ? "a named report and matrix" : name);
  for (const auto& plan : statement.configuration)
    if (std::ranges::find(statement.subjects, plan) == statement.subjects.end())
      fail("wanted the plan {} among the subjects, with the same SHA-256, found it missing", plan.name);
}

}  // namespace

std::string why_no_name(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.front() == '/') return "begins at the root of the disk";
  for (std::string_view left = name; !left.empty();) {
    const Character next = character_at(left);
    if (!next.valid || next.control || next.code == '\\') return "holds a byte that no name here has";
    left.remove_prefix(next.bytes);
  }
  for (const auto& part : split(name, '/')) {
    if (part == "..") return "climbs out of its folder";
    if (part.empty() || part == ".") return "is not the shortest path to a file";
  }
  return "";
}

Json predicate_of(const Statement& statement) {
  return {{"result", to_text(statement.result.result)},
          {"configuration", to_json(statement.configuration)},
          {"passedTests", statement.result.passed},
          {"warnedTests", statement.result.warned},
          {"failedTests", statement.result.failed},
          {"evidence",
           {{"kind", statement.evidence.of_matrix ? "matrix" : "traces"},
            {"matrix", statement.evidence.matrix},
            {"report", statement.evidence.report}}},
          {"producer", {{"name", "reprise"}, {"version", statement.version}}}};
}

std::string to_text(const Statement& statement) {
  const Json whole = {{"_type", statement_type},
                      {"subject", to_json(statement.subjects)},
                      {"predicateType", test_result_type},
                      {"predicate", predicate_of(statement)}};
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Statement statement_of(std::string_view payload) try {
  const Json whole = Json::parse(payload);
  Statement statement = read_statement(whole);
  if (statement.subjects.empty()) fail("wanted a statement about some files, found one without a subject");
  // Of a key that stands there twice, readers take different values.
  if (to_text(statement) != payload)
    fail(
        "wanted the statement as reprise writes it, found more or other keys; it was written by another "
        "program or "
        "another version ({})",
        statement.version);
  check_whole(statement);
  return statement;
} catch (const nlohmann::json::exception& error) {
  fail(
      "wanted an in-toto statement of test results as reprise writes it, found one that is broken or lacks "
      "something: {}",
      error.what());
}

}  // namespace reprise
