// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parts of a report, one function each; compose() puts them together.
#include <optional>
#include <string>
#include <vector>

#include "harness/judge/compare/diff.h"
#include "harness/judge/explain/bisection.h"
#include "harness/judge/verdict/self_test.h"
#include "harness/judge/verdict/verdict.h"
#include "harness/plan/matrix.h"
#include "reports/report.h"

namespace reprise {

inline constexpr std::size_t curve_points = 400;
inline constexpr std::size_t partings_written = 20;

// The split of the first class against class `index`, or nothing for the first class itself.
const Split* from_first(const Diff& diff, std::size_t index);

// compose_tables.cpp
std::vector<ReportClass> classes_of(const Diff& diff, const std::optional<Metric>& metric);
std::vector<ReportRun> runs_of(const Diff& diff);
std::vector<ReportFactor> factors_of(const Verdict& verdict);
std::vector<UntestedRun> untested_of(const Matrix& matrix);
Table pins_of(const Diff& diff);
Table facts_of(const Diff& diff);

// compose_series.cpp
std::vector<Strip> strips_of(const Diff& diff);
std::vector<Curve> curves_of(const Diff& diff);
Heat heat_of(const Diff& diff);
std::string strips_sentence(const Diff& diff);
std::string curves_sentence(const Diff& diff);

// compose_partings.cpp
std::vector<Parting> partings_of(const Diff& diff);

// compose_operator.cpp
// Into the partings of the classes that a bisection's sides are in.
void add_operators(const Diff& diff, const std::vector<Bisection>& bisections,
                   std::vector<Parting>& partings);

// compose_self_test.cpp
SelfTestPart self_test_part(const SelfTest& test);
std::vector<Mark> self_test_marks(const std::optional<SelfTest>& test);
// If a sown fault escaped: the headline says so first, and the exit code is that of trouble.
void declare_void(const SelfTest& test, Report& report);

// compose_sentences.cpp
// Nothing if there is none of that name.
const FactorVerdict* factor_named(const Verdict& verdict, std::string_view name);
const Configuration* configuration_named(const Matrix& matrix, const std::string& name);
std::vector<std::string> verdict_sentences(const Diff& diff, const Verdict& verdict, const Matrix& matrix);
std::vector<Mark> marks_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix);
std::string explaining_sentence(const Diff& diff, const Verdict& verdict);

// compose_gpus.cpp
std::vector<Mark> gpu_marks(const Diff& diff);

// compose_next.cpp
// `partings`: with what was bisected already, which is not proposed again.
NextStep next_of(const Diff& diff, const Verdict& verdict, const Matrix& matrix,
                 const std::vector<Parting>& partings);

}  // namespace reprise
