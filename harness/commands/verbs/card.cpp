// SPDX-License-Identifier: Apache-2.0
// reprise card: how open a release is, claim by claim, beside what was measured by running.
#include <filesystem>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"
#include "harness/judge/card/export.h"
#include "harness/terminal/card_runs.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/reporting.h"
#include "reports/cards/card_report.h"

namespace reprise::verbs {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string name, cards, runs = "runs", formats, output, exported;
  bool all = false, json = false;
};

std::vector<CardFound> found_by(const Options& options) {
  const auto folders = options.cards.empty() ? card_folders() : std::vector<fs::path>{options.cards};
  if (!options.cards.empty() && !fs::is_directory(options.cards))
    fail("wanted a folder of cards for --cards, found none at {}", options.cards);
  std::vector<CardFound> found;
  const auto cards = options.all ? all_cards(folders) : std::vector<Card>{named_card(options.name, folders)};
  KeptMatrices kept(options.runs);
  for (const auto& card : cards) found.push_back(kept.beside(card));
  return found;
}

void refuse_mixtures(const Options& options, const CommandOptions& app) {
  if (options.all == !options.name.empty())
    fail("wanted one card, or --all, found {}; try `reprise card openelm` or `reprise card --all`",
         options.all ? "both" : "neither");
  if (!options.exported.empty())
    refuse_idle(app, {"--format", "--json", "--output"}, "with --export, which prints on standard output");
  if (options.json) refuse_idle(app, {"--format", "--output"}, "with --json, which writes no file");
  if (options.formats.empty())
    refuse_idle(app, {"--output"}, "without --format, which names what is written");
}

int show(const Options& options, const CommandOptions& app) {
  refuse_mixtures(options, app);
  const CardExport* form =
      options.exported.empty() ? nullptr : &pick(card_exports_shelf(), options.exported, "export");
  const auto formats = options.formats.empty() ? std::vector<std::string>() : format_names(options.formats);
  const auto found = found_by(options);
  if (form) {
    std::cout << form->write(found);
    return 0;
  }
  const Report report = options.all ? cards_report(found) : card_report(found.front());
  if (options.formats.empty()) {
    std::cout << rendered(report, options.json ? "json" : "console");
    return 0;
  }
  const fs::path folder = options.output.empty() ? fs::path(".") : fs::path(options.output);
  for (const auto& path : write_reports(report, formats, folder, report.recipe))
    std::cout << path.string() << '\n';
  return 0;
}

}  // namespace

extern const Command card{
    .summary = "Say how open a release is, and what running it showed",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option(
          "card", options->name,
          "A card (a name of recipes/cards, a .toml file, a .yml record of the Model Openness Tool), "
          "or a recipe");
      app.add_flag("--all", options->all, "The table of every card, instead of one");
      app.add_option("--cards", options->cards, "The folder of cards; by default those beside the recipes")
          ->type_name("FOLDER");
      app.add_option("--runs", options->runs, "Folder in which runs are kept: what was measured")
          ->type_name("FOLDER")
          ->capture_default_str();
      app.add_option("--format", options->formats,
                     "Write files in these formats, separated by commas (`reprise list formats`)")
          ->type_name("LIST");
      app.add_option("--output", options->output, "Folder for the files; by default this one")
          ->type_name("FOLDER");
      app.add_flag("--json", options->json, "Print the JSON document on standard output");
      app.add_option("--export", options->exported,
                     fmt::format("Print it for another tool: {}", join(names_of(card_exports_shelf()), ", ")))
          ->type_name("FORM");
      app.footer(
          "Nothing is run: what was measured comes from matrices and reports of claims that are kept. A\n"
          "thing of which no source tells is shown so. Exit code 0: shown, whatever it says; 2: trouble.\n"
          "Example:  reprise card openelm\n"
          "          reprise card --all --format html,md\n"
          "          reprise card --all --export csv >systems.csv");
      return [options, &app] { return show(*options, app); };
    },
};

}  // namespace reprise::verbs
