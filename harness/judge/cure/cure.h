// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a search for a cure found: which sets of pins keep an axis from moving the bits of a recipe, at what
// price. A set holds only if whole runs showed it, with repeats; one that was equal over a few steps is not
// confirmed, whatever it promises.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/words.h"
#include "harness/judge/cure/pin_set.h"
#include "harness/judge/explain/bisection.h"

namespace reprise {

// Every side was run with a set of pins, for some steps or all, and all runs were compared.
struct Attempt {
  enum class Result { equal, parts, not_run } result = Result::not_run;
  std::int64_t step = 0;        // equal: up to this one; parts: the first that differs
  std::optional<double> ratio;  // of a step's time to that without the set, on the side that it slows most
  std::string reason = {};      // of not_run: one sentence

  bool equal() const { return result == Result::equal; }
  bool parts() const { return result == Result::parts; }
};

enum class CureState {
  holds,          // whole runs with repeats are equal, bit for bit
  not_confirmed,  // equal over a few steps, and not tried longer
  parts,          // within a few steps
  parts_later,    // equal over a few steps, and not over the whole run
  not_run
};
std::span<const Word<CureState>> words_of(CureState state);

struct CureTry {
  PinSet pins;
  Attempt few;                   // over the first steps
  std::optional<Attempt> whole;  // over the whole run, with repeats
  bool own_axis = false;         // it pins what the axis varies, so that nothing is left to vary

  CureState state() const;
  // Of whole runs where there are any.
  std::optional<double> ratio() const;
};

// The front of (number of pins, time of a step): of the `tries` that hold, and with `confirmed` false those
// too that are not confirmed yet, each beside which no other needs as few pins and as little time. More pins
// have to save more than `noise`, a share. Fewer pins first. A set that pins the axis itself is on no front.
std::vector<std::size_t> front_of(const std::vector<CureTry>& tries, bool confirmed, double noise);

enum class CureAnswer {
  not_moved,  // the axis does not move the bits: nothing to cure
  found,
  own_axis,  // only pinning what the axis varies does
  none,      // none of the sets that were tried
  untested   // why: in the sentence
};
std::span<const Word<CureAnswer>> words_of(CureAnswer answer);

struct Cure {
  std::string recipe, recipe_id;
  bool is_command = false;
  std::string axis;                // "threads", "threads and isa"; "two runs" where two folders were given
  std::vector<std::string> sides;  // "threads=1", "threads=2"
  CureAnswer answer = CureAnswer::untested;
  std::string sentence;             // the finding
  std::optional<Divergence> first;  // where the sides part without any cure
  std::int64_t few_steps = 0;       // how far tries went at last
  std::int64_t last_step = 0;       // of the whole runs that were compared; 0: none was made
  std::size_t repeats = 0;          // of each side but the first in whole runs
  double noise = 0;            // share by which two equal runs without a cure differ in the time of a step
  std::vector<CureTry> tries;  // in the order in which they were made
  std::vector<std::size_t> front;    // those of `tries` that hold and none beats
  bool complete = true;              // false: the search ended before it had tried all that it would have
  std::optional<Bisection> resists;  // of none: what parts the sides with all candidates together set
  PinSet together;                   // those candidates
  std::vector<std::string> notes;
  std::size_t runs_made = 0, runs_reused = 0;
  double seconds = 0;  // that the runs made here took
};

// 0: a cure, or nothing to cure; 1: none of these, or none but the axis itself; 2: untested.
int exit_code_of(const Cure& cure);

}  // namespace reprise
