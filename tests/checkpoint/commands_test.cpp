// SPDX-License-Identifier: Apache-2.0
// `reprise digest`, and `reprise diff` of checkpoints.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.h"
#include "scratch.h"
#include "small_trace.h"

using namespace reprise;

namespace {

const std::filesystem::path fixtures = REPRISE_SOURCE "/tests/checkpoint/fixtures";

std::string path_of(const std::string& name) { return "'" + (fixtures / name).string() + "'"; }

}  // namespace

TEST_CASE("digest prints each tensor and the root, or one document") {
  Scratch folder;
  const auto expected = nlohmann::json::parse(content_of(fixtures / "expected.json"))["state_dict.pt"];
  const auto text = run_program(folder.path(), "digest " + path_of("state_dict.pt"));
  CHECK(text.code == 0);
  CHECK(contains(text.out, expected["tensors"]["0.weight"].get<std::string>() + "  0.weight  F32[6, 4]"));
  CHECK(contains(text.out, expected["root"].get<std::string>() + "  root"));
  const auto json =
      run_program(folder.path(), "digest --json " + path_of("state_dict.pt") + " " + path_of("opaque.pt"));
  const auto document = nlohmann::json::parse(json.out);
  CHECK(document["schema"] == "reprise.digest/1");
  CHECK(document["files"][0]["root"] == expected["root"]);
  CHECK(document["files"][1]["opaque"][0]["what"] == "__main__.Settings");
  const auto brief = run_program(folder.path(), "digest --brief " + path_of("model.safetensors"));
  CHECK(brief.out.starts_with(expected["root"].get<std::string>() + "  "));
}

TEST_CASE("a checkpoint that cannot be read is trouble: one sentence, code 2") {
  Scratch folder;
  for (const auto* arguments : {"digest /nowhere.pt", "diff /nowhere.pt /nowhere.npz"}) {
    const auto said = run_program(folder.path(), arguments);
    CHECK(said.code == 2);
    CHECK(said.out.empty());
    CHECK(said.err.starts_with("reprise: "));
  }
  CHECK(run_program(folder.path(), "digest " + path_of("script.pt")).code == 2);
  CHECK(run_program(folder.path(), "diff " + path_of("script.pt") + " " + path_of("state_dict.pt")).code ==
        2);
}

TEST_CASE("diff compares checkpoints of any format, and never a checkpoint with a trace") {
  Scratch folder;
  const std::string pt = path_of("state_dict.pt");
  const auto same = run_program(folder.path(), "diff " + pt + " " + path_of("model.safetensors"));
  INFO(same.out << same.err);
  CHECK(same.code == 0);
  CHECK(contains(same.out, "bit for bit, in all 9 tensors"));
  const auto different = run_program(folder.path(), "diff --json " + pt + " " + path_of("dcp"));
  CHECK(different.code == 1);
  const auto document = nlohmann::json::parse(different.out);
  CHECK(document["schema"] == "reprise.checkpoint-diff/2");
  CHECK(document["only_left"].size() == 9);
  // The folder holds a step that is not read, so the same is not shown.
  const auto renamed = run_program(folder.path(), "diff --rename =model. " + pt + " " + path_of("dcp"));
  CHECK(renamed.code == 2);
  CHECK(contains(renamed.out, "No difference in 9 tensors"));
  CHECK(run_program(folder.path(), "diff --rename nobody=model. " + pt + " " + path_of("dcp")).code == 2);
  CHECK(run_program(folder.path(), "diff --format html " + pt + " " + pt).code == 2);
  CHECK(run_program(folder.path(), "diff " + pt + " " + pt + " " + pt).code == 2);
  write_small_trace(folder / "trace.h5", {});
  std::filesystem::create_directory(folder / "other");
  write_small_trace(folder / "other/trace.h5", {});
  CHECK(run_program(folder.path(), "diff trace.h5 other/trace.h5").code == 0);
  const auto twice = run_program(folder.path(), "diff trace.h5 trace.h5");
  CHECK(twice.code == 2);
  CHECK(contains(twice.err, "is a copy of trace.h5"));
  CHECK(run_program(folder.path(), "diff --rename a=b trace.h5 trace.h5").code == 2);
  const auto mixed = run_program(folder.path(), "diff trace.h5 " + pt);
  CHECK(mixed.code == 2);
  CHECK(contains(mixed.err, "compare like with like"));
}
