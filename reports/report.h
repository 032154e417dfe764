// SPDX-License-Identifier: Apache-2.0
#pragma once
// A report is a document: sentences, tables and series, ready to be written in any format. It knows no trace.
// Every sentence in it is derived from the traces by compose(); formats only lay it out. Equal reports give
// equal bytes.
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reprise {

enum class Mood { good, bad, neutral };  // for colour and sign; the words say it too

struct Mark {  // one thing that was checked, or was not
  Mood mood;
  std::string text;
};

struct ReportClass {
  std::string letter;
  std::vector<std::string> configurations;
  std::string final_weights;  // digest, 32 hexadecimal digits
  std::string chain;          // of the whole training
  std::string final_loss;     // "0.4412"
  std::string metric;         // "test_accuracy 92.3 %", or ""
  std::string parts;          // "step 1, gradients, fc2.weight, leaf 0 of 3"; "" for the first class
};

struct ReportFactor {
  std::string name, values, owes, found, verdict;
  Mood mood;
};

struct Lane {
  std::string stage;
  std::optional<std::int64_t> first;  // the first step that differs from the baseline
};
struct Strip {  // one configuration against the baseline; no lanes: never leaves it
  std::string configuration, letter;
  std::vector<Lane> lanes;
};

struct Curve {
  std::string letter;
  std::vector<std::int64_t> steps;
  std::vector<double> loss;
  std::vector<double> distance;  // of the loss from the first class's; empty for the first class
};

struct HeatCell {
  std::optional<std::int64_t> first;  // first step that differs; nothing: equal to the end
};
struct Heat {
  std::vector<std::string> names, letters;
  std::vector<std::vector<HeatCell>> cells;
};

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> marked;  // per row: values differ
};

struct Parting {      // two classes and where they part
  std::string a, b;   // letters
  std::string title;  // "step 1: gradients of fc2.weight"
  std::vector<std::string> sentences;
  std::optional<Table> distances;  // of the last checkpoint both kept
};

struct UntestedRun {
  std::string configuration, kind, reason;
  std::vector<std::string> last_lines;
};

struct Report {
  std::string recipe, recipe_id;
  std::int64_t steps = 0;
  std::string subtitle;              // "recipe waves 3f9a07c1..., 200 steps, 8 runs"
  std::string title;                 // short: "waves: 4 equivalence classes of 8 runs"
  std::string headline;              // the finding, one sentence
  std::vector<std::string> verdict;  // two or three sentences below it
  Mood mood = Mood::neutral;
  int exit_code = 0;
  std::vector<Mark> marks;
  std::vector<ReportClass> classes;
  std::vector<ReportFactor> factors;
  std::vector<std::vector<std::string>> explaining_sets;
  bool explained = true;
  std::vector<Strip> strips;
  std::string strips_sentence, curves_sentence;  // read off the data; "" where there is nothing to say
  std::vector<Curve> curves;
  Heat heat;
  std::vector<Parting> partings;
  std::vector<UntestedRun> untested;
  Table pins, facts;  // side by side: one column per class
  std::string again;  // the command that does it again
  std::string next;   // what to do next, or ""
};

}  // namespace reprise
