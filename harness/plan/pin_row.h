// SPDX-License-Identifier: Apache-2.0
#pragma once
// One row for each pin: all that is known of it, as a person writes it. A file in harness/plan/pins is a
// group of rows; a row more is a pin more, in plans, on the command line, as an axis, and in the environment
// of runs. (A pin that is a LibTorch call also has a setter and a getter in
// harness/record/torch_settings.cpp.)
#include <span>
#include <string_view>

#include "harness/base/shelf.h"
#include "harness/plan/promise.h"

namespace reprise {

enum class On { any, cpu, gpu, nowhere };                 // where the training must lie
enum class In { any, native, command, python, several };  // what must run

// What reads a pin. Where nothing does, equal bits under two of its values show nothing.
struct Reader {
  std::string_view who;  // for people
  On on = On::any;
  In in = In::any;
  // "PIN=VALUE" or "PIN!=VALUE": read only where that holds, too.
  std::string_view with = {};
  std::string_view architecture = {};
  // Whether a native plan for the CPU is refused that sets a pin which a GPU's libraries alone read: for
  // those that a person may well vary there, where any value would look harmless.
  bool refused_on_cpu = false;
};

struct PinRow {
  std::string_view name;
  // Where neither recipe nor user says a value: the strict one, that is full precision, deterministic, one
  // thread, nothing chosen by timing.
  std::string_view fallback;
  // "on off" and so on: the values allowed, separated by spaces; "<integer>" a whole number >= 1;
  // "<text>" anything, "cuda:<text>" anything after "cuda:". Words beside "<...>" are allowed too, as
  // in "0 <integer>".
  std::string_view values;
  // "VALUE:NAME=TEXT NAME=TEXT;VALUE:..." : the environment that imposes a value; VALUE "*" stands for every
  // value without a rule of its own, and {} in TEXT for the value. A value without a rule sets nothing.
  // Empty: a LibTorch call or the harness imposes it.
  std::string_view environment = {};
  std::string_view why;  // one line for people: what it decides
  Reader read_by;
  // "VALUE:PIN=VALUE": on a GPU LibTorch refuses the first value unless the second holds. Empty: none.
  std::string_view needs = {};
  Promise promise = Promise::numeric;  // of an axis over it
  // The value that every run had before there was this pin: what a plan means that does not name it. Empty
  // for a pin that has always been there.
  std::string_view before = {};
};

struct PinGroup {
  const char* summary;
  std::span<const PinRow> rows;
};

Shelf<PinGroup> pin_groups_shelf();

}  // namespace reprise
