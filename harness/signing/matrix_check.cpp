// SPDX-License-Identifier: Apache-2.0
#include "harness/signing/matrix_check.h"

#include <fmt/format.h>

#include <optional>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/matrix/axis.h"
#include "harness/trace/run_traces.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

struct Counts {
  std::size_t runs = 0, values = 0,
              beside = 0;  // beside: values of what no plan holds, a repeat or a machine
};

// Whether a plan has the value: giving it the value again changes nothing. Nothing where that cannot be told.
std::optional<bool> has_value(const Plan& plan, const std::string& factor, const std::string& value) try {
  if (factor == "repeat") return std::nullopt;
  Plan again = plan;
  pick_axis(factor).apply(again, value);
  return plan_id(again) == plan_id(plan);
} catch (const Error&) {  // no axis, or a value that is a file elsewhere
  return std::nullopt;
}

// What is wrong with a run that ended well, or "".
std::string fault_of_run(const Configuration& one, Counts& counts) {
  const Plan plan = read_run(one.folder).processes.front().trace.plan();
  if (const auto id = plan_id(plan); id != one.plan_id)
    return fmt::format("it names the plan {} for the run {}, whose trace is of {}", one.plan_id, one.name,
                       id);
  ++counts.runs;
  for (const auto& [factor, value] : one.values) {
    const auto has = has_value(plan, factor, value);
    ++(has ? counts.values : counts.beside);
    if (has == false)
      return fmt::format("it says {}={} of the run {}, whose plan says otherwise", factor, value, one.name);
  }
  return "";
}

std::string fault_of_outcome(const Configuration& one) {
  const fs::path file = one.folder / "outcome.toml";
  if (!fs::exists(file)) return "";
  const Ending told = outcome_from_toml(read_file(file, "outcome"), file.string()).ending;
  if (told == one.outcome.ending) return "";
  return fmt::format("it says that the run {} ended as {}, whose own outcome is {}", one.name,
                     to_text(one.outcome.ending), to_text(told));
}

// A factor that promises less than its axis does would let a broken promise pass.
std::string fault_of_promise(const Factor& factor) try {
  const Promise promised = pick_axis(factor.name).promise;
  if (promised == factor.promise) return "";
  return fmt::format("it says that {} owes {}, and the axis owes {}", factor.name, to_text(factor.promise),
                     to_text(promised));
} catch (const Error&) {  // no axis: a machine, say
  return "";
}

std::string fault_of(const Matrix& matrix, bool of_matrix, Counts& counts) {
  for (const auto& factor : matrix.factors)
    if (std::string fault = fault_of_promise(factor); !fault.empty()) return fault;
  for (const auto* list : {&matrix.configurations, &matrix.self_test, &matrix.own_pair})
    for (const auto& one : *list) {
      if (one.folder.empty() || !fs::exists(one.folder)) continue;
      std::string fault = of_matrix ? fault_of_outcome(one) : "";
      if (fault.empty() && one.outcome.done()) fault = fault_of_run(one, counts);
      if (!fault.empty()) return fault;
    }
  return "";
}

}  // namespace

void check_matrix(const Matrix& matrix, bool of_matrix, Verification& found) try {
  Counts counts;
  if (const auto fault = fault_of(matrix, of_matrix, counts); !fault.empty())
    return found.fail("matrix", "wanted a matrix that says what its runs say, found another: " + fault);
  if (counts.runs == 0) return found.leave("matrix", "no run of it ended well, so that no plan can be asked");
  found.pass(
      "matrix",
      fmt::format("the plans of {} runs are those that it names, with {} values; {} more are of what no "
                  "plan holds, such as a repeat",
                  counts.runs, counts.values, counts.beside));
} catch (const Error& error) {
  found.fail("matrix", error.what());
}

}  // namespace reprise
