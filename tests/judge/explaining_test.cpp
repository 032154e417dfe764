// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/explaining.h"

#include <catch2/catch.hpp>

using namespace reprise;

namespace {

using Sets = std::vector<std::vector<std::string>>;

// A full design of factors with the values "1" and "2", the last factor turning fastest.
struct FullDesign {
  std::vector<Factor> factors;
  std::vector<Configuration> configurations;
};

FullDesign full_design(const std::vector<std::string>& names) {
  FullDesign design;
  for (const auto& name : names) design.factors.push_back({name, {"1", "2"}, Promise::numeric});
  for (std::size_t i = 0; i < std::size_t{1} << names.size(); ++i) {
    Configuration configuration;
    for (std::size_t f = 0; f < names.size(); ++f)
      configuration.values[names[f]] = (i >> (names.size() - 1 - f) & 1) != 0 ? "2" : "1";
    design.configurations.push_back(configuration);
  }
  return design;
}

Explanation explained(const FullDesign& design, const std::vector<std::size_t>& classes) {
  std::vector<const Configuration*> configurations;
  for (const auto& configuration : design.configurations) configurations.push_back(&configuration);
  return explain(design.factors, configurations, classes);
}

}  // namespace

TEST_CASE("one class needs no explanation") {
  const auto explanation = explained(full_design({"isa", "mkl"}), {0, 0, 0, 0});
  CHECK(explanation.sets.empty());
  CHECK(explanation.explained);
}

TEST_CASE("the factor whose value decides the class is found alone") {
  const auto explanation = explained(full_design({"isa", "mkl", "threads"}), {0, 0, 1, 1, 0, 0, 1, 1});
  CHECK(explanation.sets == Sets{{"mkl"}});
  CHECK(explanation.explained);
}

TEST_CASE("factors that act together are named together") {
  // Threads move the bits only where mkl is 1.
  const auto explanation = explained(full_design({"isa", "mkl", "threads"}), {0, 1, 0, 0, 0, 1, 0, 0});
  CHECK(explanation.sets == Sets{{"mkl", "threads"}});
}

TEST_CASE("sets of one size that explain equally well are all named") {
  FullDesign design = full_design({"isa", "mkl", "threads"});
  // Only runs in which isa and mkl are equal: nobody can tell them apart.
  design.configurations = {design.configurations[0], design.configurations[1], design.configurations[6],
                           design.configurations[7]};
  const auto explanation = explained(design, {0, 0, 1, 1});
  CHECK(explanation.sets == Sets{{"isa"}, {"mkl"}});
}

TEST_CASE("runs that differ in the repeat alone are explained by nothing") {
  const auto explanation = explained(full_design({"repeat", "threads"}), {0, 0, 1, 0});
  CHECK(explanation.sets.empty());
  CHECK_FALSE(explanation.explained);
}

TEST_CASE("many factors are explained in a moment") {
  FullDesign design;
  std::vector<std::size_t> classes;
  for (int f = 0; f < 12; ++f)
    design.factors.push_back({"f" + std::to_string(f), {"1", "2"}, Promise::numeric});
  for (int i = -1; i < 12; ++i) {  // one factor at a time
    Configuration configuration;
    for (int f = 0; f < 12; ++f) configuration.values["f" + std::to_string(f)] = f == i ? "2" : "1";
    design.configurations.push_back(configuration);
    classes.push_back(i == 3 ? 1 : i == 7 ? 2 : 0);
  }
  CHECK(explained(design, classes).sets == Sets{{"f3", "f7"}});
}
