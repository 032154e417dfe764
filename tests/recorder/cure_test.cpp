// SPDX-License-Identifier: Apache-2.0
// reprise cure of a script that sets the very thing that it is asked about: nothing is cured, and that is
// said.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "recorder/observed.h"

using namespace reprise;
using Catch::Matchers::Contains;
using nlohmann::json;

TEST_CASE(
    "a script that sets its own threads is untested for a cure of threads, and no set is said to hold") {
  const Scratch folder;
  script(folder, R"(
import torch

torch.set_num_threads(1)
model = torch.nn.Linear(64, 8)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    model(torch.ones(32, 64) / (step + 3)).sum().backward()
    optimizer.step()
)");
  const auto printed =
      run_program(folder.path(), "cure --json --quiet --axis threads=1,2 -- '" + test_python + "' script.py");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 2);
  const json document = json::parse(printed.out);
  CHECK(document["answer"] == "untested");
  CHECK(document["front"].empty());
  CHECK(document["runs_made"] == 2);
  CHECK_THAT(document["headline"], Contains("the script itself set threads to 1"));
}
