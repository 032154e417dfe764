// SPDX-License-Identifier: Apache-2.0
// Two classes and where they part, without what a bisection found.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/judge/compare/divergence_words.h"
#include "reports/divergence_text.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

using blocks::Grid;

constexpr std::size_t tensors_written = 40, divergences_written = 20;

bool order_first(const Divergence& first) {
  return first.stage == "batch" && first.batch_order_from == first.step;
}

std::string stage_word(const Divergence& first) {
  if (first.stage == "rng") return "random streams";
  if (first.stage == name_of(Stage::auxiliary)) return "modules that no optimizer has";
  return first.stage;
}

std::string title_of(const Divergence& first) {
  if (!has_place(first)) return place_of(first);
  const std::string process = first.process.empty() ? "" : first.process + ", ";
  const std::string moment =
      process + (first.step == 0 ? std::string("before training") : fmt::format("step {}", first.step));
  if (order_first(first)) return moment + ": the batch order";
  if (first.tensor.empty() || first.tensor == first.stage) return moment + ": " + stage_word(first);
  if (first.stage == name_of(Stage::auxiliary))
    return fmt::format("{}: {} of a module that no optimizer has", moment, first.tensor);
  return fmt::format("{}: {} of {}", moment, stage_word(first), first.tensor);
}

void say_order(const Divergence& first, std::vector<std::string>& out) {
  if (!first.batch_order_from) return;
  out.push_back(fmt::format(
      "The batch order differs from step {} on: other samples, so other numbers are expected from there.",
      *first.batch_order_from));
}

// Where one side has something that the other has not.
bool say_lack(const Divergence& first, std::vector<std::string>& out) {
  if (first.stage == "process") {
    out.push_back(fmt::format(
        "{} trained in one of the two runs and not in the other, so the runs are not alike.", first.process));
    return true;
  }
  if (first.stage == "layout") {
    out.push_back(fmt::format("In the two runs {}.", place_of(first)));
    out.push_back("Gradients, optimizer state and other digests of single ranks were not compared.");
    return true;
  }
  if (first.stage != "length") return false;
  out.push_back(fmt::format(
      "{}Every digest is equal up to step {}; there one run ends, and the other goes on to step {}.",
      first.process.empty() ? "" : first.process + ": ", first.step,
      std::max(first.last_steps[0], first.last_steps[1])));
  return true;
}

void say_place(const Divergence& first, std::vector<std::string>& out) {
  if (say_lack(first, out)) return;
  if (!first.process.empty()) out.push_back(fmt::format("The runs part in {}.", first.process));
  if (first.stage == "artifacts") {
    out.push_back(
        fmt::format("Every digest of every step is equal; what the runs left is not: {} ({} of {} differ).",
                    first.tensor, first.tensors_differing, first.tensors_compared));
    return;
  }
  if (first.step > 0)
    out.push_back(fmt::format("Every digest is equal up to {}.",
                              first.step == 1
                                  ? std::string("the start of training, the initial weights included")
                                  : fmt::format("step {}", first.step - 1)));
  if (order_first(first)) return;
  std::string text = fmt::format(
      "{} the {} {} first",
      first.step == 0 ? std::string("Before training") : fmt::format("At step {}", first.step),
      stage_word(first),
      first.stage == "loss" || first.stage == "batch" || first.stage == "data" ? "differs" : "differ");
  if (!first.tensor.empty() && first.tensor != first.stage) text += ", in " + first.tensor;
  if (first.tensors_compared > 1)
    text += fmt::format(" ({} of {} tensors differ there)", first.tensors_differing, first.tensors_compared);
  out.push_back(text + ".");
}

void say_leaf(const Divergence& first, std::vector<std::string>& out) {
  if (!first.leaf) return;
  const auto& place = *first.leaf;
  const std::string moment = place.step == first.step
                                 ? std::string("There")
                                 : fmt::format("At the checkpoint of step {}", place.step);
  if (place.leaves == 1) return;  // the tensor is one leaf: nothing narrower to say
  out.push_back(fmt::format("{} {} of its {} leaves of 16 KiB {}, first leaf {} (counted from 0).", moment,
                            place.leaves_differing, place.leaves,
                            place.leaves_differing == 1 ? "differs" : "differ", place.leaf));
}

// "Stages: loss from step 2; gradients, weights and optimizer from step 1; batch and rng never."
void say_stages(const Divergence& first, std::vector<std::string>& out) {
  std::vector<std::pair<std::int64_t, std::vector<std::string>>> by_step;
  std::vector<std::string> never;
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    const std::string name(stage_names[stage]);
    if (!first.stage_first[stage]) {
      if (static_cast<Stage>(stage) == Stage::auxiliary) continue;  // few runs have it
      never.push_back(name);
      continue;
    }
    const auto step = *first.stage_first[stage];
    const auto found =
        std::find_if(by_step.begin(), by_step.end(), [&](const auto& e) { return e.first == step; });
    if (found == by_step.end())
      by_step.push_back({step, {name}});
    else
      found->second.push_back(name);
  }
  std::sort(by_step.begin(), by_step.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (const auto& [step, names] : by_step) {
    text += text.empty() ? "Stages that differ: " : "; ";
    text +=
        listed(names) + (step == 0 ? std::string(" before training") : fmt::format(" from step {}", step));
  }
  if (text.empty()) return;
  if (!never.empty()) text += "; never " + listed(never);
  out.push_back(text + ".");
}

void say_loss(const std::vector<double>& apart, std::vector<std::string>& out) {
  if (apart.empty()) return;
  std::size_t first = apart.size(), most = apart.size(), nan = apart.size();
  for (std::size_t i = 0; i < apart.size(); ++i) {
    if (std::isnan(apart[i])) {
      nan = std::min(nan, i);
      continue;
    }
    if (apart[i] > 0 && first == apart.size()) first = i;
    if (most == apart.size() || apart[i] > apart[most]) most = i;
  }
  if (first == apart.size() && nan == apart.size()) {
    out.push_back(fmt::format("The losses are equal at all {} steps.", apart.size()));
    return;
  }
  if (first < apart.size())
    out.push_back(fmt::format("The losses differ from step {}, by {}; at most by {}, at step {}.", first + 1,
                              distance_phrase(apart[first]), distance_phrase(apart[most]), most + 1));
  if (nan < apart.size())
    out.push_back(
        fmt::format("At step {}, for the first time, the loss of one side is not a number.", nan + 1));
}

Grid distances_of(const CheckpointDistance& distance) {
  Grid table;
  table.head = {"tensor", "elements differing", "of", "max ULP", "max absolute", "relative L2"};
  for (std::size_t i = 0; i < std::min(distance.tensors.size(), tensors_written); ++i) {
    const auto& tensor = distance.tensors[i];
    const std::string ulp = tensor.max_ulp == std::numeric_limits<std::uint64_t>::max()
                                ? std::string("beyond count")
                                : fmt::format("{}", tensor.max_ulp);
    table.rows.push_back({tensor.name, fmt::format("{}", tensor.differing),
                          fmt::format("{}", tensor.elements), ulp, distance_phrase(tensor.max_absolute),
                          distance_phrase(tensor.relative_l2)});
    table.marked.push_back(false);
  }
  return table;
}

void say_distance(const ClassDivergence& divergence, DivergenceText& told) {
  if (!divergence.distance) {
    told.sentences.push_back(
        "No checkpoint was kept by both sides, so how far the tensors are apart is unknown.");
    return;
  }
  const auto& distance = *divergence.distance;
  std::string text =
      fmt::format("At the checkpoint of step {}, which both kept, {} of {} differ{}", distance.step,
                  distance.tensors.size(), counted(distance.tensors_compared, "tensor"),
                  distance.tensors.size() == 1 ? "s" : "");
  if (distance.tensors.size() > tensors_written)
    text += fmt::format("; the first {} are listed", tensors_written);
  told.sentences.push_back(text + ".");
  if (!distance.tensors.empty()) told.distances = distances_of(distance);
}

DivergenceText text_of(const Diff& diff, const ClassDivergence& divergence) {
  DivergenceText told;
  const Divergence& first = divergence.first;
  told.a = diff.classes[divergence.a].letter;
  told.b = diff.classes[divergence.b].letter;
  told.title = title_of(first);
  say_order(first, told.sentences);
  say_place(first, told.sentences);
  say_leaf(first, told.sentences);
  say_stages(first, told.sentences);
  if (first.stage != "process" && first.stage != "layout") say_loss(divergence.loss_distance, told.sentences);
  say_distance(divergence, told);
  return told;
}

}  // namespace

std::vector<DivergenceText> divergence_paragraphs(const Diff& diff) {
  std::vector<DivergenceText> told;
  for (const auto& divergence : diff.divergences) {
    if (told.size() == divergences_written) break;
    told.push_back(text_of(diff, divergence));
  }
  return told;
}

}  // namespace reprise
