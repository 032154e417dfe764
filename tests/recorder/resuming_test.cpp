// SPDX-License-Identifier: Apache-2.0
// run --resume-from-checkpoint: a script that goes on from its own checkpoint, and what it forgets.
#include <optional>

#include "harness/search/resuming.h"
#include "observed.h"
#include "program.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string gpt =
    test_python + " " + REPRISE_SOURCE + "/docs/examples/resumed_gpt.py --save {out}/last.pt";

// `reprise run --resume-from-checkpoint` of the small character model.
Printed resume(const Scratch& folder, const std::string& more, const std::string& stop = "--stop-after 5") {
  return run_program(folder.path(), "run --json --runs runs " + stop +
                                        " --checkpoint '{out}/last.pt' --resume-from-checkpoint "
                                        "'--resume {checkpoint}" +
                                        more + "' -- " + gpt);
}

std::vector<std::string> parts(const Json& document) {
  std::vector<std::string> names;
  for (const auto& one : document["not_restored"]) names.push_back(one["part"]);
  return names;
}

}  // namespace

TEST_CASE(
    "a script that restores everything goes on as if it had never stopped, and what it forgets is named") {
  const Scratch folder;
  const auto printed = resume(folder, "");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Json whole = Json::parse(printed.out);
  CHECK(whole["sentence"] == "resume: identical, bit for bit, from step 6 to step 12");
  CHECK(whole["stopped_after"] == 5);
  CHECK(whole["resumed_after"] == 5);
  using Names = std::vector<std::string>;
  const std::pair<const char*, Names> omissions[] = {
      {"optimizer", {"optimizer state"}},
      {"schedule", {"learning rate schedule"}},
      {"random", {"random streams"}},
      {"sampler", {"batches"}},
      {"average", {"modules that no optimizer has"}},
      {"scale", {"loss scale"}},
      {"buffers", {"weights"}},
  };
  for (const auto& [forgotten, names] : omissions) {
    const auto other = resume(folder, std::string(" --forget ") + forgotten);
    INFO(forgotten << "\n" << other.out << other.err);
    CHECK(other.code == 1);
    const Json document = Json::parse(other.out);
    CHECK(document["result"] == "differs");
    CHECK(document["whole"]["reused"] == true);
    CHECK(document["stopped"]["reused"] == true);
    const auto found = parts(document);
    for (const auto& name : names) CHECK_THAT(found, Catch::VectorContains(name));
    // The optimizer's own numbers come and go with it; the schedule sets them anew.
    if (std::string(forgotten) != "optimizer") CHECK(found == names);
  }
}

TEST_CASE("a stop that shows nothing is untested, with the reason") {
  const Scratch folder;
  const auto path =
      script(folder,
             "import signal, sys, torch\n"
             "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
             "torch.manual_seed(0)\n"
             "steps = int(sys.argv[1])\n"
             "model = torch.nn.Linear(4, 2)\n"
             "optimizer = torch.optim.SGD(model.parameters(), lr=1 / 3 if steps == 3 else 0.25)\n"
             "for step in range(steps):\n"
             "    model(torch.ones(3, 4)).sum().backward()\n"
             "    optimizer.step()\n"
             "if steps == 4:\n"
             "    torch.save(model.state_dict(), 'last.pt')\n");
  const std::string before =
                        "run --runs runs --checkpoint last.pt --resume-from-checkpoint 'load={checkpoint}' ",
                    after = " -- " + test_python + " " + path.string() + " 4";
  const std::pair<const char*, const char*> cases[] = {
      {"--stop-after 2", "it ignores the signal"},
      {"--stop-after 4", "the run has 4 steps, so 1 to 3 can be"},
      {"--stop-arguments arg:1=3", "what it is told to stop changes its training"},
      {"--stop-arguments arg:1=2", "last.pt was there before, and the stopped run did not write it"},
  };
  for (const auto& [stop, part] : cases) {
    const auto printed = run_program(folder.path(), before + stop + after);
    INFO(stop << "\n" << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.out + printed.err, Contains(part));
  }
}

TEST_CASE("what is missing or too much of a resume is refused before anything runs") {
  const Scratch folder;
  const std::pair<const char*, const char*> cases[] = {
      {"--resume-from-checkpoint --resume --checkpoint a.pt --stop-after 3", "wanted {checkpoint} in"},
      {"--resume-from-checkpoint '--resume {checkpoint}' --stop-after 3", "wanted --checkpoint"},
      {"--resume-from-checkpoint '--resume {checkpoint}' --checkpoint a.pt", "found neither"},
      {"--resume-from-checkpoint '{checkpoint}' --checkpoint a.pt --stop-after 3 --stop-arguments x",
       "found both"},
      {"--resume-from-checkpoint 'arg:--from={checkpoint}' --checkpoint a.pt --stop-after 3",
       "the command has no argument --from"},
      {"--stop-after 3", "without --resume-from-checkpoint"},
      {"--repeat 2 --resume-from-checkpoint '{checkpoint}' --checkpoint a.pt --stop-after 3",
       "three runs of its own"},
  };
  for (const auto& [options, part] : cases) {
    const auto printed = run_program(folder.path(), "run --runs runs " + std::string(options) + " -- " + gpt);
    INFO(options << "\n" << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK_THAT(printed.err, Contains(part));
    CHECK_FALSE(std::filesystem::exists(folder / "runs"));
  }
}

TEST_CASE("three words say how a resume went") {
  ResumeRuns runs;
  runs.untested = "it never ran";
  CHECK(sentence_of(runs) == "resume: untested (it never ran)");
  runs.steps = 9;
  runs.aligned = Aligned{4, {AlignedProcess{}}};
  CHECK(sentence_of(runs) == "resume: identical, bit for bit, from step 5 to step 9");
  runs.aligned->processes[0].restored = {{Stage::rng, "random streams", {"torch.cpu"}, 3, true}};
  Divergence first;
  first.step = 1;
  first.stage = "batch";
  runs.aligned->processes[0].first = first;
  CHECK(sentence_of(runs) == "resume: not identical from step 5 on; not restored: random streams");
}
