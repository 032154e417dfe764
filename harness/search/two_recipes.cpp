// SPDX-License-Identifier: Apache-2.0
#include "harness/search/two_recipes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/search/closer_look.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

std::string step_text(std::int64_t step) {
  return step == 0 ? std::string("before training") : fmt::format("at step {}", step);
}

std::string parting_text(const WeightsParting& parting) {
  if (!parting.step)
    return fmt::format(
        "The weights compared are equal, bit for bit, before training and at each of {} steps.",
        parting.steps);
  return fmt::format(
      "The weights part {}: {}{}.", step_text(*parting.step), parting.differing.front(),
      parting.differing.size() == 1
          ? std::string()
          : fmt::format(" and {} more of {}", parting.differing.size() - 1, parting.compared.size()));
}

Bisection concluded(Bisection found, Found word, const std::string& sentence) {
  found.found = word;
  found.sentence = sentence;
  return found;
}

void name_calls(const Look& look, Bisection& found) {
  const auto &a = look.calls[0], &b = look.calls[1];
  if (found.split.a < a.size()) found.call_a = a[found.split.a];
  if (found.split.b < b.size()) found.call_b = b[found.split.b];
}

}  // namespace

std::string weights_text(const WeightsParting& parting, const std::string& a, const std::string& b) {
  std::string text = fmt::format("Compared by name: {} tensors of weights, after each of {} steps.\n{}\n",
                                 parting.compared.size(), parting.steps, parting_text(parting));
  for (const auto& name : parting.only_a) text += fmt::format("{}: only in {}\n", name, a);
  for (const auto& name : parting.only_b) text += fmt::format("{}: only in {}\n", name, b);
  if (parting.step && *parting.step > 0)
    text +=
        fmt::format("To name the operator:\n  reprise bisect {} {} --across\n", shell_word(a), shell_word(b));
  return text;
}

std::string weights_json(const WeightsParting& parting, const std::string& a, const std::string& b) {
  Json json = {{"schema", "reprise.weights-diff/1"}, {"left", a}, {"right", b}};
  json["same"] = parting.same();
  json["steps"] = parting.steps;
  json["compared"] = parting.compared.size();
  json["step"] = parting.step ? Json(*parting.step) : Json(nullptr);
  json["differing"] = parting.differing;
  json["only_left"] = parting.only_a;
  json["only_right"] = parting.only_b;
  return json.dump(1) + "\n";
}

Bisection bisect_across(const Side& a, const Side& b, const std::vector<Rename>& renames,
                        const LaunchOptions& options) {
  Bisection found;
  found.side_a = a.name;
  found.side_b = b.name;
  const auto parting = weights_parting(Trace(a.folder), Trace(b.folder), renames);
  if (!parting.step && !parting.same())
    return concluded(found, Found::elsewhere,
                     fmt::format("{} But {} weights have no partner, {} the first: no operator is looked for",
                                 parting_text(parting), parting.only_a.size() + parting.only_b.size(),
                                 (parting.only_a.empty() ? parting.only_b : parting.only_a).front()));
  if (!parting.step) return concluded(found, Found::equal, "nothing to bisect: " + parting_text(parting));
  found.first = Divergence{};
  found.first->step = *parting.step;
  found.first->stage = "weights";
  found.first->tensor = parting.differing.front();
  found.first->tensors_differing = parting.differing.size();
  found.first->tensors_compared = parting.compared.size();
  if (*parting.step == 0)
    return concluded(found, Found::elsewhere,
                     parting_text(parting) + " They begin with other weights, so no operator is looked for");
  Look look = trace_operators({&a, &b}, *parting.step, 0, options);
  found.reruns_a = look.reruns[0];
  found.reruns_b = look.reruns[1];
  if (!look.untested.empty()) return concluded(found, Found::untested, look.untested);
  for (std::size_t side = 0; side < 2; ++side)
    look.calls[side] = Trace(look.folders[side]).calls(*parting.step);
  found.split = content_split(look.calls[0], look.calls[1]);
  if (found.split.kind == SplitKind::none) {
    const std::string told =
        parting_text(parting) + " Every call of either side makes what the other side has too";
    for (std::size_t side = 0; side < 2; ++side)
      if (const auto lack = unobserved_of(look.calls[side], 0); !lack.empty())
        return concluded(found, Found::unobserved,
                         told + ", as far as they were observed; not observed: " + lack);
    return concluded(found, Found::unseen, told + ": something that is not an operator wrote it");
  }
  name_calls(look, found);
  return concluded(found, Found::call, finding_of(found.split, look.calls[0], look.calls[1]));
}

}  // namespace reprise
