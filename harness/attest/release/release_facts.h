// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the texts of a release are written from.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/attest/test_result.h"

namespace reprise {

struct ReleasedRun {
  std::string name;    // of the configuration: "threads=2"
  std::string folder;  // in the release: "runs/1a2b3c/1"; "" of a run that left none
  bool done = false;
  std::string reason;  // why not
};

struct ReleasedFile {
  std::string name;  // in the release: "report.json"
  std::uint64_t bytes = 0;
};

struct ReleaseFacts {
  nlohmann::ordered_json report;  // docs/report-json.md
  TestResult result;
  std::vector<ReleasedRun> runs;
  std::vector<ReleasedFile> files;  // those that are written before the texts, sorted by name
  std::string key_hint;
  std::string version;  // of reprise
  std::string date;     // of publication, "2026-11-28"
  std::string license;  // a URL, or "": not stated
  std::string author;   // who releases it, or "": not stated
};

// What stands in a release beside its evidence.
namespace release_names {
inline constexpr const char* report = "report.json";
inline constexpr const char* page = "report.html";
inline constexpr const char* bundle = "report.test-result.sigstore.json";
inline constexpr const char* predicate = "report.predicate.json";
inline constexpr const char* model_signature = "report.oms.sig";
inline constexpr const char* key = "key.pub";
inline constexpr const char* badge = "badge.svg";
inline constexpr const char* badge_endpoint = "badge.json";
inline constexpr const char* readme = "README.md";
inline constexpr const char* card = "model-card.yaml";
inline constexpr const char* crate = "ro-crate-metadata.json";
}  // namespace release_names

// "1.2 MB".
std::string size_words(std::uint64_t bytes);
std::uint64_t bytes_of(const std::vector<ReleasedFile>& files, std::string_view ending = "");

}  // namespace reprise
