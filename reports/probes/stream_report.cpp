// SPDX-License-Identifier: Apache-2.0
#include "reports/probes/stream_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "probes/streams/draw_kinds.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;
using Limit = std::optional<std::int64_t>;

// The least of all pairs; nothing where every pair has none.
Limit least(const StreamAnswer& answer, const DrawKind& kind,
            Limit (*of)(const DrawKind&, const CudaCard&, const CudaCard&)) {
  Limit found;
  for (std::size_t i = 0; i < answer.cards.size(); ++i)
    for (std::size_t j = i + 1; j < answer.cards.size(); ++j)
      if (const auto limit = of(kind, answer.cards[i], answer.cards[j]))
        found = std::min(found.value_or(*limit), *limit);
  return found;
}

Json told(const Limit& limit) { return limit ? Json(*limit) : Json(nullptr); }

std::string names_of(const StreamAnswer& answer) {
  std::vector<std::string> names;
  for (const auto& card : answer.cards) names.push_back(card.name);
  return join(names, ", ");
}

bool all_alike(const StreamAnswer& answer) { return !least(answer, draw_kinds().front(), same_up_to); }

Json cards_json(const StreamAnswer& answer) {
  Json cards = Json::array();
  for (const auto& card : answer.cards)
    cards.push_back({{"name", card.name},
                     {"processors", card.processors},
                     {"threads_per_processor", card.threads_per_processor},
                     {"drawn_at_once", card.at_once()},
                     {"sure", card.sure}});
  return cards;
}

Section cards_section(const StreamAnswer& answer) {
  Section section{.heading = "Cards", .key = "cards", .order = {.page = 10}};
  section.members = {{"cards", cards_json(answer)}};
  blocks::Table table{.label = "Cards"};
  table.columns = {{"card", 30}, {"processors", 12}, {"threads each", 12}, {"numbers drawn at once", 22}};
  for (const auto& card : answer.cards)
    table.rows.push_back({{{card.name + (card.sure ? "" : " (threads not confirmed)")},
                           {std::to_string(card.processors), blocks::Form::number},
                           {std::to_string(card.threads_per_processor), blocks::Form::number},
                           {std::to_string(card.at_once()), blocks::Form::number}}});
  section.blocks.push_back({std::move(table)});
  return section;
}

std::string between_cards(const StreamAnswer& answer, const DrawKind& kind) {
  if (kind.card == CardRule::by_element) return "every draw";
  const Limit limit = least(answer, kind, same_up_to);
  return limit ? fmt::format("up to {} numbers", *limit) : "every draw";
}

Json pairs_json(const StreamAnswer& answer, const DrawKind& kind) {
  Json pairs = Json::array();
  for (std::size_t i = 0; i < answer.cards.size(); ++i)
    for (std::size_t j = i + 1; j < answer.cards.size(); ++j) {
      const CudaCard &a = answer.cards[i], &b = answer.cards[j];
      pairs.push_back({{"a", a.name},
                       {"b", b.name},
                       {"same_up_to", told(same_up_to(kind, a, b))},
                       {"same_after", told(same_after(kind, a, b))}});
    }
  return pairs;
}

Section draws_section(const StreamAnswer& answer) {
  Section section{.heading = "Which draws are the same", .key = "draws", .order = {.page = 20}};
  blocks::Table table{.label = "Draws"};
  table.columns = {{"draw", 16}, {"operators", 26}, {"on all these cards", 20}, {"on two processors", 26}};
  Json draws = Json::array();
  for (const auto& kind : draw_kinds()) {
    std::string operators(kind.operators);
    if (!kind.remark.empty()) operators += fmt::format(" ({})", kind.remark);
    table.rows.push_back({{{std::string(kind.name)},
                           {operators},
                           {between_cards(answer, kind)},
                           {std::string(to_text(kind.cpu))}}});
    draws.push_back({{"name", kind.name},
                     {"operators", kind.operators},
                     {"remark", kind.remark},
                     {"card_rule", to_text(kind.card)},
                     {"cpu_rule", to_text(kind.cpu)},
                     {"pairs", pairs_json(answer, kind)}});
  }
  section.members = {{"draws", draws}};
  section.blocks.push_back({std::move(table)});
  section.blocks.push_back({blocks::Prose{
      {"Numbers are the generator's; what is made of them (logarithms, sines) is compiled for each "
       "architecture, so that equal numbers of two architectures are not shown by this.",
       "No card draws what a CPU draws. torch.compile draws by element, whatever the card."},
      true}});
  return section;
}

Section measured_section(const StreamAnswer& answer) {
  Section section{.heading = "Drawn on this machine", .key = "measured", .order = {.page = 30}};
  Json measured = Json::array();
  blocks::Table table{.label = "Drawn on this machine"};
  table.columns = {{"operator", 18}, {"answer", 10}, {"what was seen", 50}};
  for (const auto& one : answer.measured) {
    const Mood mood = one.answer == DrawAnswer::known   ? Mood::good
                      : one.answer == DrawAnswer::other ? Mood::bad
                                                        : Mood::neutral;
    table.rows.push_back({{{one.probe, blocks::Form::code},
                           {std::string(to_text(one.answer)), blocks::Form::verdict, {}, mood},
                           {one.sentence}}});
    measured.push_back({{"operator", one.probe},
                        {"bits", one.bits},
                        {"answer", to_text(one.answer)},
                        {"sentence", one.sentence}});
  }
  section.members = {{"device", answer.device},
                     {"processor", answer.processor},
                     {"libtorch", answer.libtorch},
                     {"unmeasured", answer.unmeasured},
                     {"measured", measured}};
  if (!answer.unmeasured.empty())
    section.blocks.push_back({blocks::Prose{{"Untested: " + answer.unmeasured}}});
  if (!table.rows.empty()) section.blocks.push_back({std::move(table)});
  return section;
}

bool contradicts(const MeasuredStream& one) {
  return one.answer == DrawAnswer::other && !depends_on_machine(one.probe);
}

std::string headline_of(const StreamAnswer& answer) {
  if (answer.cards.size() == 1)
    return fmt::format(
        "{} draws {} numbers at once: a draw of no more is the same on every card that draws as "
        "many or more at once.",
        answer.cards[0].name, answer.cards[0].at_once());
  if (all_alike(answer))
    return fmt::format("{} draw {} numbers at once each: every draw has the same numbers on all of them.",
                       names_of(answer), answer.cards[0].at_once());
  const auto& uniform = draw_kinds().front();
  return fmt::format(
      "{} draw the same numbers up to {} in one draw; from there on numbers of larger draws differ, "
      "and after a draw of more than {} so does all that is drawn later.",
      names_of(answer), *least(answer, uniform, same_up_to), *least(answer, uniform, same_after));
}

}  // namespace

Report stream_report(const StreamAnswer& answer, const std::vector<std::string>& command) {
  Report report;
  report.schema = streams_schema;
  report.kind = "Which random draws are portable";
  report.closing = "Every number stands in the JSON document beside this page.";
  report.title = fmt::format("Random draws on {}", counted(answer.cards.size(), "card"));
  report.headline = headline_of(answer);
  report.subtitle = answer.libtorch.empty()
                        ? "by rule; nothing was measured"
                        : fmt::format("{}, LibTorch {}", answer.processor, answer.libtorch);
  const auto others = std::ranges::count_if(answer.measured, contradicts);
  if (others > 0)
    report.verdict.push_back(
        fmt::format("{} drew other numbers here than this LibTorch did where it was measured.",
                    counted(static_cast<std::size_t>(others), "operator")));
  report.verdict.push_back(
      "The rule between cards was read in LibTorch's sources and held on an H200 and an H100, integer by "
      "integer; "
      "what follows from it for other cards is not measured here.");
  report.exit_code = others > 0 ? 1 : 0;
  report.mood = others > 0 ? Mood::bad : Mood::neutral;
  report.sections = {cards_section(answer), draws_section(answer), measured_section(answer),
                     again_section(command)};
  return report;
}

}  // namespace reprise
