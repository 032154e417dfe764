// SPDX-License-Identifier: Apache-2.0
// reprise digest: what is in a checkpoint, whatever its format, as one number and one per tensor.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/judge/compare/tensor_files.h"
#include "harness/terminal/idle_options.h"

namespace reprise::verbs {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  std::vector<std::string> files;
  bool json = false, brief = false;
};

struct Digested {
  CheckpointFile file;
  std::vector<Digest> digests;
  Digest root;
};

Digested digested(const std::string& path) {
  Digested made{read_checkpoint(path), {}, {}};
  for (const FileTensor& tensor : made.file.tensors) made.digests.push_back(digest_of(tensor));
  if (made.digests.empty()) fail("{} holds no tensor, so there is nothing to digest", path);
  made.root = root_of(made.file, made.digests);
  return made;
}

Json json_of(const std::string& path, const Digested& made) {
  Json document = {{"path", path}, {"format", made.file.format}, {"root", to_text(made.root)}};
  document["tensors"] = Json::array();
  for (std::size_t i = 0; i < made.digests.size(); ++i) {
    const FileTensor& tensor = made.file.tensors[i];
    document["tensors"].push_back({{"name", tensor.name},
                                   {"dtype", tensor.dtype},
                                   {"shape", tensor.shape},
                                   {"bytes", tensor.bytes},
                                   {"digest", to_text(made.digests[i])}});
  }
  document["scalars"] = made.file.scalars;
  document["opaque"] = Json::array();
  for (const auto& [what, opaque] : made.file.opaque)
    document["opaque"].push_back({{"what", what}, {"count", opaque.count}, {"first", opaque.first}});
  return document;
}

void print(const std::string& path, const Digested& made, bool brief) {
  std::uint64_t bytes = 0;
  for (const FileTensor& tensor : made.file.tensors) bytes += tensor.bytes;
  if (!brief) {
    fmt::print("{}: {}, {} tensors, {} bytes\n", path, made.file.format, made.digests.size(), bytes);
    for (std::size_t i = 0; i < made.digests.size(); ++i)
      fmt::print("{}  {}  {}\n", to_text(made.digests[i]), made.file.tensors[i].name,
                 form_of(made.file.tensors[i]));
    if (made.file.scalars > 0)
      fmt::print("not digested: {} plain values (numbers, texts); `reprise diff` compares them\n",
                 made.file.scalars);
    for (const auto& [what, opaque] : made.file.opaque)
      fmt::print("not digested: {} of {}, first at {}\n", opaque.count, what, opaque.first);
  }
  fmt::print("{}  {}\n", to_text(made.root), brief ? path : "root");
}

int digest_files(const Options& options, const CommandOptions& app) {
  if (options.json) refuse_idle(app, {"--brief"}, "with --json, which tells all");
  Json document = {{"schema", "reprise.digest/1"}, {"files", Json::array()}};
  for (const auto& path : options.files) {
    const Digested made = digested(path);
    if (options.json)
      document["files"].push_back(json_of(path, made));
    else
      print(path, made, options.brief);
  }
  if (options.json) std::cout << document.dump(1, ' ', false, Json::error_handler_t::replace) << '\n';
  return 0;
}

}  // namespace

extern const Command digest{
    .summary = "Digest the tensors of checkpoints: equal values give equal roots in every format",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option(
             "files", options->files,
             "Checkpoints of any format (`reprise list checkpoints`), an index of shards, or a folder")
          ->required();
      app.add_flag("--brief", options->brief, "Only the root of each file");
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Reads without LibTorch and runs no code of the file. The format is told by the content, and the\n"
          "root does not depend on it. See docs/checkpoints.md.\n"
          "Example:  reprise digest model.pt model.safetensors --brief");
      return [options, &app] { return digest_files(*options, app); };
    },
};

}  // namespace reprise::verbs
