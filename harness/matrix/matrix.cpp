// SPDX-License-Identifier: Apache-2.0
#include "harness/matrix/matrix.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/scalar.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

Outcome outcome_of(TomlTable& table) {
  Outcome outcome;
  const std::string status = table.text("status"), kind = table.text("kind");
  if (status != "done" && status != "untested")
    table.refuse("status", fmt::format("wanted \"done\" or \"untested\", found {}", quoted_text(status)));
  if (status == "done")
    outcome.ending = Ending::done;
  else if (!kind.empty())
    outcome.ending = read_word<Ending>(table, "kind");
  if (status == "untested" && outcome.done())
    table.refuse("kind", "wanted why it is untested, found \"done\"; run it again");
  outcome.reason = table.text("reason");
  outcome.last_lines = table.texts("last_lines");
  if (table.has("notes")) outcome.notes = table.texts("notes");
  outcome.seconds = table.number("seconds");
  outcome.peak_bytes = table.integer("peak_bytes");
  table.finish();
  return outcome;
}

fs::path folder_of(const fs::path& file) { return fs::absolute(file).lexically_normal().parent_path(); }

std::string configuration_text(const std::string& table, const Configuration& configuration,
                               const fs::path& base) {
  std::string folder;
  if (!configuration.folder.empty())
    folder = fs::absolute(configuration.folder).lexically_normal().lexically_proximate(base).generic_string();
  std::string text =
      fmt::format("\n[[{0}]]\nname = {1}\nplan = {2}\nfolder = {3}\n[{0}.values]\n", table,
                  quoted_text(configuration.name), quoted_text(configuration.plan_id), quoted_text(folder));
  for (const auto& [factor, value] : configuration.values)
    text += fmt::format("{} = {}\n", quoted_text(factor), quoted_text(value));
  return text + "[" + table + ".outcome]\n" + to_toml(configuration.outcome);
}

Configuration read_configuration(TomlTable& table, const fs::path& base) {
  Configuration configuration;
  configuration.name = table.text("name");
  configuration.plan_id = table.text("plan");
  const std::string folder = table.text("folder");
  if (!folder.empty()) configuration.folder = (base / folder).lexically_normal();
  auto values = table.table("values");
  for (const auto& [factor, value] : values.scalars()) configuration.values[factor] = to_plain(value);
  auto outcome = table.table("outcome");
  configuration.outcome = outcome_of(outcome);
  table.finish();
  return configuration;
}

Factor read_factor(TomlTable& table) {
  Factor factor{table.text("name"), table.texts("values"), read_word<Promise>(table, "owes")};
  table.finish();
  return factor;
}

// By the names of their tables.
constexpr std::pair<const char*, std::vector<Configuration> Matrix::*> lists[] = {
    {"configuration", &Matrix::configurations},
    {"self_test", &Matrix::self_test},
    {"own_pair", &Matrix::own_pair}};

}  // namespace

std::span<const Word<Ending>> words_of(Ending) {
  static constexpr Word<Ending> words[] = {
      {Ending::not_run, "not run"},        {Ending::done, "done"},     {Ending::skipped, "skipped"},
      {Ending::failed, "failed"},          {Ending::killed, "killed"}, {Ending::timed_out, "timed-out"},
      {Ending::interrupted, "interrupted"}};
  return words;
}

std::span<const Word<Design>> words_of(Design) {
  static constexpr Word<Design> words[] = {
      {Design::one, "one"}, {Design::pairs, "pairs"}, {Design::full, "full"}};
  return words;
}

std::string to_toml(const Outcome& outcome) {
  const bool said = outcome.ending != Ending::done && outcome.ending != Ending::not_run;
  std::string text =
      fmt::format("status = {}\nkind = {}\nreason = {}\nlast_lines = {}\nseconds = {}\npeak_bytes = {}\n",
                  quoted_text(outcome.done() ? "done" : "untested"),
                  quoted_text(said ? to_text(outcome.ending) : ""), quoted_text(outcome.reason),
                  quoted_texts(outcome.last_lines), number_text(outcome.seconds), outcome.peak_bytes);
  if (!outcome.notes.empty()) text += fmt::format("notes = {}\n", quoted_texts(outcome.notes));
  return text;
}

Outcome outcome_from_toml(std::string_view text, std::string_view where) {
  auto table = TomlTable::parse(text, where);
  return outcome_of(table);
}

void write_matrix(const Matrix& matrix, const fs::path& path) {
  std::string text =
      fmt::format("# reprise matrix\nrecipe = {}\ndesign = {}\ncommand = {}\n", quoted_text(matrix.recipe),
                  quoted_text(to_text(matrix.design)), quoted_text(shell_text(matrix.command)));
  for (const auto& factor : matrix.factors)
    text += fmt::format("\n[[factor]]\nname = {}\nvalues = {}\nowes = \"{}\"\n", quoted_text(factor.name),
                        quoted_texts(factor.values), to_text(factor.promise));
  const fs::path base = folder_of(path);
  for (const auto& [table, runs] : lists)
    for (const auto& run : matrix.*runs) text += configuration_text(table, run, base);
  write_atomically(path, text);
}

Matrix read_matrix(const fs::path& path) {
  auto root = TomlTable::parse(read_file(path, "matrix"), path.string());
  Matrix matrix;
  matrix.recipe = root.text("recipe");
  matrix.design = read_word<Design>(root, "design");
  matrix.command = shell_words(root.text("command"));
  for (auto& table : root.tables("factor")) matrix.factors.push_back(read_factor(table));
  for (const auto& [name, runs] : lists)
    for (auto& table : root.tables(name))
      (matrix.*runs).push_back(read_configuration(table, path.parent_path()));
  root.finish();
  if (matrix.configurations.empty())
    fail("{}: wanted a matrix with at least one [[configuration]], found none; run the matrix again",
         path.string());
  return matrix;
}

}  // namespace reprise
