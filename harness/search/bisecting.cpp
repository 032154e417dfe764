// SPDX-License-Identifier: Apache-2.0
#include "harness/search/bisecting.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/evidence/told_apart.h"
#include "harness/judge/compare/divergence_words.h"
#include "harness/judge/compare/joined_weights.h"
#include "harness/judge/compare/run_divergence.h"
#include "harness/judge/compare/starts.h"
#include "harness/judge/explain/call_match.h"
#include "harness/judge/explain/code_lines.h"
#include "harness/judge/verdict/overridden.h"
#include "harness/launch/replay.h"
#include "harness/search/bisect_words.h"
#include "harness/search/closer_look.h"
#include "harness/search/growing.h"
#include "harness/search/remedies.h"
#include "harness/search/unseen.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t lines_before = 4, lines_after = 3;

class Bisecting {
 public:
  Bisecting(const Side& a, const Side& b, const BisectChoices& choices, const LaunchOptions& options)
      : both_{a, b}, sides_{&both_[0], &both_[1]}, choices_(choices), options_(options) {
    found_.side_a = a.name;
    found_.side_b = b.name;
    found_.rounds = choices.rounds;
  }

  Bisection bisect() {
    if (!find_step()) return found_;
    look();
    if (!best_) return found_;
    name_call();
    look_closer();
    return found_;
  }

  bool looked() const { return best_ || found_.found == Found::unobserved; }

 private:
  void conclude(Found found, const std::string& sentence) {
    found_.found = found;
    found_.sentence = sentence;
  }

  void refuse_other_sources(const Plan& a, const Plan& b) const {
    if (const auto other = sources_difference(a, b); !other.empty())
      fail(
          "{} and {} train different recipes ({}); bisect two runs of one recipe, or add --across where they "
          "are meant to be one training",
          sides_[0]->name, sides_[1]->name, other);
  }

  // From the digests on disk. False if there is no operator to look for.
  bool find_step() {
    const RunTraces a = read_run(sides_[0]->folder), b = read_run(sides_[1]->folder);
    refuse_other_sources(a.processes.front().trace.plan(), b.processes.front().trace.plan());
    found_.first = divergence_of(a, b);
    if (!found_.first) {
      const std::string why = overridden_reason(a.processes.front().trace, b.processes.front().trace);
      if (!why.empty()) {
        conclude(Found::untested, why + "; every digest of every step is equal");
        return false;
      }
      conclude(Found::equal, "nothing to bisect: " + equal_words(a, b));
      return false;
    }
    if (const auto unlike = Starts().difference(sides_[0]->folder, sides_[1]->folder)) {
      conclude(Found::untested,
               fmt::format("the runs did not start alike: {}; no operator is looked for. {}",
                           to_words(*unlike, sides_[0]->name, sides_[1]->name), way_out(*unlike)));
      return false;
    }
    for (auto& side : both_) side.process = found_.first->process;
    if (!has_place(*found_.first)) {
      conclude(found_beside_steps(*found_.first), length_words(*found_.first));
      return false;
    }
    if (a.processes.size() != b.processes.size() || hold_other_parts(a, b)) {
      conclude(Found::untested, world_size_words(*found_.first, {a.processes.size(), b.processes.size()}));
      return false;
    }
    if (const auto& stage = found_.first->stage; stage != "batch" && stage != "data") return true;
    conclude(Found::batch, batch_words(*found_.first, process_named(a, found_.first->process).trace,
                                       process_named(b, found_.first->process).trace));
    return false;
  }

  // What comes after the finding may fail: the finding stands all the same.
  void look_closer() {
    if (choices_.only_on_disk) return explain();
    attempt("The call could not be looked at more closely", [&] {
      if (keeps_call()) measure_call();
    });
    attempt("How far the two sides get could not be measured", [&] {
      if (choices_.growth) found_.growth = grow(sides_, *best_->parts, options_);
    });
    attempt("Remedies could not be tried", [&] { explain(); });
  }

  template <class Work>
  void attempt(const std::string& what, Work work) {
    try {
      work();
    } catch (const std::exception& error) {
      found_.notes.push_back(fmt::format("{}: {}.", what, error.what()));
    }
  }

  // The runs on disk tell it themselves if they were made with the operators of that step traced.
  bool looked_on_disk() {
    if (choices_.rounds > 1 && !choices_.until_it_strikes) return false;
    auto look = look_on_disk(sides_, found_.first->step);
    if (!look) return false;
    found_.notes.push_back("The runs on disk hold the operators of that step: nothing was rerun to find it.");
    found_.rounds = 1;
    count_first(*look);
    best_ = std::move(look);
    return true;
  }

  // All rounds; keeps the look whose call is the earliest.
  void look() {
    if (looked_on_disk()) return;
    if (choices_.only_on_disk) {
      conclude(Found::unobserved, nobody_named_words(found_.first->step));
      return;
    }
    for (std::size_t round = 0; round < choices_.rounds; ++round) {
      Look look = look_at(sides_, found_.first->step, round, options_);
      found_.reruns_a = look.reruns[0];
      found_.reruns_b = look.reruns[1];
      if (!look.untested.empty()) {
        conclude(Found::untested, look.untested);
        return;
      }
      if (!look.parts) continue;
      count_first(look);
      if (!best_ || place_of(look) < place_of(*best_)) best_ = std::move(look);
      if (choices_.until_it_strikes) {
        found_.rounds = round + 1;
        break;
      }
    }
    std::ranges::sort(found_.firsts, {}, [](const FirstCall& one) {
      return std::tuple(one.step, one.role, one.order, one.name);
    });
    if (!best_) conclude(Found::elsewhere, never_struck_words(found_.first->step, choices_));
  }

  using Place = std::tuple<std::int64_t, std::int64_t, std::int64_t>;

  // Step, role and order of what was found; behind every call where the calls agree.
  static Place place_of(const Look& look) {
    const OpCall* call = guilty(look, 0);
    if (call == nullptr) call = guilty(look, 1);
    if (call == nullptr) return {*look.parts, INT64_MAX, INT64_MAX};
    return {*look.parts, call->role, call->order};
  }

  static const OpCall* guilty(const Look& look, std::size_t side) {
    if (look.divergence.kind == DivergenceKind::none) return nullptr;
    const std::size_t index = side == 0 ? look.divergence.a : look.divergence.b;
    return index < look.calls[side].size() ? &look.calls[side][index] : nullptr;
  }

  void count_first(const Look& look) {
    const OpCall* call = guilty(look, 0);
    FirstCall first;
    first.name = call ? call->name : look.divergence.kind == DivergenceKind::none ? "no operator" : "no call";
    first.step = *look.parts;
    if (call) {
      first.role = call->role;
      first.order = call->order;
    }
    for (auto& known : found_.firsts)
      if (known.name == first.name && known.step == first.step && known.role == first.role &&
          known.order == first.order) {
        ++known.rounds;
        return;
      }
    first.rounds = 1;
    found_.firsts.push_back(first);
  }

  void name_call() {
    const Look& look = *best_;
    found_.divergence = look.divergence;
    found_.started_from = std::max(look.from[0], look.from[1]);
    say_reruns(look);
    attempt("Where the random streams stand could not be read", [&] {
      found_.streams_at = *look.parts;
      found_.streams = streams_after(sides_, look);
    });
    if (look.divergence.kind == DivergenceKind::none) {
      conclude_unseen(sides_, look, found_);
      return;
    }
    const Found word = found_of(look.divergence.kind);
    conclude(word, finding_of(look));
    say_across();
    found_.lines = lines_of(look);
    if (look.uneven && look.divergence.kind == DivergenceKind::calls)
      found_.notes.push_back(fmt::format("Random operators: {}.", to_sentence(*look.uneven)));
    if (word == Found::data)
      found_.made_at = made_at(look.calls[0], look.divergence.a, look.divergence.input);
    if (const OpCall* call = guilty(look, 0)) found_.call_a = *call;
    if (const OpCall* call = guilty(look, 1)) found_.call_b = *call;
    found_.kernels = look.kernels;
    found_.around = calls_around(look.calls[0], look.calls[1], look.divergence, lines_before, lines_after);
    if (word == Found::call) return;
    for (auto& line : found_.around)  // where it is seen first, by no fault of its own
      if (line.state == CallLine::State::guilty) line.state = CallLine::State::differs;
  }

  // Told other things, a program makes other calls as a matter of course; what they make may be the same.
  void say_across() {
    const Plan &a = sides_[0]->run.plan, &b = sides_[1]->run.plan;
    if (found_.divergence.kind != DivergenceKind::calls || recipe_id(a) == recipe_id(b)) return;
    found_.notes.push_back(other_calls_words(sides_[0]->folder, sides_[1]->folder));
  }

  void say_reruns(const Look& look) {
    for (std::size_t side = 0; side < 2; ++side)
      if (!look.as_before[side])
        found_.notes.push_back(fmt::format(
            "The rerun of {} did not give the digests that its run on disk has, so what follows is "
            "of the reruns alone.",
            sides_[side]->name));
    if (*look.parts != found_.first->step)
      found_.notes.push_back(fmt::format("The runs on disk part at step {}, the reruns at step {}.",
                                         found_.first->step, *look.parts));
    if (found_.started_from > 0)
      found_.notes.push_back(fmt::format(
          "The reruns began at the checkpoint of step {}, which was checked against the whole runs.",
          found_.started_from));
  }

  // The call to be kept, on each side: the guilty one, or the one around it where the sides call other things
  // inside.
  std::optional<std::array<CallPlace, 2>> kept_places() const {
    const OperatorDivergence& divergence = best_->divergence;
    std::array<std::size_t, 2> index{divergence.a, divergence.b};
    if (divergence.kind == DivergenceKind::calls && !divergence.inside.empty())
      index = {divergence.inside.back(), divergence.inside_b.back()};
    else if (divergence.kind != DivergenceKind::result)
      return std::nullopt;
    std::array<CallPlace, 2> places;
    for (std::size_t side = 0; side < 2; ++side) places[side] = findable(best_->calls[side], index[side]);
    return places;
  }

  bool keeps_call() {
    const auto places = kept_places();
    if (!places) return false;
    kept_ = keep_call(sides_, *best_, *places, options_);
    ++found_.reruns_a;
    ++found_.reruns_b;
    if (kept_.untested.empty()) return true;
    found_.notes.push_back("The call could not be kept whole: " + kept_.untested);
    return false;
  }

  // Nothing defines the right value of a random draw.
  bool keeps_draw() const {
    return (found_.call_a && draws(*found_.call_a)) || (found_.call_b && draws(*found_.call_b));
  }

  void measure_call() {
    if (keeps_draw()) {
      found_.distance = call_distance(kept_.files[0], kept_.files[1], std::nullopt);
      found_.notes.push_back(
          "Nothing defines the right value of a random draw, so how it is rounded is untested.");
      say_inputs_of_kept();
      return;
    }
    const fs::path exact = kept_.files[0].parent_path() / "exact.safetensors";
    const Outcome outcome = replay(sides_[0]->run.plan, kept_.files[0], exact, true, options_);
    if (!outcome.done())
      found_.notes.push_back("The call could not be made in double precision: " + outcome.reason);
    found_.distance =
        call_distance(kept_.files[0], kept_.files[1], outcome.done() ? std::optional(exact) : std::nullopt);
    say_inputs_of_kept();
  }

  void say_inputs_of_kept() {
    if (!found_.distance->inputs_equal)
      found_.notes.push_back(
          "In the reruns that kept the call its inputs already differed: it strikes by chance.");
  }

  void explain() {
    if (found_.divergence.kind == DivergenceKind::none ||
        found_.divergence.kind == DivergenceKind::unobserved)
      return;
    if (!found_.divergence.lack.empty()) return;  // what was not observed may be the cause
    std::vector<std::string> names;
    for (const auto* call :
         {found_.call_a ? &*found_.call_a : nullptr, found_.call_b ? &*found_.call_b : nullptr})
      if (call != nullptr) names.push_back(call->name);
    for (const auto index : found_.divergence.inside) names.push_back(best_->calls[0][index].name);
    const Pins &a = sides_[0]->run.plan.pins, &b = sides_[1]->run.plan.pins;
    const auto facts = [&](std::size_t side) {
      return trace_of(*sides_[side], best_->folders[side]).facts();
    };
    const auto beside = apart_beside_pins(sides_[0]->run.plan, facts(0), sides_[1]->run.plan, facts(1));
    const auto causes = causes_of(found_.divergence, names, a, b, found_.kernels.other(), beside);
    for (const auto& cause : causes)
      found_.reasons.push_back({std::string(cause.reason), std::string(cause.source)});
    if (choices_.remedies)
      found_.remedies = try_remedies(sides_, *best_->parts, remedies_of(causes, a, b), options_);
  }

  std::array<Side, 2> both_;
  Sides sides_;
  BisectChoices choices_;
  const LaunchOptions& options_;
  Bisection found_;
  std::optional<Look> best_;
  KeptCall kept_;
};

}  // namespace

Bisection bisect(const Side& a, const Side& b, const BisectChoices& choices, const LaunchOptions& options) {
  return Bisecting(a, b, choices, options).bisect();
}

std::optional<Bisection> bisect_on_disk(const Side& a, const Side& b) {
  const LaunchOptions nothing_runs;
  Bisecting bisecting(a, b, {.remedies = false, .only_on_disk = true}, nothing_runs);
  Bisection found = bisecting.bisect();
  return bisecting.looked() ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace reprise
