// SPDX-License-Identifier: Apache-2.0
// Both lists of the files that a run opened, as one.
#include "harness/trace/files_seen.h"

#include <catch2/catch.hpp>

#include "harness/base/files.h"
#include "scratch.h"

using namespace reprise;

namespace {

using Kinds = std::set<std::string>;

struct Lists {
  Scratch run;
  void add(const std::string& file, const std::string& lines) const { write_atomically(run / file, lines); }
  SeenPath seen(const std::string& path) const {
    const FilesSeen all = files_seen(run.path());
    const auto found = all.paths.find(path);
    return found == all.paths.end() ? SeenPath{} : found->second;
  }
};

std::string line(const std::string& path, const std::string& first, int at, const std::string& state) {
  return "{\"path\": \"" + path + "\", \"first\": \"" + first + "\", \"at\": " + std::to_string(at) + ", " +
         state + "}\n";
}

const std::string found = "\"bytes\": 1, \"identity\": \"1 5 9\"";
const std::string digested = found + ", \"sha256\": \"aa\"";

}  // namespace

TEST_CASE("what Python noted keeps its digest, whichever list is earlier") {
  const Lists lists;
  lists.add("files-7.jsonl", line("/a", "read", 5, digested) + line("/b", "read", 5, digested));
  lists.add("opened-7.jsonl", line("/a", "read", 6, found) + line("/b", "read", 4, found));
  lists.add("opened-8.jsonl", line("/c", "read", 4, found));
  for (const std::string path : {"/a", "/b"}) {
    CHECK(lists.seen(path).at_first.sha256 == "aa");
    CHECK(lists.seen(path).kinds == Kinds{"read"});
  }
  CHECK(lists.seen("/c").at_first.identity == "1 5 9");
  CHECK(lists.seen("/c").read_first());
  CHECK(files_seen(lists.run.path()).listed);
}

TEST_CASE("what a child wrote before Python read it is the run's own, and what it read before is not") {
  const Lists lists;
  lists.add("files-7.jsonl", line("/own", "read", 5, digested) + line("/data", "write", 5, digested));
  lists.add("opened-8.jsonl", line("/own", "write", 4, "\"absent\": true") + line("/data", "read", 4, found));
  CHECK(lists.seen("/own").first == "write");
  CHECK(lists.seen("/own").at_first.absent);
  CHECK(lists.seen("/data").first == "read");
  CHECK(lists.seen("/data").at_first.sha256 == "aa");
  CHECK(files_seen(lists.run.path()).wrote("/data"));
}

TEST_CASE("a process that becomes another program goes on with what it was") {
  const Lists lists;
  lists.add("opened-8.jsonl", line("/a", "read", 4, found) + line("/a", "write", 5, found) +
                                  "{\"path\": \"/a\", \"also\": \"list\"}\n");
  CHECK(lists.seen("/a").first == "read");
  CHECK(lists.seen("/a").kinds == Kinds{"list", "read", "write"});
}

TEST_CASE("a digest that was made after the run counts where the file is the one that was opened") {
  const Lists lists;
  lists.add("opened-8.jsonl", line("/a", "read", 4, found) + line("/b", "read", 4, found));
  write_digests(files_seen(lists.run.path()), {{"/a", "aa"}}, lists.run.path());
  CHECK(lists.seen("/a").at_first.sha256 == "aa");
  CHECK(lists.seen("/b").at_first.sha256.empty());
  lists.add("opened-8.jsonl", line("/a", "read", 4, "\"bytes\": 1, \"identity\": \"1 6 9\""));
  CHECK(lists.seen("/a").at_first.sha256.empty());
}

TEST_CASE("more files than are noted, and lists that end in the middle of a line") {
  const Lists lists;
  lists.add("opened-8.jsonl", line("/a", "read", 4, found) + "{\"path\": \"/b\", \"fir");
  CHECK(lists.seen("/a").first == "read");
  CHECK_FALSE(files_seen(lists.run.path()).beyond);
  lists.add("opened-9.jsonl", "{\"path\": \"\", \"first\": \"beyond\"}\n");
  CHECK(files_seen(lists.run.path()).beyond);
  CHECK_FALSE(files_seen(lists.run.path()).listed);
}

TEST_CASE("a name that is no UTF-8 is read as its bytes, in either list") {
  const Lists lists;
  lists.add("files-7.jsonl", line("/caf\\udce9", "read", 4, digested));
  lists.add("opened-8.jsonl",
            line("/caf\\udcff\\u00e9", "read", 4, found) +
                line("/\\ud83d\\udc80", "list", 4, "\"names\": [\"\\udc80\", \"\\\\udc80\"]"));
  CHECK(lists.seen("/caf\xe9").first == "read");
  CHECK(lists.seen("/caf\xff\xc3\xa9").first == "read");
  const auto names = lists.seen("/\xf0\x9f\x92\x80").at_first.names;
  CHECK(names == std::vector<std::string>{"\x80", "\\udc80"});
}
