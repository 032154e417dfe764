// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/model_card.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

// A text of JSON is one of YAML.
std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string metric_words(const std::string& type, double value, const std::string& name) {
  return fmt::format("    - type: {}\n      value: {}\n      name: {}\n", quoted(type), number_text(value),
                     quoted(name));
}

// The first run's, which is of class A.
std::string first_metrics(const Json& report) {
  std::string text;
  if (report.at("runs").empty()) return text;
  for (const auto& [name, value] : report["runs"][0].at("metrics").items())
    if (value.is_number())
      text += metric_words(
          name, value.get<double>(),
          fmt::format("{} of the run {}", name, report["runs"][0].at("configuration").get<std::string>()));
  return text;
}

}  // namespace

std::string model_card_metadata(const ReleaseFacts& facts) {
  const Json& report = facts.report;
  const std::size_t runs = report.at("runs").size();
  const std::size_t equal = report.at("classes").empty() ? 0 : report["classes"][0].size();
  const std::string recipe = quoted(report.at("recipe").get<std::string>());
  std::string text = fmt::format(
      "# For the head of README.md in a model's repository on Hugging Face.\n"
      "model-index:\n- name: {0}\n  results:\n  - task:\n      type: other\n    dataset:\n      type: {0}\n"
      "      name: {0}\n    metrics:\n",
      recipe);
  if (runs > 1)
    text += metric_words(
        "reproducibility", static_cast<double>(equal) / static_cast<double>(runs),
        fmt::format("runs that agree bit for bit with the first, itself among them ({} of {})", equal, runs));
  return text + first_metrics(report);
}

}  // namespace reprise
