// SPDX-License-Identifier: Apache-2.0
// A worker without LibTorch: whatever the plan, it "trains" the small trace of the tests. Arguments: the
// plan, the trace, and a file that says what is planted: "parts_at 4", "library 2".
#include <fstream>
#include <iostream>
#include <map>

#include "harness/base/files.h"
#include "harness/plan/plan.h"
#include "small_trace.h"

int main(int argc, char** argv) {
  using namespace reprise;
  if (argc < 4) return 2;
  const Plan plan = plan_from_toml(read_file(argv[1], "plan"), argv[1]);
  if (plan.watch.until != 0 || plan.watch.injected) {
    std::cerr << "made for whole runs alone\n";
    return 1;
  }
  std::map<std::string, std::int64_t> planted{{"parts_at", -1}, {"library", 1}};
  std::ifstream in(argv[3]);
  for (std::string name; in >> name;) in >> planted[name];
  SmallTrace small;
  small.steps = plan.steps;
  small.parts_at = planted["parts_at"];
  TraceWriter writer(argv[2],
                     {plan,
                      {{"cpu.model", "a test"}, {"library.made.so", std::to_string(planted["library"])}},
                      {floats("x", {1, 2, 3, 4, 5, 6, 7, 8})}});
  for (std::int64_t step = 0; step <= small.steps; ++step) {
    const auto record = record_of(small, step);
    writer.write(record);
    if (record.checkpoint) writer.write_pins(plan.pins);
  }
  writer.finish();
  return 0;
}
