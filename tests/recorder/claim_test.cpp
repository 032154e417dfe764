// SPDX-License-Identifier: Apache-2.0
// Claims of a script as it is: its number by a pattern from what it prints, and from a file that it leaves.
#include "harness/base/files.h"
#include "observed.h"
#include "skip.h"

using namespace reprise;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

// The last lines write a TensorBoard event file by hand, as its own writer does.
const std::string trains =
    "import argparse, os, struct, torch\n"
    "p = argparse.ArgumentParser(); p.add_argument('--seed', type=int, default=0); p.add_argument('--out')\n"
    "p.add_argument('--own', action='store_true'); a = p.parse_args()\n"
    "torch.manual_seed(1 if a.own else a.seed)\n"
    "net = torch.nn.Linear(8, 1); opt = torch.optim.SGD(net.parameters(), 0.05)\n"
    "x = torch.randn(64, 8); values = []\n"
    "for step in range(3):\n"
    "    loss = (net(x) - x.sum(1, keepdim=True)).square().mean(); opt.zero_grad(); loss.backward(); "
    "opt.step()\n"
    "    shown = loss.item() + (a.seed * 0.001 if a.own else 0)\n"
    "    values.append(loss.item()); print(f'step {step}: train loss 0.5, val loss {shown:.6f}')\n"
    "def crc(data):\n"
    "    c = 0xffffffff\n"
    "    for b in data:\n"
    "        c ^= b\n"
    "        for _ in range(8): c = (c >> 1) ^ (0x82f63b78 if c & 1 else 0)\n"
    "    c ^= 0xffffffff\n"
    "    return struct.pack('<I', (((c >> 15) | (c << 17)) + 0xa282ead8) & 0xffffffff)\n"
    "def field(n, data): return bytes([n << 3 | 2, len(data)]) + data\n"
    "if a.out:\n"
    "    with open(os.path.join(a.out, 'events.out.tfevents.1'), 'wb') as f:\n"
    "        for v in values:\n"
    "            e = field(5, field(1, field(1, b'val/loss') + b'\\x15' + struct.pack('<f', v)))\n"
    "            n = struct.pack('<Q', len(e)); f.write(n + crc(n) + e + crc(e))\n";

Printed claim(const Scratch& folder, const std::string& options, const std::string& words) {
  return run_program(folder.path(), "claim --take min --value 5 --margin 30 " + options + " -- " +
                                        test_python + " script.py " + words);
}

}  // namespace

TEST_CASE("a number that a script prints is claimed by its pattern, and one that it leaves by its tag") {
  const Scratch folder;
  script(folder, trains);
  const auto printed = claim(folder, "--metric 'val=val loss ([0-9.]+)' --seeds 2 --json", "--seed {seed}");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Json one = Json::parse(printed.out)["claims"][0];
  CHECK(one["ours"]["n"] == 2);
  CHECK(one["runs"][0]["values"].size() == 3);
  CHECK(one["runs"][0]["value"] == one["runs"][0]["values"][2]);
  const auto left = claim(folder, "--metric val --file '{out}/*tfevents*' --key val/loss --seeds 2 --json",
                          "--seed {seed} --out {out}");
  INFO(left.out << left.err);
  REQUIRE(left.code == 0);
  const Json other = Json::parse(left.out)["claims"][0];
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(other["runs"][i]["value"].get<double>() ==
          Approx(one["runs"][i]["value"].get<double>()).margin(1e-6));
  // A number of a finished run that somebody changed afterwards is not believed.
  const auto log = folder.path() / "runs" / one["runs"][0]["run"].get<std::string>() / "log.txt";
  write_atomically(log, read_file(log, "log") + "val loss 5.000000\n");
  const auto changed = claim(folder, "--metric 'val=val loss ([0-9.]+)' --seeds 2 --json", "--seed {seed}");
  CHECK(changed.code == 2);
  CHECK_THAT(changed.out, Contains("log.txt is not what it was when the run ended"));
}

TEST_CASE("seeds that do not reach the training make one run, however many were made") {
  const Scratch folder;
  script(folder, trains);
  const auto told = claim(folder, "--metric 'val=val loss ([0-9.]+)' --seeds 2 --json", "--own");
  INFO(told.out << told.err);
  CHECK(told.code == 2);
  const Json one = Json::parse(told.out)["claims"][0];
  CHECK(one["ours"]["n"] == 1);
  CHECK(one["runs"][1]["same_bits_as"] == "seed=0");
  CHECK_THAT(one["sentence"].get<std::string>(), Contains("all 2 runs have equal bits and count as one"));
  // A pattern that matches nothing, or several numbers a line, is told of the runs that are kept.
  const auto nothing = claim(folder, "--metric 'acc=accuracy ([0-9.]+)' --seeds 2 --json", "--own");
  CHECK(nothing.code == 2);
  CHECK_THAT(nothing.out, Contains("no line of the"));
  const auto several = claim(folder, "--metric 'val=loss ([0-9.]+)' --seeds 2 --json", "--own");
  CHECK(several.code == 2);
  CHECK_THAT(several.out, Contains("matches 2 times in line 1"));
}

TEST_CASE("runs of one training that a seed evaluates each in its way are told to be one") {
  const Scratch folder;
  script(folder, trains);
  const auto told =
      claim(folder, "--metric 'val=val loss ([0-9.]+)' --seeds 3 --json", "--own --seed {seed}");
  INFO(told.out << told.err);
  const Json one = Json::parse(told.out)["claims"][0];
  CHECK(one["ours"]["n"] == 3);
  CHECK(one["ours"]["trainings"] == 1);
  CHECK(one["runs"][0]["weights"] == one["runs"][2]["weights"]);
  CHECK_THAT(one["sentence"].get<std::string>(), Contains("end with equal weights"));
  CHECK(one["answer"] == "cannot be told");
  CHECK_THAT(one["remarks"].dump(), Contains("they are one training, evaluated 3 times"));
}

TEST_CASE("a script without torch needs to be told once which file its number stands in") {
  const Scratch folder;
  script(folder,
         "import argparse, json, os\n"
         "p = argparse.ArgumentParser(); p.add_argument('--seed', type=int); p.add_argument('--out')\n"
         "a = p.parse_args()\n"
         "json.dump({'acc': 0.5 + a.seed % 2, 'seed': a.seed}, open(os.path.join(a.out, 'm.json'), 'w'))\n");
  const auto told =
      run_program(folder.path(),
                  "claim --metric acc --file '{out}/m.json' --key acc --better higher --value 1 "
                  "--margin 30 --seeds 3 --json -- /usr/bin/python3 script.py --seed {seed} --out "
                  "{out}");
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  const Json one = Json::parse(told.out)["claims"][0];
  // Seeds 0 and 2 give the same number and left other bytes.
  CHECK(one["ours"]["n"] == 3);
  CHECK(one["ours"]["trainings"].is_null());
  CHECK(one["runs"][0]["weights"] == "");
}

TEST_CASE("a matrix of a script judges a factor by the number that the script prints") {
  const Scratch folder;
  script(folder, trains);
  const auto told = run_program(folder.path(),
                                "matrix --metric 'val=val loss ([0-9.]+)' --take min --margin 50 --axis "
                                "isa=avx2,default --axis seed=1,2 --design full --no-own-seeds --json -- " +
                                    test_python + " script.py --seed {seed}");
  INFO(told.out << told.err);
  CHECK(told.code == 0);
  const Json report = Json::parse(told.out);
  const std::string sentence = report["factors"][0]["by_value"][0]["sentence"].get<std::string>();
  if (sentence.find("did not move") == sentence.npos) CHECK_THAT(sentence, Contains("val differs by "));
  CHECK_THAT(sentence, !Contains("declares no metric"));
  for (const auto& run : report["runs"]) CHECK(run["metrics"].contains("val"));
}
