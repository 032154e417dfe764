// SPDX-License-Identifier: Apache-2.0
// Which program wrote a zip archive.
#include <algorithm>

#include "harness/trace/broken.h"
#include "harness/trace/checkpoint/formats.h"

namespace reprise {
namespace {

// "STEM/" of the STEM/data.pkl that torch.save writes; nothing if there is none.
std::optional<std::string> torch_folder(const ZipArchive& archive) {
  constexpr std::string_view ending = "/data.pkl";
  std::optional<std::string> found;
  for (const auto& [name, record] : archive.records()) {
    if (!name.ends_with(ending) || std::ranges::count(name, '/') != 1) continue;
    if (found) broken("it holds two checkpoints, {} and {}data.pkl", shown(name), shown(*found));
    found = name.substr(0, name.size() - ending.size() + 1);
  }
  return found;
}

void refuse_programs(const ZipArchive& archive, const std::string& folder) {
  if (archive.find(folder + "constants.pkl") != nullptr)
    throw Broken("it is a TorchScript archive, a program with its weights",
                 "save the weights alone: torch.save(torch.jit.load(PATH).state_dict(), \"weights.pt\")");
}

void refuse_exported(const ZipArchive& archive) {
  for (const auto& [name, record] : archive.records())
    if (name.ends_with("/archive_format") || name.ends_with("serialized_exported_program.json"))
      throw Broken("it is an archive of torch.export, a program with its weights",
                   "save the weights alone: torch.save(torch.export.load(PATH).state_dict, \"weights.pt\")");
}

}  // namespace

CheckpointFile read_zip(const Kept& file) {
  const auto archive = std::make_shared<const ZipArchive>(file);
  if (const auto folder = torch_folder(*archive)) {
    refuse_programs(*archive, *folder);
    return read_torch(archive, *folder);
  }
  refuse_exported(*archive);
  if (const ZipRecord* weights = archive->find("model.weights.h5")) {
    CheckpointFile found = read_hdf5(archive->content(*weights));
    found.format = "Keras";
    return found;
  }
  const auto is_array = [](const auto& record) { return record.first.ends_with(".npy"); };
  if (std::ranges::any_of(archive->records(), is_array)) return read_npz(archive);
  throw Broken("it is a zip archive without data.pkl, model.weights.h5 or any .npy",
               "name a file of torch.save, Keras or numpy.savez");
}

}  // namespace reprise
