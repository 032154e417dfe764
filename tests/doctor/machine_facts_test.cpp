// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/machine_facts.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  make_folder(file.parent_path());
  write_atomically(file, text + "\n");
}

}  // namespace

TEST_CASE("sockets, nodes, caches and the governor are read from the kernel's folders") {
  Scratch system;
  for (const int cpu : {0, 1, 2, 10})
    write(system / ("cpu/cpu" + std::to_string(cpu) + "/topology/physical_package_id"), cpu < 2 ? "0" : "1");
  write(system / "cpu/cpu0/topology/thread_siblings_list", "0,10");
  write(system / "cpu/cpu0/cpufreq/scaling_governor", "powersave");
  write(system / "cpu/cpu0/cache/index0/level", "1");
  write(system / "cpu/cpu0/cache/index0/type", "Data");
  write(system / "cpu/cpu0/cache/index0/size", "48K");
  write(system / "cpu/cpu0/cache/index3/level", "3");
  write(system / "cpu/cpu0/cache/index3/type", "Unified");
  write(system / "cpu/cpu0/cache/index3/size", "36608K");
  write(system / "cpu/cpufreq/policy0/scaling_governor", "powersave");
  make_folder(system / "node/node0");
  make_folder(system / "node/node1");
  CHECK(layout_facts(system.path()) == Facts{{"cpu.sockets", "2"},
                                             {"cpu.numa_nodes", "2"},
                                             {"cpu.threads_per_core", "2 or more"},
                                             {"cpu.governor", "powersave"},
                                             {"cpu.cache.l1d", "48K"},
                                             {"cpu.cache.l3", "36608K"}});
}

TEST_CASE("a kernel that shows nothing gives no facts") {
  Scratch system;
  CHECK(layout_facts(system.path()).empty());
}

TEST_CASE("GPUs are told as traces tell the one that they used, others with their number") {
  GpuList list;
  list.driver = "580.159";
  list.cuda = 13000;
  list.gpus = {{.index = 0, .name = "H100", .uuid = "GPU-1", .memory = 80, .ecc = "on", .mig = "off"},
               {.index = 1, .name = "H200", .uuid = "GPU-2", .memory = 141, .ecc = "on", .mig = "off"}};
  list.gpus[1].l2_cache = 50;
  const Facts facts = facts_of_gpus(list);
  CHECK(facts.at("gpu.count") == "2");
  CHECK(facts.at("gpu.name") == "H100");
  CHECK(facts.at("gpu.1.memory") == "141");
  CHECK(facts.at("gpu.1.l2_cache") == "50");
  CHECK_FALSE(facts.contains("gpu.l2_cache"));
  CHECK(facts_of_gpus({}).at("gpu.count") == "0");
}

TEST_CASE("a torch is read from its files") {
  Scratch torch;
  write(torch / "version.py", "__version__ = '2.11.0+cu130'\ngit_version = '70d99e'");
  write(torch / "include/oneapi/dnnl/dnnl_version.h",
        "#define DNNL_VERSION_MAJOR 3\n#define DNNL_VERSION_MINOR 10\n#define DNNL_VERSION_PATCH 2");
  write(torch / "lib/libtorch_cpu.so", "xx Intel(R) oneAPI Math Kernel Library Version");
  write(torch / "lib/other.so", "x");
  const Facts facts = torch_facts(torch_in(torch.path()));
  CHECK(facts.at("libtorch.version") == "2.11.0");
  CHECK(facts.at("libtorch.git") == "70d99e");
  CHECK(facts.at("libtorch.onednn") == "3.10.2");
  CHECK(facts.at("libtorch.blas") == "MKL, within libtorch_cpu.so");
  CHECK(facts.at("library.libtorch_cpu.so").size() == 64);
  CHECK_FALSE(facts.contains("library.other.so"));
}

TEST_CASE("NCCL's configuration at home is a fact where it is there") {
  Scratch home;
  CHECK_FALSE(nccl_facts(home.path()).contains("nccl.conf.home"));
  write(home / ".nccl.conf", "NCCL_ALGO=Tree");
  CHECK(nccl_facts(home.path()).at("nccl.conf.home").size() == 64);
}

TEST_CASE("this machine tells its processor and its mathematics library") {
  const Facts facts = facts_here();
  for (const auto* name :
       {"cpu.architecture", "cpu.cores", "kernel.release", "gpu.count", "library.libm.so.6"})
    CHECK(facts.contains(name));
}
