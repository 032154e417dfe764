// SPDX-License-Identifier: Apache-2.0
#pragma once
// How a run of a command started: what it was given (start.json), which files it was seen to open and what
// they held then (a line a file, of every process: files-PID.jsonl of what Python opens, opened-PID.jsonl of
// what any program opens, without digests, which opened.json adds), and which files of its folder changed
// while it ran (changed.json). All of them lie in the run's folder.
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

// What a path held when it was first opened.
struct PathState {
  bool absent = false;
  std::int64_t bytes = -1;
  std::string sha256;    // "" where it was too large, or no file
  std::string identity;  // size, modification time and inode
  std::string settled;   // the same with the time of change, if that was long enough before
  std::string listing;   // of a folder: a digest of its names
  std::optional<std::vector<std::string>> names = {};  // where there are not too many

  bool operator==(const PathState&) const = default;
};

struct SeenPath {
  std::string first;  // "read", "write", "list", "package"
  PathState at_first;
  std::set<std::string> kinds;  // all that was done to it
  bool unsteady = false;        // processes that only read it found different content
  std::int64_t at = 0;

  bool read_first() const { return first == "read" || first == "list" || first == "package"; }
};

using Snapshot = std::map<std::string, std::string>;  // path below a folder -> identity

struct RunStart {
  Facts given;         // "processor", "torch", "variable HOME": what a run may depend on besides files
  Facts git;           // of the script's folder
  std::string folder;  // in which the command was started
  Snapshot files;      // of that folder
  bool whole = false;  // `files` are all of them
  std::string view;    // where the run saw that folder, if it had a view of its own; else ""
};

struct FilesSeen {
  std::optional<RunStart> start;
  bool listed = false;                    // a recorder in Python wrote which files were opened
  bool beyond = false;                    // more files than it notes
  std::map<std::string, SeenPath> paths;  // by absolute path
  std::set<std::string> changed;          // files of the folder that came or changed while it ran

  bool wrote(const std::string& path) const;
};

// Of a run's folder. What is not there or damaged is left out.
FilesSeen files_seen(const std::filesystem::path& run);

void write_start(const RunStart& start, const std::filesystem::path& run);
void write_changed(const std::set<std::string>& changed, const std::filesystem::path& run);
// Of paths that were noted without a digest and have held the same since: SHA-256 by path.
void write_digests(const FilesSeen& seen, const std::map<std::string, std::string>& digests,
                   const std::filesystem::path& run);

// "runs/x/data.txt" of a path below `folder`, else the path as it is: for people.
std::string path_for_people(const std::string& path, const std::string& folder);

}  // namespace reprise
