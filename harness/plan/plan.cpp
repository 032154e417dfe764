// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/plan.h"

#include <algorithm>
#include <limits>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/plan/command_table.h"
#include "harness/plan/plan_tables.h"
#include "harness/plan/plan_text.h"
#include "harness/plan/watch_table.h"

namespace reprise {
namespace {

// A key bare where TOML allows it.
std::string key_text(std::string_view key) {
  const bool bare = !key.empty() && key.find_first_not_of(
                                        "abcdefghijklmnopqrstuvwxyz"
                                        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == std::string_view::npos;
  return bare ? std::string(key) : quoted_text(key);
}

// Which parts of a plan a text holds: all of it, what names a run, or what names the thing trained.
enum class Extent { all, run, recipe };

std::string data_text(const DataFile& file, Extent extent) {
  std::string text = fmt::format("\n[[data]]\nname = {}\n", quoted_text(file.name));
  if (extent == Extent::all) text += fmt::format("file = {}\n", quoted_text(file.file));
  text += fmt::format("sha256 = {}\n", quoted_text(file.sha256));
  if (extent == Extent::all) text += fmt::format("source = {}\n", quoted_text(file.source));
  return text;
}

std::string metric_text(const Metric& metric) {
  return fmt::format("\n[metric]\nname = {}\nunit = {}\nbetter = \"{}\"\nmargin = {}\n",
                     quoted_text(metric.name), quoted_text(metric.unit),
                     metric.higher_is_better ? "higher" : "lower", number_text(metric.margin));
}

std::string text_of(const Plan& plan, Extent extent) {
  std::string text = fmt::format(
      "# reprise plan\nrecipe = {}\nprogram = {}\nsteps = {}\nbatch = {}\nsamples = {}\nevaluate_every = "
      "{}\n",
      quoted_text(plan.recipe), quoted_text(plan.program), plan.steps, plan.batch, plan.samples,
      plan.evaluate_every);
  if (extent != Extent::recipe && plan.order)
    text += fmt::format("order_sha256 = {}\n", quoted_text(plan.order->sha256));
  if (extent != Extent::recipe && plan.resume_at > 0) text += fmt::format("resume_at = {}\n", plan.resume_at);
  text += "\n[parameters]\n";
  for (const auto& [name, value] : plan.parameters)
    text += fmt::format("{} = {}\n", key_text(name), to_toml(value));
  if (plan.command) text += command_text(*plan.command, extent == Extent::all);
  for (const auto& file : plan.data) text += data_text(file, extent);
  if (plan.metric) text += metric_text(*plan.metric);
  if (extent == Extent::recipe) return text;
  text += "\n[pins]\n";
  for (const auto& [name, value] : plan.pins)
    if (!is_unsaid(name, value)) text += fmt::format("{} = {}\n", key_text(name), quoted_text(value));
  return text + placement_text(plan.placement) + watch_text(plan.watch);
}

Pins read_pins(TomlTable& root) {
  Pins pins;
  auto table = root.table("pins");
  for (const auto& [name, value] : table.scalars()) {
    const auto* text = std::get_if<std::string>(&value);
    if (!text) table.refuse(name, "wanted a text; write the value in quotes");
    pins[name] = *text;
  }
  add_later_pins(pins);
  return pins;
}

}  // namespace

std::span<const Word<Keep>> words_of(Keep) {
  static constexpr Word<Keep> words[] = {{Keep::none, "none"}, {Keep::last, "last"}, {Keep::all, "all"}};
  return words;
}

std::span<const Word<Fresh>> words_of(Fresh) {
  static constexpr Word<Fresh> words[] = {{Fresh::no, "no"}, {Fresh::view, "view"}, {Fresh::copy, "copy"}};
  return words;
}

std::span<const Word<Seeding>> words_of(Seeding) {
  static constexpr Word<Seeding> words[] = {{Seeding::imposed, "imposed"}, {Seeding::script, "script"}};
  return words;
}

std::string to_toml(const Plan& plan) { return text_of(plan, Extent::all); }

Plan plan_from_toml(std::string_view text, std::string_view where) {
  auto root = TomlTable::parse(text, where);
  Plan plan;
  plan.recipe = root.text("recipe");
  plan.program = root.text("program");
  plan.steps = root.integer("steps");
  plan.batch = root.integer("batch");
  plan.samples = root.integer("samples");
  plan.evaluate_every = root.integer("evaluate_every");
  if (root.has("order_sha256")) plan.order = OrderFile{root.text("order_sha256")};
  for (const auto& [name, value] : root.table("parameters").scalars()) plan.parameters[name] = value;
  if (auto table = root.optional_table("command")) plan.command = read_command(*table);
  plan.data = read_data(root);
  plan.metric = read_metric(root);
  plan.pins = read_pins(root);
  if (auto table = root.optional_table("placement")) plan.placement = read_placement(*table);
  plan.resume_at = root.integer_or("resume_at", 0);
  plan.watch = read_watch(root);
  root.finish();
  return plan;
}

std::int64_t last_step_of(const Plan& plan) {
  if (plan.watch.until > 0) return plan.watch.until;
  return plan.command ? std::numeric_limits<std::int64_t>::max() : plan.steps;
}

std::string plan_id(const Plan& plan) { return digest_of_text(text_of(plan, Extent::run)); }

std::string recipe_id(const Plan& plan) { return digest_of_text(text_of(plan, Extent::recipe)); }

namespace {

using Fields = std::map<std::string, std::string>;

// Everything that recipe_id covers, by a name for people.
Fields recipe_fields(const Plan& plan) {
  Fields fields{{"recipe", plan.recipe},
                {"program", plan.program},
                {"steps", std::to_string(plan.steps)},
                {"batch", std::to_string(plan.batch)},
                {"samples", std::to_string(plan.samples)},
                {"evaluate_every", std::to_string(plan.evaluate_every)}};
  for (const auto& [name, value] : plan.parameters) fields["parameters." + name] = to_toml(value);
  if (plan.command) {
    fields["command"] = join(plan.command->words, " ");
    fields["command.seed"] = to_text(plan.command->seeding);
  }
  std::vector<std::string> data_names;
  for (const auto& file : plan.data) {
    fields["data." + file.name + ".sha256"] = file.sha256;
    data_names.push_back(file.name);
  }
  fields["data"] = data_names.empty() ? "none" : join(data_names, " ");
  if (plan.metric) {
    fields["metric.name"] = plan.metric->name;
    fields["metric.unit"] = plan.metric->unit;
    fields["metric.better"] = plan.metric->higher_is_better ? "higher" : "lower";
    fields["metric.margin"] = number_text(plan.metric->margin);
  }
  return fields;
}

}  // namespace

std::string recipe_difference(const Plan& a, const Plan& b) {
  const Fields left = recipe_fields(a), right = recipe_fields(b);
  Fields all = left;
  all.insert(right.begin(), right.end());
  const auto value = [](const Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string("none") : found->second;
  };
  std::vector<std::string> differences;
  for (const auto& [name, unused] : all) {
    const std::string one = value(left, name), other = value(right, name);
    if (one != other || left.count(name) != right.count(name))
      differences.push_back(fmt::format("{}: {} and {}", name, one, other));
  }
  return join(differences, "; ");
}

namespace {

void at_least_one(std::int64_t value, std::string_view name) {
  if (value < 1) fail("wanted {} of at least 1, found {}", name, value);
}

void check_metric(const Metric& metric) {
  if (metric.name.empty()) fail("wanted the name of a metric, found an empty text");
  if (!(metric.margin >= 0) || metric.margin > 1e300)
    fail("wanted a margin of at least 0 for metric {}, found {}", metric.name, number_text(metric.margin));
}

void check_pins(const Plan& plan) {
  for (const auto& [name, value] : plan.pins) check_pin(pick_pin(name), value);
  for (const auto& pin : pin_table())
    if (!plan.pins.contains(std::string(pin.name)))
      fail("the plan says nothing about pin {}; add {} = \"{}\" under [pins]", pin.name, pin.name,
           pin.fallback);
  const bool from_file = plan.pins.at("batch-order") == "file";
  if (from_file && (!plan.order || plan.order->sha256.size() != 64))
    fail("batch-order is \"file\" but no file was named; write batch-order=file:PATH");
  if (!from_file && plan.order)
    fail("a batch-order file is named but batch-order is \"{}\"; write batch-order=file:PATH",
         plan.pins.at("batch-order"));
}

void check_schedule(const Plan& plan) {
  at_least_one(plan.steps, "steps");
  at_least_one(plan.batch, "batch");
  at_least_one(plan.samples, "samples");
  at_least_one(plan.evaluate_every, "evaluate_every");
  if (plan.batch > plan.samples)
    fail("a batch of {} samples is larger than the training data ({} samples); choose batch <= {}",
         plan.batch, plan.samples, plan.samples);
  const std::int64_t ranks = plan.placement.ranks;
  if (ranks < 1 || ranks > 4096) fail("wanted from 1 to 4096 ranks, found {}", ranks);
  if (plan.batch % ranks != 0)
    fail(
        "wanted a batch that {} ranks share evenly, found {} samples; choose a multiple of {}, or other "
        "ranks",
        ranks, plan.batch, ranks);
}

}  // namespace

void check_plan(const Plan& plan) {
  plan.command ? check_command(plan) : check_schedule(plan);
  check_watch(plan);
  for (const auto& file : plan.data) {
    if (file.sha256.size() != 64 || !from_hex(file.sha256))
      fail("wanted a SHA-256 of 64 hexadecimal digits for data file {}, found '{}'", file.name, file.sha256);
  }
  if (plan.metric) check_metric(*plan.metric);
  emulated_cpu(plan.placement.cpu);
  check_pins(plan);
}

}  // namespace reprise
