// SPDX-License-Identifier: Apache-2.0
#include "harness/search/two_recipes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/judge/explain/code_lines.h"
#include "harness/search/closer_look.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

std::string step_text(const WeightsDivergence& divergence) {
  const std::int64_t step = *divergence.step;
  if (divergence.align > 0)
    return step == 0
               ? fmt::format("where the second began, after step {} of the first", divergence.align)
               : fmt::format("at step {} of the first, step {} of the second", step + divergence.align, step);
  return step == 0 ? std::string("before training") : fmt::format("at step {}", step);
}

std::string divergence_text(const WeightsDivergence& divergence) {
  if (!divergence.step)
    return fmt::format("The weights compared are equal, bit for bit, {} and at each of {} steps.",
                       divergence.align > 0 ? "where the second began" : "before training", divergence.steps);
  return fmt::format(
      "The weights part {}: {}{}.", step_text(divergence), divergence.differing.front(),
      divergence.differing.size() == 1
          ? std::string()
          : fmt::format(" and {} more of {}", divergence.differing.size() - 1, divergence.compared.size()));
}

Bisection concluded(Bisection found, Found word, const std::string& sentence) {
  found.found = word;
  found.sentence = sentence;
  return found;
}

void name_calls(const Look& look, Bisection& found) {
  const auto &a = look.calls[0], &b = look.calls[1];
  found.lines = line_sentences(a, b, found.divergence);
  if (found.divergence.a < a.size()) found.call_a = a[found.divergence.a];
  if (found.divergence.b < b.size()) found.call_b = b[found.divergence.b];
  const Trace trace_a(look.folders[0]), trace_b(look.folders[1]);
  found.kernels = launched_kernels(a, b, found.divergence, trace_a.facts(), trace_b.facts());
}

Divergence first_of(const WeightsDivergence& divergence) {
  Divergence first;
  first.step = *divergence.step;
  first.stage = "weights";
  first.tensor = divergence.differing.front();
  first.tensors_differing = divergence.differing.size();
  first.tensors_compared = divergence.compared.size();
  return first;
}

void say_matched(const WeightsDivergence& divergence, Bisection& found) {
  if (divergence.by_order.empty()) return;
  const auto& [left, right] = divergence.by_order.front();
  found.notes.push_back(
      fmt::format("{} tensors of weights were matched by order and shape, the first {} with {}.",
                  divergence.by_order.size(), left, right));
}

}  // namespace

std::string weights_text(const WeightsDivergence& divergence, const std::string& a, const std::string& b) {
  std::string text = fmt::format("Compared: {} tensors of weights, after each of {} steps.\n{}\n",
                                 divergence.compared.size(), divergence.steps, divergence_text(divergence));
  for (const auto& [left, right] : divergence.by_order)
    text += fmt::format("Matched by order and shape: {} with {}\n", left, right);
  if (divergence.step == 0 && !divergence.by_order.empty())
    text += "If the order is another on the two sides, --rename says which is which.\n";
  for (const auto& name : divergence.only_a) text += fmt::format("{}: only in {}\n", name, a);
  for (const auto& name : divergence.only_b) text += fmt::format("{}: only in {}\n", name, b);
  if (divergence.step && *divergence.step > 0 && divergence.align == 0)
    text +=
        fmt::format("To name the operator:\n  reprise bisect {} {} --across\n", shell_word(a), shell_word(b));
  return text;
}

std::string weights_json(const WeightsDivergence& divergence, const std::string& a, const std::string& b) {
  Json json = {{"schema", "reprise.weights-diff/1"}, {"left", a}, {"right", b}};
  json["same"] = divergence.same();
  json["steps"] = divergence.steps;
  if (divergence.align > 0) json["align"] = divergence.align;
  json["compared"] = divergence.compared.size();
  json["step"] = divergence.step ? Json(*divergence.step) : Json(nullptr);
  json["differing"] = divergence.differing;
  json["matched"] = Json::array();
  for (const auto& [left, right] : divergence.by_order)
    json["matched"].push_back({{"left", left}, {"right", right}});
  json["only_left"] = divergence.only_a;
  json["only_right"] = divergence.only_b;
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Bisection bisect_across(const Side& a, const Side& b, const std::vector<Rename>& renames,
                        const LaunchOptions& options) {
  Bisection found;
  found.side_a = a.name;
  found.side_b = b.name;
  const auto divergence = weights_divergence(Trace(a.folder), Trace(b.folder), renames);
  say_matched(divergence, found);
  if (!divergence.step && !divergence.same())
    return concluded(
        found, Found::elsewhere,
        fmt::format("{} But {} weights have no partner, {} the first: no operator is looked for",
                    divergence_text(divergence), divergence.only_a.size() + divergence.only_b.size(),
                    (divergence.only_a.empty() ? divergence.only_b : divergence.only_a).front()));
  if (!divergence.step)
    return concluded(found, Found::equal, "nothing to bisect: " + divergence_text(divergence));
  found.first = first_of(divergence);
  if (*divergence.step == 0)
    return concluded(
        found, Found::elsewhere,
        divergence_text(divergence) + " They begin with other weights, so no operator is looked for");
  Look look = trace_operators({&a, &b}, *divergence.step, 0, options);
  found.reruns_a = look.reruns[0];
  found.reruns_b = look.reruns[1];
  if (!look.untested.empty()) return concluded(found, Found::untested, look.untested);
  for (std::size_t side = 0; side < 2; ++side)
    look.calls[side] = Trace(look.folders[side]).calls(*divergence.step);
  found.divergence = content_split(look.calls[0], look.calls[1]);
  if (found.divergence.kind == DivergenceKind::none) {
    const std::string told =
        divergence_text(divergence) + " Every call of either side makes what the other side has too";
    for (std::size_t side = 0; side < 2; ++side)
      if (const auto lack = unobserved_of(look.calls[side], 0); !lack.empty())
        return concluded(found, Found::unobserved,
                         told + ", as far as they were observed; not observed: " + lack);
    return concluded(found, Found::unseen, told + ": something that is not an operator wrote it");
  }
  name_calls(look, found);
  return concluded(found, Found::call, finding_of(found.divergence, look.calls[0], look.calls[1]));
}

}  // namespace reprise
