// SPDX-License-Identifier: Apache-2.0
// reprise list: what is on each shelf, and what it is for.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/checkpoint/format.h"
#include "harness/commands/command.h"
#include "harness/machine/cpu.h"
#include "harness/plan/axis.h"
#include "harness/plan/devices.h"
#include "harness/plan/pin_readers.h"
#include "harness/plan/recipe.h"
#include "reports/format.h"

namespace reprise::verbs {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
  std::string name, values, summary;
};
struct Section {
  std::string name, heading;
  std::vector<Row> rows;
};

Section recipes() {
  Section section{"recipes", "Recipes: what to train", {}};
  for (const auto& recipe : all_recipes()) {
    const auto model = recipe.choices.find("model");
    section.rows.push_back({recipe.name,
                            model == recipe.choices.end() ? "" : "model: " + join(model->second, " "),
                            recipe.summary});
  }
  return section;
}

Section axes() {
  Section section{"axes", "Axes: what `matrix` can vary; what each owes stands in front", {}};
  for (const auto& [name, axis] : axes_shelf())
    section.rows.push_back(
        {std::string(name), fmt::format("{}; {}", to_text(axis->owes), axis->values), axis->summary});
  section.rows.push_back(
      {"pin:NAME", "numeric; the pin's values", "any pin by its name, as in --axis pin:nnpack=on,off"});
  return section;
}

Section formats() {
  Section section{"formats", "Formats: how a report is written", {}};
  for (const auto& [name, format] : formats_shelf())
    section.rows.push_back({std::string(name), "", format->summary});
  return section;
}

Section checkpoints() {
  Section section{"checkpoints", "Checkpoints: what `digest` and `diff` read", {}};
  for (const auto& [name, format] : checkpoint_formats_shelf())
    section.rows.push_back({format->name, "", format->summary});
  return section;
}

Section pins() {
  Section section{
      "pins", "Pins: settings that may move bits; the first value shown is the one used unless told", {}};
  for (const auto& pin : pin_table())
    section.rows.push_back(
        {std::string(pin.name),
         fmt::format("{} of: {}; read by {}", pin.fallback, pin.values, readers_of(pin.name)),
         std::string(pin.why)});
  return section;
}

// What runs could be given as a device, or the sentence that says why there is only the CPU.
Section devices() {
  Section section{"devices", "Devices: where a run can train (--set device=...)", {}};
  const Cpu cpu = this_cpu();
  section.rows.push_back({"cpu", "", cpu.model.empty() ? cpu.architecture : cpu.model});
  const GpuList& list = gpus_for_runs();
  if (!list.trouble.empty()) section.rows.push_back({"cuda", "cannot be used", list.trouble});
  for (const auto& gpu : list.gpus)
    section.rows.push_back(
        {fmt::format("cuda:{}", gpu.index),
         fmt::format("{}; {} MiB; ECC {}; MIG {}; driver {}, CUDA {}", gpu.uuid, gpu.memory >> 20, gpu.ecc,
                     gpu.mig, list.driver.empty() ? "unknown" : list.driver, cuda_version_text(list.cuda)),
         to_sentence(gpu)});
  return section;
}

void print(const Section& section) {
  fmt::print("{}\n", section.heading);
  std::size_t width = 0;
  for (const auto& row : section.rows) width = std::max(width, row.name.size());
  for (const auto& row : section.rows) {
    fmt::print("  {:{}}  {}\n", row.name, width, row.summary);
    if (!row.values.empty()) fmt::print("  {:{}}    {}\n", "", width, row.values);
  }
  fmt::print("\n");
}

int list_shelves(const std::string& what, bool json) {
  const std::vector<Section> sections = {recipes(), axes(), formats(), checkpoints(), devices(), pins()};
  Json document = {{"schema", "reprise.list/1"}};
  std::vector<std::string> known;
  bool found = false;
  for (const auto& section : sections) {
    known.push_back(section.name);
    if (!what.empty() ? what != section.name : (section.name == "pins" && !json)) continue;
    found = true;
    Json rows = Json::array();
    for (const auto& row : section.rows)
      rows.push_back({{"name", row.name}, {"values", row.values}, {"summary", row.summary}});
    document[section.name] = rows;
    if (!json) print(section);
  }
  if (!found) fail("{}", unknown_name("shelf", what, known));
  if (json) std::cout << document.dump(1) << '\n';
  if (!json && what.empty()) fmt::print("`reprise list pins` shows the {} pins.\n", pin_table().size());
  return 0;
}

}  // namespace

extern const Command list{
    .summary = "Show recipes, axes, formats, checkpoints, devices and pins, with what each is for",
    .attach = [](CLI::App& app) -> std::function<int()> {
      auto what = std::make_shared<std::string>();
      auto json = std::make_shared<bool>(false);
      app.add_option("shelf", *what, "Only one of: recipes, axes, formats, checkpoints, devices, pins");
      app.add_flag("--json", *json, "Print one JSON document on standard output");
      return [what, json] { return list_shelves(*what, *json); };
    },
};

}  // namespace reprise::verbs
