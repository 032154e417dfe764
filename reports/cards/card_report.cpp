// SPDX-License-Identifier: Apache-2.0
#include "reports/cards/card_report.h"

#include <algorithm>

#include "reports/cards/card_parts.h"

namespace reprise {

namespace {

std::string subtitle_of(const Card& card) {
  std::vector<std::string> parts;
  for (const auto& text : {card.producer, card.version, card.summary})
    if (!text.empty()) parts.push_back(text);
  parts.push_back("card " + card.origin);
  return join(parts, " · ");
}

std::string short_runnable(const CardFound& found) {
  switch (found.ingredients.runnable) {
    case Runnable::complete:
      return "what a run needs is published";
    case Runnable::not_runnable:
      return "it cannot be run as published";
    case Runnable::unsaid:
      return "whether it can be run cannot be told";
  }
  return "";
}

}  // namespace

Report card_report(const CardFound& found) {
  const auto published = std::ranges::count_if(
      found.card.components, [](const ComponentClaim& claim) { return claim.published == Published::yes; });
  Report report;
  report.schema = "reprise.card/1";
  report.kind = "Openness card";
  report.closing = "The same for programs: reprise card --json. Nothing was run to make this page.";
  report.recipe = found.card.name;
  report.title = found.card.title + ": openness card";
  report.subtitle = subtitle_of(found.card);
  report.headline = fmt::format(
      "{} publishes {} of {} components by what its sources say; class of the Model "
      "Openness Framework: {}; {}.",
      found.card.title, published, found.card.components.size(), class_words(found.mof),
      short_runnable(found));
  report.verdict = {runnable_sentence(found.ingredients)};
  Section head{.heading = "", .key = "card", .order = {.page = 0}};
  head.members = {{"card", found.card.name},
                  {"system", found.card.title},
                  {"producer", found.card.producer},
                  {"version", found.card.version}};
  report.sections = {head,
                     measured_section(found),
                     components_section(found),
                     classes_section(found),
                     checklist_section(found),
                     manifest_section(found)};
  return report;
}

}  // namespace reprise
