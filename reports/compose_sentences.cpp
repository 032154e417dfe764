// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "reports/compose_parts.h"
#include "reports/phrases.h"

namespace reprise {

const FactorVerdict* factor_named(const Verdict& verdict, std::string_view name) {
  for (const auto& factor : verdict.factors)
    if (factor.factor.name == name) return &factor;
  return nullptr;
}

const Configuration* configuration_named(const Matrix& matrix, const std::string& name) {
  for (const auto& configuration : matrix.configurations)
    if (configuration.name == name) return &configuration;
  return nullptr;
}

namespace {

constexpr std::size_t classes_told = 4, marks_told = 3;

// The factors in which two configurations differ.
std::vector<std::string> differing(const Configuration& a, const Configuration& b) {
  std::vector<std::string> names;
  for (const auto& [name, value] : a.values)
    if (const auto other = b.values.find(name); other == b.values.end() || other->second != value)
      names.push_back(name);
  return names;
}

// A configuration that left the first class by one factor alone may have a sister that stayed in it because
// one more factor was set: that factor holds the bits still. Names it as "mkl=strict", or is empty.
std::string held_by(const Diff& diff, const Matrix& matrix, const TraceSummary& parted) {
  const auto* reference = configuration_named(matrix, diff.traces.front().name);
  const auto* left = configuration_named(matrix, parted.name);
  if (reference == nullptr || left == nullptr || differing(*reference, *left).size() != 1) return "";
  const std::string moved = differing(*reference, *left).front();
  for (const auto& trace : diff.traces) {
    const auto* sister = configuration_named(matrix, trace.name);
    if (trace.in_class != 0 || sister == nullptr) continue;
    const auto more = differing(*left, *sister);
    if (more.size() != 1 || more.front() == moved || more.front() == "repeat") continue;
    return more.front() + "=" + sister->values.at(more.front());
  }
  return "";
}

std::string class_sentence(const Diff& diff, const Matrix& matrix, std::size_t index) {
  const auto& one = diff.classes[index];
  const Split* split = from_first(diff, index);
  if (split == nullptr) return "";
  const bool in_a_stage = split->first.stage != "length" && split->first.stage != "process";
  std::string text = fmt::format("{} {} from {} {}{} {}", members_phrase(diff, one, 2),
                                 one.members.size() == 1 ? "parts" : "part", diff.traces.front().name,
                                 when(split->first), in_a_stage ? ", in" : ":", place_of(split->first));
  const std::string held = held_by(diff, matrix, diff.traces[one.members.front()]);
  if (!held.empty()) text += fmt::format("; with {} it does not", held);
  return text + ".";
}

// "12 steps", or "rank 0: 12 steps; rank 1: 13 steps".
std::string lengths_of(const TraceSummary& trace) {
  if (trace.processes.size() < 2) return counted(static_cast<std::size_t>(trace.last_step), "step");
  std::vector<std::string> parts;
  for (const auto& process : trace.processes)
    parts.push_back(
        fmt::format("{}: {}", process.label, counted(static_cast<std::size_t>(process.last_step), "step")));
  return join(parts, "; ");
}

bool has_artifacts(const TraceSummary& trace) {
  const auto first = trace.facts.lower_bound("artifact.");
  return first != trace.facts.end() && first->first.starts_with("artifact.");
}

std::string what_is_equal(const Diff& diff) {
  if (diff.steps == 0)
    return fmt::format("no step was seen, so {} is all that was compared",
                       has_artifacts(diff.traces.front()) ? "what they left" : "their start");
  if (diff.prefix) return fmt::format("every digest of every step up to {} is equal", diff.steps);
  return fmt::format("every digest of every step is equal ({})", lengths_of(diff.traces.front()));
}

std::string partition_sentence(const Diff& diff) {
  if (diff.traces.size() == 1)
    return fmt::format("One run, up to step {}; there is nothing to compare it with.", diff.steps);
  if (diff.all_equal())
    return fmt::format("{} runs are in one equivalence class: {}.", diff.traces.size(), what_is_equal(diff));
  return fmt::format("{} fall into {} of equal bits.", counted(diff.traces.size(), "run"),
                     counted(diff.classes.size(), "equivalence class"));
}

// How many runs of each plan there are, and how many of them were done.
std::string runs_per_plan(const Matrix& matrix) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> plans;
  std::vector<std::string> order, names;
  for (const auto& configuration : matrix.configurations) {
    const auto [plan, fresh] = plans.try_emplace(configuration.plan_id);
    if (fresh) {
      order.push_back(configuration.plan_id);
      names.push_back(configuration.name);
    }
    ++plan->second.second;
    plan->second.first += configuration.outcome.done() ? 1 : 0;
  }
  // A plan of which no run was done stands among the untested; one that was to run once repeats nothing.
  for (std::size_t i = order.size(); i-- > 0;)
    if (plans[order[i]].first == 0 || plans[order[i]].second < 2) {
      plans.erase(order[i]);
      order.erase(order.begin() + static_cast<std::ptrdiff_t>(i));
      names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
    }
  if (order.empty()) return "no plan ran twice";
  const auto& first = plans.at(order.front());
  const auto whole = [&](const auto& plan) {
    return plan.second.first == first.second && plan.second.second == first.second;
  };
  if (std::ranges::all_of(plans, whole)) return fmt::format("each plan ran {} times", first.second);
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < order.size(); ++i)
    parts.push_back(fmt::format("{} of {} of {}", plans[order[i]].first, plans[order[i]].second, names[i]));
  return "of those that were done: " + join(parts, ", ");
}

Mark repeat_mark(const Verdict& verdict, const Matrix& matrix) {
  const auto* repeat = factor_named(verdict, "repeat");
  if (repeat == nullptr)
    return {Mood::neutral,
            matrix.factors.empty() ? "repeats: none compared" : "repeats: untested, no run was repeated"};
  if (repeat->finding == Finding::untested)
    return {verdict.starts.empty() ? Mood::neutral : Mood::bad,
            "repeats: " + (repeat->found.empty() ? std::string("untested") : repeat->found)};
  if (repeat->moved && repeat->kept)
    return {Mood::neutral, "repeats: cannot be told, which GPU ran was not recorded; " + repeat->found};
  if (repeat->moved) return {Mood::bad, "repeats differ: " + repeat->found};
  return {Mood::good, "repeats identical: " + runs_per_plan(matrix)};
}

void add_pin_mark(const Diff& diff, std::vector<Mark>& marks) {
  std::size_t readings = 0, held = 0, unread = 0;
  for (const auto& trace : diff.traces) {
    readings += trace.pin_checks;
    held += trace.pins_held;
    unread += trace.pin_checks == 0 ? 1 : 0;
  }
  if (readings > 0)
    marks.push_back({held == readings ? Mood::good : Mood::neutral,
                     fmt::format("pins held at {} of {} readings", held, readings)});
  if (unread > 0)
    marks.push_back({Mood::bad, fmt::format("pins of {} were never read back", counted(unread, "run"))});
}

// What is said of several runs is said once.
void add_once(const std::map<std::string, std::size_t>& said, std::size_t runs, std::vector<Mark>& marks) {
  for (const auto& [words, count] : said)
    marks.push_back(
        {Mood::neutral, words + (runs > 1 ? fmt::format(" (in {} of {} runs)", count, runs) : "")});
}

void add_pin_changes(const Diff& diff, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> said;
  for (const auto& trace : diff.traces)
    for (const auto& change : trace.pin_changes) ++said[to_sentence(change)];
  add_once(said, diff.traces.size(), marks);
}

// A GPU's tensors that were not digested in place: the digests hold all the same.
void add_digest_places(const Diff& diff, std::vector<Mark>& marks) {
  constexpr std::string_view on_cpu = "cpu: ";
  std::map<std::string, std::size_t> said;
  for (const auto& trace : diff.traces)
    if (const auto place = trace.facts.find("digest.device");
        place != trace.facts.end() && place->second.starts_with(on_cpu))
      ++said["digests of the GPU's tensors were made on the CPU, of copies: " +
             place->second.substr(on_cpu.size())];
  add_once(said, diff.traces.size(), marks);
}

void add_notes(const Matrix& matrix, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> said;
  for (const auto& configuration : matrix.configurations)
    for (const auto& note : configuration.outcome.notes) ++said[note];
  const std::size_t before = marks.size();
  add_once(said, matrix.configurations.size(), marks);
  for (std::size_t i = before; i < marks.size(); ++i)
    if (marks[i].text.starts_with("the recorder could not")) marks[i].mood = Mood::bad;
}

void add_nan_marks(const Diff& diff, std::vector<Mark>& marks) {
  for (const auto& one : diff.classes) {
    const auto& first = diff.traces[one.members.front()];
    if (first.first_nan >= 0)
      marks.push_back({Mood::bad, fmt::format("loss is not a number from step {} in class {}",
                                              first.first_nan, one.letter)});
  }
}

void add_short_marks(const Diff& diff, std::vector<Mark>& marks) {
  for (const auto& trace : diff.traces)
    for (const auto& process : trace.processes) {
      if (process.finished && process.ended.empty()) continue;
      const std::string who =
          process.label.empty() ? trace.name : fmt::format("{} of {}", process.label, trace.name);
      const std::string planned = trace.planned_steps > 0 ? fmt::format(" of {}", trace.planned_steps) : "";
      marks.push_back(
          {Mood::bad,
           process.ended.empty()
               ? fmt::format("{} did not finish: it ends at step {}{}", who, process.last_step, planned)
               : fmt::format("{} was ended by {} after step {}", who, process.ended, process.last_step)});
    }
}

void add_length_marks(const Diff& diff, std::vector<Mark>& marks) {
  if (diff.prefix)
    marks.push_back(
        {Mood::neutral,
         fmt::format("compared up to step {}: a plan asks for no more (until), or a time limit ended its "
                     "run; what comes later is untested",
                     *diff.prefix)});
  if (diff.matched_by_content)
    marks.push_back(
        {Mood::neutral,
         "the training processes of a run could not be told apart (they started alike and trained at once): "
         "equal ones were taken for the same"});
}

// Equal runs leave equal traces, and so does a copy: what tells them apart is the execution's own name.
void add_copy_marks(const Diff& diff, std::vector<Mark>& marks) {
  std::size_t nameless = 0;
  for (const auto& one : diff.classes) {
    if (one.members.size() < 2) continue;
    for (const auto member : one.members) nameless += diff.traces[member].execution.empty() ? 1 : 0;
  }
  if (nameless > 0)
    marks.push_back({Mood::neutral,
                     fmt::format("{} no name of {} own (run.toml), so equal ones may be copies of one run",
                                 nameless == 1 ? "one run carries" : fmt::format("{} runs carry", nameless),
                                 nameless == 1 ? "its" : "their")});
}

// What cannot be done here is no fault; a run that did not finish is one.
Mood mood_of(const Outcome& outcome) { return outcome.ending == Ending::skipped ? Mood::neutral : Mood::bad; }

void add_untested_marks(const Matrix& matrix, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> kinds;
  std::size_t count = 0;
  for (const auto& configuration : matrix.configurations) {
    if (configuration.outcome.done()) continue;
    ++count;
    ++kinds[std::string(to_text(configuration.outcome.ending))];
  }
  if (count > marks_told) {
    std::vector<std::string> parts;
    for (const auto& [kind, number] : kinds) parts.push_back(fmt::format("{} {}", number, kind));
    const Mood mood = kinds.size() == 1 && kinds.contains("skipped") ? Mood::neutral : Mood::bad;
    marks.push_back({mood, fmt::format("{} runs untested: {}", count, listed(parts))});
    return;
  }
  for (const auto& configuration : matrix.configurations)
    if (const auto& outcome = configuration.outcome; !outcome.done())
      marks.push_back({mood_of(outcome),
                       fmt::format("{}: untested, {}", configuration.name,
                                   outcome.reason.empty() ? "no reason was recorded" : outcome.reason)});
}

}  // namespace

std::vector<std::string> verdict_sentences(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
  std::vector<std::string> sentences;
  if (diff.traces.empty()) {
    sentences.push_back(verdict.untested == 0 ? "There is no run."
                                              : "No run was done, so nothing can be said of the bits.");
    return sentences;
  }
  sentences.push_back(partition_sentence(diff));
  for (std::size_t i = 1; i < diff.classes.size() && i <= classes_told; ++i)
    sentences.push_back(class_sentence(diff, matrix, i));
  if (diff.classes.size() > classes_told + 1)
    sentences.push_back(fmt::format("{} more part as well; the table of classes says where.",
                                    counted(diff.classes.size() - classes_told - 1, "class")));
  if (!verdict.starts.empty() && verdict.starts != verdict.headline) sentences.push_back(verdict.starts);
  return sentences;
}

std::vector<Mark> marks_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix) {
  std::vector<Mark> marks;
  if (!diff.traces.empty()) {
    add_pin_mark(diff, marks);
    add_pin_changes(diff, marks);
    add_digest_places(diff, marks);
    if (!matrix.factors.empty()) marks.push_back(repeat_mark(verdict, matrix));
  }
  add_nan_marks(diff, marks);
  add_short_marks(diff, marks);
  add_length_marks(diff, marks);
  add_copy_marks(diff, marks);
  add_untested_marks(matrix, marks);
  add_notes(matrix, marks);
  return marks;
}

std::string explaining_sentence(const Diff& diff, const Verdict& verdict) {
  if (diff.classes.size() < 2 || verdict.factors.empty()) return "";
  if (!std::ranges::all_of(verdict.factors, &FactorVerdict::shown)) return "";
  if ((!verdict.explained || verdict.explaining_sets.empty()) && !verdict.starts.empty())
    return "No set of the factors explains the classes, which is no wonder: the runs did not start alike.";
  if (!verdict.explained || verdict.explaining_sets.empty())
    return "No set of the factors explains the classes: runs with equal values of all of them differ.";
  std::vector<std::string> sets;
  for (const auto& set : verdict.explaining_sets) sets.push_back(listed(set));
  const bool one = verdict.explaining_sets.front().size() == 1;
  std::string text = fmt::format("{} alone {} every run's class", sets.front(), one ? "decides" : "decide");
  sets.erase(sets.begin());
  if (!sets.empty()) text += "; so would " + join(sets, ", or ");
  return text + ".";
}

}  // namespace reprise
