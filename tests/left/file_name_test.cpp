// SPDX-License-Identifier: Apache-2.0
#include "harness/left/file_name.h"

#include <catch2/catch.hpp>

using namespace reprise;

TEST_CASE("caches, hidden folders, records of trackers and temporary files are no results") {
  for (const char* name : {"__pycache__/a.bin", "a/__pycache__/b.txt", ".git/index",
                           "/home/me/.cache/torch/x.so", "wandb/run-1/log.txt", "a.pyc", "data.lock",
                           "/tmp/x.bin", "/var/tmp/x.txt", "torchinductor_me/a.py", "mlruns/0/meta.yaml"}) {
    INFO(name);
    CHECK(is_no_result(name));
  }
  for (const char* name :
       {"model.pt", "out/results.json", "{out}/a.txt", "/data/results/a.csv", ".hidden.txt", "tmp/a.txt",
        "../beside/a.txt", "lightning_logs/version_0/metrics.csv"}) {
    INFO(name);
    CHECK_FALSE(is_no_result(name));
  }
}

TEST_CASE("a name of any bytes is UTF-8, and no two are one") {
  CHECK(as_utf8("a.bin") == "a.bin");
  CHECK(as_utf8("a\xff.bin") == "a\\xff.bin");
  CHECK(as_utf8("a\\xff.bin") == "a\\\\xff.bin");
  CHECK(as_utf8("a\\\xff") == "a\\\\\\xff");
  CHECK(name_below("/a/b/c", "/a") == "b/c");
  CHECK(name_below("/b/c", "/a").empty());
}
