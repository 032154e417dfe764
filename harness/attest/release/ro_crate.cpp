// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/release/ro_crate.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* profile = "https://w3id.org/ro/wfrun/process/0.5";
constexpr const char* program = "#reprise";
constexpr const char* no_license = "#license";
constexpr const char* author = "#author";

Json link(const std::string& id) { return {{"@id", id}}; }

std::string encoding_of(const std::string& name) {
  static constexpr std::pair<std::string_view, const char*> known[] = {
      {".h5", "application/x-hdf5"},     {".toml", "application/toml"}, {".json", "application/json"},
      {".jsonl", "application/jsonl"},   {".html", "text/html"},        {".svg", "image/svg+xml"},
      {".yaml", "application/yaml"},     {".md", "text/markdown"},      {".txt", "text/plain"},
      {".pub", "application/x-pem-file"}};
  for (const auto& [ending, type] : known)
    if (name.ends_with(ending)) return type;
  return "application/octet-stream";
}

// Characters that a URI does not hold as they are.
std::string as_uri(const std::string& name) {
  std::string uri;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

std::vector<ReleasedFile> all_files(const ReleaseFacts& facts) {
  std::vector<ReleasedFile> files = facts.files;
  // Written after this text, so that their sizes are not known.
  for (const char* later : {release_names::bundle, release_names::predicate, release_names::readme})
    files.push_back({later, 0});
  std::ranges::sort(files, {}, &ReleasedFile::name);
  return files;
}

Json file_entity(const ReleasedFile& file) {
  Json entity = {{"@id", as_uri(file.name)},
                 {"@type", "File"},
                 {"name", file.name},
                 {"encodingFormat", encoding_of(file.name)}};
  if (file.bytes > 0) entity["contentSize"] = std::to_string(file.bytes);
  return entity;
}

std::string action_id(const ReleaseFacts& facts, const ReleasedRun& run) {
  return fmt::format("#run-{}", &run - facts.runs.data() + 1);
}

// A link to the file, if the release holds it.
void add_link(const ReleaseFacts& facts, const std::string& name, const char* key, Json& entity) {
  if (std::ranges::find(facts.files, name, &ReleasedFile::name) != facts.files.end())
    entity[key] = link(as_uri(name));
}

Json action(const ReleaseFacts& facts, const ReleasedRun& run) {
  Json entity = {{"@id", action_id(facts, run)},
                 {"@type", "CreateAction"},
                 {"name", "Training run " + run.name},
                 {"description", fmt::format("The recipe {} trained under the configuration {}",
                                             facts.report.at("recipe").get<std::string>(), run.name)},
                 {"instrument", link(program)},
                 {"actionStatus", run.done ? "http://schema.org/CompletedActionStatus"
                                           : "http://schema.org/FailedActionStatus"}};
  add_link(facts, run.folder + "/plan.toml", "object", entity);
  add_link(facts, run.folder + "/trace.h5", "result", entity);
  if (!facts.author.empty()) entity["agent"] = link(author);
  if (!run.done) entity["error"] = run.reason;
  return entity;
}

Json root(const ReleaseFacts& facts) {
  Json parts = Json::array(), mentions = Json::array();
  for (const auto& file : all_files(facts)) parts.push_back(link(as_uri(file.name)));
  for (const auto& run : facts.runs) mentions.push_back(link(action_id(facts, run)));
  Json entity = {{"@id", "./"},
                 {"@type", "Dataset"},
                 {"name", facts.report.at("title")},
                 {"description", facts.report.at("headline")},
                 {"datePublished", facts.date},
                 {"license", link(facts.license.empty() ? no_license : facts.license)},
                 {"conformsTo", link(profile)},
                 {"hasPart", parts},
                 {"mentions", mentions}};
  if (!facts.author.empty()) entity["author"] = link(author);
  return entity;
}

Json license_entity(const ReleaseFacts& facts) {
  if (!facts.license.empty())
    return {{"@id", facts.license}, {"@type", "CreativeWork"}, {"name", facts.license}};
  return {{"@id", no_license},
          {"@type", "CreativeWork"},
          {"name", "License not stated"},
          {"description", "Whoever made this release stated no license; ask before you use it."}};
}

}  // namespace

std::string ro_crate_metadata(const ReleaseFacts& facts) {
  Json graph = Json::array();
  graph.push_back({{"@id", release_names::crate},
                   {"@type", "CreativeWork"},
                   {"conformsTo", link("https://w3id.org/ro/crate/1.1")},
                   {"about", link("./")}});
  graph.push_back(root(facts));
  graph.push_back(
      {{"@id", profile}, {"@type", "CreativeWork"}, {"name", "Process Run Crate"}, {"version", "0.5"}});
  graph.push_back(license_entity(facts));
  graph.push_back({{"@id", program},
                   {"@type", "SoftwareApplication"},
                   {"name", "reprise"},
                   {"softwareVersion", facts.version}});
  if (!facts.author.empty()) graph.push_back({{"@id", author}, {"@type", "Person"}, {"name", facts.author}});
  for (const auto& file : all_files(facts)) graph.push_back(file_entity(file));
  for (const auto& run : facts.runs) graph.push_back(action(facts, run));
  const Json crate = {{"@context", "https://w3id.org/ro/crate/1.1/context"}, {"@graph", graph}};
  return crate.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace reprise
