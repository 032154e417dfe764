// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include <set>

#include "reports/marks.h"
#include "reports/phrases.h"

namespace reprise {
namespace {

void add_nan_marks(const Diff& diff, std::vector<Mark>& marks) {
  for (const auto& one : diff.classes) {
    const auto& first = diff.traces[one.members.front()];
    if (first.first_nan >= 0)
      marks.push_back({Mood::bad, fmt::format("loss is not a number from step {} in class {}",
                                              first.first_nan, one.letter)});
  }
}

void add_short_marks(const Diff& diff, std::vector<Mark>& marks) {
  for (const auto& trace : diff.traces)
    for (const auto& process : trace.processes) {
      if (process.finished && process.ended.empty()) continue;
      const std::string who =
          process.label.empty() ? trace.name : fmt::format("{} of {}", process.label, trace.name);
      const std::string planned = trace.planned_steps > 0 ? fmt::format(" of {}", trace.planned_steps) : "";
      marks.push_back(
          {Mood::bad,
           process.ended.empty()
               ? fmt::format("{} did not finish: it ends at step {}{}", who, process.last_step, planned)
               : fmt::format("{} was ended by {} after step {}", who, process.ended, process.last_step)});
      if (!process.why_no_more.empty())
        marks.push_back(
            {Mood::bad, fmt::format("{} was read up to its last good step, {}, as it is damaged: {}", who,
                                    process.last_step, process.why_no_more)});
    }
}

void add_length_marks(const Diff& diff, std::vector<Mark>& marks) {
  if (diff.prefix)
    marks.push_back(
        {Mood::neutral,
         fmt::format("compared up to step {}: a plan asks for no more (until), or a time limit ended its "
                     "run; what comes later is untested",
                     *diff.prefix)});
  if (diff.matched_by_content)
    marks.push_back(
        {Mood::neutral,
         "the training processes of a run could not be told apart (they started alike and trained at once): "
         "equal ones were taken for the same"});
}

// Equal runs leave equal traces, and so does a copy: what tells them apart is the execution's own name.
void add_copy_marks(const Diff& diff, std::vector<Mark>& marks) {
  std::size_t nameless = 0;
  for (const auto& one : diff.classes) {
    if (one.members.size() < 2) continue;
    for (const auto member : one.members) nameless += diff.traces[member].execution.empty() ? 1 : 0;
  }
  if (nameless > 0)
    marks.push_back({Mood::neutral,
                     fmt::format("{} no name of {} own (run.toml), so equal ones may be copies of one run",
                                 nameless == 1 ? "one run carries" : fmt::format("{} runs carry", nameless),
                                 nameless == 1 ? "its" : "their")});
}

}  // namespace

std::vector<Mark> metric_marks(const Diff& diff, const std::optional<Metric>& metric) {
  if (!metric || diff.classes.empty()) return {};
  std::vector<Mark> marks;
  for (const auto& one : diff.classes) {
    std::set<std::string> values;
    for (const auto member : one.members) values.insert(metric_phrase(diff, {member}, *metric));
    if (values.size() > 1)
      marks.push_back({Mood::bad, fmt::format("{} among runs of equal bits (class {})",
                                              values.contains("") ? "some lack " + metric->name
                                                                  : metric_phrase(diff, one.members, *metric),
                                              one.letter)});
    else if (diff.all_equal() && !values.contains(""))
      marks.push_back({Mood::good, fmt::format("{} in every run", *values.begin())});
  }
  return marks;
}

std::vector<Mark> run_marks(const Diff& diff) {
  std::vector<Mark> marks;
  add_nan_marks(diff, marks);
  add_short_marks(diff, marks);
  add_length_marks(diff, marks);
  add_copy_marks(diff, marks);
  return marks;
}

}  // namespace reprise
