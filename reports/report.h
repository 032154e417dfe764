// SPDX-License-Identifier: Apache-2.0
#pragma once
// A report is a document: sentences, tables and series, ready to be written in any format. It knows no trace.
// Every sentence in it is derived from the traces by compose(); formats only lay it out. Equal reports give
// equal bytes.
#include <cstdint>
#include <map>
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

// One process that trained in a run.
struct ReportProcess {
  std::string name;   // "rank 1", "process 2"; "" where every run has one
  std::string ended;  // "signal 9"; "" where nothing was wrong
  std::int64_t last_step = 0;
  bool finished = false;
  std::string chain;
};

// One run that was done, with the numbers as numbers.
struct ReportRun {
  std::string configuration, letter, plan_id, chain, final_weights;
  std::int64_t last_step = 0, planned_steps = 0;
  double final_loss = 0;                  // NaN if none
  std::optional<std::int64_t> first_nan;  // first step whose loss is not a number
  std::map<std::string, double> metrics;
  std::size_t pin_checks = 0;
  std::vector<ReportProcess> processes;
};

struct ReportValue {  // one value of a factor against the factor's first
  std::string value, finding, sentence;
  std::optional<std::int64_t> step;  // where the bits part
  bool broken = false;               // the promise does not hold for this value
};

struct ReportFactor {
  std::string name, values, owes, found, verdict;
  Mood mood;
  bool moved = false, kept = true;
  std::vector<ReportValue> by_value;  // without the first value
};

struct Lane {
  std::string stage;
  std::optional<std::int64_t> first;  // the first step that differs from the baseline
};
struct Strip {  // one configuration against the baseline; no lanes: never leaves it
  std::string configuration, letter;
  std::vector<Lane> lanes;
};

struct Curve {  // at most 400 points, evenly thinned, first and last step kept
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

struct ReportCall {   // one operator call of the picture
  std::string state;  // "equal", "guilty", "differs", "side A only", "side B only"
  std::int64_t order = 0, depth = 0;
  std::string name, phase, scope;
};

struct OperatorPart {  // what a bisection found
  std::string found;  // "operator", "batch", "data", "unseen", "unobserved", "elsewhere", "equal", "untested"
  std::string kind;   // of an operator: "result", "calls", "numbers", "outside"; else "none"
  std::string finding;  // "aten::addmm, call 14 of step 1, backward"
  std::string side_a, side_b;
  std::vector<std::string> sentences;  // the sides first, and the finding where no title holds it
  std::vector<ReportCall> calls;       // around the guilty one
  std::string distances_of;            // the operator whose outputs were compared, or ""
  std::optional<Table> distances, remedies;
};

struct Parting {      // two classes and where they part
  std::string a, b;   // letters
  std::string title;  // "step 1: gradients of fc2.weight"
  std::vector<std::string> sentences;
  std::optional<Table> distances;              // of the last checkpoint both kept
  std::optional<OperatorPart> operation = {};  // if it was bisected
};

struct ReportSown {  // one short run of the self-test
  std::string name, sown, wanted, found, result, sentence;
  Mood mood;
};

struct SelfTestPart {
  bool is_void = false;  // a sown fault escaped: nothing in this report can be believed
  std::string sentence;
  std::vector<ReportSown> rows;
};

struct UntestedRun {
  std::string configuration, kind, reason;
  std::vector<std::string> last_lines;
};

struct NextStep {        // what to do next; both empty if there is nothing to propose
  std::string sentence;  // ends with ":" where a command follows
  std::string command;   // works as it stands, or ""
};

struct Report {
  std::string recipe, recipe_id;
  std::int64_t steps = 0;            // compared
  std::string reference;             // the first run of class A: "baseline", or the first that was done
  std::string subtitle;              // "recipe waves 3f9a07c1, 200 steps, 8 runs"
  std::string title;                 // short: "waves: 4 equivalence classes of 8 runs"
  std::string headline;              // the finding, one sentence
  std::vector<std::string> verdict;  // a few sentences below it
  Mood mood = Mood::neutral;
  int exit_code = 0;
  std::vector<Mark> marks;
  std::vector<ReportClass> classes;
  std::vector<ReportRun> runs;
  std::vector<ReportFactor> factors;
  std::vector<std::vector<std::string>> explaining_sets;
  bool explained = true;
  std::string explaining;  // the same as a sentence; "" where there is one class
  std::vector<Strip> strips;
  std::string strips_sentence, curves_sentence;  // read off the data; "" where there is nothing to say
  std::vector<Curve> curves;
  Heat heat;
  std::vector<Parting> partings;
  std::optional<SelfTestPart> self_test;  // nothing: none was made
  std::size_t partings_left_out = 0;      // pairs of classes beyond those written out
  std::vector<UntestedRun> untested;
  Table pins, facts;  // side by side: name, then one column per class
  std::string again;  // the command that does it again
  NextStep next;
};

}  // namespace reprise
