// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/run_manifest.h"

#include <array>
#include <random>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/scalar.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"

namespace reprise {
namespace {

constexpr std::string_view format = "reprise.run/1";
constexpr std::array<std::string_view, 5> told_names = {"alone", "rank", "place", "time", "content"};

ToldBy told_in(TomlTable& root) {
  const std::string text = root.text("told_by");
  for (std::size_t i = 0; i < told_names.size(); ++i)
    if (told_names[i] == text) return static_cast<ToldBy>(i);
  root.refuse("told_by", fmt::format("wanted alone, rank, place, time or content, found '{}'", text));
}

ProcessEntry entry_in(TomlTable& table) {
  ProcessEntry entry;
  entry.folder = table.text("folder");
  entry.rank = table.text("rank");
  entry.place = table.text("place");
  entry.arguments = table.text("arguments");
  entry.ended = table.text("ended");
  entry.steps = table.integer("steps");
  entry.made = table.integer("made");
  entry.chain = table.text("chain");
  entry.finished = table.truth("finished");
  table.finish();
  const std::filesystem::path folder = entry.folder;
  if (folder.empty() || folder.is_absolute() || entry.folder.find("..") != std::string::npos)
    table.refuse("folder", fmt::format("wanted a folder below the run's, found '{}'", entry.folder));
  return entry;
}

}  // namespace

std::string_view to_text(ToldBy told) { return told_names[static_cast<std::size_t>(told)]; }

std::string to_toml(const RunManifest& manifest) {
  std::string text = fmt::format(
      "# reprise run\nformat = \"{}\"\nexecution = {}\nplan = {}\ntold_by = \"{}\"\ncut_short = {}\n", format,
      quoted_text(manifest.execution), quoted_text(manifest.plan_id), to_text(manifest.told_by),
      manifest.cut_short);
  for (const auto& process : manifest.processes)
    text += fmt::format(
        "\n[[process]]\nfolder = {}\nrank = {}\nplace = {}\narguments = {}\nended = {}\nsteps = {}\nmade = "
        "{}\nchain = "
        "{}\n"
        "finished = {}\n",
        quoted_text(process.folder), quoted_text(process.rank), quoted_text(process.place),
        quoted_text(process.arguments), quoted_text(process.ended), process.steps, process.made,
        quoted_text(process.chain), process.finished);
  return text;
}

RunManifest manifest_from_toml(std::string_view text, std::string_view where) {
  auto root = TomlTable::parse(text, where);
  if (const std::string found = root.text("format"); found != format)
    root.refuse("format", fmt::format("wanted {}, found '{}'; use the version of reprise that wrote it",
                                      format, found));
  RunManifest manifest{root.text("execution"), root.text("plan"), told_in(root), root.truth("cut_short"), {}};
  for (auto& table : root.tables("process")) manifest.processes.push_back(entry_in(table));
  root.finish();
  if (manifest.processes.empty()) fail("{}: wanted at least one [[process]], found none", where);
  return manifest;
}

std::optional<RunManifest> manifest_in(const std::filesystem::path& run) {
  const auto file = run / manifest_name;
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  return manifest_from_toml(read_file(file, "run"), file.string());
}

std::string new_execution() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", static_cast<std::uint32_t>(random()));
  return name;
}

}  // namespace reprise
