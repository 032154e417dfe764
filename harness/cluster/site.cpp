// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/site.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/cluster/slurm_options.h"

namespace reprise {
namespace {

std::map<std::string, std::string> labels(TomlTable& table, std::string_view key) {
  std::map<std::string, std::string> found;
  if (auto inner = table.optional_table(key))
    for (const auto& [name, value] : inner->scalars()) found[name] = to_plain(value);
  return found;
}

std::vector<std::string> texts(TomlTable& table, std::string_view key) {
  return table.has(key) ? table.texts(key) : std::vector<std::string>();
}

std::string slurm_of(TomlTable& table) {
  std::string text = table.text_or("slurm", "");
  try {
    parse_slurm_options(text);
  } catch (const Error& error) {
    table.refuse("slurm", error.what());
  }
  return text;
}

NodeKind kind_of(TomlTable table) {
  NodeKind kind;
  kind.device = table.text("device");
  if (kind.device != "cpu" && !kind.device.starts_with("cuda"))
    table.refuse("device", fmt::format("wanted cpu, cuda:0 or another value of the pin device, found {}",
                                       quoted_text(kind.device)));
  kind.slurm = slurm_of(table);
  kind.kubernetes = labels(table, "kubernetes");
  kind.limits = labels(table, "limits");
  kind.github = texts(table, "github");
  kind.gitlab = texts(table, "gitlab");
  table.finish();
  return kind;
}

}  // namespace

std::map<std::string, std::string> Site::devices() const {
  std::map<std::string, std::string> devices;
  for (const auto& [name, kind] : kinds) devices[name] = kind.device;
  return devices;
}

Site site_from_toml(std::string_view text, std::string_view where) {
  auto root = TomlTable::parse(text, where);
  Site site;
  site.slurm = slurm_of(root);
  for (auto& table : root.tables("kind")) {
    const std::string name = table.text("name");
    if (name.empty() || name.find_first_of(", =") != std::string::npos || name == "cpu" ||
        name.starts_with("cuda"))
      table.refuse("name", fmt::format("wanted a name of its own for this kind of machine, such as \"h100\", "
                                       "found {}; cpu and cuda... are devices already",
                                       quoted_text(name)));
    if (!site.kinds.emplace(name, kind_of(std::move(table))).second)
      root.refuse("kind", fmt::format("wanted each kind once, found {} twice", quoted_text(name)));
  }
  root.finish();
  return site;
}

Site read_site(const std::filesystem::path& file) {
  return site_from_toml(read_file(file, "site file"), file.string());
}

const NodeKind& pick_kind(const Site& site, const std::string& kind) {
  static const NodeKind any;
  if (kind.empty()) return any;
  if (const auto found = site.kinds.find(kind); found != site.kinds.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [name, one] : site.kinds) names.push_back(name);
  fail("{}; a site file with that kind is named by --site",
       names.empty() ? fmt::format("no kind of machine named '{}'", kind)
                     : unknown_name("kind of machine", kind, names));
}

}  // namespace reprise
