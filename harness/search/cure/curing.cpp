// SPDX-License-Identifier: Apache-2.0
#include "harness/search/cure/curing.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/launch/time_left.h"
#include "harness/launch/unread.h"
#include "harness/search/bisecting.h"
#include "harness/search/cure/candidates.h"
#include "harness/search/cure/cure_runs.h"
#include "harness/search/cure/searching.h"

namespace reprise {
namespace {

class Curing {
 public:
  Curing(const CureOrder& order, const LaunchOptions& options)
      : order_(order), options_(options), runs_(order.sides, order.repeats, options) {
    for (const auto& side : order.sides) {
      plans_.push_back(side.plan);
      found_.sides.push_back(side.name);
    }
    found_.recipe = plans_.front().recipe;
    found_.recipe_id = recipe_id(plans_.front());
    found_.is_command = plans_.front().command.has_value();
    found_.axis = order.axis;
    found_.repeats = order.repeats;
  }

  Cure cure() {
    if (is_moved()) {
      search();
      take_front();
      if (found_.front.empty() && !stopped()) last_resort();
      if (found_.front.empty() && found_.complete) name_resisting();
      conclude();
    }
    found_.few_steps = std::min(runs_.until(), last_step_of(plans_.front()));
    found_.last_step = runs_.last_step();
    found_.noise = runs_.noise();
    found_.runs_made = runs_.made();
    found_.runs_reused = runs_.reused();
    found_.seconds = runs_.seconds();
    return std::move(found_);
  }

 private:
  bool stopped() const { return options_.interrupted && options_.interrupted(); }

  // Whether there is anything to cure.
  bool is_moved() {
    for (std::size_t i = 1; i < plans_.size(); ++i) {
      const auto why = plan_id(plans_[i]) == plan_id(plans_[0]) ? "" : no_evidence_here(plans_[0], plans_[i]);
      if (!why.empty()) return untested(why);
    }
    const Attempt attempt = runs_.uncured();
    found_.first = runs_.first();
    if (attempt.result == Attempt::Result::not_run) return untested(attempt.reason);
    if (attempt.parts()) {
      if (!runs_.repeats_itself())
        found_.notes.push_back(
            fmt::format("{} does not repeat itself: its bits moved between two equal runs, so {} is not all "
                        "that moves them.",
                        order_.sides.back().name, order_.axis));
      return true;
    }
    found_.answer = CureAnswer::not_moved;
    found_.sentence = fmt::format(
        "{} does not move the bits of {}: {} are equal, bit for bit, up to step {}. There is nothing to "
        "cure.",
        order_.axis, found_.recipe, joined_sides(), attempt.step);
    return false;
  }

  bool untested(const std::string& why) {
    found_.answer = CureAnswer::untested;
    found_.sentence = why;
    return false;
  }

  std::string joined_sides() const {
    std::string words = found_.sides.front();
    for (std::size_t i = 1; i < found_.sides.size(); ++i)
      words += (i + 1 == found_.sides.size() ? " and " : ", ") + found_.sides[i];
    return words;
  }

  void search() {
    CureWorld world{{},
                    [&](const PinSet& set) { return runs_.few(set); },
                    [&](const PinSet& set) { return runs_.whole(set); }};
    for (const auto& candidate : cure_candidates(plans_))
      (candidate.pin == "precision" ? world.only_alone : world.candidates).push_back(candidate);
    world.look_further = [&](std::int64_t step) { runs_.look_further(step); };
    world.stopped = [&] { return stopped(); };
    world.tell = [&](const PinSet& set, std::size_t made, std::size_t likely) { tell(set, made, likely); };
    world.noise = runs_.noise();
    world.most_tries = order_.most_tries;
    before_ = runs_.seconds();
    CureSearch searched = search_cures(world);
    found_.tries = std::move(searched.tries);
    found_.together = std::move(searched.together);
    found_.complete = searched.complete;
  }

  // The time left is of tries over the first steps: whole runs tell theirs while they run.
  void tell(const PinSet& set, std::size_t made, std::size_t likely) const {
    LaunchEvent event{.told = LaunchTold::note, .name = "cure"};
    event.text = fmt::format("try {} of about {}: {}", made + 1, likely, to_text(set));
    const double spent = runs_.seconds() - before_;
    if (made > 0 && spent > 0)
      event.text +=
          fmt::format("; about {} left of these",
                      duration_words(spent / static_cast<double>(made) * static_cast<double>(likely - made)));
    send(options_.progress, std::move(event));
  }

  void take_front() {
    bool settled = front_of(found_.tries, true, runs_.noise()).empty();
    while (!settled && !stopped()) {
      time_whole();
      settled = !confirm_cheaper();
    }
    found_.front = front_of(found_.tries, true, runs_.noise());
  }

  // A set may cost more over the whole run than over its first steps: then one that it kept from being
  // confirmed is cheaper.
  bool confirm_cheaper() {
    for (const auto index : front_of(found_.tries, false, runs_.noise())) {
      CureTry& one = found_.tries[index];
      if (one.whole) continue;
      one.whole = runs_.whole(one.pins);
      return true;
    }
    return false;
  }

  void time_whole() {
    runs_.time_whole_runs();
    for (auto& one : found_.tries)
      if (one.state() == CureState::holds) one.whole->ratio = runs_.whole_ratio(one.pins);
  }

  void last_resort() {
    std::vector<CureTry> resorts;
    for (const auto& set : own_axis_sets(plans_)) {
      if (stopped()) return;
      resorts.push_back({set, runs_.few(set), std::nullopt, true});
    }
    const auto price = [](const CureTry& one) { return one.ratio().value_or(1e9); };
    std::ranges::stable_sort(resorts, {}, price);
    for (auto& one : resorts) {
      if (one.few.equal() && !own_axis_ && !stopped()) one.whole = runs_.whole(one.pins);
      found_.tries.push_back(one);
      if (one.state() == CureState::holds && !own_axis_) own_axis_ = found_.tries.size() - 1;
    }
    if (own_axis_ && !stopped()) time_whole();
  }

  // The sides with all candidates set, as far as they were run together.
  void name_resisting() {
    if (stopped()) return;
    Bisection resists;
    try {
      const auto planned = runs_.runs_of(found_.together, runs_.until());
      const auto results = runs_.folders_of(found_.together);
      std::vector<Side> sides;
      for (std::size_t i = 0; i < planned.size(); ++i)
        if (results[i].outcome.done()) sides.push_back({found_.sides[i], planned[i], results[i].folder});
      if (sides.size() < 2) return;
      resists = bisect(sides[0], sides[1], {.growth = false, .remedies = false}, options_);
    } catch (const Error& error) {
      found_.notes.push_back(fmt::format("What resists could not be looked for: {}.", error.what()));
      return;
    }
    found_.resists = std::move(resists);
  }

  std::string price_words(const CureTry& one) const {
    return one.ratio() ? fmt::format("{:.2f} times the time of a step", *one.ratio())
                       : "an unknown time of a step";
  }

  void conclude() {
    if (!found_.front.empty()) {
      const CureTry& best = found_.tries[found_.front.front()];
      found_.answer = CureAnswer::found;
      found_.sentence = fmt::format("With {} {} no longer moves the bits of {}, at {}.", to_text(best.pins),
                                    order_.axis, found_.recipe, price_words(best));
      return;
    }
    std::string none =
        "None of these: no set of the pins that were tried keeps {} from moving the bits of {}";
    if (!found_.complete)
      none =
          "The search ended before it had tried all: none of the sets so far keeps {} from moving the bits "
          "of {}";
    found_.sentence = fmt::format(fmt::runtime(none), order_.axis, found_.recipe);
    found_.answer = CureAnswer::none;
    if (found_.resists && !found_.resists->sentence.empty())
      found_.sentence += "; with all of them together it is " + found_.resists->sentence + " that resists";
    found_.sentence += ".";
    if (!own_axis_) return;
    found_.answer = CureAnswer::own_axis;
    found_.front = {*own_axis_};
    found_.sentence +=
        fmt::format(" What is left is to pin the axis itself: {} holds, at {}.",
                    to_text(found_.tries[*own_axis_].pins), price_words(found_.tries[*own_axis_]));
  }

  const CureOrder& order_;
  const LaunchOptions& options_;
  CureRuns runs_;
  std::vector<Plan> plans_;
  Cure found_;
  std::optional<std::size_t> own_axis_;
  double before_ = 0;
};

}  // namespace

Cure cure(const CureOrder& order, const LaunchOptions& options) { return Curing(order, options).cure(); }

}  // namespace reprise
