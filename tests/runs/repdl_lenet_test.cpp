// SPDX-License-Identifier: Apache-2.0
// The recipe of RepDL's LeNet-5 from the command line to its trace, on images made up here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/tensor/safetensors.h"
#include "harness/trace/trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

std::string idx(const std::vector<unsigned char>& shape) {
  std::string file("\0\0\x08", 3);
  std::size_t count = 1;
  file += static_cast<char>(shape.size());
  for (const auto extent : shape) {
    file += std::string(3, '\0') + static_cast<char>(extent);
    count *= extent;
  }
  for (std::size_t i = 0; i < count; ++i)
    file += static_cast<char>(shape.size() > 1 ? i * i / 7 % 251 : i % 10);
  return file;
}

// The recipe as it is shipped, but for its data and what follows from their number.
void make_recipe(const Scratch& folder) {
  std::string recipe = content_of(REPRISE_SOURCE "/recipes/published/repdl-lenet.toml");
  recipe = recipe.substr(0, recipe.find("[[data]]")) + recipe.substr(recipe.find("[metric]"));
  recipe = replace_all(recipe, "batch = 100 ", "batch = 5 ");
  recipe = replace_all(recipe, "samples = 60000", "samples = 40");
  recipe = replace_all(recipe, "threads = \"2\"", "threads = \"1\"");
  for (const std::string part : {"train", "test"})
    for (const std::string what : {"images", "labels"}) {
      const unsigned char count = part == "train" ? 40 : 12;
      const std::string name = part + "-" + what;
      const auto shape = what == "images" ? std::vector<unsigned char>{count, 28, 28} : std::vector{count};
      write_atomically(folder / name, idx(shape));
      recipe += fmt::format("[[data]]\nname = \"{}\"\nfile = \"{}\"\nsha256 = \"{}\"\nsource = \"made\"\n",
                            name, name, sha256_text(idx(shape)));
    }
  write_atomically(folder / "lenet.toml", recipe);
}

Json run_of(const Scratch& folder, const std::string& choices) {
  const auto printed = run_program(folder.path(), "run ./lenet.toml --set steps=12 --json " + choices,
                                   "REPRISE_DATA='" + folder.path().string() + "'");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return Json::parse(printed.out)["runs"];
}

// SHA-256 of the weights in the last checkpoint, in the model's order.
std::string sha256_of_checkpoint(const fs::path& run) {
  const Checkpoint file(run / "checkpoints/step-00000012.safetensors");
  std::string bytes;
  for (const std::string layer : {"0", "3", "7", "9", "11"})
    for (const std::string part : {".weight", ".bias"}) {
      const auto found =
          std::ranges::find(file.tensors(), "weights/net." + layer + part, &CheckpointTensor::name);
      REQUIRE(found != file.tensors().end());
      const auto read = file.read(*found);
      bytes.append(reinterpret_cast<const char*>(read.data()), read.size());
    }
  return sha256_text(bytes);
}

}  // namespace

TEST_CASE("a run of RepDL's LeNet leaves the digests of its weights and logits, the same on two threads") {
  const Scratch folder;
  make_recipe(folder);
  const Json runs = run_of(folder, "--repeat 2"), other = run_of(folder, "--pin threads=2");
  const fs::path first = folder.path() / runs[0]["folder"], second = folder.path() / runs[1]["folder"];
  CHECK(content_of(first / "trace.h5") == content_of(second / "trace.h5"));
  const auto left = Trace(first).artifacts();
  REQUIRE(left.size() == 3);
  CHECK(left[0].name == "initial_weights");
  CHECK(left[1].name == "logits");
  CHECK(left[1].shape == std::vector<std::int64_t>{12, 10});
  CHECK(left[2].name == "trained_weights");
  CHECK(left[2].sha256 == sha256_of_checkpoint(first));
  CHECK(left[0].sha256 != left[2].sha256);
  CHECK(runs[0]["sha256"]["logits"] == left[1].sha256);
  CHECK(other[0]["sha256"] == runs[0]["sha256"]);
  CHECK(other[0]["chain"] == runs[0]["chain"]);
  // The program's own order: epochs of eight steps, each sample once.
  std::set<std::uint64_t> seen;
  for (std::int64_t step = 1; step <= 8; ++step)
    for (const auto sample : Trace(first).samples(step)) seen.insert(sample);
  CHECK(seen.size() == 40);
}

TEST_CASE("fixed-order operators are calls that a trace names, and what they do inside is theirs") {
  const Scratch folder;
  make_recipe(folder);
  const Json runs = run_of(folder, "--set ops=1-1");
  std::map<std::string, int> calls;
  for (const auto& call : Trace(folder.path() / runs[0]["folder"]).calls(1))
    if (call.name.starts_with("fixed_order::")) ++calls[call.name.substr(13)];
  CHECK(calls == std::map<std::string, int>{{"adam_", 10},
                                            {"conv2d", 2},
                                            {"conv2d_input_gradient", 1},
                                            {"conv2d_weight_gradient", 2},
                                            {"cross_entropy", 1},
                                            {"cross_entropy_gradient", 1},
                                            {"linear", 3},
                                            {"product", 6},
                                            {"sum_of_channels", 2},
                                            {"sum_of_rows", 3}});
}

TEST_CASE("only a run that came to its planned end leaves digests, and one that did not is no difference") {
  const Scratch folder;
  make_recipe(folder);
  const Json whole = run_of(folder, ""), part = run_of(folder, "--set until=5");
  const std::string a = whole[0]["folder"], b = part[0]["folder"];
  CHECK(Trace(folder.path() / b).artifacts().empty());
  CHECK_FALSE(part[0].contains("sha256"));
  const auto printed = run_program(folder.path(), "diff whole=" + a + " part=" + b);
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
}

TEST_CASE("a program without an order of its own is told so where the pin asks for it") {
  const Scratch folder;
  const auto printed = run_program(folder.path(), "run waves --set steps=2 --pin batch-order=program");
  CHECK(printed.code == 2);
  CHECK(contains(printed.out, "found waves, which draws none; try batch-order=seeded"));
}
