// SPDX-License-Identifier: Apache-2.0
#include "harness/checkpoint/hdf5_tensors.h"

#include <nlohmann/json.hpp>

#include "harness/checkpoint/hdf5_types.h"
#include "harness/checkpoint/hdf5_walk.h"
#include "harness/checkpoint/tensor_values.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/own_process.h"

namespace reprise {
namespace {

using h5::Id;
using Json = nlohmann::json;

constexpr std::chrono::seconds least_time{60};

// HDF5 also loads no code for filters.
void prepare() {
  h5::prepare();
  static const herr_t once = H5PLset_loading_state(0);
  static_cast<void>(once);
}

// On a disk; or, where `image` has bytes, in memory.
struct Place {
  std::filesystem::path path;
  Kept image;
};

// HDF5 would copy an image for each process. Nobody writes to it, so it is lent.
void* lend(std::size_t, H5FD_file_image_op_t, void* image) { return image; }
void* copy_nothing(void* to, const void*, std::size_t, H5FD_file_image_op_t, void*) { return to; }
herr_t keep(void*, H5FD_file_image_op_t, void*) { return 0; }
void* same(void* image) { return image; }
herr_t keep_too(void*) { return 0; }

bool use_image(hid_t access, Bytes bytes) {
  constexpr std::size_t growth = 1 << 20;
  void* image = const_cast<std::byte*>(bytes.data());
  H5FD_file_image_callbacks_t lending{lend, copy_nothing, nullptr, keep, same, keep_too, image};
  return H5Pset_fapl_core(access, growth, false) >= 0 && H5Pset_file_image_callbacks(access, &lending) >= 0 &&
         H5Pset_file_image(access, image, bytes.size()) >= 0;
}

Id opened(const Place& place) {
  prepare();
  const Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_file_locking(access, false, true);
  const bool ready = place.image.bytes.empty() || use_image(access, place.image.bytes);
  Id file(ready ? H5Fopen(place.path.c_str(), H5F_ACC_RDONLY, access) : -1);
  if (file < 0) broken("HDF5 cannot open it: it is damaged or was cut short");
  return file;
}

struct Source {
  Place file;
  std::string path;
  std::size_t swapped;
  std::uint64_t bytes;
};

void read_values(const Source& source, std::span<std::byte> to) {
  const Id file = opened(source.file);
  const Id dataset(H5Dopen2(file, source.path.c_str(), H5P_DEFAULT));
  const Id type(H5Dget_type(dataset)), space(H5Dget_space(dataset));
  const hssize_t elements = H5Sget_simple_extent_npoints(space);
  if (dataset < 0 || type < 0 || elements < 0 ||
      H5Tget_size(type) * static_cast<hsize_t>(elements) != to.size() ||
      H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, to.data()) < 0)
    throw Broken("HDF5 cannot read its values, which are damaged or packed by a filter that is not here",
                 "save it without compression, or by gzip");
  swap_bytes(to, source.swapped);
}

TensorData load(const Source& source) {
  constexpr std::uint64_t slowest = 1'000'000;  // bytes a second
  if (source.bytes == 0) return {};
  const SharedMemory memory = shared_memory(source.bytes);
  const auto work = [&] { return read_values(source, memory.bytes), std::string(); };
  in_own_process(work, least_time + std::chrono::seconds(source.bytes / slowest));
  return {{memory.bytes, memory.owner}, {}};
}

std::optional<std::vector<std::int64_t>> shape_of(hid_t dataset) {
  const Id space(H5Dget_space(dataset));
  const auto kind = H5Sget_simple_extent_type(space);
  if (kind == H5S_SCALAR) return std::vector<std::int64_t>{};
  if (kind != H5S_SIMPLE) return std::nullopt;
  std::vector<hsize_t> sizes(static_cast<std::size_t>(std::max(H5Sget_simple_extent_ndims(space), 0)));
  if (H5Sget_simple_extent_dims(space, sizes.data(), nullptr) < 0) return std::nullopt;
  return std::vector<std::int64_t>(sizes.begin(), sizes.end());
}

// Values may lie in files of any name beside the checkpoint; those are not followed.
bool is_outside(hid_t dataset) {
  const Id list(H5Dget_create_plist(dataset));
  return list < 0 || H5Pget_layout(list) == H5D_VIRTUAL || H5Pget_external_count(list) != 0;
}

// What the file holds, in a form that goes from one process to the other.
class Collector {
 public:
  void dataset(const std::string& path, const Id& dataset) {
    const Id stored(H5Dget_type(dataset));
    const auto type = dtype_of_hdf5(stored);
    const auto shape = shape_of(dataset);
    if (is_outside(dataset)) return other(path, "values outside the file");
    if (!type || !shape) return other(path, type ? "a dataset without values" : "a dataset of no numbers");
    const std::uint64_t bytes = bytes_of_tensor(path, type->dtype, *shape);
    const std::uint64_t held = H5Dget_storage_size(dataset);
    if (bytes > most_bytes_from(held))
      broken("the dataset '{}' would make {} bytes of the {} that are stored", shown(path), bytes, held);
    found_["tensors"].push_back({path, type->dtype, type->swapped, *shape});
  }

  void other(const std::string& path, const char* what) { found_["others"].push_back({what, shown(path)}); }

  std::string text() const {
    std::string text;
    Json::to_cbor(found_, text);
    return text;
  }

 private:
  Json found_ = {{"tensors", Json::array()}, {"others", Json::array()}};
};

std::string described(const Place& place) {
  const Id file = opened(place);
  Collector collector;
  walk_hdf5(file, {[&](const std::string& name, const Id& dataset) { collector.dataset(name, dataset); },
                   [&](const std::string& name, const char* what) { collector.other(name, what); }});
  return collector.text();
}

CheckpointFile collected(const Place& file) {
  CheckpointFile found;
  try {
    const Json told = Json::from_cbor(in_own_process([&] { return described(file); }, least_time));
    for (const Json& one : told.at("tensors")) {
      const auto path = one.at(0).get<std::string>(), dtype = one.at(1).get<std::string>();
      const auto shape = one.at(3).get<std::vector<std::int64_t>>();
      const std::uint64_t bytes = bytes_of_tensor(path, dtype, shape);
      const Source source{file, path, one.at(2).get<std::size_t>(), bytes};
      found.tensors.push_back({path, dtype, shape, [source] { return load(source); }, bytes});
    }
    for (const Json& one : told.at("others")) {
      count_opaque(found, one.at(0).get<std::string>(), one.at(1).get<std::string>());
    }
  } catch (const Json::exception&) {
    broken("HDF5 tells nonsense of it: it is damaged");
  }
  return found;
}

}  // namespace

CheckpointFile read_hdf5(const std::filesystem::path& path) { return collected({path, {}}); }

CheckpointFile read_hdf5(const Kept& image) { return collected({"image", image}); }

bool is_trace(const std::filesystem::path& path) {
  const auto format = [&] { return h5::File::open(path).text_attribute("format").value_or(""); };
  try {
    return in_own_process(format, least_time).starts_with("reprise");
  } catch (const Broken&) {
    return true;  // whoever reads traces has words for it
  }
}

}  // namespace reprise
