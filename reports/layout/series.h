// SPDX-License-Identifier: Apache-2.0
#pragma once
// Series of numbers that are drawn: strips, curves, a heat map and who publishes what. A format without
// pictures leaves them out, with their captions; all of their numbers stand in the JSON report.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reprise::blocks {

struct Lane {
  std::string stage;
  std::optional<std::int64_t> first;  // the first step that differs from the baseline
};
struct Strip {  // one configuration against the baseline; no lanes: never leaves it
  std::string configuration, letter;
  std::vector<Lane> lanes;
};
struct Strips {
  std::string caption, reference;
  std::int64_t steps = 0;
  std::vector<Strip> strips;
};

struct Curve {  // at most 400 points, evenly thinned, first and last step kept
  std::string letter;
  std::vector<std::int64_t> steps;
  std::vector<double> loss;
  std::vector<double> distance;  // of the loss from the first class's; empty for the first class
};
struct Curves {
  std::string caption;
  std::vector<Curve> curves;
};

struct Apart {  // how far two runs are apart, step by step, and how far a control is
  std::string caption;
  std::vector<std::int64_t> steps;
  std::vector<double> sides, control;
};

struct HeatCell {
  std::optional<std::int64_t> first;  // first step that differs; nothing: equal to the end
};
struct Heat {
  std::string caption;
  std::int64_t steps = 0;
  std::vector<std::string> names, letters;
  std::vector<std::vector<HeatCell>> cells;
};

// Things in rows and columns whose cells are one of a few states: which release publishes what, say.
struct PresenceState {
  std::string name;     // "partly"
  std::string letters;  // in the cell: "part"
  std::string key;      // below the picture
  int shade = -1;       // 4 the coolest, 0 the warmest, -1 grey
};
struct PresenceCell {
  std::string state;  // the name of one
  std::string tip;    // the claim's source, or ""
};
struct PresenceRow {
  std::string name;
  std::vector<PresenceCell> cells;
};
struct Presence {
  std::string caption;
  std::vector<std::string> columns;
  std::vector<PresenceRow> rows;
  // For those who do not see it: its name, and what it tells.
  std::string label = "What is published", tells = "For each release, which of its things are published";
  std::vector<PresenceState> states = {{"yes", "yes", "yes", 4},
                                       {"partly", "part", "partly", 2},
                                       {"no", "no", "no", 0},
                                       {"no source", "?", "no source says", -1}};
};

// What was found of each row, night by night, the newest night first. Signs and words tell what colours do.
struct NightCell {
  std::string sign;         // "✓", "✗ Δ", ""
  int shade = -1;           // of the heat map: 0 the warmest, 4 the coolest, -1 grey
  std::string tip;          // "night 7, 2026-11-28: 3 of 4 runs match"
  std::string link = {};    // the page that says more, or ""
  std::size_t columns = 1;  // neighbors in which nothing happened stand as one
};
struct NightRow {
  std::string name;
  std::vector<NightCell> cells;  // their columns together are all columns
};
struct Nights {
  std::string label;                 // for those who do not see it: "Nights of node-7"
  std::vector<std::string> columns;  // "812", "784-790"
  std::vector<NightRow> rows;
};

// A number that should stand still, night by night.
struct Drift {
  std::string name;  // "node-7, waves, baseline: accuracy"
  std::vector<std::int64_t> nights;
  std::vector<double> values;
};
struct Drifts {
  std::vector<Drift> drifts;
};

}  // namespace reprise::blocks
