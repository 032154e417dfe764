// SPDX-License-Identifier: Apache-2.0
// One small training twice: by the native recipe, and by a script in Python on the same batches and initial
// weights, handed over as files. Where both call the same operators every weight is equal at every step;
// where they do not, the first other operator is named.
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string native_choices = "waves --set model=mlp --set steps=6 --set samples=200";

struct Twins {
  Scratch folder;
  std::string native;  // the run's folder

  Twins() {
    const auto run =
        run_program(folder.path(),
                    "run " + native_choices + " --set keep=all --set evaluate-every=6 --runs native --json");
    INFO(run.out << run.err);
    REQUIRE(run.code == 0);
    native = Json::parse(run.out)["runs"][0]["folder"];
    const auto order = run_program(folder.path(), "order " + native_choices + " --steps 1..6 --json");
    REQUIRE(order.code == 0);
    std::ofstream(folder.path() / "order.json") << order.out;
    const std::string words = "cd " + folder.path().string() + " && " + test_python + " " + test_scripts +
                              "/twin/batches.py order.json 200 batches.npz";
    REQUIRE(std::system(words.c_str()) == 0);
  }

  // The script's run, in its folder.
  std::string script_run(const std::string& optimizer) {
    const auto run =
        run_program(folder.path(), "run --json --runs " + optimizer + " -- " + test_python + " " +
                                       test_scripts + "/twin/train.py batches.npz " + native +
                                       "/checkpoints/step-00000000.safetensors " + optimizer);
    INFO(run.out << run.err);
    REQUIRE(run.code == 0);
    return Json::parse(run.out)["runs"][0]["folder"];
  }

  Printed across(const std::string& command, const std::string& other) {
    return run_program(folder.path(), command + " " + native + " " + other + " --across --json");
  }
};

}  // namespace

TEST_CASE("a training written natively and in Python is one training, or its first other operator is named") {
  Twins twins;
  const auto same = twins.across("diff", twins.script_run("libtorch"));
  INFO(same.out << same.err);
  CHECK(same.code == 0);
  const auto told = Json::parse(same.out);
  CHECK(told["same"] == true);
  CHECK(told["steps"] == 6);
  CHECK(told["compared"] == 6);

  const std::string other = twins.script_run("torch");
  const auto apart = twins.across("diff", other);
  CHECK(apart.code == 1);
  CHECK(Json::parse(apart.out)["step"].get<int>() > 1);  // both averages are the gradient's part at step 1
  const auto named = twins.across("bisect", other);
  INFO(named.out << named.err);
  CHECK(named.code == 1);
  const auto found = Json::parse(named.out);
  CHECK(found["found"] == "operator");
  CHECK(found["kind"] == "calls");
  CHECK(found["call_a"]["operator"] == "aten::mul_.Scalar");
  CHECK(found["call_a"]["phase"] == "optimizer");
  CHECK(found["call_b"]["operator"] == "aten::lerp_.Scalar");
  CHECK(found["call_b"]["phase"] == "optimizer");
}
