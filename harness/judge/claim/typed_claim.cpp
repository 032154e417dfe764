// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/claim/typed_claim.h"

#include <algorithm>

namespace reprise {

namespace {

void place_metric(const TypedClaim& typed, const Recipe& recipe, Claim& claim) {
  const auto equals = typed.metric.find('=');
  claim.metric = claim.name = typed.metric.substr(0, equals);
  NumberPlace place;
  if (equals != std::string::npos) place.pattern = typed.metric.substr(equals + 1);
  place.file = typed.file;
  place.key = typed.key.empty() && place.pattern.empty() && !place.file.empty() ? claim.metric : typed.key;
  if (place.pattern.empty() && place.file.empty() && place.key.empty()) return;
  if (!recipe.defaults.command)
    fail("a native recipe reports its metrics itself; leave out the pattern, --file and --key");
  check_place(place);
  claim.place = place;
}

bool higher_is_better(const TypedClaim& typed, const Claim& claim, const Recipe& recipe) {
  const auto& metric = recipe.defaults.metric;
  const bool known = metric && metric->name == claim.metric;
  if (typed.better == "higher" || typed.better == "lower") {
    const bool higher = typed.better == "higher";
    if (known && metric->higher_is_better != higher)
      fail("--better {} contradicts the recipe's [metric], which says the other direction of {}",
           typed.better, claim.metric);
    return higher;
  }
  if (!typed.better.empty()) fail("wanted --better higher or --better lower, found '{}'", typed.better);
  if (known) return metric->higher_is_better;
  if (claim.take == Take::min || claim.take == Take::max) return claim.take == Take::max;
  fail("wanted --better higher or --better lower for {}, found neither", claim.metric);
}

void set_spread(const TypedClaim& typed, Claim& claim) {
  claim.n_seeds = typed.n_seeds.value_or(1);
  claim.spread = typed.spread;
  if (typed.spread && typed.spread_kind.empty())
    fail("wanted --spread-kind SD, SE, CI95, range or unknown beside --spread, found none");
  if (typed.spread && !typed.n_seeds)
    fail("wanted --n-seeds, the runs it is of, beside --spread, found none");
  if (typed.spread) claim.spread_kind = word_from<SpreadKind>(typed.spread_kind, "--spread-kind");
  if (!typed.statistic.empty()) claim.statistic = word_from<Statistic>(typed.statistic, "--statistic");
  if (claim.statistic == Statistic::best_over_evaluations)
    fail(
        "the best of a run's evaluations is --take max or --take min; wanted --statistic mean, median or "
        "best-seed");
  if (claim.statistic == Statistic::best_seed && !typed.n_seeds)
    fail("wanted --n-seeds beside --statistic best-seed: the best of how many, found none");
}

}  // namespace

Claim metric_claim_of(const TypedClaim& typed) {
  Recipe command;
  command.defaults.command = CommandLine{};
  Claim claim;
  place_metric(typed, command, claim);
  if (!claim.place)
    fail("wanted where {} stands: --metric '{}=PATTERN', or --file and --key, found a name alone",
         claim.metric, claim.metric);
  if (!typed.margin || !(*typed.margin > 0))
    fail("wanted --margin above 0, how far {} may be off, fixed before the runs", claim.metric);
  claim.margin = *typed.margin;
  claim.unit = typed.unit;
  claim.take = word_from<Take>(typed.take, "--take");
  claim.higher_is_better = higher_is_better(typed, claim, command);
  return claim;
}

void check_typed_metric(const TypedClaim& typed, const Recipe& recipe) {
  if (!recipe.defaults.command)
    fail("a native recipe declares its metric itself; leave out --metric, or give a command behind --");
  metric_claim_of(typed);
}

TypedClaim typed_metric_of(const Claim& claim) {
  TypedClaim typed;
  typed.metric = claim.metric;
  if (!claim.place->pattern.empty()) typed.metric += "=" + claim.place->pattern;
  typed.file = claim.place->file;
  typed.key = claim.place->key;
  typed.take = to_text(claim.take);
  typed.better = claim.higher_is_better ? "higher" : "lower";
  typed.unit = claim.unit;
  typed.margin = claim.margin;
  return typed;
}

std::optional<TypedClaim> typed_metric_in(const std::vector<std::string>& words) {
  TypedClaim typed;
  for (std::size_t i = 0; i + 1 < words.size() && words[i] != "--"; ++i) {
    const std::pair<const char*, std::string*> texts[] = {
        {"--metric", &typed.metric}, {"--file", &typed.file},     {"--key", &typed.key},
        {"--take", &typed.take},     {"--better", &typed.better}, {"--unit", &typed.unit}};
    const auto* const known =
        std::ranges::find_if(texts, [&](const auto& one) { return words[i] == one.first; });
    if (known != std::end(texts))
      *known->second = words[++i];
    else if (words[i] == "--margin")
      typed.margin = to_number(words[++i]);
  }
  if (typed.metric.empty()) return std::nullopt;
  return typed;
}

Claim claim_of(const TypedClaim& typed, const Recipe& recipe) {
  Claim claim;
  place_metric(typed, recipe, claim);
  if (!typed.value) fail("wanted --value, the published value of {}, found none", claim.metric);
  if (!typed.margin)
    fail("wanted --margin, how far {} may be off, fixed before the runs, found none", claim.metric);
  claim.value = *typed.value;
  claim.margin = *typed.margin;
  claim.margin_reason = typed.reason.empty() ? "as typed" : typed.reason;
  claim.take = word_from<Take>(typed.take, "--take");
  claim.higher_is_better = higher_is_better(typed, claim, recipe);
  const auto& metric = recipe.defaults.metric;
  claim.unit = typed.unit.empty() && metric && metric->name == claim.metric ? metric->unit : typed.unit;
  set_spread(typed, claim);
  check_claim(claim);
  return claim;
}

std::vector<std::string> words_of_typed(const TypedClaim& typed) {
  std::vector<std::string> words;
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {option, value});
  };
  const auto add_number = [&](const char* option, const std::optional<double>& value) {
    if (value) words.insert(words.end(), {option, fmt::format("{}", *value)});
  };
  if (typed.metric.empty()) return words;
  add("--metric", typed.metric);
  add("--file", typed.file);
  add("--key", typed.key);
  if (typed.take != "last") add("--take", typed.take);
  add_number("--value", typed.value);
  add_number("--margin", typed.margin);
  add("--margin-reason", typed.reason);
  add("--better", typed.better);
  add("--unit", typed.unit);
  add_number("--spread", typed.spread);
  add("--spread-kind", typed.spread_kind);
  if (typed.n_seeds) add("--n-seeds", std::to_string(*typed.n_seeds));
  add("--statistic", typed.statistic);
  return words;
}

}  // namespace reprise
