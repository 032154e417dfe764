// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/card_runs.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/files.h"
#include "harness/judge/card/recipe_card.h"
#include "harness/plan/recipe.h"
#include "harness/terminal/reporting.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

bool is_card_file(const fs::path& path) {
  const auto ending = path.extension();
  return ending == ".yml" || ending == ".yaml" || (ending == ".toml" && path.has_parent_path()) ||
         (ending == ".toml" && fs::exists(path));
}

// A TOML file that trains is a recipe; any other is taken for a card.
bool is_recipe_file(const fs::path& path) {
  if (path.extension() != ".toml" || !fs::is_regular_file(path)) return false;
  const std::string text = read_file(path, "card or recipe");
  return text.find("\nprogram =") != text.npos || text.find("\ncommand =") != text.npos;
}

}  // namespace

std::vector<Card> all_cards(const std::vector<fs::path>& folders) {
  std::vector<Card> cards;
  for (const auto& [name, path] : cards_in(folders)) cards.push_back(read_card(path));
  std::vector<std::string> places;
  for (const auto& folder : folders) places.push_back(folder.string());
  if (cards.empty())
    fail("wanted cards (*.toml) in {}, found none; name a folder of cards with --cards",
         join(places, " or "));
  return cards;
}

Card named_card(const std::string& name, const std::vector<fs::path>& folders) {
  if (is_recipe_file(name)) return card_of_recipe(read_recipe(name));
  if (is_card_file(name)) return read_card(name);
  const auto known = cards_in(folders);
  if (const auto found = known.find(name); found != known.end()) return read_card(found->second);
  std::vector<std::string> names;
  for (const auto& [bare, unused] : known) names.push_back(bare);
  const auto recipes = all_recipes();
  const auto recipe = std::ranges::find(recipes, name, &Recipe::name);
  for (const auto& card : recipe == recipes.end() ? std::vector<Card>() : all_cards(folders))
    if (std::ranges::find(card.recipes, name) != card.recipes.end()) return card;
  if (recipe != recipes.end()) return card_of_recipe(*recipe);
  for (const auto& one : recipes) names.push_back(one.name);
  fail("{}; or name a file that ends in .toml or .yml", unknown_name("card or recipe", name, names));
}

namespace {

std::string text_at(const nlohmann::json& json, const char* key) {
  return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : "";
}

// What a report of claims says, one for each; none where the file is another report.
std::vector<MeasuredClaim> claims_in(const fs::path& file) {
  const auto report = nlohmann::json::parse(read_file(file, "report"), nullptr, false);
  if (!report.is_object()) fail("{} is no JSON; make it anew with reprise claim", file.string());
  std::vector<MeasuredClaim> claims;
  if (text_at(report, "schema") != "reprise.report/1" || !report.contains("claims")) return claims;
  for (const auto& claim : report["claims"])
    claims.push_back({text_at(report, "recipe"), text_at(claim, "name"), text_at(claim, "answer"),
                      text_at(claim, "sentence"), file.string()});
  return claims;
}

}  // namespace

KeptMatrices::KeptMatrices(fs::path runs) : runs_(std::move(runs)) {
  for (const auto& folder : list_folder(runs_)) {
    const fs::path report = folder / "report.json";
    if (folder.filename().string().starts_with("claim-") && fs::is_regular_file(report))
      for (auto& claim : claims_in(report)) claims_[claim.recipe].push_back(std::move(claim));
    const fs::path file = folder / "matrix.toml";
    if (!fs::is_regular_file(file)) continue;
    Matrix matrix = read_matrix(file);
    files_[matrix.recipe].push_back(file.string());
    by_recipe_[matrix.recipe].push_back(std::move(matrix));
  }
}

CardFound KeptMatrices::beside(const Card& card) {
  std::vector<Measured> measured;
  for (const auto& recipe : card.recipes) {
    if (!measured_.contains(recipe)) {
      auto& all = measured_[recipe];
      for (std::size_t i = 0; i < by_recipe_[recipe].size(); ++i) {
        const JudgedRuns found = judged_runs(by_recipe_[recipe][i]);
        all.push_back(measured_of(found.matrix, found.diff, found.verdict, files_[recipe][i]));
      }
    }
    measured.insert(measured.end(), measured_[recipe].begin(), measured_[recipe].end());
  }
  std::string untested;
  if (card.recipes.empty())
    untested = "the card names no recipe that could be run here.";
  else if (measured.empty())
    untested = fmt::format("no matrix of the recipe {} is kept in {}; `reprise matrix {}` makes one.",
                           join(card.recipes, " or "), runs_.string(), card.recipes.front());
  CardFound found(card, measured, untested);
  for (const auto& recipe : card.recipes)
    if (const auto held = claims_.find(recipe); held != claims_.end())
      found.claims.insert(found.claims.end(), held->second.begin(), held->second.end());
  return found;
}

}  // namespace reprise
