// SPDX-License-Identifier: Apache-2.0
// A real Slurm of three nodes on this host (one_host.sh): what a matrix over kinds of machines leaves there
// is what it leaves here, although a node is lost and the submitter is killed.
#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "harness/base/program_search.h"
#include "harness/launch/run_folder.h"
#include "harness/launch/slurm_record.h"
#include "harness/plan/node_kind.h"
#include "launch/fake_worker.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace fs = std::filesystem;

namespace {

bool is_free(int port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::close(socket);
  return free;
}

int four_free_ports() {
  for (int port = 20000 + ::getpid() % 2000 * 10; port < 60000; port += 10)
    if (is_free(port) && is_free(port + 1) && is_free(port + 2) && is_free(port + 3)) return port;
  skip("no four free ports in a row");
}

void need_slurm() {
  if (::geteuid() != 0) skip("a Slurm cluster for tests needs root");
  for (const char* program : {"slurmctld", "slurmd", "munged", "sbatch"})
    if (!find_program(program, environment_text("PATH") + ":/usr/sbin"))
      skip(fmt::format("{} is not installed (scripts/setup.sh does, unless REPRISE_SLURM=off)", program));
}

const char* const site =
    "[[kind]]\nname = \"old\"\ndevice = \"cpu\"\nslurm = \"constraint=old exclusive\"\n"
    "[[kind]]\nname = \"new\"\ndevice = \"cpu\"\nslurm = \"constraint=new\"\n"
    "[[kind]]\nname = \"newest\"\ndevice = \"cpu\"\nslurm = \"constraint=newest\"\n"
    "[[kind]]\nname = \"away\"\ndevice = \"cpu\"\nslurm = \"partition=away\"\n";

// A worker whose trace is its plan without the kind, and which waits while a file `hold` is there.
struct OneHost : FakeWorker {
  fs::path cluster = scratch / "cluster";

  OneHost() : FakeWorker("") {
    need_slurm();
    write_script("echo x >> " + path("ran") + "\nwhile [ -e " + path("hold") +
                 " ]; do sleep 0.05; done\ngrep -v '^kind' \"$1\" > \"$2\"\n");
    options.executor = "slurm";
    options.cluster.site = site_from_toml(site, "site");
    ::setenv("SLURM_CONF", (cluster / "etc/slurm.conf").c_str(), 1);
    REQUIRE(host(fmt::format("up {}", four_free_ports())) == 0);
  }
  ~OneHost() { host("down"); }

  int host(const std::string& words) const {
    const std::string line =
        fmt::format("bash '" REPRISE_SOURCE "/tests/slurm/one_host.sh' '{}' {} >'{}' 2>&1", cluster.string(),
                    words, (scratch / "host.log").string());
    return std::system(line.c_str());
  }
  void hold() const { write_atomically(scratch / "hold", ""); }
  void let_go() const { fs::remove(scratch / "hold"); }

  std::vector<Run> runs(const std::vector<std::string>& kinds, int seeds) const {
    std::vector<Run> runs;
    for (const auto& kind : kinds)
      for (int seed = 0; seed < seeds; ++seed) {
        Plan one = plan;
        one.pins["seed"] = std::to_string(seed);
        set_kind(one, kind);
        runs.push_back({fmt::format("{} seed={}", kind, seed), one, 1});
      }
    return runs;
  }
  // Waits for a thing that will come, for as long as a test may take.
  template <class Condition>
  void wait_until(Condition&& condition) const {
    while (!condition()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  bool was_told(const std::string& part) const {
    return std::any_of(told.begin(), told.end(),
                       [&](const std::string& line) { return line.find(part) != std::string::npos; });
  }
  std::string node_of(const Run& run) const {
    for (const auto& line : told)
      if (const auto at = line.find(" runs on "); line.starts_with(run.name + ":") && at != std::string::npos)
        return line.substr(at + 9);
    return "";
  }
  // The same plans, made here.
  void check_as_local(const std::vector<Run>& made) const {
    LaunchOptions here = options;
    here.executor = "local";
    here.right_kind = true;
    here.runs = scratch / "here";
    here.progress = nullptr;
    const auto local = launch(made, here);
    for (std::size_t i = 0; i < made.size(); ++i)
      CHECK(read_file(local[i].folder / "trace.h5", "trace") ==
            read_file(run_folder(options.runs, made[i]) / "trace.h5", "trace"));
  }
};

}  // namespace

TEST_CASE("a matrix over kinds of machines becomes an array on each, and leaves what local leaves") {
  OneHost slurm;
  const auto runs = slurm.runs({"old", "new"}, 3);
  for (const auto& result : launch(runs, slurm.options)) {
    INFO(result.outcome.reason);
    CHECK(result.outcome.done());
  }
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (const std::string node = slurm.node_of(runs[i]); !node.empty())
      CHECK(node.starts_with(kind_of(runs[i].plan)));
  slurm.check_as_local(runs);
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.reused);
}

TEST_CASE("a kind that the cluster lacks is untested, and the others run") {
  OneHost slurm;
  const auto runs = slurm.runs({"new", "newest", "away"}, 1);
  const auto results = launch(runs, slurm.options);
  CHECK(results[0].outcome.done());
  CHECK(results[1].outcome.ending == Ending::skipped);
  CHECK_THAT(results[1].outcome.reason, Contains("Invalid feature specification"));
  CHECK(results[2].outcome.ending == Ending::skipped);
  CHECK_THAT(results[2].outcome.reason, Contains("partition"));
}

TEST_CASE("a node lost in the middle leaves its run untested, and the next launch makes it elsewhere") {
  OneHost slurm;
  slurm.hold();
  const auto runs = slurm.runs({"old", "new"}, 2);
  std::string lost;
  slurm.options.interrupted = [&] {
    if (!lost.empty() || slurm.lines("ran").size() < 3 || slurm.node_of(runs[2]).empty()) return false;
    for (const auto& run : runs)
      if (slurm.node_of(run) == "old-1") lost = run.name;
    if (lost.empty()) return false;
    CHECK(slurm.host("lose old-1") == 0);
    slurm.let_go();
    return false;
  };
  const auto results = launch(runs, slurm.options);
  REQUIRE_FALSE(lost.empty());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    INFO(runs[i].name << " " << results[i].outcome.reason);
    CHECK(results[i].outcome.done() == (runs[i].name != lost));
    if (runs[i].name == lost) CHECK_THAT(results[i].outcome.reason, Contains("NODE_FAIL"));
  }
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.outcome.done());
  slurm.check_as_local(runs);
}

TEST_CASE("a submitter that was killed goes on where it was, and no run is made twice") {
  OneHost slurm;
  slurm.hold();
  const auto runs = slurm.runs({"old", "new"}, 2);
  const pid_t submitter = ::fork();
  if (submitter == 0) {
    slurm.options.progress = nullptr;
    launch(runs, slurm.options);
    ::_exit(0);
  }
  slurm.wait_until([&] { return slurm.lines("ran").size() >= 3; });
  ::kill(submitter, SIGKILL);
  ::waitpid(submitter, nullptr, 0);
  for (const auto& run : runs) CHECK(record_of(run_folder(slurm.options.runs, run)));
  slurm.let_go();
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.outcome.done());
  CHECK(slurm.was_told("has it already"));
  CHECK(slurm.lines("ran").size() == runs.size());
  slurm.check_as_local(runs);
}

TEST_CASE("an interrupt cancels the jobs") {
  OneHost slurm;
  slurm.hold();
  const auto runs = slurm.runs({"new"}, 3);
  slurm.options.interrupted = [&] { return !slurm.lines("ran").empty(); };
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.outcome.ending == Ending::interrupted);
  slurm.wait_until([] { return std::system("test -z \"$(squeue -h)\"") == 0; });
  slurm.let_go();
  slurm.options.interrupted = nullptr;
  for (const auto& result : launch(runs, slurm.options)) CHECK(result.outcome.done());
}

TEST_CASE("a controller that is gone for a while is waited for") {
  OneHost slurm;
  slurm.hold();
  bool back = false;
  slurm.options.interrupted = [&] {
    if (back || slurm.lines("ran").empty()) return false;
    if (!slurm.was_told("no answer")) {
      slurm.host("controller stop");
      return false;
    }
    CHECK(slurm.host("controller start") == 0);
    slurm.let_go();
    back = true;
    return false;
  };
  const auto results = launch(slurm.runs({"new"}, 1), slurm.options);
  CHECK(back);
  INFO(results[0].outcome.reason);
  CHECK(results[0].outcome.done());
}
