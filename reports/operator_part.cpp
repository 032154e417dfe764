// SPDX-License-Identifier: Apache-2.0
// What a bisection found, as a part of the divergence it belongs to.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "harness/base/text.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/explain/call_match.h"
#include "reports/divergence_text.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

using blocks::Call;
using blocks::Grid;

std::string index_text(const std::vector<std::int64_t>& index) {
  std::vector<std::string> words;
  for (const auto one : index) words.push_back(std::to_string(one));
  return "[" + join(words, ", ") + "]";
}

std::string ulp_text(const OutputDistance& output) {
  std::vector<std::string> words;
  for (const auto& bin : output.ulp) {
    if (words.size() == 4 && output.ulp.size() > 5) {
      std::uint64_t rest = 0;
      for (std::size_t i = 4; i < output.ulp.size(); ++i) rest += output.ulp[i].elements;
      words.push_back(fmt::format("{} at more", rest));
      break;
    }
    words.push_back(bin.low == bin.high ? fmt::format("{} at {}", bin.elements, bin.low)
                                        : fmt::format("{} at {} to {}", bin.elements, bin.low, bin.high));
  }
  return words.empty() ? "no float" : join(words, ", ");
}

// Enough digits to tell two neighbours of the dtype apart, which the number of raw bits tells.
std::string value_text(double value, const std::string& hex) {
  if (!std::isfinite(value)) return number_phrase(value) + " " + hex;
  const int digits = hex.size() > 10 ? 17 : hex.size() > 6 ? 9 : 5;
  return fmt::format("{:.{}g} {}", value, digits, hex);
}

std::string share(std::uint64_t part, std::uint64_t all) {
  return all == 0 ? std::string("none")
                  : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

Grid distances_of(const CallDistance& distance) {
  Grid table;
  table.head = {"output",
                "elements differing",
                "of",
                "first at",
                "side A",
                "side B",
                "ULP apart",
                "A correctly rounded",
                "B correctly rounded"};
  for (const auto& output : distance.outputs) {
    std::vector<std::string> row{std::to_string(output.output), std::to_string(output.distance.differing),
                                 std::to_string(output.distance.elements)};
    if (output.first) {
      row.push_back(index_text(output.first->index));
      row.push_back(value_text(output.first->a, output.first->hex_a));
      row.push_back(value_text(output.first->b, output.first->hex_b));
    } else {
      row.insert(row.end(), {"-", "-", "-"});
    }
    row.push_back(ulp_text(output));
    row.push_back(output.rounded ? share(output.rounded->right_a, output.rounded->elements) : "untested");
    row.push_back(output.rounded ? share(output.rounded->right_b, output.rounded->elements) : "untested");
    table.rows.push_back(row);
    table.marked.push_back(false);
  }
  return table;
}

Grid remedies_of(const std::vector<RemedyTried>& remedies) {
  Grid table;
  table.head = {"pinned on both sides", "makes them equal", "time of a step, side A"};
  for (const auto& one : remedies) {
    const std::string equal = !one.tried  ? "untested: " + one.reason
                              : one.equal ? fmt::format("yes, up to step {}", one.until)
                                          : "no";
    const std::string time = one.step_time ? fmt::format("{:.2f} times", *one.step_time) : "not measured";
    table.rows.push_back({one.remedy, equal, time});
    table.marked.push_back(one.tried && one.equal);
  }
  return table;
}

void say_sides(const Bisection& found, std::vector<std::string>& out) {
  std::string text = fmt::format("Side A is {}, side B is {}", found.side_a, found.side_b);
  if (found.found != Found::call) text += ": " + found.sentence;
  out.push_back(sentence(text));
}

std::string result_sentence(const Bisection& found) {
  const bool drew = found.call_a && draws(*found.call_a);
  std::string text = drew
                         ? "Its inputs and its generator's state are equal on both sides, its outputs are not"
                         : "Its inputs are equal on both sides, its outputs are not";
  if (!found.distance || found.distance->outputs.empty()) return text + ".";
  const auto& first = found.distance->outputs.front();
  text += fmt::format(": {} of {} elements of output {} differ", first.distance.differing,
                      first.distance.elements, first.output);
  if (first.distance.max_ulp > 0 && first.distance.max_ulp < std::numeric_limits<std::uint64_t>::max())
    text += fmt::format(", at most by {} ULP", first.distance.max_ulp);
  return text + ".";
}

void say_call(const Bisection& found, std::vector<std::string>& out) {
  if (found.found != Found::call) return;
  if (found.divergence.kind == DivergenceKind::result) out.push_back(result_sentence(found));
  if (found.divergence.kind == DivergenceKind::calls && found.divergence.lack.empty())
    out.push_back("From there on the two sides do not make the same calls; up to there every call agrees.");
  if (found.divergence.kind == DivergenceKind::calls && !found.divergence.lack.empty())
    out.push_back(
        fmt::format("From there on the two sides do not make the same calls. Up to there every call agrees "
                    "as far as it was "
                    "observed, so what comes before may be the cause; not observed: {}.",
                    found.divergence.lack));
  if (found.divergence.kind == DivergenceKind::numbers)
    out.push_back("Its tensors are equal on both sides; a number that is handed to it is not.");
  if (found.divergence.kind == DivergenceKind::outside)
    out.push_back(
        "No operator call that was looked at made that difference: it was in memory already when the call "
        "began.");
  if (found.divergence.kind == DivergenceKind::thread)
    out.push_back("Another thread wrote that memory; how far it comes before it is read is not fixed.");
  if (found.distance && found.distance->outputs.empty())
    out.push_back(
        fmt::format("In the reruns that kept {} whole its outputs were equal: it strikes by chance.",
                    found.distance->name));
}

void say_firsts(const Bisection& found, std::vector<std::string>& out) {
  if (found.rounds < 2) return;
  std::vector<std::string> words;
  for (const auto& first : found.firsts)
    words.push_back(fmt::format("{} (step {}, call {}) in {}", first.name, first.step, first.order,
                                counted(first.rounds, "round")));
  out.push_back(fmt::format("Over {}, the first call to part was {}.", counted(found.rounds, "round"),
                            words.empty() ? std::string("none: the reruns were equal") : listed(words)));
}

// Of memory that nobody wrote, another thread's write or a generator that differs already, a call is only the
// first to meet it.
bool is_to_blame(DivergenceKind kind) {
  return kind == DivergenceKind::result || kind == DivergenceKind::numbers;
}

Call call_of(const CallLine& line, DivergenceKind kind) {
  constexpr std::string_view states[] = {"equal", "guilty", "differs", "side A only", "side B only"};
  const bool meets = line.state == CallLine::State::guilty && !is_to_blame(kind);
  return {meets ? "first to differ" : std::string(states[static_cast<std::size_t>(line.state)]),
          line.order,
          line.depth,
          line.name,
          line.phase,
          line.scope,
          line.place};
}

void say_kernels(const Bisection& found, std::vector<std::string>& out) {
  if (found.found != Found::call) return;
  const auto name = [](const std::optional<OpCall>& call) { return call ? call->name : std::string(); };
  const std::string text = to_sentence(found.kernels, name(found.call_a), name(found.call_b));
  if (!text.empty()) out.push_back(text);
}

// Of other reruns, unless nothing is known of those in which the call was found.
void say_growth(const Growth& growth, bool streams_told, std::vector<std::string>& out) {
  out.push_back(growth.sentence);
  if (const std::string numbers = numbers_sentence(growth); !numbers.empty()) out.push_back(numbers);
  if (streams_told) return;
  for (const auto& stream : growth.streams) out.push_back(to_sentence(stream, growth.nudged));
}

OperatorPart part_of(const Bisection& found) {
  OperatorPart part;
  part.found = to_text(found.found);
  part.kind = found.found == Found::call ? to_text(found.divergence.kind) : to_text(DivergenceKind::none);
  part.finding = found.sentence;
  part.side_a = found.side_a;
  part.side_b = found.side_b;
  say_sides(found, part.sentences);
  say_call(found, part.sentences);
  part.lines = found.lines;
  part.sentences.insert(part.sentences.end(), found.lines.begin(), found.lines.end());
  for (const auto& stream : found.streams) part.sentences.push_back(to_sentence(stream, found.streams_at));
  say_kernels(found, part.sentences);
  for (const auto& reason : found.reasons)
    part.sentences.push_back(fmt::format("Likely reason: {} ({}).", reason.sentence, reason.source));
  if (found.growth) say_growth(*found.growth, !found.streams.empty(), part.sentences);
  say_firsts(found, part.sentences);
  part.sentences.insert(part.sentences.end(), found.notes.begin(), found.notes.end());
  if (found.reruns_a > 0)
    part.sentences.push_back(fmt::format("Found with {} of side A and {} of side B{}.",
                                         counted(found.reruns_a, "rerun"), counted(found.reruns_b, "rerun"),
                                         found.remedies.empty() ? "" : ", remedies aside"));
  for (const auto& line : found.around) part.calls.push_back(call_of(line, found.divergence.kind));
  if (found.distance && !found.distance->outputs.empty()) {
    part.distances_of = found.distance->name;
    part.distances = distances_of(*found.distance);
  }
  if (!found.remedies.empty()) part.remedies = remedies_of(found.remedies);
  part.kernels = found.kernels;
  part.growth = found.growth;
  return part;
}

std::optional<std::size_t> class_of(const Diff& diff, const std::string& name) {
  for (const auto& trace : diff.traces)
    if (trace.name == name) return trace.in_class;
  return std::nullopt;
}

// Into the divergences of the classes that a bisection's sides are in.
void add_operators(const Diff& diff, const std::vector<Bisection>& bisections,
                   std::vector<DivergenceText>& divergences) {
  for (const auto& found : bisections) {
    const auto a = class_of(diff, found.side_a), b = class_of(diff, found.side_b);
    if (!a || !b) continue;
    for (auto& divergence : divergences) {
      const std::string &first = diff.classes[std::min(*a, *b)].letter,
                        &second = diff.classes[std::max(*a, *b)].letter;
      if (divergence.a != first || divergence.b != second || divergence.operation) continue;
      divergence.operation = part_of(found);
      if (found.found == Found::call)
        divergence.title +=
            (found.divergence.kind == DivergenceKind::result ? ", by " : "; ") + found.sentence;
    }
  }
}

}  // namespace

std::vector<DivergenceText> class_divergences_of(const Diff& diff, const std::vector<Bisection>& bisections) {
  auto divergences = divergence_paragraphs(diff);
  add_operators(diff, bisections, divergences);
  return divergences;
}

}  // namespace reprise
