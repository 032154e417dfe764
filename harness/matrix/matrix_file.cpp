// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/matrix_file.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"
#include "harness/matrix/expand.h"
#include "harness/plan/recipe.h"
#include "harness/plan/set_pin.h"

namespace reprise {

namespace fs = std::filesystem;

std::span<const Word<Bisecting>> words_of(Bisecting) {
  static constexpr Word<Bisecting> words[] = {
      {Bisecting::off, "off"}, {Bisecting::first, "first"}, {Bisecting::few, "few"}, {Bisecting::all, "all"}};
  return words;
}

std::chrono::seconds duration_from(std::string_view text, std::string_view what) {
  constexpr std::int64_t most_days = 3650;
  const std::string_view units = "smhd";
  const std::int64_t seconds_of[] = {1, 60, 3600, 86400};
  const auto unit = text.empty() ? std::string_view::npos : units.find(text.back());
  const auto number =
      unit == std::string_view::npos ? std::nullopt : to_integer(text.substr(0, text.size() - 1));
  if (!number || *number <= 0 || *number > most_days * 86400 / seconds_of[unit])
    fail("wanted {} as a whole number above 0 with its unit, such as 90s, 10m, 2h or 1d, found '{}'", what,
         text);
  return std::chrono::seconds(*number * seconds_of[unit]);
}

std::string duration_words(std::chrono::seconds time) {
  const std::int64_t parts[] = {time.count() / 86400, time.count() / 3600 % 24, time.count() / 60 % 60,
                                time.count() % 60};
  const char* units[] = {"d", "h", "min", "s"};
  std::vector<std::string> words;
  for (std::size_t i = 0; i < 4; ++i)
    if (parts[i] > 0) words.push_back(fmt::format("{} {}", parts[i], units[i]));
  return words.empty() ? "0 s" : join(words, " ");
}

namespace {

// What an entry says itself, or else the file for all of them.
struct Shared {
  std::vector<std::string> formats = {"html", "json"};
  Bisecting bisect = Bisecting::off;
  std::string executor, device;
  std::chrono::seconds time_limit{0};
};

template <class Read>
auto with_line(TomlTable& table, std::string_view key, Read read) {
  try {
    return read();
  } catch (const Error& error) {
    table.refuse(key, error.what());
  }
}

// Asks for the key, so that it is known beside misspelled ones.
bool given(TomlTable& table, std::string_view key) {
  if (table.has(key)) return true;
  table.text_or(key, "");
  return false;
}

std::chrono::seconds duration_in(TomlTable& table, std::string_view key, std::chrono::seconds otherwise) {
  if (!given(table, key)) return otherwise;
  const std::string text = table.text(key);
  return with_line(table, key, [&] { return duration_from(text, key); });
}

std::vector<std::string> texts_in(TomlTable& table, std::string_view key) {
  return given(table, key) ? table.texts(key) : std::vector<std::string>();
}

void check_known(TomlTable& table, std::string_view key, std::string_view kind, const std::string& name,
                 const std::vector<std::string>& known) {
  if (std::ranges::find(known, name) == known.end()) table.refuse(key, unknown_name(kind, name, known));
}

Shared read_shared(TomlTable& table, Shared shared, const MatrixFileWords& known) {
  if (const auto formats = texts_in(table, "formats"); table.has("formats")) {
    if (formats.empty()) table.refuse("formats", "wanted at least one format, found none; leave the key out");
    for (const auto& format : formats) check_known(table, "formats", "format", format, known.formats);
    shared.formats = formats;
  }
  if (!table.text_or("bisect", "").empty()) shared.bisect = read_word<Bisecting>(table, "bisect");
  shared.executor = table.text_or("executor", shared.executor);
  if (table.has("executor")) check_known(table, "executor", "executor", shared.executor, known.executors);
  shared.device = table.text_or("device", shared.device);
  if (table.has("device"))
    with_line(table, "device", [&] {
      Plan any;
      any.pins = default_pins();
      set_pin(any, "device", shared.device);
    });
  shared.time_limit = duration_in(table, "time_limit", shared.time_limit);
  return shared;
}

ScriptMetric read_metric(TomlTable table, const MatrixFileWords& known) {
  ScriptMetric metric;
  metric.metric = table.text("name");
  if (const auto pattern = table.text_or("pattern", ""); !pattern.empty()) metric.metric += "=" + pattern;
  metric.file = table.text_or("file", "");
  metric.key = table.text_or("key", "");
  metric.take = table.text_or("take", metric.take);
  if (!known.takes.empty()) check_known(table, "take", "way to take a value", metric.take, known.takes);
  metric.better = table.text_or("better", "");
  if (table.has("better")) check_known(table, "better", "direction", metric.better, {"higher", "lower"});
  metric.unit = table.text_or("unit", "");
  metric.margin = table.number("margin");
  if (!(*metric.margin > 0)) table.refuse("margin", "wanted how far it may be off, above 0");
  table.finish();
  const char* place = table.has("pattern") ? "pattern" : table.has("file") ? "file" : "name";
  if (known.check_metric) with_line(table, place, [&] { known.check_metric(metric); });
  return metric;
}

bool fits_folder(std::string_view name) {
  return !name.empty() && name.front() != '.' && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// "train" of python train.py.
std::string name_of_script(const std::vector<std::string>& words) {
  for (const auto& word : words)
    if (word.ends_with(".py") || word.ends_with(".sh")) return fs::path(word).stem().string();
  return fs::path(words.front()).stem().string();
}

// Everything of one entry that would stop it later stops it here.
void check_entry(TomlTable& table, const MatrixEntry& entry) {
  const bool script = !entry.words.empty();
  const auto recipe = with_line(table, script ? "scripts" : "recipes", [&] {
    return script ? recipe_of_command(entry.words) : find_recipe(entry.recipe);
  });
  if (!entry.fresh.empty() && !recipe.defaults.command)
    table.refuse("fresh", fmt::format("the native recipe {} reads and writes nothing of the working folder; "
                                      "only scripts take this key",
                                      entry.recipe));
  Choices choices;
  const auto plan_with = [&](std::string_view key) {
    return with_line(table, table.has(key) ? key : "recipes", [&] { return plan_of(recipe, choices); });
  };
  with_line(table, "set", [&] {
    for (const auto& text : entry.set) choices.set.push_back(cut_assignment(text, "set"));
  });
  plan_with("set");
  with_line(table, "pin", [&] {
    for (const auto& text : entry.pin) choices.pin.push_back(cut_assignment(text, "pin"));
  });
  const Plan plan = plan_with("pin");
  with_line(table, "axes", [&] {
    std::vector<AxisChoice> axes;
    for (const auto& text : entry.axes) axes.push_back(parse_axis(text));
    const Planned planned = expand(plan, axes, entry.design);
    for (const auto& one : planned.plans) check_choices(recipe, one);
    if (planned.plans.size() < 2)
      fail("wanted at least two runs to compare, found one: give an axis two values, or add \"repeat=2\"");
  });
}

MatrixEntry read_common(TomlTable& table, const Shared& shared, const MatrixFileWords& known,
                        const std::string& where) {
  MatrixEntry entry;
  entry.where = where;
  entry.formats = shared.formats;
  entry.bisect = shared.bisect;
  entry.time_limit = shared.time_limit;
  entry.axes = table.texts("axes");
  if (!table.text_or("design", "").empty()) entry.design = read_word<Design>(table, "design");
  entry.set = texts_in(table, "set");
  entry.pin = texts_in(table, "pin");
  if (!shared.executor.empty()) entry.set.push_back("executor=" + shared.executor);
  if (!shared.device.empty()) entry.set.push_back("device=" + shared.device);
  entry.budget = duration_in(table, "budget", std::chrono::seconds(0));
  entry.fresh = table.text_or("fresh", "");
  const std::vector<std::string> fresh = {"", "yes", "copy", "copy-any"};
  if (std::ranges::find(fresh, entry.fresh) == fresh.end())
    table.refuse("fresh",
                 fmt::format("wanted \"yes\", \"copy\" or \"copy-any\", found {}", quoted_text(entry.fresh)));
  if (auto metric = table.optional_table("metric")) entry.metric = read_metric(*metric, known);
  return entry;
}

// One [[matrix]]: an entry for each recipe and script that it names.
void read_matrix_table(TomlTable& table, const Shared& for_all, const MatrixFileWords& known,
                       MatrixFile& file) {
  const Shared shared = read_shared(table, for_all, known);
  const MatrixEntry common = read_common(table, shared, known, file.path.string());
  const std::string name = table.text_or("name", "");
  const auto recipes = texts_in(table, "recipes"), scripts = texts_in(table, "scripts");
  table.finish();
  if (recipes.empty() && scripts.empty())
    table.refuse("", "wanted recipes = [\"waves\"] or scripts = [\"python train.py\"], found neither");
  if (common.metric && !recipes.empty())
    table.refuse("metric", "a recipe states its metric and margin itself; only scripts take this table");
  const bool single = recipes.size() + scripts.size() == 1;
  const auto add = [&](MatrixEntry entry, const std::string& own, std::string_view key) {
    entry.name = name.empty() ? own : single ? name : name + "-" + own;
    if (!fits_folder(entry.name))
      table.refuse(
          name.empty() ? key : "name",
          fmt::format("wanted a name of letters, digits, '-', '_' and '.', since a folder is called so, "
                      "found {}",
                      quoted_text(entry.name)));
    if (std::ranges::find(file.entries, entry.name, &MatrixEntry::name) != file.entries.end())
      table.refuse(name.empty() ? key : "name",
                   fmt::format("two matrices are called {}; give one another name = \"...\"", entry.name));
    check_entry(table, entry);
    file.entries.push_back(std::move(entry));
  };
  for (const auto& recipe : recipes) {
    MatrixEntry entry = common;
    entry.recipe = recipe;
    add(std::move(entry), fs::path(recipe).stem().string(), "recipes");
  }
  for (const auto& script : scripts) {
    MatrixEntry entry = common;
    entry.words = with_line(table, "scripts", [&] { return shell_words(script); });
    if (entry.words.empty()) table.refuse("scripts", "wanted the words of a command, found an empty text");
    const std::string own = name_of_script(entry.words);
    add(std::move(entry), own, "scripts");
  }
}

}  // namespace

bool is_matrix_file(const fs::path& path) {
  std::error_code unreadable;
  if (path.extension() != ".toml" || !fs::is_regular_file(path, unreadable)) return false;
  try {
    const auto table = TomlTable::parse(read_file(path, "matrix file"), path.string());
    return table.has("format") || table.has("matrix");
  } catch (const Error&) {
    return false;  // whoever reads it as what it is meant to be says what is wrong
  }
}

MatrixFile read_matrix_file(const fs::path& path, const MatrixFileWords& known) {
  auto root = TomlTable::parse(read_file(path, "matrix file"), path.string());
  if (!root.has("format"))
    root.refuse("format",
                fmt::format("wanted format = \"{}\" as the first line of a matrix file, found none; a "
                            "recipe has no such line",
                            matrices_format));
  if (const auto found = root.text("format"); found != matrices_format)
    root.refuse("format", fmt::format("wanted \"{}\", found {}; this version of reprise reads no other",
                                      matrices_format, quoted_text(found)));
  MatrixFile file;
  file.path = path;
  file.budget = duration_in(root, "budget", std::chrono::seconds(0));
  const Shared shared = read_shared(root, {}, known);
  auto tables = root.tables("matrix");
  root.finish();
  if (tables.empty()) root.refuse("matrix", "wanted at least one table [[matrix]], found none");
  for (auto& table : tables) read_matrix_table(table, shared, known, file);
  return file;
}

}  // namespace reprise
