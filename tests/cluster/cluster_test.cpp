// SPDX-License-Identifier: Apache-2.0
// What is read of a site and of Slurm, and batches of plans as files.
#include <catch2/catch.hpp>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/cluster/batch.h"
#include "harness/cluster/job_state.h"
#include "harness/cluster/site.h"
#include "harness/cluster/slurm.h"
#include "harness/cluster/slurm_options.h"
#include "harness/cluster/tool.h"
#include "harness/plan/node_kind.h"
#include "plan/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

TEST_CASE("options of sbatch are read as people write them") {
  const SlurmOptions wanted = {
      {"constraint", "sm80|sm90"}, {"exclusive", ""}, {"gres", "gpu:h100:1"}, {"partition", "gpu"}};
  CHECK(parse_slurm_options("partition=gpu --gres=gpu:h100:1 'constraint=sm80|sm90' exclusive") == wanted);
  CHECK(parse_slurm_options("").empty());
  CHECK(joined_options({{"a", "1"}, {"b", "2"}}, {{"b", "3"}}) == SlurmOptions{{"a", "1"}, {"b", "3"}});
  for (const char* text : {"-p gpu", "=gpu", "Partition=gpu", "gpu:1"})
    CHECK_THROWS_WITH(parse_slurm_options(text), Contains("wanted options of sbatch as NAME=VALUE"));
  for (const char* text : {"array=1-3", "--requeue", "output=x"})
    CHECK_THROWS_WITH(parse_slurm_options(text), Contains("is set by reprise itself"));
  CHECK_THROWS_WITH(parse_slurm_options("mem=1 mem=2"), Contains("mem twice"));
}

TEST_CASE("a site names its kinds of machines, each with a device and how it is asked for") {
  const Site site = site_from_toml(
      "slurm = \"account=me\"\n[[kind]]\nname = \"h100\"\ndevice = \"cuda:0\"\nslurm = \"gres=gpu:h100:1\"\n"
      "github = [\"self-hosted\", \"h100\"]\ngitlab = [\"h100\"]\n"
      "kubernetes = {\"nvidia.com/gpu.product\" = \"NVIDIA-H100\"}\nlimits = {\"nvidia.com/gpu\" = 1}\n",
      "site.toml");
  CHECK(site.devices() == std::map<std::string, std::string>{{"h100", "cuda:0"}});
  const NodeKind& kind = pick_kind(site, "h100");
  CHECK(kind.slurm == "gres=gpu:h100:1");
  CHECK(kind.kubernetes.at("nvidia.com/gpu.product") == "NVIDIA-H100");
  CHECK(kind.limits.at("nvidia.com/gpu") == "1");
  CHECK(kind.github.size() == 2);
  CHECK(pick_kind(site, "").device == "cpu");
  CHECK_THROWS_WITH(pick_kind(site, "h10"), Contains("did you mean 'h100'?"));
  CHECK_THROWS_WITH(pick_kind({}, "h100"), Contains("--site"));
}

TEST_CASE("a site with a mistake is refused with its line") {
  const std::pair<const char*, const char*> mistakes[] = {
      {"[[kind]]\nname = \"cpu\"\ndevice = \"cpu\"\n", "are devices already"},
      {"[[kind]]\nname = \"a,b\"\ndevice = \"cpu\"\n", "a name of its own"},
      {"[[kind]]\nname = \"x\"\ndevice = \"tpu\"\n", "wanted cpu, cuda:0"},
      {"[[kind]]\nname = \"x\"\n", "device"},
      {"[[kind]]\nname = \"x\"\ndevice = \"cpu\"\nslurm = \"array=3\"\n", "set by reprise itself"},
      {"[[kind]]\nname = \"x\"\ndevice = \"cpu\"\n[[kind]]\nname = \"x\"\ndevice = \"cpu\"\n", "twice"},
      {"slurms = \"\"\n", "slurms"}};
  for (const auto& [text, part] : mistakes) CHECK_THROWS_WITH(site_from_toml(text, "s.toml"), Contains(part));
}

TEST_CASE("states are read from squeue and sacct as they print them") {
  const auto queue = states_from_squeue(
      "12_0|PENDING|Resources|\n12_1|RUNNING|None|h100-1\n12_2|CANCELLED by 0|None|\nnoise\n");
  REQUIRE(queue.size() == 3);
  CHECK(to_sentence(queue.at("12_0")) == "waits in the queue (Resources)");
  CHECK(to_sentence(queue.at("12_1")) == "runs on h100-1");
  CHECK(phase_of(queue.at("12_2")) == JobPhase::cancelled);
  const auto past =
      states_from_sacct("2_2|FAILED|3:0|a100-1\n2_3|NODE_FAIL|0:0|a100-1\n2_4|COMPLETED|0:0|x\n");
  CHECK(past.at("2_2").exit == "3:0");
  CHECK(phase_of(past.at("2_2")) == JobPhase::failed);
  CHECK(phase_of(past.at("2_3")) == JobPhase::lost);
  CHECK(phase_of(past.at("2_4")) == JobPhase::completed);
  CHECK(phase_of({"COMPLETING", "", "", ""}) == JobPhase::running);
}

TEST_CASE("a tool's answer is what it printed, and a missing one says what is needed") {
  const ToolAnswer answer =
      ask_tool({"sh", "-c", "echo \"$0 $1\"; echo trouble >&2; exit 3", "a b", "'c'"}, "");
  CHECK(answer.code == 3);
  CHECK(answer.out == "a b 'c'\n");
  CHECK(answer.err == "trouble");
  CHECK_THROWS_WITH(ask_tool({"no-such-program"}, "install it"),
                    Contains("no-such-program") && Contains("install it"));
}

TEST_CASE("a batch is read as it was written, and a changed plan is refused") {
  const Scratch scratch;
  const Plan plan = small_recipe(scratch).defaults;
  Plan other = plan;
  other.pins["threads"] = "2";
  set_kind(other, "h100");
  write_batch(scratch / "batch", {{"baseline", plan, 1}, {"threads=2", other, 3, "start.safetensors"}},
              "abc");
  const BatchList list = read_batch(scratch / "batch");
  REQUIRE(list.legs.size() == 2);
  CHECK(list.program == "abc");
  CHECK(list.legs[1].name == "threads=2");
  CHECK(list.legs[1].repeat == 3);
  CHECK(list.legs[1].start == fs::absolute("start.safetensors"));
  CHECK(to_toml(list.legs[1].plan) == to_toml(other));
  const fs::path file = scratch / "batch/plans/1.toml";
  write_atomically(file, replace_all(read_file(file, "plan"), "threads = \"2\"", "threads = \"3\""));
  CHECK_THROWS_WITH(read_batch(scratch / "batch"), Contains("1.toml was changed"));
}

TEST_CASE("a result holds for the run whose files it names, and for no other") {
  const Scratch scratch;
  make_folder(scratch / "run/checkpoints");
  write_atomically(scratch / "run/trace.h5", "trace");
  write_atomically(scratch / "run/checkpoints/1", "weights");
  const fs::path file = scratch / "results/0.toml", run = scratch / "run";
  CHECK(wrong_result(file, run, "p", 1) == "it left no result");
  write_result(result_of(run, "p", 1), file);
  CHECK(wrong_result(file, run, "p", 1).empty());
  CHECK_THAT(wrong_result(file, run, "q", 1), Contains("of another run"));
  CHECK_THAT(wrong_result(file, run, "p", 2), Contains("of another run"));
  const std::string text = read_file(file, "result");
  for (const std::string& damaged :
       {text.substr(0, text.size() - 2), replace_all(text, "repeat = 1", "repeat = 2"), std::string(),
        text + "x"}) {
    write_atomically(file, damaged);
    CHECK_THAT(wrong_result(file, run, "p", 1), Contains("was cut short or changed"));
  }
  write_atomically(file, text);
  write_atomically(scratch / "run/checkpoints/1", "weight5");
  CHECK_THAT(wrong_result(file, run, "p", 1), Contains("checkpoints/1 is not the file"));
}
