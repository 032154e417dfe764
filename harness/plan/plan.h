// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plan is one run, fully decided: nothing is left open after it. It is written as TOML, and named by the
// digest of that text (without the places where data is looked for).
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/scalar.h"
#include "harness/base/words.h"
#include "harness/plan/order_file.h"
#include "harness/plan/pins.h"
#include "harness/plan/placement.h"

namespace reprise {

// A data file, named by what it holds.
struct DataFile {
  std::string name;    // what the recipe's code calls it
  std::string file;    // where it lies below a data folder: "mnist/train-images-idx3-ubyte.gz"
  std::string sha256;  // of the content; of the unpacked content for a .gz
  std::string source;  // for people: where to fetch it
};

// The number that decides whether a difference of bits matters, declared before the runs.
struct Metric {
  std::string name;  // "test_accuracy"; one of those the recipe's code reports
  std::string unit;  // "%", "nats"
  bool higher_is_better = true;
  double margin = 0;  // two sides closer than this are equivalent, in the metric's unit
};

// A closer look at some steps: every operator call in them is written to the trace. Step 0 is what happens
// before step 1. It looks at nothing while `last` < `first`.
struct OperatorWindow {
  std::int64_t first = 0, last = -1;
  std::vector<std::string> phases;  // of phase_names (trace/op_call.h); empty: all of them
  std::int64_t min_elements = 0;    // tensors of fewer elements are not digested

  bool holds(std::int64_t step) const { return first <= step && step <= last; }
  bool empty() const { return last < first; }
  bool operator==(const OperatorWindow&) const = default;
};

// One operator call of a run: the `order`-th that the thread of that name made in the step, counted from 0;
// of `name` alone where that is given, since workers of a loader make the number of calls before it vary.
struct CallPlace {
  std::int64_t step = 0, role = 0, order = 0;  // role: for people
  std::string thread = {};                     // "" the thread that trains
  std::string name = {};                       // "aten::addmm"; "": of all operators
  bool operator==(const CallPlace&) const = default;
};

// A fault (fault.h) that the harness injects into a short run, to show that it would be found.
struct InjectedFault {
  std::string fault;      // its name, "flip-bit"
  std::int64_t step = 0;  // at least 1
  bool operator==(const InjectedFault&) const = default;
};

// Steps whose weights and gradients are kept as values, beside the trace (trace/value_file.h). None while
// `last` < `first`. `nudged`: the step after which every weight is moved by one ULP, the control of a
// distance; 0: none is.
struct ValueWindow {
  std::int64_t first = 1, last = 0, nudged = 0;

  bool holds(std::int64_t step) const { return first <= step && step <= last; }
  bool empty() const { return last < first; }
  bool operator==(const ValueWindow&) const = default;
};

// Which checkpoints a run keeps, as safetensors.
enum class Keep { none, last, all };
std::span<const Word<Keep>> words_of(Keep keep);

// Whether a command's run has its folder to itself: no; an overlay where there is one, else a copy; always a
// copy.
enum class Fresh { no, view, copy };
std::span<const Word<Fresh>> words_of(Fresh fresh);

struct Watch {
  std::int64_t checkpoint_every = 100;  // steps between checkpoints; also at the start, step 1 and the end
  Keep keep = Keep::last;
  std::int64_t from = 0;   // begin with RUN/start.safetensors, the state after this step; 0: from the start
  std::int64_t until = 0;  // the last step that is run; 0: all of them
  OperatorWindow ops = {};
  std::optional<CallPlace> dump =
      {};  // the call that is kept whole, in RUN/call.safetensors; inside the window
  std::optional<InjectedFault> injected = {};
  // Of a command: the files that it leaves and that are digested, as patterns ("out/*.pt"); words are filled
  // in as in the command.
  std::vector<std::string> artifacts = {};
  bool hash_all_files = false;  // of a command: SHA-256 of every file it reads, however large
  Fresh fresh = Fresh::no;      // of a command
  ValueWindow values = {};
};

// Who seeds a command: the harness, before it starts, or the script itself.
enum class Seeding { imposed, script };
std::span<const Word<Seeding>> words_of(Seeding seeding);

// Somebody's own program, run as it is: a Python script with torch is watched from inside, by step; and
// only such a script leaves a trace.
struct CommandLine {
  // As they are given to the system; {NAME} stands for a parameter or a pin, {out} for a folder of the run's
  // own.
  std::vector<std::string> words;
  Seeding seeding = Seeding::imposed;
  std::vector<std::string> keep_env;                  // variables that are handed on beside the usual ones
  std::string folder;                                 // where it is started; no part of what names a run
  std::map<std::string, std::string> variables = {};  // set for it, name -> value
};

struct Plan {
  std::string recipe;   // the recipe's name
  std::string program;  // the native program that trains it; "" for a command
  std::optional<CommandLine>
      command;  // instead of a native program: steps, batch and samples are then 0, unknown
  std::map<std::string, Scalar> parameters;
  std::vector<DataFile> data;
  std::int64_t steps = 0;
  std::int64_t batch = 0;           // samples per step
  std::int64_t samples = 0;         // samples of the training data that the batch order runs over
  std::int64_t evaluate_every = 0;  // steps between evaluations of the metrics; the last step always has one
  std::optional<Metric> metric;
  Pins pins;
  Placement placement = {};
  std::optional<OrderFile> order;  // exactly if the pin batch-order is "file"
  // After this step the training is ended, begun anew from its own checkpoint, and goes on; 0: never.
  std::int64_t resume_at = 0;
  Watch watch;
};

// Canonical: equal plans give equal bytes. plan_from_toml(to_toml(p)) == p.
std::string to_toml(const Plan& plan);
Plan plan_from_toml(std::string_view text, std::string_view where);

// 32 hexadecimal digits: the digest of the canonical text, with DataFile::file and ::source left out.
std::string plan_id(const Plan& plan);
// The digest of what is trained: the plan without pins, order file, resume_at and watch.
std::string recipe_id(const Plan& plan);
// Why two plans train different things: "steps: 200 and 100; parameters.lr: 0.01 and 0.02"; "" if they do
// not.
std::string recipe_difference(const Plan& a, const Plan& b);

// The last step that the plan runs: watch.until, else steps; for a command that decides itself, the largest
// number there is.
std::int64_t last_step_of(const Plan& plan);

// The values must make sense together: positive steps and batch, batch <= samples (all three 0 for a
// command), known pins with allowed values, a window, dump, resume and injected fault within the steps that
// are run. An Error says what was wanted, what was found, what to try.
void check_plan(const Plan& plan);

}  // namespace reprise
