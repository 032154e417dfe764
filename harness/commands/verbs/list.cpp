// SPDX-License-Identifier: Apache-2.0
// reprise list: what is on each shelf, and what it is for.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/checkpoint/format.h"
#include "harness/commands/command.h"
#include "harness/launch/executor.h"
#include "harness/machine/cpu.h"
#include "harness/matrix/axis.h"
#include "harness/plan/devices.h"
#include "harness/plan/fault.h"
#include "harness/plan/pins.h"
#include "harness/plan/recipe.h"
#include "harness/plan/settings.h"
#include "reports/layout/format.h"
#include "reports/section.h"

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
  Section section{"axes", "Axes: what `matrix` can vary; what each promises stands in front", {}};
  for (const auto& [name, axis] : axes_shelf())
    section.rows.push_back({typed_name(name, *axis),
                            fmt::format("{}; {}", to_text(promise_of(*axis)), values_of(*axis)),
                            axis->summary});
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

Section report_sections() {
  Section section{"sections", "Sections: what a report tells, in the order of their names", {}};
  for (const auto& [name, composer] : sections_shelf())
    section.rows.push_back({std::string(name), "", composer->summary});
  return section;
}

Section checkpoints() {
  Section section{"checkpoints", "Checkpoints: what `digest` and `diff` read", {}};
  for (const auto& [name, format] : checkpoint_formats_shelf())
    section.rows.push_back({format->name, "", format->summary});
  return section;
}

Section pins() {
  Section section{"pins", "Pins: settings that may move bits; the first value shown is the default", {}};
  for (const auto& pin : pin_table())
    section.rows.push_back({std::string(pin.name),
                            fmt::format("{} of: {}; read by {}", pin.fallback, pin.values, pin.read_by.who),
                            std::string(pin.why)});
  return section;
}

Section settings() {
  Section section{"settings", "Settings: what --set takes beside a recipe's own parameters", {}};
  for (const auto& setting : setting_table()) {
    const std::string of = setting.of == SettingOf::command ? "; of a command" : "";
    section.rows.push_back(
        {std::string(setting.name), std::string(setting.value) + of, std::string(setting.summary)});
  }
  return section;
}

Section executors() {
  Section section{"executors", "Executors: where runs are made (--executor NAME)", {}};
  for (const auto& [name, executor] : executors_shelf())
    section.rows.push_back({std::string(name), "", executor->summary});
  return section;
}

Section faults() {
  Section section{"faults", "Faults: what a self-test injects, and where it must be found", {}};
  for (const auto& [name, fault] : faults_shelf())
    section.rows.push_back({std::string(name), std::string(fault->stage), fault->summary});
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

struct Listed {
  std::string_view name;
  Section (*make)();
  bool only_asked = false;  // too long to be shown with all the others
};

constexpr Listed listed[] = {{"recipes", recipes},
                             {"axes", axes},
                             {"settings", settings},
                             {"formats", formats},
                             {"sections", report_sections, true},
                             {"checkpoints", checkpoints},
                             {"executors", executors},
                             {"faults", faults},
                             {"devices", devices},
                             {"pins", pins, true}};

std::vector<std::string> names_of_listed() {
  std::vector<std::string> names;
  for (const auto& one : listed) names.emplace_back(one.name);
  return names;
}

int list_shelves(const std::string& what, bool json) {
  Json document = {{"schema", "reprise.list/1"}};
  bool found = false;
  for (const auto& one : listed) {
    if (!what.empty() ? what != one.name : (one.only_asked && !json)) continue;
    found = true;
    const Section section = one.make();
    Json rows = Json::array();
    for (const auto& row : section.rows)
      rows.push_back({{"name", row.name}, {"values", row.values}, {"summary", row.summary}});
    document[section.name] = rows;
    if (!json) print(section);
  }
  if (!found) fail("{}", unknown_name("shelf", what, names_of_listed()));
  if (json) std::cout << document.dump(1) << '\n';
  if (!json && what.empty()) fmt::print("`reprise list pins` shows the {} pins.\n", pin_table().size());
  return 0;
}

}  // namespace

extern const Command list{
    .summary = "Show what there is to choose from, with what each is for",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto what = std::make_shared<std::string>();
      auto json = std::make_shared<bool>(false);
      app.add_option("shelf", *what, "Only one of: " + join(names_of_listed(), ", "));
      app.add_flag("--json", *json, "Print one JSON document on standard output");
      return [what, json] { return list_shelves(*what, *json); };
    },
};

}  // namespace reprise::verbs
