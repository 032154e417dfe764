// SPDX-License-Identifier: Apache-2.0
#include "harness/left/left_record.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/files.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char *record_name = "left.json", *schema = "reprise.left/1";

Json json_of(const LeftFile& file) {
  Json tensors = Json::array(), plain = Json::array();
  for (const auto& one : file.tensors)
    tensors.push_back(Json::array({one.name, one.form, to_text(one.digest)}));
  for (const auto& one : file.plain) plain.push_back(Json::array({one.name, one.text}));
  return {{"name", file.name},     {"bytes", file.bytes}, {"sha256", file.sha256},
          {"format", file.format}, {"tensors", tensors},  {"plain", plain},
          {"unread", file.unread}, {"text", file.text},   {"artifact", file.artifact},
          {"remark", file.remark}};
}

LeftFile file_in(const Json& json) {
  LeftFile file{json.at("name").get<std::string>(), json.at("bytes").get<std::uint64_t>(),
                json.at("sha256").get<std::string>(), json.at("format").get<std::string>()};
  for (const auto& one : json.at("tensors"))
    file.tensors.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>(),
                            digest_from_text(one.at(2).get<std::string>()).value_or(Digest())});
  for (const auto& one : json.at("plain"))
    file.plain.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>()});
  file.unread = json.at("unread").get<std::size_t>();
  file.text = json.at("text").get<std::string>();
  file.artifact = json.at("artifact").get<bool>();
  file.remark = json.at("remark").get<std::string>();
  return file;
}

}  // namespace

void write_left(const LeftRecord& record, const fs::path& run) {
  Json json = {{"schema", schema}, {"beyond", record.beyond}, {"files", Json::array()}};
  for (const auto& file : record.files) json["files"].push_back(json_of(file));
  write_atomically(run / record_name, json.dump(1, ' ', false, Json::error_handler_t::replace) + '\n');
}

std::optional<LeftRecord> left_record(const fs::path& run) {
  if (!fs::is_regular_file(run / record_name)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(run / record_name, "record of what a run left"));
    if (json.at("schema") != schema) return std::nullopt;
    LeftRecord record;
    record.beyond = json.at("beyond").get<std::size_t>();
    for (const auto& file : json.at("files")) record.files.push_back(file_in(file));
    return record;
  } catch (const Json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace reprise
