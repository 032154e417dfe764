// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/worker_probes.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/launch/worker_torch.h"
#include "harness/plan/environment.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

std::string member(const nlohmann::json& row, const char* name) {
  const auto found = row.find(name);
  return found != row.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// LibTorch may warn, on standard error, before and after.
std::string document_in(const std::string& printed) {
  const auto first = printed.find('{'), last = printed.rfind("\n}\n");
  if (first == printed.npos || last == printed.npos || last < first) return printed;
  return printed.substr(first, last + 2 - first);
}

}  // namespace

std::vector<ProbeListed> probes_listed(const std::string& printed) {
  const auto document = nlohmann::json::parse(document_in(printed), nullptr, false);
  if (document.is_discarded() || !document.is_object() || !document.contains("probes") ||
      !document["probes"].is_array())
    fail("the worker does not tell which operators it can probe; it is older than this program: build both");
  std::vector<ProbeListed> probes;
  for (const auto& row : document["probes"])
    if (row.is_object())
      probes.push_back(
          {member(row, "name"), member(row, "summary"), member(row, "family"), row.value("rows", true)});
  return probes;
}

std::vector<ProbeListed> probes_of_worker(const LaunchOptions& given) {
  Plan plan;
  const LaunchOptions options = worker_for(plan, given);
  plan.pins = default_pins();
  auto environment = run_environment(plan);
  for (const auto& [name, value] : torch_variables(options)) environment[name] = value;
  const auto worker = worker_of(options);
  const Said said = run_quietly({worker.string(), "shelves"}, environment, "/");
  if (!said.well) fail("{} does not start: {}", worker.string(), said.text.substr(0, said.text.find('\n')));
  return probes_listed(said.text);
}

}  // namespace reprise
