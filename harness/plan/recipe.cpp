// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/recipe.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/plan/arguments.h"
#include "harness/plan/plan_tables.h"
#include "harness/plan/scripts_named.h"
#include "harness/plan/set_pin.h"
#include "harness/plan/settings.h"
#include "harness/plan/watch_table.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

std::int64_t positive(TomlTable& table, std::string_view key) {
  const std::int64_t value = table.integer(key);
  if (value < 1) table.refuse(key, fmt::format("wanted {} of at least 1, found {}", key, value));
  return value;
}

void read_train(TomlTable table, Plan& plan) {
  plan.steps = positive(table, "steps");
  plan.batch = positive(table, "batch");
  plan.samples = positive(table, "samples");
  plan.evaluate_every = table.has("evaluate_every") ? positive(table, "evaluate_every") : plan.steps;
  if (plan.batch > plan.samples)
    table.refuse("batch", fmt::format("a batch of {} samples is larger than the training data ({} samples); "
                                      "choose batch <= {}",
                                      plan.batch, plan.samples, plan.samples));
  table.finish();
}

void read_native_keys(TomlTable& root, Plan& plan) {
  plan.program = root.text("program");
  read_train(root.table("train"), plan);
}

void read_command_keys(TomlTable& root, Recipe& recipe) {
  CommandLine command;
  command.words = root.texts("command");
  command.seeding = root.has("seed") ? read_word<Seeding>(root, "seed") : Seeding::imposed;
  if (root.has("keep_env")) command.keep_env = root.texts("keep_env");
  command.folder =
      fs::absolute(recipe.path.parent_path() / root.text_or("folder", ".")).lexically_normal().string();
  Plan& plan = recipe.defaults;
  plan.command = command;
  plan.watch.keep = Keep::none;
  if (root.has("artifacts")) plan.watch.artifacts = root.texts("artifacts");
  if (auto variables = root.optional_table("variables"))
    for (const auto& [name, value] : variables->scalars()) {
      try {
        set_variable(plan, name, to_plain(value));
      } catch (const Error& error) {
        variables->refuse(name, error.what());
      }
    }
  plan.watch.hash_all_files = hashes_all(root.text_or("hash_files", "small"));
}

void read_watch(TomlTable table, Watch& watch) {
  if (table.has("checkpoint_every")) watch.checkpoint_every = positive(table, "checkpoint_every");
  if (table.has("keep")) watch.keep = read_word<Keep>(table, "keep");
  table.finish();
}

void read_parameters(TomlTable table, Plan& plan) {
  for (const auto& [name, value] : table.scalars()) {
    if (takes_setting(plan, name))
      table.refuse(name, "this name is taken by --set; call the parameter something else");
    plan.parameters[name] = value;
  }
}

void check_choice(const Recipe& recipe, std::string_view name, const Scalar& value) {
  const auto found = recipe.choices.find(std::string(name));
  if (found == recipe.choices.end()) return;
  const auto& allowed = found->second;
  const std::string text = to_plain(value);
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return;
  const auto near = nearest(text, allowed);
  fail("wanted one of {} for {}, found '{}'{}", join(allowed, ", "), name, text,
       near ? fmt::format("; did you mean '{}'?", *near) : std::string());
}

void read_choices(TomlTable table, Recipe& recipe) {
  std::vector<std::string> names;
  for (const auto& [name, value] : recipe.defaults.parameters) {
    names.push_back(name);
    if (!table.has(name)) continue;
    if (!std::holds_alternative<std::string>(value))
      table.refuse(name, "choices are for parameters that take a text");
    recipe.choices[name] = table.texts(name);
  }
  table.finish();
}

void read_pins(TomlTable table, Recipe& recipe) {
  const fs::path folder = recipe.path.parent_path();
  for (const auto& [name, value] : table.scalars()) {
    try {
      set_pin(recipe.defaults, name, to_plain(value), folder);
    } catch (const Error& error) {
      table.refuse(name, error.what());
    }
  }
}

}  // namespace

Recipe read_recipe(const fs::path& path) {
  auto root = TomlTable::parse(read_file(path, "recipe"), path.string());
  Recipe recipe;
  recipe.name = path.stem().string();
  recipe.path = path;
  recipe.summary = root.text("summary");
  Plan& plan = recipe.defaults;
  plan.recipe = recipe.name;
  plan.pins = default_pins();
  if (root.has("command"))
    read_command_keys(root, recipe);
  else
    read_native_keys(root, plan);
  if (auto table = root.optional_table("parameters")) read_parameters(*table, plan);
  if (auto table = root.optional_table("choices")) read_choices(*table, recipe);
  plan.data = read_data(root);
  if (plan.command) add_named_files(plan);
  plan.metric = read_metric(root);
  if (auto table = root.optional_table("pins")) read_pins(*table, recipe);
  if (auto table = root.optional_table("watch")) read_watch(*table, plan.watch);
  root.tables("claim");  // read by harness/judge/claim: held against a recipe, no part of what it trains
  root.finish();
  try {
    check_plan(plan);
    for (const auto& [name, allowed] : recipe.choices) check_choice(recipe, name, plan.parameters.at(name));
  } catch (const Error& error) {
    fail("{}: {}", path.string(), error.what());
  }
  return recipe;
}

Recipe recipe_of_command(const std::vector<std::string>& words) {
  Recipe recipe;
  Plan& plan = recipe.defaults;
  plan.command = CommandLine{words, Seeding::imposed, {}, fs::current_path().string()};
  plan.pins = default_pins();
  plan.watch.keep = Keep::none;
  add_named_files(plan);
  recipe.name = fs::path(plan.data.empty() ? words.at(0) : plan.data[0].name).stem().string();
  recipe.summary = join(words, " ");
  plan.recipe = recipe.name;
  check_plan(plan);
  return recipe;
}

namespace {

// Where a bare name is looked for, the first place first.
std::vector<fs::path> recipe_folders() {
  std::vector<fs::path> folders;
  for (const auto& folder : split(environment_text("REPRISE_RECIPES"), ':'))
    if (!folder.empty()) folders.emplace_back(folder);
  folders.emplace_back("recipes");
  folders.push_back(shipped_recipes());
  return folders;
}

// Bare name -> file, of every recipe in the folders.
std::map<std::string, fs::path> known_recipes() {
  std::map<std::string, fs::path> known;
  for (const auto& folder : recipe_folders())
    for (const auto& shelf : {folder, folder / "published"})
      for (const auto& path : list_folder(shelf))
        if (path.extension() == ".toml" && fs::is_regular_file(path))
          known.emplace(path.stem().string(), path);
  return known;
}

}  // namespace

fs::path shipped_recipes() {
  const fs::path installed = program_folder().parent_path() / "share/reprise/recipes";
  return fs::is_directory(installed) ? installed : program_folder() / "../../recipes";
}

Recipe find_recipe(std::string_view name) {
  const fs::path path(name);
  if (path.extension() == ".toml" || path.has_parent_path() || name.empty()) return read_recipe(path);
  const auto known = known_recipes();
  const auto found = known.find(std::string(name));
  if (found != known.end()) return read_recipe(found->second.lexically_normal());
  std::vector<std::string> names;
  for (const auto& [bare, unused] : known) names.push_back(bare);
  fail("{}; or name a file that ends in .toml", unknown_name("recipe", name, names));
}

std::vector<Recipe> all_recipes() {
  std::vector<Recipe> recipes;
  for (const auto& [name, path] : known_recipes()) recipes.push_back(read_recipe(path.lexically_normal()));
  return recipes;
}

std::pair<std::string, std::string> cut_assignment(std::string_view text, std::string_view option) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos || equals == 0)
    fail("wanted NAME=VALUE after {}, found '{}'", option, text);
  return {std::string(trim(text.substr(0, equals))), std::string(trim(text.substr(equals + 1)))};
}

namespace {

void set_value(const Recipe& recipe, Plan& plan, const std::string& name, const std::string& text) {
  if (const auto found = plan.parameters.find(name); found != plan.parameters.end()) {
    found->second = scalar_like(found->second, text, name);
    check_choice(recipe, name, found->second);
  } else if (takes_setting(plan, name)) {
    apply_setting(plan, name, text);
  } else {
    std::vector<std::string> known = setting_names(plan);
    for (const auto& [parameter, unused] : plan.parameters) known.push_back(parameter);
    std::sort(known.begin(), known.end());
    fail("{}", unknown_name("parameter", name, known));
  }
}

}  // namespace

void check_choices(const Recipe& recipe, const Plan& plan) {
  for (const auto& [name, value] : plan.parameters) check_choice(recipe, name, value);
}

Plan plan_of(const Recipe& recipe, const Choices& choices) {
  Plan plan = recipe.defaults;
  for (const auto& [name, text] : choices.set) set_value(recipe, plan, name, text);
  for (const auto& [name, text] : choices.pin) set_pin(plan, name, text);
  if (choices.fresh != Fresh::no) plan.watch.fresh = choices.fresh;
  check_plan(plan);
  return plan;
}

}  // namespace reprise
