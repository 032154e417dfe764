// SPDX-License-Identifier: Apache-2.0
// [[claim]] of a recipe.
#include <algorithm>
#include <set>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/judge/claim/claim.h"
#include "harness/judge/claim/law.h"

namespace reprise {
namespace {

std::size_t count_of(TomlTable& table, std::string_view key) {
  const std::int64_t value = table.integer(key);
  if (value < 1) table.refuse(key, fmt::format("wanted {} of at least 1, found {}", key, value));
  return static_cast<std::size_t>(value);
}

void read_better(TomlTable& table, const std::optional<Metric>& metric, Claim& claim) {
  if (!table.has("better")) {
    if (!metric || metric->name != claim.metric)
      table.refuse(
          "", fmt::format("wanted better = \"higher\" or \"lower\" for {}, found no such key", claim.metric));
    claim.higher_is_better = metric->higher_is_better;
    return;
  }
  const std::string better = table.text("better");
  if (better != "higher" && better != "lower")
    table.refuse("better", fmt::format("wanted \"higher\" or \"lower\", found '{}'", better));
  claim.higher_is_better = better == "higher";
  if (metric && metric->name == claim.metric && metric->higher_is_better != claim.higher_is_better)
    table.refuse("better",
                 fmt::format("the recipe's [metric] says the other direction of {}: one of them is wrong",
                             claim.metric));
}

void read_spread(TomlTable& table, Claim& claim) {
  if (table.has("n_seeds")) claim.n_seeds = count_of(table, "n_seeds");
  if (!table.has("spread")) {
    if (table.has("spread_kind")) table.refuse("spread_kind", "wanted spread beside it, found none");
    return;
  }
  claim.spread = table.number("spread");
  if (!table.has("spread_kind"))
    table.refuse("spread", "wanted spread_kind beside it: SD, SE, CI95, range or unknown, found none");
  claim.spread_kind = read_word<SpreadKind>(table, "spread_kind");
  if (!table.has("n_seeds"))
    table.refuse("spread", "wanted n_seeds beside it, the runs it is of, found none");
}

void read_statistic(TomlTable& table, Claim& claim) {
  if (table.has("statistic")) claim.statistic = read_word<Statistic>(table, "statistic");
  const bool best = claim.statistic == Statistic::best_over_evaluations;
  claim.take = best ? (claim.higher_is_better ? Take::max : Take::min) : Take::last;
  if (claim.statistic == Statistic::best_seed && !table.has("n_seeds"))
    table.refuse("statistic", "wanted n_seeds beside best-seed: the best of how many, found none");
  if (!table.has("take")) return;
  claim.take = read_word<Take>(table, "take");
  const bool contradicts = (claim.statistic == Statistic::last && claim.take != Take::last) ||
                           (best && claim.take != (claim.higher_is_better ? Take::max : Take::min));
  if (contradicts && table.has("statistic"))
    table.refuse(
        "take", fmt::format("the statistic {} of a metric of which {} is better takes another value of a run",
                            to_text(claim.statistic), claim.higher_is_better ? "more" : "less"));
}

void read_place(TomlTable& table, const Recipe& recipe, Claim& claim) {
  NumberPlace place;
  place.pattern = table.text_or("pattern", "");
  place.file = table.text_or("file", "");
  place.key = table.text_or("key", "");
  if (place.pattern.empty() && place.file.empty() && place.key.empty()) return;
  if (!recipe.defaults.command)
    table.refuse(place.pattern.empty() ? "file" : "pattern",
                 "a native recipe reports its metrics itself; leave it out");
  try {
    check_place(place);
  } catch (const Error& error) {
    table.refuse("", error.what());
  }
  claim.place = place;
}

void read_margin(TomlTable& table, Claim& claim) {
  if (!table.has("margin"))
    table.refuse("",
                 fmt::format("wanted a margin, fixed before the runs (margin = 0.5 {}), found no such key",
                             claim.unit.empty() ? "" : "# " + claim.unit));
  claim.margin = table.number("margin");
  claim.margin_reason = table.text_or("margin_reason", "");
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return text;
}

// One class a line, in the order of the test set.
void read_published_predictions(TomlTable& table, const Recipe& recipe, Claim& claim) {
  if (!table.has("predictions")) {
    if (table.has("predictions_sha256"))
      table.refuse("predictions_sha256", "wanted predictions beside it, the file, found none");
    return;
  }
  claim.predictions_file = table.text("predictions");
  const std::string text =
      read_file(recipe.path.parent_path() / claim.predictions_file, "file of published predictions");
  const std::string wanted = lower(table.text("predictions_sha256")), found = sha256_text(text);
  if (wanted != found)
    table.refuse("predictions_sha256",
                 fmt::format("wanted SHA-256 {} of {}, found {}", wanted, claim.predictions_file, found));
  std::size_t number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto value = to_integer(line);
    if (!value)
      table.refuse("predictions",
                   fmt::format("wanted one class a line, a whole number, found '{}' in line {}",
                               line.substr(0, 40), number));
    claim.predictions.push_back(*value);
  }
  if (claim.predictions.empty()) table.refuse("predictions", "wanted one class a line, found an empty file");
}

void read_metric_claim(TomlTable& table, const Recipe& recipe, Claim& claim) {
  const auto& metric = recipe.defaults.metric;
  claim.metric = table.has("metric") || !metric ? table.text("metric") : metric->name;
  const bool same = metric && metric->name == claim.metric;
  claim.unit = table.text_or("unit", same ? metric->unit : "");
  claim.value = table.number("value");
  read_better(table, metric, claim);
  read_spread(table, claim);
  read_statistic(table, claim);
  claim.split = table.text_or("split", "");
  if (table.has("test_n")) claim.test_n = count_of(table, "test_n");
  if (table.has("classes")) claim.classes = count_of(table, "classes");
  read_margin(table, claim);
  read_place(table, recipe, claim);
  read_published_predictions(table, recipe, claim);
}

void read_law_claim(TomlTable& table, const Recipe& recipe, Claim& claim) {
  claim.law = table.text("law");
  const auto laws = names_of(laws_shelf());
  if (std::ranges::find(laws, claim.law) == laws.end())
    table.refuse("law", unknown_name("law", claim.law, laws));
  if (recipe.defaults.command)
    table.refuse(
        "kind",
        "wanted a native recipe, which keeps what it predicts for each test example, found a command");
  claim.metric = claim.law;
  claim.statistic = Statistic::mean;
  claim.value = table.number("value");
  read_spread(table, claim);
  read_margin(table, claim);
}

// runs = "16 14 16 17"
std::vector<double> numbers_in(TomlTable& point) {
  std::vector<double> values;
  for (const auto& word : split(point.text("runs"), ' ')) {
    if (word.empty()) continue;
    const auto value = to_number(word);
    if (!value)
      point.refuse("runs",
                   fmt::format("wanted numbers with spaces between them, \"16 14 16 17\", found '{}'", word));
    values.push_back(*value);
  }
  return values;
}

void read_convergence_claim(TomlTable& table, const Recipe& recipe, Claim& claim) {
  if (recipe.defaults.command)
    table.refuse("kind", "wanted a native recipe, which reports its metric by step, found a command");
  const auto& metric = recipe.defaults.metric;
  claim.metric = table.has("metric") || !metric ? table.text("metric") : metric->name;
  claim.value = table.number("target");
  read_better(table, metric, claim);
  claim.unit = table.text_or("unit", "steps");
  if (table.has("deviation")) claim.deviation = read_word<DeviationOf>(table, "deviation");
  for (auto& point : table.tables("point")) {
    claim.points.push_back({point.number("batch"), numbers_in(point)});
    point.finish();
  }
  std::ranges::sort(claim.points, {}, &ReferenceRuns::batch);
}

void read_proof_claim(TomlTable& table, const Recipe& recipe, Claim& claim) {
  if (recipe.defaults.command)
    table.refuse("kind",
                 "wanted a native recipe, whose runs begin from each other's checkpoints, found a command");
  claim.proof.interval = table.integer("interval");
  if (table.has("segments")) claim.proof.segments = count_of(table, "segments");
  claim.proof.thresholds = {table.number("l1"), table.number("l2"), table.number("linf"),
                            table.number("cos")};
  if (auto pins = table.optional_table("pins"))
    for (const auto& [name, value] : pins->scalars()) claim.proof.pins.emplace_back(name, to_plain(value));
}

Claim read_claim(TomlTable& table, const Recipe& recipe) {
  Claim claim;
  claim.name = table.text("name");
  if (table.has("kind")) claim.kind = read_word<ClaimKind>(table, "kind");
  claim.repository = table.text_or("repository", "");
  claim.paper = table.text_or("paper", "");
  if (auto set = table.optional_table("set"))
    for (const auto& [name, value] : set->scalars()) claim.set.emplace_back(name, to_plain(value));
  if (claim.kind == ClaimKind::metric) read_metric_claim(table, recipe, claim);
  if (claim.kind == ClaimKind::digest) {
    claim.artifact = table.text("artifact");
    claim.sha256 = lower(table.text("sha256"));
  }
  if (claim.kind == ClaimKind::law) read_law_claim(table, recipe, claim);
  if (claim.kind == ClaimKind::convergence) read_convergence_claim(table, recipe, claim);
  if (claim.kind == ClaimKind::proof) read_proof_claim(table, recipe, claim);
  table.finish();
  try {
    check_claim(claim);
    plan_of(recipe, {claim.set, claim.proof.pins, Fresh::no});
  } catch (const Error& error) {
    table.refuse("", error.what());
  }
  return claim;
}

}  // namespace

std::vector<Claim> claims_of(const Recipe& recipe) {
  if (recipe.path.empty()) return {};
  auto root = TomlTable::parse(read_file(recipe.path, "recipe"), recipe.path.string());
  std::vector<Claim> claims;
  std::set<std::string> names;
  for (auto& table : root.tables("claim")) {
    claims.push_back(read_claim(table, recipe));
    if (!names.insert(claims.back().name).second)
      table.refuse("name", fmt::format("two claims are called '{}'", claims.back().name));
  }
  return claims;
}

}  // namespace reprise
