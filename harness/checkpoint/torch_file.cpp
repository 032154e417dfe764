// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/torch_file.h"

#include <algorithm>

#include "harness/checkpoint/numpy_values.h"
#include "harness/checkpoint/pickle_walk.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

constexpr std::string_view ending = "/data.pkl";

bool is_main_pickle(std::string_view name) {
  return name.ends_with(ending) && std::ranges::count(name, '/') == 1;
}

bool is_exported(std::string_view name) {
  return name.ends_with("/archive_format") || name.ends_with("serialized_exported_program.json");
}

// "STEM/" of the STEM/data.pkl that torch.save writes; nothing if there is none.
std::optional<std::string> torch_folder(const ZipArchive& archive) {
  std::optional<std::string> found;
  for (const auto& [name, record] : archive.records()) {
    if (!is_main_pickle(name)) continue;
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

}  // namespace

CheckpointFile python_values(const pickle::Pickle& values, const FindStorage& find) {
  CheckpointFile found;
  const TorchTensors torch(values, find);
  const auto take = [&](pickle::Ref ref, const std::string& name) {
    auto tensor = torch.tensor(ref, name);
    if (!tensor && values[ref].kind == pickle::Kind::object) tensor = pickled_array(values, ref, name);
    if (tensor) found.tensors.push_back(std::move(*tensor));
    return tensor.has_value();
  };
  PickleWalk(values, take, found).run();
  return found;
}

bool is_of_torch(const ZipArchive& archive) {
  return std::ranges::any_of(archive.records(), [](const auto& record) {
    return is_main_pickle(record.first) || is_exported(record.first);
  });
}

CheckpointFile read_torch_zip(const std::shared_ptr<const ZipArchive>& archive) {
  const auto folder = torch_folder(*archive);
  if (!folder)
    throw Broken("it is an archive of torch.export, a program with its weights",
                 "save the weights alone: torch.save(torch.export.load(PATH).state_dict, \"weights.pt\")");
  refuse_programs(*archive, *folder);
  const ZipRecord* order = archive->find(*folder + "byteorder");
  if (order != nullptr && starts_with(archive->content(*order).bytes, "big"))
    throw Broken("it was written on a big-endian machine",
                 "load it and save it again on a little-endian one");
  const pickle::Pickle values(archive->content(*archive->find(*folder + "data.pkl")), "its data.pkl");
  return python_values(values, [&](std::string_view key) -> std::optional<StoredBytes> {
    const ZipRecord* record = archive->find(fmt::format("{}data/{}", *folder, key));
    if (record == nullptr) return std::nullopt;
    return StoredBytes{record->size, [archive, record] { return archive->content(*record); }};
  });
}

}  // namespace reprise
