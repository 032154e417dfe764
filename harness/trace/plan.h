// SPDX-License-Identifier: Apache-2.0
#pragma once
// A plan is one run, fully decided: nothing is left open after it. It is written as TOML, and named by the
// digest of that text (without the places where data is looked for).
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/scalar.h"
#include "harness/trace/pins.h"

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

struct Watch {
  std::int64_t checkpoint_every = 100;  // steps between checkpoints; also at the start, step 1 and the end
  std::string keep = "last";            // which checkpoints to keep as safetensors: none, last, all
};

struct Plan {
  std::string recipe;   // the recipe's name
  std::string program;  // the native program that trains it
  std::map<std::string, Scalar> parameters;
  std::vector<DataFile> data;
  std::int64_t steps = 0;
  std::int64_t batch = 0;           // samples per step
  std::int64_t samples = 0;         // samples of the training data that the batch order runs over
  std::int64_t evaluate_every = 0;  // steps between evaluations of the metrics; the last step always has one
  std::optional<Metric> metric;
  Pins pins;
  std::string order_sha256;  // of the batch-order file if the pin batch-order is "file"; else ""
  Watch watch;
};

// Canonical: equal plans give equal bytes. plan_from_toml(to_toml(p)) == p.
std::string to_toml(const Plan& plan);
Plan plan_from_toml(std::string_view text, std::string_view where);

// 32 hexadecimal digits: the digest of the canonical text, with DataFile::file and ::source left out.
std::string plan_id(const Plan& plan);
// The digest of what is trained: the plan without pins, order file and watch. Traces with different recipe
// ids cannot be compared.
std::string recipe_id(const Plan& plan);
// Why two plans train different things: "steps: 200 and 100; parameters.lr: 0.01 and 0.02"; "" if they do
// not.
std::string recipe_difference(const Plan& a, const Plan& b);

// The values must make sense together: positive steps and batch, batch <= samples, known pins with allowed
// values. An Error says what was wanted, what was found, what to try.
void check_plan(const Plan& plan);

}  // namespace reprise
