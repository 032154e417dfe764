// SPDX-License-Identifier: Apache-2.0
// What a command leaves is evidence too: of a Python script beside its steps, of any other program alone.
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

std::map<std::string, Artifact> artifacts_of(const std::filesystem::path& run) {
  std::map<std::string, Artifact> found;
  for (const auto& artifact : Trace(run).artifacts()) found[artifact.name] = artifact;
  return found;
}

Digest of_bytes(const std::string& bytes) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  return tensor_digest("U8", {&size, 1}, std::as_bytes(std::span(bytes)));
}

Json matrix_of(const Scratch& folder, const std::string& words) {
  const auto printed = run_program(folder.path(), "matrix --no-own-seeds --json " + words);
  INFO(words << "\n" << printed.out << printed.err);
  REQUIRE(printed.code < 2);
  return Json::parse(printed.out);
}

}  // namespace

TEST_CASE("what a program that is no PyTorch leaves is digested, and the same again is the same") {
  const Scratch folder;
  const auto printed =
      run_program(folder.path(),
                  "run --repeat 2 --runs runs --set artifacts='{out}/*.txt,seen.bin' -- /bin/sh -c "
                  "'printf abc > {out}/b.txt; printf a > {out}/a.txt; printf xyz > seen.bin'");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const auto found = artifacts_of(only_run(folder));
  REQUIRE(found.size() == 3);
  CHECK(found.at("{out}/b.txt").digest == of_bytes("abc"));
  CHECK(found.at("{out}/a.txt").digest == of_bytes("a"));
  CHECK(found.at("seen.bin").digest == of_bytes("xyz"));
  CHECK(found.at("{out}/b.txt").sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Trace(only_run(folder)).finished());
  CHECK_THAT(printed.out, Contains("none seen"));
  CHECK_THAT(printed.out, Contains("only what the run left is compared"));
  CHECK_THAT(printed.out, Contains("All runs are identical"));
}

TEST_CASE("a matrix and a diff tell what other files a configuration left") {
  const Scratch folder;
  const auto report = matrix_of(folder,
                                "--axis repeat=2 --axis threads=1,2 --set artifacts='{out}/*' -- /bin/sh -c "
                                "'echo {threads} > {out}/threads.txt; echo all > {out}/all.txt'");
  CHECK(report["classes"] == Json::parse(R"([["baseline","repeat=2"],["threads=2","threads=2 repeat=2"]])"));
  CHECK(report["self_test"].is_null());
  CHECK_THAT(report["partings"].dump(), Contains("artifacts of {out}/threads.txt"));
  CHECK_THAT(report["partings"].dump(), Contains("1 of 2 differ"));
  CHECK(report["next_command"] == "");
  std::string runs;
  for (const auto& plan : std::filesystem::directory_iterator(folder.path() / "runs"))
    if (std::filesystem::exists(plan.path() / "2")) runs += " " + (plan.path() / "1").string();
  const auto diff = run_program(folder.path(), "diff" + runs);
  INFO(diff.out << diff.err);
  CHECK(diff.code == 1);
  CHECK_THAT(diff.out, Contains("{out}/threads.txt"));
  CHECK_THAT(diff.out, Contains("only what the run left is compared"));
}

TEST_CASE("the hash seed is an axis, and a script that depends on it is found out") {
  const Scratch folder;
  const auto path = script(folder, "import sys\nopen(sys.argv[1], 'w').write(str(hash('word') % 2**20))\n");
  const auto report = matrix_of(folder,
                                "--axis repeat=2 --axis python-hash-seed=0,1 --set artifacts='{out}/*' -- "
                                "/usr/bin/python3 -s " +
                                    path.string() + " {out}/hash.txt");
  CHECK(report["classes"].size() == 2);
  CHECK(report["factors"][1]["name"] == "python-hash-seed");
  CHECK(report["factors"][1]["kept"] == false);
}

TEST_CASE("an artifact that is missing, old or no file is told") {
  const Scratch folder;
  const auto missing =
      run_program(folder.path(), "run --runs runs --set artifacts='out/*.pt' -- /bin/sh -c 'true'");
  CHECK(missing.code == 2);
  CHECK_THAT(missing.out, Contains("wanted the artifacts out/*.pt, found none"));
  std::ofstream(folder / "old.txt") << "left by somebody";
  const auto now = std::filesystem::file_time_type::clock::now();
  std::filesystem::last_write_time(folder / "old.txt", now - std::chrono::hours(1));
  const auto old = run_program(folder.path(), "run --runs runs --set artifacts=old.txt -- /bin/sh -c 'true'");
  CHECK(old.code == 0);
  CHECK_THAT(old.out, Contains("old.txt was there before the run, which did not write it"));
  const auto none = run_program(folder.path(), "run --runs runs -- /bin/sh -c 'true'", "PATH=/nowhere");
  CHECK(none.code == 2);
  CHECK_THAT(none.err, Contains("--set artifacts=out/*.pt"));
  const auto native = run_program(folder.path(), "run waves --set artifacts=a.pt");
  CHECK(native.code == 2);
}

TEST_CASE(
    "the checkpoint that a script leaves holds the weights of its last step, git and files are recorded") {
  const Scratch folder;
  std::ofstream(folder / "big.bin").close();
  std::filesystem::resize_file(folder / "big.bin", (64 << 20) + 1);
  std::ofstream(folder / "script.py")
      << "import torch, os\nopen('big.bin', 'rb').read(10)\n"
         "model = torch.nn.Linear(4, 2)\noptimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
         "for step in range(3):\n    model(torch.ones(3, 4)).sum().backward()\n    optimizer.step()\n"
         "os.makedirs('out', exist_ok=True)\ntorch.save(model.state_dict(), 'out/model.pt')\n";
  std::ofstream(folder / "mine.toml")
      << "summary = \"somebody's script\"\ncommand = [\"" << test_python
      << "\", \"script.py\"]\nartifacts = [\"out/*.pt\"]\nhash_files = \"all\"\n";
  const std::string git = "git -c user.name=a -c user.email=a@b -c init.defaultBranch=main ";
  const std::string line = "cd '" + folder.path().string() + "' && " + git + "init -q . && " + git +
                           "add script.py mine.toml && " + git +
                           "commit -q -m one && echo '# more' >> script.py";
  REQUIRE(std::system(line.c_str()) == 0);
  const auto printed = run_program(folder.path(), "run mine.toml");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == 3);
  const auto found = artifacts_of(only_run(folder));
  REQUIRE(found.size() == 2);
  const auto digests = trace.tensors(3);
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == Stage::weights)
      CHECK(found.at("out/model.pt:" + trace.columns()[i].name).digest == digests[i]);
  CHECK(trace.facts().at("git.commit").size() == 40);
  CHECK(trace.facts().at("git.changed") == "1 file");
  CHECK(trace.facts().contains("git.changes.sha256"));
  const auto observed = Json::parse(content_of(only_run(folder) / "observed.json"));
  REQUIRE(observed["files"].size() == 1);
  CHECK(observed["files"][0]["bytes"] == (64 << 20) + 1);
  CHECK(observed["files"][0]["sha256"].get<std::string>().size() == 64);
}
