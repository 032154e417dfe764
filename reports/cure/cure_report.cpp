// SPDX-License-Identifier: Apache-2.0
#include "reports/cure/cure_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/judge/cure/paste.h"
#include "reports/cure/cure_members.h"

namespace reprise {
namespace {

constexpr double most_noise = 0.5;  // a share of a step's time, beyond which times are said to mean little

Mood mood_of(CureState state) {
  return state == CureState::holds                                      ? Mood::good
         : state == CureState::parts || state == CureState::parts_later ? Mood::bad
                                                                        : Mood::neutral;
}

std::string ratio_words(const CureTry& one) {
  return one.ratio() ? fmt::format("{:.2f} times", *one.ratio()) : "";
}

std::string pins_words(std::size_t count) { return fmt::format("{} pin{}", count, count == 1 ? "" : "s"); }

bool is_on_front(const Cure& cure, std::size_t index) {
  return std::ranges::find(cure.front, index) != cure.front.end();
}

std::string seen_words(const CureTry& one) {
  if (one.whole && one.whole->parts())
    return fmt::format("parts at step {} of the whole run", one.whole->step);
  if (one.whole && one.whole->equal())
    return fmt::format("equal up to step {}, the whole run", one.whole->step);
  if (one.whole) return one.whole->reason;
  if (one.few.parts()) return fmt::format("parts at step {}", one.few.step);
  if (one.few.equal()) return fmt::format("equal up to step {}, not tried longer", one.few.step);
  return one.few.reason;
}

blocks::Prices prices_of(const Cure& cure) {
  blocks::Prices prices{
      "Sets of pins under which the bits do not move. A line joins the front: no other set needs as few pins "
      "and as "
      "little time. Hollow dots were equal over a few steps and are not confirmed.",
      "Time of a step, as a ratio to that without a cure",
      "pin",
      {}};
  for (std::size_t i = 0; i < cure.tries.size(); ++i) {
    const CureTry& one = cure.tries[i];
    const CureState state = one.state();
    if ((state != CureState::holds && state != CureState::not_confirmed) || !one.ratio()) continue;
    prices.prices.push_back({to_text(one.pins) + (one.own_axis ? " (the axis)" : ""), one.pins.size(),
                             *one.ratio(), state == CureState::holds, is_on_front(cure, i)});
  }
  std::ranges::stable_sort(prices.prices, [](const auto& a, const auto& b) {
    return a.count != b.count ? a.count < b.count : a.ratio > b.ratio;
  });
  return prices;
}

blocks::Table front_table(const Cure& cure) {
  blocks::Table table{.label = "The front"};
  table.columns = {{"pins", 8}, {"set", 34}, {"time of a step", 14}, {"verdict", 10}};
  for (const auto index : cure.front) {
    const CureTry& one = cure.tries[index];
    table.rows.push_back(
        {{{std::to_string(one.pins.size()), blocks::Form::number},
          {to_text(one.pins), blocks::Form::code},
          {ratio_words(one), blocks::Form::number},
          {std::string(to_text(one.state())), blocks::Form::verdict, {}, mood_of(one.state())}}});
  }
  return table;
}

blocks::Table tries_table(const Cure& cure) {
  blocks::Table table{.label = "Every set that was tried"};
  table.columns = {{"set", 27}, {"verdict", 13}, {"what was seen", 20}, {"time", 10}};
  for (const auto& one : cure.tries)
    table.rows.push_back(
        {.cells = {{to_text(one.pins), blocks::Form::code},
                   {std::string(to_text(one.state())), blocks::Form::verdict, {}, mood_of(one.state())},
                   {seen_words(one)},
                   {ratio_words(one), blocks::Form::number}}});
  return table;
}

std::string measured_words(const Cure& cure) {
  const std::string what =
      cure.is_command
          ? "A script tells no time of its steps, so times are those of runs, their start among it"
          : "Times are medians of a step";
  return what + fmt::format(
                    ", of runs made one at a time; a ratio is that of the side which the set slows most. "
                    "Of sets that hold they are of whole runs, of all others of the first {} steps. "
                    "Prices that differ by less than {:.0f} % count as one: as much as two equal "
                    "runs without a cure did, and 5 % at least.",
                    cure.few_steps, 100 * cure.noise);
}

Section front_section(const Cure& cure) {
  Section section{.heading = cure.front.empty() ? "" : "The front", .key = "front", .order = {.page = 20}};
  if (!cure.front.empty()) {
    section.blocks.push_back({front_table(cure)});
    section.blocks.push_back({prices_of(cure), Readers::pages});
    section.blocks.push_back({blocks::Prose{{measured_words(cure)}, true}});
  }
  section.members = front_members(cure);
  return section;
}

Section paste_section(const Cure& cure) {
  Section section{.heading = "To paste", .key = "paste", .order = {.page = 30}};
  for (const auto index : cure.front) {
    const PinSet& set = cure.tries[index].pins;
    const std::string text = cure.is_command ? script_text(set) : pins_block(set);
    auto lines = split(text, '\n');
    if (!lines.empty() && lines.back().empty()) lines.pop_back();
    section.blocks.push_back({blocks::Listing{std::move(lines)}});
  }
  if (!cure.front.empty() && cure.is_command)
    section.blocks.push_back({blocks::Prose{
        {"These are the cure alone. All else that `reprise` pins in every run of a script "
         "(docs/python.md) was pinned when it was found, deterministic algorithms and seeds among it."},
        true}});
  if (section.blocks.empty()) section.heading.clear();
  return section;
}

Section tries_section(const Cure& cure) {
  Section section{.heading = "What was tried", .key = "tries", .order = {.page = 40}};
  if (cure.tries.empty()) section.heading.clear();
  section.blocks.push_back({tries_table(cure)});
  if (!cure.notes.empty()) section.blocks.push_back({blocks::Prose{cure.notes, true}});
  section.members = tries_members(cure);
  return section;
}

Section resists_section(const Cure& cure) {
  Section section{.heading = "What resists", .key = "resists", .order = {.page = 25}};
  section.members = {{"resists", resists_member(cure)}};
  if (!cure.resists) {
    section.heading.clear();
    return section;
  }
  std::vector<std::string> sentences{fmt::format("With {} on both sides, {} and {} part by {}.",
                                                 to_text(cure.together), cure.resists->side_a,
                                                 cure.resists->side_b, cure.resists->sentence)};
  for (const auto& line : cure.resists->lines) sentences.push_back(line);
  for (const auto& reason : cure.resists->reasons)
    sentences.push_back("Likely reason: " + reason.sentence + " (" + reason.source + ").");
  section.blocks.push_back({blocks::Prose{std::move(sentences)}});
  return section;
}

std::vector<std::string> verdict_of(const Cure& cure) {
  std::vector<std::string> sentences;
  if (cure.first)
    sentences.push_back(fmt::format("Without a cure {} moves the bits from step {} on ({}).", cure.axis,
                                    cure.first->step, cure.first->stage));
  if (cure.answer == CureAnswer::found || cure.answer == CureAnswer::own_axis)
    sentences.push_back(
        fmt::format("Confirmed over whole runs up to step {}: the first side once and each other side {} "
                    "time{}, all equal bit for bit.",
                    cure.last_step, cure.repeats, cure.repeats == 1 ? "" : "s"));
  if (cure.answer == CureAnswer::found && cure.front.size() > 1)
    sentences.push_back("Sets of more pins cost less: see the front.");
  if (cure.noise > most_noise)
    sentences.push_back(fmt::format(
        "Two equal runs differed by {:.0f} % in the time of a step: the machine was busy with other "
        "things, and no time told here means much.",
        100 * cure.noise));
  if (!cure.complete)
    sentences.push_back("The search ended before it had tried all: a cheaper set may not have been met.");
  if (cure.resists)
    sentences.push_back(fmt::format("What resists was looked for in {} runs more.",
                                    cure.resists->reruns_a + cure.resists->reruns_b));
  sentences.push_back(fmt::format("{} run{} made for this, {:.0f} s of running; {} existed.", cure.runs_made,
                                  cure.runs_made == 1 ? " was" : "s were", cure.seconds, cure.runs_reused));
  return sentences;
}

Mood mood_of(const Cure& cure) {
  const int code = exit_code_of(cure);
  return code == 0 ? Mood::good : code == 1 ? Mood::bad : Mood::neutral;
}

std::string title_of(const Cure& cure) {
  if (cure.answer == CureAnswer::found)
    return fmt::format("{}: {} cure{} {}", cure.recipe,
                       pins_words(cure.tries[cure.front.front()].pins.size()),
                       cure.tries[cure.front.front()].pins.size() == 1 ? "s" : "", cure.axis);
  return fmt::format("{}: a cure for {}: {}", cure.recipe, cure.axis, to_text(cure.answer));
}

// A terminal does not show what stands below the headline of a page.
Section confirmed_section(const std::vector<std::string>& verdict) {
  Section section{.heading = "", .key = "search", .order = {.page = 10}};
  section.blocks.push_back({blocks::Prose{verdict}, Readers::terminal});
  return section;
}

}  // namespace

Report cure_report(const Cure& cure, const std::vector<std::string>& command) {
  Report report;
  report.schema = cure_format;
  report.kind = "A cure for bits that move";
  report.closing =
      "Every set that was tried, and each number drawn here, stands in the JSON document beside this page.";
  report.recipe = cure.recipe;
  report.recipe_id = cure.recipe_id;
  report.exit_code = exit_code_of(cure);
  report.mood = mood_of(cure);
  report.title = title_of(cure);
  report.headline = cure.sentence;
  report.verdict = verdict_of(cure);
  report.subtitle =
      fmt::format("recipe {} {}, {} tried", cure.recipe, cure.recipe_id.substr(0, 8),
                  fmt::format("{} set{} of pins", cure.tries.size(), cure.tries.size() == 1 ? "" : "s"));
  report.sections = {confirmed_section(report.verdict),
                     front_section(cure),
                     resists_section(cure),
                     paste_section(cure),
                     tries_section(cure),
                     again_section(command)};
  return report;
}

}  // namespace reprise
