// SPDX-License-Identifier: Apache-2.0
#include "harness/attest/model_signature.h"

#include <algorithm>

#include "harness/attest/evidence_files.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string> of_git = {".git", ".gitattributes", ".github", ".gitignore"};

// Of the raw digests, in the order of the files.
std::string digest_of_all(const std::vector<Subject>& files) {
  std::string bytes;
  for (const auto& file : files) {
    const auto digest = from_hex(file.sha256);
    check(digest.has_value(), "a SHA-256 is hexadecimal");
    bytes.append(digest->begin(), digest->end());
  }
  return sha256_text(bytes);
}

void add_files(const fs::path& folder, const fs::path& below, const std::vector<std::string>& ignored,
               std::vector<std::string>& names) {
  for (const auto& path : list_folder(below)) {
    const std::string name = subject_name(folder, path);
    if (std::ranges::find(ignored, name) != ignored.end()) continue;
    const auto type = fs::symlink_status(path).type();
    if (type == fs::file_type::directory) {
      add_files(folder, path, ignored, names);
      continue;
    }
    if (const auto why = why_no_name(name); type != fs::file_type::regular || !why.empty())
      fail("wanted plain files only in a folder that is signed, found {}{}", path.string(),
           why.empty() ? ", which is a link or another thing" : ", whose name " + why);
    names.push_back(name);
  }
}

std::vector<Subject> resources_of(const Json& list) {
  std::vector<Subject> files;
  for (const auto& one : list) {
    const auto name = one.at("name").get<std::string>(), digest = one.at("digest").get<std::string>();
    if (const auto why = why_no_name(name); !why.empty())
      fail("wanted the name of a file below the signed folder, found '{}', which {}", name, why);
    if (one.at("algorithm").get<std::string>() != "sha256" || digest.size() != 64 || !from_hex(digest))
      fail("wanted the SHA-256 of {}, found another digest", name);
    files.push_back({name, digest});
  }
  if (files.empty()) fail("wanted a signature of some files, found one of none");
  if (!std::ranges::is_sorted(files, {}, &Subject::name) ||
      std::ranges::adjacent_find(files, {}, &Subject::name) != files.end())
    fail("wanted the signed files sorted by name and each once, found another order");
  return files;
}

}  // namespace

std::vector<std::string> files_as_model(const fs::path& folder, const std::vector<std::string>& ignored) {
  std::vector<std::string> names;
  add_files(folder, folder, ignored, names);
  std::ranges::sort(names);
  return names;
}

FolderManifest manifest_of_folder(const fs::path& folder, const fs::path& signature) {
  FolderManifest manifest;
  const fs::path whole = fs::absolute(folder).lexically_normal();
  manifest.name = (whole.has_filename() ? whole : whole.parent_path()).filename().string();
  manifest.ignored = of_git;
  const std::string own =
      fs::absolute(signature).lexically_normal().lexically_relative(whole).generic_string();
  if (!own.empty() && !own.starts_with("..")) manifest.ignored.push_back(own);
  std::ranges::sort(manifest.ignored);
  manifest.files = subjects_named(folder, files_as_model(folder, manifest.ignored));
  if (manifest.files.empty())
    fail("wanted a folder with files to sign, found none below {}", folder.string());
  return manifest;
}

std::string to_text(const FolderManifest& manifest) {
  Json resources = Json::array();
  for (const auto& file : manifest.files)
    resources.push_back({{"name", file.name}, {"algorithm", "sha256"}, {"digest", file.sha256}});
  const Json whole = {
      {"_type", statement_type},
      {"subject",
       Json::array({{{"name", manifest.name}, {"digest", {{"sha256", digest_of_all(manifest.files)}}}}})},
      {"predicateType", model_signature_type},
      {"predicate",
       {{"serialization",
         {{"method", "files"},
          {"hash_type", "sha256"},
          {"allow_symlinks", false},
          {"ignore_paths", manifest.ignored}}},
        {"resources", resources}}}};
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

FolderManifest folder_manifest_of(std::string_view payload) try {
  const Json whole = Json::parse(payload);
  const Json& predicate = whole.at("predicate");
  const Json& how = predicate.at("serialization");
  if (how.at("method").get<std::string>() != "files" || how.at("hash_type").get<std::string>() != "sha256")
    fail(
        "wanted a signature over whole files by SHA-256, found another method; the client model_signing "
        "reads it");
  FolderManifest manifest;
  manifest.name = whole.at("subject").at(0).at("name").get<std::string>();
  manifest.ignored = how.at("ignore_paths").get<std::vector<std::string>>();
  manifest.files = resources_of(predicate.at("resources"));
  if (to_text(manifest) != payload)
    fail(
        "wanted the signed manifest as reprise writes it, found other keys or another digest of the whole; "
        "the "
        "client model_signing may read it");
  return manifest;
} catch (const nlohmann::json::exception& error) {
  fail("wanted a model signature v1.0, found one that is broken or lacks something: {}", error.what());
}

bool is_model_signature(std::string_view payload) {
  const Json whole = Json::parse(payload, nullptr, false);
  return whole.is_object() && whole.value("predicateType", Json()) == model_signature_type;
}

}  // namespace reprise
