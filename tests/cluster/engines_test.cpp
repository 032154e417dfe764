// SPDX-License-Identifier: Apache-2.0
// Job files for systems that reprise does not talk to, held against their structure. Their schemas:
// tests/cluster/validate.py.
#include "harness/cluster/engine.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

Emission emission() {
  const Site site = site_from_toml(
      "[[kind]]\nname = \"h100\"\ndevice = \"cuda:0\"\ngithub = [\"self-hosted\", \"linux\", \"h100\"]\n"
      "gitlab = [\"gpu\", \"h100\"]\nkubernetes = {\"nvidia.com/gpu.product\" = \"NVIDIA-H100\"}\n"
      "limits = {\"nvidia.com/gpu\" = 1}\n"
      "[[kind]]\nname = \"A_100\"\ndevice = \"cuda:0\"\nkubernetes = {gpu = \"a100\"}\n",
      "site");
  return {"waves",
          "batch",
          "registry/reprise:1",
          {{"baseline", "h100"}, {"device=A_100 \"quoted\": #", "A_100"}, {"threads=2", "h100"}},
          site};
}

std::vector<YAML::Node> documents(const Engine& engine, std::size_t file = 0) {
  return YAML::LoadAll(engine.emit(emission()).at(file).text);
}

const Engine& engine(std::string_view name) { return pick(engines_shelf(), name, "engine"); }

}  // namespace

TEST_CASE("every engine writes YAML that can be read, the same each time") {
  for (const auto& [name, one] : engines_shelf()) {
    INFO(name);
    CHECK(std::string(one->summary).size() > 10);
    CHECK(std::string(one->next).size() > 10);
    const auto files = one->emit(emission());
    REQUIRE_FALSE(files.empty());
    std::string all;
    for (const auto& file : files) {
      CHECK(file.name.find(".y") != std::string::npos);
      CHECK_FALSE(YAML::LoadAll(file.text).empty());
      all += file.text;
    }
    CHECK_THAT(all, Contains("reprise leg") && Contains("report"));
    for (std::size_t i = 0; i < files.size(); ++i) CHECK(one->emit(emission()).at(i).text == files[i].text);
  }
}

TEST_CASE("a workflow of GitHub has one leg for each run on its runner, and joins them whatever they gave") {
  const YAML::Node jobs = documents(engine("github")).at(0)["jobs"];
  const YAML::Node leg = jobs["leg"];
  CHECK_FALSE(leg["strategy"]["fail-fast"].as<bool>());
  const YAML::Node include = leg["strategy"]["matrix"]["include"];
  REQUIRE(include.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(include[i]["leg"].as<std::size_t>() == i);
    CHECK(include[i]["name"].as<std::string>() == emission().legs[i].name);
  }
  CHECK(include[0]["runner"].as<std::vector<std::string>>() ==
        std::vector<std::string>{"self-hosted", "linux", "h100"});
  CHECK(include[1]["runner"].as<std::vector<std::string>>() ==
        std::vector<std::string>{"self-hosted", "A_100"});
  CHECK(leg["runs-on"].as<std::string>() == "${{ matrix.runner }}");
  bool kept = false;
  for (const auto& step : leg["steps"])
    if (step["uses"] && step["uses"].as<std::string>().starts_with("actions/upload-artifact"))
      kept = step["if"].as<std::string>() == "always()" &&
             step["with"]["name"].as<std::string>() == "leg-${{ matrix.leg }}";
  CHECK(kept);
  CHECK(jobs["join"]["needs"].as<std::string>() == "leg");
  CHECK(jobs["join"]["if"].as<std::string>() == "always()");
  Emission many = emission();
  many.legs.resize(257);
  CHECK_THROWS_WITH(engine("github").emit(many), Contains("at most 256 runs"));
}

TEST_CASE("a pipeline of GitLab is parallel over the legs of each kind, and joins them whatever they gave") {
  const YAML::Node root = documents(engine("gitlab")).at(0);
  const YAML::Node leg = root["leg-h100"];
  CHECK(leg["parallel"]["matrix"][0]["LEG"].as<std::vector<std::string>>() ==
        std::vector<std::string>{"0", "2"});
  CHECK(leg["tags"].as<std::vector<std::string>>() == std::vector<std::string>{"gpu", "h100"});
  CHECK(root["leg-a-100"]["tags"].as<std::vector<std::string>>() == std::vector<std::string>{"A_100"});
  CHECK(leg["artifacts"]["when"].as<std::string>() == "always");
  CHECK(root["join"]["needs"].as<std::vector<std::string>>() ==
        std::vector<std::string>{"leg-a-100", "leg-h100"});
  CHECK(root["join"]["when"].as<std::string>() == "always");
  for (const char* job : {"leg-h100", "leg-a-100", "join"}) {
    const auto stages = root["stages"].as<std::vector<std::string>>();
    CHECK(std::count(stages.begin(), stages.end(), root[job]["stage"].as<std::string>()) == 1);
  }
}

TEST_CASE("Jobs of Kubernetes are indexed over the legs of a kind, tried once, on its nodes") {
  const auto jobs = documents(engine("k8s"));
  REQUIRE(jobs.size() == 2);
  for (const auto& job : jobs) {
    CHECK(job["kind"].as<std::string>() == "Job");
    CHECK(job["spec"]["backoffLimit"].as<int>() == 0);
    CHECK(job["spec"]["completionMode"].as<std::string>() == "Indexed");
    CHECK(job["spec"]["template"]["spec"]["restartPolicy"].as<std::string>() == "Never");
  }
  const YAML::Node spec = jobs[1]["spec"], pod = spec["template"]["spec"];
  CHECK(jobs[1]["metadata"]["name"].as<std::string>() == "reprise-h100");
  CHECK(spec["completions"].as<int>() == 2);
  CHECK(pod["nodeSelector"]["nvidia.com/gpu.product"].as<std::string>() == "NVIDIA-H100");
  CHECK(pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"].as<std::string>() == "1");
  CHECK(pod["containers"][0]["image"].as<std::string>() == "registry/reprise:1");
  CHECK_THAT(pod["containers"][0]["command"][2].as<std::string>(), Contains("set -- 0 2;"));
  const YAML::Node join = documents(engine("k8s"), 1).at(0);
  CHECK(join["spec"]["template"]["spec"]["containers"][0]["command"][1].as<std::string>() == "report");
  Emission bare = emission();
  bare.site.kinds["h100"].kubernetes.clear();
  CHECK_THROWS_WITH(engine("k8s").emit(bare), Contains("h100 has no labels of Kubernetes"));
}

TEST_CASE("a workflow and a pipeline are valid by the schemas of their systems, and a wrong one is not") {
  const Scratch folder;
  const auto valid = [&](const std::string& name, const std::string& text) {
    write_atomically(folder / "file.yml", text);
    const auto told = run_program(
        folder.path(), "'" REPRISE_SOURCE "/tests/cluster/validate.py' " + name + " file.yml", "", "python3");
    if (told.code == 77) skip(told.out);
    INFO(told.out << told.err);
    CHECK((told.code == 0 || told.code == 1));
    CHECK(told.err.empty());
    return told.code == 0;
  };
  for (const char* name : {"github", "gitlab"}) {
    INFO(name);
    const std::string text = engine(name).emit(emission()).at(0).text;
    // Not inside CHECK, which would take a skip for a failure.
    const bool whole = valid(name, text);
    const bool damaged =
        valid(name, replace_all(text, name == std::string("github") ? "runs-on:" : "script:", "run:"));
    CHECK(whole);
    CHECK_FALSE(damaged);
  }
}
