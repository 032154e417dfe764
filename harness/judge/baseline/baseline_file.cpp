// SPDX-License-Identifier: Apache-2.0
// Baselines as TOML, and a folder of them.
#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/judge/baseline/baseline.h"
#include "harness/trace/trace.h"

namespace reprise {
namespace {

std::string table_text(const std::string& name, const std::map<std::string, std::string>& values) {
  std::string text = "\n[" + name + "]\n";
  for (const auto& [key, value] : values)
    text += fmt::format("{} = {}\n", quoted_text(key), quoted_text(value));
  return text;
}

std::string process_text(const BaselineProcess& process) {
  std::string text =
      fmt::format("\n[[process]]\nname = {}\nlast_step = {}\nchain = \"{}\"\ndata = \"{}\"\nsteps = [\n",
                  quoted_text(process.name), process.last_step, process.chain, process.data);
  for (const auto& row : process.steps)
    text += fmt::format("  \"{} {}\",\n", row.step, join(row.digests, " "));
  text += "]\n[process.metrics]\n";
  for (const auto& [name, value] : process.metrics)
    text += fmt::format("{} = {}\n", quoted_text(name), quoted_text(value));
  return text;
}

std::map<std::string, std::string> read_texts(TomlTable table) {
  std::map<std::string, std::string> texts;
  for (const auto& [key, value] : table.scalars()) texts[key] = to_plain(value);
  table.finish();
  return texts;
}

BaselineStep read_step(const TomlTable& table, const std::string& text) {
  const auto words = split(text, ' ');
  const auto step = words.empty() ? std::nullopt : to_integer(words.front());
  if (!step || words.size() != stage_count + 2)
    table.refuse("steps", fmt::format("wanted a step and {} shortened digests, found {}", stage_count + 1,
                                      quoted_text(text)));
  return {*step, {words.begin() + 1, words.end()}};
}

void refuse_no_digest(const TomlTable& table, const char* key, const std::string& text) {
  if (!digest_from_text(text))
    table.refuse(key, fmt::format("wanted 32 hexadecimal digits, found {}", quoted_text(text)));
}

BaselineProcess read_process(TomlTable& table) {
  BaselineProcess process;
  process.name = table.text("name");
  process.last_step = table.integer("last_step");
  process.chain = table.text("chain");
  process.data = table.text("data");
  refuse_no_digest(table, "chain", process.chain);
  refuse_no_digest(table, "data", process.data);
  for (const auto& row : table.texts("steps")) process.steps.push_back(read_step(table, row));
  if (process.steps.empty() || process.steps.back().step != process.last_step ||
      !std::ranges::is_sorted(process.steps, std::ranges::less_equal{}, &BaselineStep::step))
    table.refuse("steps", fmt::format("wanted steps in rising order up to {}", process.last_step));
  process.metrics = read_texts(table.table("metrics"));
  table.finish();
  return process;
}

EarlierValue read_earlier(TomlTable& table) {
  EarlierValue earlier{table.text("digest"), table.text("reprise"), table.text("reason")};
  table.finish();
  return earlier;
}

}  // namespace

std::string to_toml(const Baseline& baseline) {
  std::string text = fmt::format(
      "# What this training gave on this kind of machine; `reprise baseline check` holds new runs against "
      "it.\n"
      "format = \"{}\"\nrecipe = {}\nrecipe_id = \"{}\"\nplan = \"{}\"\ndigest = \"{}\"\nartifacts = \"{}\"\n"
      "run = {}\n",
      baseline_format, quoted_text(baseline.recipe), baseline.recipe_id, baseline.plan_id,
      run_digest(baseline), baseline.artifacts, quoted_text(baseline.run));
  text += table_text("pins", baseline.pins) + table_text("hardware", baseline.hardware) +
          table_text("software", baseline.software);
  for (const auto& process : baseline.processes) text += process_text(process);
  for (const auto& earlier : baseline.earlier)
    text += fmt::format("\n[[earlier]]\ndigest = \"{}\"\nreprise = {}\nreason = {}\n", earlier.digest,
                        quoted_text(earlier.reprise), quoted_text(earlier.reason));
  return text;
}

Baseline baseline_from_toml(std::string_view text, std::string_view where) {
  TomlTable table = TomlTable::parse(text, where);
  if (const auto format = table.text_or("format", ""); format != baseline_format)
    table.refuse("format",
                 fmt::format("wanted a baseline of the format {}, found {}; this reprise reads no other",
                             baseline_format, quoted_text(format)));
  Baseline baseline;
  baseline.recipe = table.text("recipe");
  baseline.recipe_id = table.text("recipe_id");
  baseline.plan_id = table.text("plan");
  baseline.artifacts = table.text("artifacts");
  baseline.run = table.text("run");
  baseline.pins = read_texts(table.table("pins"));
  baseline.hardware = read_texts(table.table("hardware"));
  baseline.software = read_texts(table.table("software"));
  for (auto& process : table.tables("process")) baseline.processes.push_back(read_process(process));
  for (auto& earlier : table.tables("earlier")) baseline.earlier.push_back(read_earlier(earlier));
  if (baseline.processes.empty()) table.refuse("process", "wanted at least one process, found none");
  if (const auto digest = table.text("digest"); digest != run_digest(baseline))
    table.refuse("digest",
                 "the chains, lengths or data below it are not those that it was made of: the file was "
                 "edited or two versions were merged by hand; record it again or take one side whole");
  table.finish();
  return baseline;
}

std::vector<Baseline> baselines_in(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    fail("wanted a folder of baselines, found none at {}; `reprise baseline record` makes it",
         folder.string());
  std::vector<Baseline> baselines;
  for (const auto& path : list_folder(folder))
    if (path.extension() == ".toml")
      baselines.push_back(baseline_from_toml(read_file(path, "baseline"), path.string()));
  return baselines;
}

}  // namespace reprise
