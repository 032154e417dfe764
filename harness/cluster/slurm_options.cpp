// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/slurm_options.h"

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

// That decide what a job is, how it is found again, or whether it may run twice.
constexpr std::array<std::string_view, 18> own = {
    "array", "job-name", "output", "error", "input",     "parsable",  "requeue", "no-requeue", "wait",
    "wrap",  "chdir",    "export", "hold",  "test-only", "open-mode", "help",    "version",    "quiet"};

bool is_option_name(std::string_view name) {
  return !name.empty() && name.front() != '-' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

SlurmOptions parse_slurm_options(std::string_view text) {
  SlurmOptions options;
  for (const auto& word : shell_words(text)) {
    std::string_view bare = word;
    if (bare.starts_with("--")) bare.remove_prefix(2);
    const auto equals = bare.find('=');
    const std::string name(bare.substr(0, equals));
    if (!is_option_name(name))
      fail(
          "wanted options of sbatch as NAME=VALUE, found '{}'; write them as in --slurm 'partition=gpu "
          "gres=gpu:1'",
          word);
    if (std::ranges::find(own, name) != own.end())
      fail("the option {} of sbatch is set by reprise itself; leave it out of --slurm", name);
    const std::string value = equals == std::string_view::npos ? "" : std::string(bare.substr(equals + 1));
    if (!options.emplace(name, value).second)
      fail("wanted each option of sbatch once, found {} twice in '{}'", name, text);
  }
  return options;
}

SlurmOptions joined_options(SlurmOptions options, const SlurmOptions& more) {
  for (const auto& [name, value] : more) options[name] = value;
  return options;
}

}  // namespace reprise
