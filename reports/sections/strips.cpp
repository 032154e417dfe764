// SPDX-License-Identifier: Apache-2.0
// When each run leaves the reference, stage by stage, and whether by its data or by its arithmetic.
#include <fmt/core.h>

#include <algorithm>

#include "reports/lookup.h"
#include "reports/members.h"
#include "reports/phrases.h"
#include "reports/section.h"

namespace reprise::sections {
namespace {

const std::optional<std::int64_t>& first_of(const Divergence& divergence, Stage stage) {
  return divergence.stage_first[static_cast<std::size_t>(stage)];
}

// What tells other data from other arithmetic, in the order in which it is asked.
enum class Cause { data, order, batch, random, unseen, arithmetic, artifacts, extent, layout };

Cause cause_of(const Divergence& divergence, bool sees_batches) {
  if (divergence.stage == "data") return Cause::data;
  if (divergence.stage == "artifacts") return Cause::artifacts;
  if (divergence.stage == "layout") return Cause::layout;
  if (!has_place(divergence)) return Cause::extent;
  if (divergence.batch_order_from) return Cause::order;
  if (first_of(divergence, Stage::batch)) return Cause::batch;
  if (first_of(divergence, Stage::rng)) return Cause::random;
  return sees_batches && divergence.batches_compared ? Cause::arithmetic : Cause::unseen;
}

bool sees_batches(const Diff& diff, std::size_t index) {
  return std::ranges::all_of(diff.traces, [&](const TraceSummary& trace) {
    return (trace.in_class != index && trace.in_class != 0) || trace.sees_batches;
  });
}

std::string cause_sentence(Cause cause, const std::vector<std::string>& classes) {
  const bool many = classes.size() > 1;
  const std::string who = names_phrase(classes, 4);
  switch (cause) {
    case Cause::data:
      return fmt::format("{} saw other data from the start.", who);
    case Cause::order:
      return fmt::format("{} saw the samples in another order: other batches, not other arithmetic.", who);
    case Cause::batch:
      return fmt::format("{} drew the same samples, but {} batches differ.", who, many ? "their" : "its");
    case Cause::random:
      return fmt::format("{} saw the same batches and drew other random numbers.", who);
    case Cause::unseen:
      return fmt::format(
          "For {} random streams stay equal to the end. What {} trained on was not seen, as where a script "
          "makes its "
          "batches itself: other data, or arithmetic.",
          who, many ? "they" : "it");
    case Cause::arithmetic:
      return fmt::format(
          "For {} batches and random streams stay equal to the end: same data, and what differs is "
          "arithmetic.",
          who);
    case Cause::extent:
      return fmt::format("{} made another number of steps, or had other training processes.", who);
    case Cause::layout:
      return fmt::format("{} held other parts of the model in each rank.", who);
    case Cause::artifacts:
      return fmt::format("{} left other files, though every step that was seen is equal.", who);
  }
  return "";
}

std::string named_class(const Diff& diff, std::size_t index) {
  const auto& one = diff.classes[index];
  return fmt::format("{} ({})", one.letter, members_phrase(diff, one, 1));
}

std::vector<blocks::Strip> strips_of(const Diff& diff) {
  std::vector<blocks::Strip> strips;
  for (std::size_t i = 1; i < diff.traces.size(); ++i) {
    const auto& trace = diff.traces[i];
    blocks::Strip strip{trace.name, diff.classes[trace.in_class].letter, {}};
    if (const ClassDivergence* divergence = from_first(diff, trace.in_class)) {
      if (divergence->first.stage == "data") strip.lanes.push_back({"data", 0});
      for (std::size_t stage = 0; stage < stage_count; ++stage) {
        if (static_cast<Stage>(stage) == Stage::batch && !trace.sees_batches) continue;
        if (static_cast<Stage>(stage) != Stage::auxiliary ||
            divergence->first.stage_first[stage])  // few have it
          strip.lanes.push_back({std::string(stage_names[stage]), divergence->first.stage_first[stage]});
      }
      if (parting_of(divergence->first) != Parting::bits)
        strip.lanes.push_back({divergence->first.stage, divergence->first.step});
    }
    strips.push_back(std::move(strip));
  }
  return strips;
}

std::string strips_sentence(const Diff& diff) {
  std::string text;
  for (const auto cause : {Cause::data, Cause::order, Cause::batch, Cause::random, Cause::unseen,
                           Cause::arithmetic, Cause::artifacts, Cause::extent, Cause::layout}) {
    std::vector<std::string> classes;
    for (std::size_t i = 1; i < diff.classes.size(); ++i)
      if (const ClassDivergence* divergence = from_first(diff, i);
          divergence != nullptr && cause_of(divergence->first, sees_batches(diff, i)) == cause)
        classes.push_back(named_class(diff, i));
    if (classes.empty()) continue;
    if (!text.empty()) text += " ";
    text += cause_sentence(cause, classes);
  }
  return text;
}

Json members_of(const std::vector<blocks::Strip>& strips) {
  Json list = Json::array();
  for (const auto& strip : strips) {
    Json lanes = Json::object();
    for (const auto& lane : strip.lanes) lanes[lane.stage] = step_or_null(lane.first);
    list.push_back(
        {{"configuration", strip.configuration}, {"class", strip.letter}, {"first_difference", lanes}});
  }
  return list;
}

Section compose(const Judged& judged) {
  const auto& reference = judged.head.reference;
  const auto strips = strips_of(judged.diff);
  Section section{.heading = "When each run leaves " + reference,

                  .members = {{"first_differences", members_of(strips)}}};
  const std::string caption =
      "Pale: equal to " + reference + ". Filled: differs. " + strips_sentence(judged.diff);
  if (!strips.empty())
    section.blocks.push_back({blocks::Strips{caption, reference, judged.diff.steps, strips}});
  return section;
}

}  // namespace

extern const SectionComposer strips{
    .summary = "when each run leaves the reference, by stage",
    .order = {.page = 40},
    .compose = compose,
};

}  // namespace reprise::sections
