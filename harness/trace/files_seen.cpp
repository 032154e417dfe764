// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/files_seen.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/trace/name_bytes.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Json parsed(const std::string& text) {
  auto json = Json::parse(without_lone_halves(text), nullptr, false);
  return json.is_object() ? json : Json();
}

Json json_in(const fs::path& file) {
  return fs::is_regular_file(file) ? parsed(read_file(file, "record of a run")) : Json();
}

PathState state_in(const Json& line) {
  PathState state;
  state.absent = line.value("absent", false);
  state.bytes = line.value("bytes", std::int64_t{-1});
  state.sha256 = line.value("sha256", "");
  state.identity = line.value("identity", "");
  state.settled = line.value("settled", "");
  state.listing = line.value("listing", "");
  if (line.contains("names") && line["names"].is_array()) {
    state.names = line["names"].get<std::vector<std::string>>();
    for (auto& name : *state.names) name = bytes_of(std::move(name));
  }
  return state;
}

bool only_read(const SeenPath& path) { return !path.kinds.contains("write"); }

// Of two looks at one content: what only one of them knows of it.
void complete(const PathState& from, PathState& state) {
  if (state.identity.empty() || from.identity != state.identity) return;
  if (state.sha256.empty()) state.sha256 = from.sha256;
  if (state.settled.empty()) state.settled = from.settled;
}

// The earlier one decides what was done first, with the digest of the other if both found the same.
void merge(SeenPath found, SeenPath& known) {
  if (known.first.empty()) {
    found.kinds.insert(known.kinds.begin(), known.kinds.end());
    known = std::move(found);
    return;
  }
  const bool other = found.at_first.sha256 != known.at_first.sha256 && !found.at_first.sha256.empty() &&
                     !known.at_first.sha256.empty();
  found.kinds.insert(known.kinds.begin(), known.kinds.end());
  found.unsteady = known.unsteady = known.unsteady || found.unsteady || other;
  known.kinds = found.kinds;
  if (found.at < known.at) std::swap(found, known);
  complete(found.at_first, known.at_first);
}

// A view of the folder shows the same content, with other numbers of devices and inodes.
void out_of_view(const FilesSeen& seen, std::string& path, PathState& state) {
  if (!seen.start || seen.start->view.empty() || !path.starts_with(seen.start->view + "/")) return;
  path = seen.start->folder + path.substr(seen.start->view.size());
  state.settled.clear();
  state.identity = state.identity.substr(0, state.identity.rfind(' '));
}

void add_line(const Json& line, std::map<std::string, SeenPath>& own, FilesSeen& seen) {
  std::string path = bytes_of(line.value("path", ""));
  PathState state = state_in(line);
  out_of_view(seen, path, state);
  if (line.value("first", "") == "beyond") seen.beyond = true;
  if (path.empty()) return;
  if (line.contains("also")) {
    if (const auto known = own.find(path); known != own.end())
      known->second.kinds.insert(line["also"].get<std::string>());
    else  // a forked child goes on with what its parent saw
      seen.paths[path].kinds.insert(line["also"].get<std::string>());
    return;
  }
  SeenPath one;
  one.first = line.value("first", "");
  one.at_first = state;
  one.kinds = {one.first};
  one.at = line.value("at", std::int64_t{0});
  merge(std::move(one), own[path]);  // a process that becomes another program begins anew
}

void add_file(const fs::path& file, FilesSeen& seen) {
  std::map<std::string, SeenPath> own;
  for (const auto& text : split(read_file(file, "list of files"), '\n')) {
    const Json line = text.empty() ? Json() : parsed(text);
    if (line.is_object()) add_line(line, own, seen);
  }
  for (auto& [path, one] : own) merge(std::move(one), seen.paths[path]);
}

bool is_list(const fs::path& file, std::string_view front) {
  return file.filename().string().starts_with(front) && file.extension() == ".jsonl";
}

void add_digests(const Json& json, FilesSeen& seen) {
  if (!json.is_object()) return;
  for (const auto& [path, line] : json.at("digests").items()) {
    const auto found = seen.paths.find(bytes_of(path));
    if (found != seen.paths.end()) complete(state_in(line), found->second.at_first);
  }
}

}  // namespace

bool FilesSeen::wrote(const std::string& path) const {
  const auto found = paths.find(path);
  return changed.contains(path) || (found != paths.end() && found->second.kinds.contains("write"));
}

FilesSeen files_seen(const fs::path& run) {
  FilesSeen seen;
  try {
    if (const Json json = json_in(run / "start.json"); json.is_object())
      seen.start = RunStart{json.at("given").get<Facts>(),        json.at("git").get<Facts>(),
                            json.at("folder").get<std::string>(), json.at("files").get<Snapshot>(),
                            json.at("whole").get<bool>(),         json.value("view", "")};
    if (const Json json = json_in(run / "changed.json"); json.is_object())
      seen.changed = json.at("changed").get<std::set<std::string>>();
    for (const auto& file : list_folder(run)) {
      if (is_list(file, "files-")) seen.listed = true;
      if (is_list(file, "files-") || is_list(file, "opened-")) add_file(file, seen);
    }
    add_digests(json_in(run / "opened.json"), seen);
  } catch (const Json::exception&) {
    seen.start.reset();  // somebody damaged it: it shows nothing
  }
  for (auto& [path, one] : seen.paths)
    if (!only_read(one)) one.unsteady = false;
  return seen;
}

void write_start(const RunStart& start, const fs::path& run) {
  const Json json = {{"given", start.given}, {"git", start.git},     {"folder", start.folder},
                     {"files", start.files}, {"whole", start.whole}, {"view", start.view}};
  write_atomically(run / "start.json", json.dump(1, ' ', false, Json::error_handler_t::replace));
}

void write_changed(const std::set<std::string>& changed, const fs::path& run) {
  const Json json = {{"changed", changed}};
  write_atomically(run / "changed.json", json.dump(1, ' ', false, Json::error_handler_t::replace));
}

void write_digests(const FilesSeen& seen, const std::map<std::string, std::string>& digests,
                   const fs::path& run) {
  Json lines = Json::object();
  for (const auto& [path, sha256] : digests)
    lines[path] = {{"identity", seen.paths.at(path).at_first.identity}, {"sha256", sha256}};
  const Json json = {{"digests", lines}};
  write_atomically(run / "opened.json", json.dump(1, ' ', false, Json::error_handler_t::replace));
}

std::string path_for_people(const std::string& path, const std::string& folder) {
  const std::string front = folder + "/";
  return !folder.empty() && path.starts_with(front) ? path.substr(front.size()) : path;
}

}  // namespace reprise
