// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/checkpoint/broken.h"
#include "harness/trace/checkpoint/formats.h"
#include "harness/trace/checkpoint/hdf5_types.h"
#include "harness/trace/checkpoint/hdf5_walk.h"
#include "harness/trace/checkpoint/tensor_values.h"

namespace reprise {
namespace {

using h5::Id;

// HDF5 prints nothing, loads no code for filters, and touches nothing at exit.
void prepare() {
  static const bool once = [] {
    H5dont_atexit();
    return H5PLset_loading_state(0) >= 0;
  }();
  thread_local const herr_t quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(once), static_cast<void>(quiet);
}

struct Source {
  std::shared_ptr<const Id> file;
  std::string path;
  Hdf5Type type;
  std::uint64_t bytes;
};

TensorData load(const Source& source) {
  prepare();
  const Id dataset(H5Dopen2(*source.file, source.path.c_str(), H5P_DEFAULT));
  const Id type(H5Dget_type(dataset));
  std::vector<std::byte> values(source.bytes);
  if (dataset < 0 || type < 0 || H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
    throw Broken("HDF5 cannot read its values, which are damaged or packed by a filter that is not here",
                 "save it without compression, or by gzip");
  swap_bytes(values, source.type.swapped);
  return {kept(std::move(values)), {}};
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

class Collector {
 public:
  Collector(std::shared_ptr<const Id> file, CheckpointFile& found) : file_(std::move(file)), found_(found) {}

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
    found_.tensors.push_back({path, type->dtype, *shape,
                              [source = Source{file_, path, *type, bytes}] { return load(source); }, bytes});
  }

  void other(const std::string& path, const char* what) {
    Opaque& opaque = found_.opaque[what];
    if (opaque.count++ == 0) opaque.first = shown(path);
  }

 private:
  std::shared_ptr<const Id> file_;
  CheckpointFile& found_;
};

CheckpointFile collected(Id opened) {
  if (opened < 0) broken("HDF5 cannot open it: it is damaged or was cut short");
  CheckpointFile found{.format = "HDF5"};
  const auto file = std::make_shared<const Id>(std::move(opened));
  Collector collector(file, found);
  walk_hdf5(*file, {[&](const std::string& path, const Id& dataset) { collector.dataset(path, dataset); },
                    [&](const std::string& path, const char* what) { collector.other(path, what); }});
  return found;
}

}  // namespace

CheckpointFile read_hdf5(const std::filesystem::path& path) {
  prepare();
  const Id access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_file_locking(access, false, true);
  return collected(Id(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access)));
}

CheckpointFile read_hdf5(const Kept& image) {
  constexpr std::size_t growth = 1 << 20;
  prepare();
  const Id access(H5Pcreate(H5P_FILE_ACCESS));
  // HDF5 copies the image.
  if (H5Pset_fapl_core(access, growth, false) < 0 ||
      H5Pset_file_image(access, const_cast<std::byte*>(image.bytes.data()), image.bytes.size()) < 0)
    broken("HDF5 cannot open it: it is damaged or was cut short");
  return collected(Id(H5Fopen("image", H5F_ACC_RDONLY, access)));
}

}  // namespace reprise
