// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/broken.h"
#include "harness/trace/checkpoint/formats.h"
#include "harness/trace/checkpoint/little_endian.h"
#include "harness/trace/checkpoint/numpy_values.h"
#include "harness/trace/checkpoint/pickle_walk.h"
#include "harness/trace/checkpoint/torch_tensors.h"

namespace reprise {
namespace {

CheckpointFile walked(const Kept& bytes, std::string_view place,
                      const std::shared_ptr<const ZipArchive>& archive, const std::string& folder) {
  CheckpointFile found;
  const pickle::Pickle values(bytes, place);
  const TorchTensors torch(values, archive, folder);
  const auto take = [&](pickle::Ref ref, const std::string& name) {
    auto tensor = torch.tensor(ref, name);
    if (!tensor && values[ref].kind == pickle::Kind::object) tensor = pickled_array(values, ref, name);
    if (tensor) found.tensors.push_back(std::move(*tensor));
    return tensor.has_value();
  };
  PickleWalk(values, take, found).run();
  return found;
}

}  // namespace

CheckpointFile read_torch(const std::shared_ptr<const ZipArchive>& archive, const std::string& folder) {
  const ZipRecord* order = archive->find(folder + "byteorder");
  if (order != nullptr && starts_with(archive->content(*order).bytes, "big"))
    throw Broken("it was written on a big-endian machine",
                 "load it and save it again on a little-endian one");
  CheckpointFile found =
      walked(archive->content(*archive->find(folder + "data.pkl")), "its data.pkl", archive, folder);
  found.format = "PyTorch zip";
  return found;
}

CheckpointFile read_pickle(const Kept& file) {
  CheckpointFile found = walked(file, "it", nullptr, {});
  found.format = "pickle";
  return found;
}

}  // namespace reprise
