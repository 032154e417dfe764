// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/baseline/environment.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("hardware names an environment, software is noted in it, a single card or run is neither") {
  const Facts facts = {{"cpu.model", "Xeon"},        {"cpu.architecture", "x86_64"},
                       {"cpu.cores", "2"},           {"gpu.name", "H100"},
                       {"gpu.uuid", "GPU-1"},        {"gpu.driver", "580.1"},
                       {"library.libc.so.6", "aa"},  {"library.libc.so.6.bytes", "12"},
                       {"reprise.version", "0.1.0"}, {"variable.HOME", "/root"},
                       {"git.commit", "abc"}};
  CHECK(hardware_of(facts) ==
        Facts{{"cpu.architecture", "x86_64"}, {"cpu.model", "Xeon"}, {"gpu.name", "H100"}});
  CHECK(software_of(facts) ==
        Facts{{"gpu.driver", "580.1"}, {"library.libc.so.6", "aa"}, {"reprise.version", "0.1.0"}});
  CHECK(environment_words(hardware_of(facts)) == "H100, Xeon");
  CHECK(environment_words({{"cpu.architecture", "riscv"}}) == "riscv");
  CHECK(environment_words({}) == "an unknown machine");
}

TEST_CASE("what differs is named, also what one side alone has, and a digest is cut") {
  const Facts before = {{"a", "1"}, {"b", std::string(64, 'f')}},
              now = {{"b", std::string(64, 'e')}, {"c", "3"}};
  CHECK(differing(before, now) == std::vector<std::string>{"a", "b", "c"});
  CHECK(change_words("a", before, now) == "a: 1, now none");
  CHECK(change_words("b", before, now) == "b: ffffffffffff..., now eeeeeeeeeeee...");
  CHECK(differing(now, now).empty());
  CHECK(change_words("cpu.model", {{"cpu.model", "Another CPU"}}, {{"cpu.model", "AMD EPYC"}}) ==
        "cpu.model: Another CPU, now AMD EPYC");
  CHECK(change_words("cpu.flags", {{"cpu.flags", "avx avx2 fma"}}, {{"cpu.flags", "avx amx fma"}}) ==
        "cpu.flags: now without avx2 and with amx");
  CHECK(change_words("cpu.flags", {{"cpu.flags", "avx fma"}}, {{"cpu.flags", "avx amx fma"}}) ==
        "cpu.flags: now with amx");
}
