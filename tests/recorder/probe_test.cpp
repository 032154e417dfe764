// SPDX-License-Identifier: Apache-2.0
// reprise probe my_op.py: a function of somebody's file, called again and again.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/watch/recorder.h"
#include "recorder/observed.h"

using namespace reprise;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

constexpr std::string_view own_op = R"(
import torch

x = 1 / (torch.arange(200000) + 1.0)


def probe():
    y = x.clone().requires_grad_()
    total = y.sum()
    total.backward()
    return {"sum": total, "gradient": y.grad, "drawn": torch.rand(5)}
)";

constexpr std::string_view counting = R"(
import torch

count = 0


def add_up():
    global count
    count += 1
    return torch.tensor([float(count // 3)])
)";

json probed(const Scratch& folder, const std::string& text, const std::string& options) {
  std::ofstream(folder / "my_op.py") << text;
  const auto printed =
      run_program(folder.path(), "probe my_op.py --json --quiet --python '" + test_python + "' " + options);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const json document = json::parse(printed.out);
  REQUIRE(document["operators"].size() == 1);
  REQUIRE(document["operators"][0]["name"] == "my_op");
  return document;
}

json cell_of(const json& document, const std::string& cause) {
  for (const auto& cell : document["operators"][0]["cells"])
    if (cell["cause"] == cause) return cell;
  FAIL("no cell for " << cause);
  return {};
}

}  // namespace

TEST_CASE("a function in a Python file is probed as an operator is") {
  CHECK(std::filesystem::exists(probing_script()));
  const Scratch folder;
  const json document =
      probed(folder, std::string(own_op), "--causes calls,processes,threads,batch --calls 3 --processes 2");
  CHECK(cell_of(document, "calls")["finding"] == "repeats");
  CHECK(cell_of(document, "calls")["calls"] == 3);
  CHECK(cell_of(document, "processes")["finding"] == "repeats");
  CHECK(cell_of(document, "threads")["finding"] == "varies");
  CHECK_THAT(cell_of(document, "threads")["sentence"], Contains("sum differs with threads=2"));
  CHECK(cell_of(document, "batch")["finding"] == "untested");
  CHECK_THAT(cell_of(document, "batch")["sentence"], Contains("a function in Python makes its inputs"));
  CHECK(document["operators"][0]["bits"].get<std::string>().size() == 32);
}

TEST_CASE("the only function of a file is probed under any name, and its counterexample is told") {
  const Scratch folder;
  const json document = probed(folder, std::string(counting), "--causes calls --calls 4");
  CHECK(cell_of(document, "calls")["finding"] == "varies");
  CHECK(cell_of(document, "calls")["sentence"] == "out differs in call 3 of 4");
  CHECK(cell_of(document, "calls")["differ"] == 2);
}

TEST_CASE(
    "a Python file without a fit function, or whose function gives no tensors, is untested with the reason") {
  const std::pair<const char*, const char*> bad[] = {
      {"def a():\n    pass\n\n\ndef b():\n    pass\n", "one function alone, found a, b"},
      {"def probe():\n    return 3\n", "the function returned int"},
      {"import torch\n\nseen = []\n\n\ndef probe():\n    seen.append(1)\n    return torch.ones(len(seen))\n",
       "other names, types or shapes"},
      {"def probe():\n    raise ValueError('not today')\n", "not today"},
  };
  for (const auto& [text, reason] : bad) {
    const Scratch folder;
    const json cell = cell_of(probed(folder, text, "--causes calls --calls 3"), "calls");
    INFO(cell);
    CHECK(cell["finding"] == "untested");
    CHECK_THAT(cell["sentence"], Contains(reason));
  }
  const Scratch folder;
  const auto missing = run_program(folder.path(), "probe nowhere.py");
  CHECK(missing.code == 2);
  CHECK_THAT(missing.err, Contains("found none at nowhere.py"));
}
