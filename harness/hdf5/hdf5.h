// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of HDF5 that a trace needs: every C call wrapped once, with its check. Identifiers close
// themselves, HDF5 prints nothing of its own, and no time stamp goes into a file. What HDF5 complains of
// becomes a Trouble, which says only why; whoever knows the path makes the whole sentence. For one thread at
// a time.
#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/error.h"

namespace reprise::h5 {

struct Trouble : Error {
  using Error::Error;
};

using Extent = std::vector<hsize_t>;  // one size (or position) per axis; empty for a scalar
inline constexpr hsize_t unlimited = H5S_UNLIMITED;

enum class Element {
  u8,
  u64,
  f64,
  text
};  // little-endian in the file; text is UTF-8 of fixed width, zero-padded

// To be called before any other call of HDF5, by each thread: it then prints nothing, and touches nothing at
// exit.
void prepare();

class Id {
 public:
  Id() = default;
  explicit Id(hid_t id) : id_(id) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)) {}
  Id& operator=(Id&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Id();
  operator hid_t() const { return id_; }
  hid_t release() { return std::exchange(id_, -1); }  // the caller closes it

 private:
  hid_t id_ = -1;
};

// A dataset to be made, filled with zeros.
struct Layout {
  Element element;
  std::size_t width = 0;  // bytes of a text
  Extent size, limit;     // limit: the largest size of each axis, or unlimited
  Extent chunk;           // empty: stored in one piece
};

class Dataset {
 public:
  static Dataset make(hid_t file, const std::string& path, const Layout& layout);
  // A dataset that is not there, of other elements or another number of axes is a Trouble. `cache_bytes`: of
  // its chunks kept in memory; 0 for HDF5's own choice.
  static Dataset open(hid_t file, const std::string& path, Element element, std::size_t axes,
                      std::size_t cache_bytes = 0);

  Extent extent() const;
  std::size_t width() const { return width_; }  // bytes of an element
  void grow(const Extent& size);
  // A block of elements; from and to memory in row-major order. Scalars take empty start and count.
  void write(const Extent& start, const Extent& count, const void* elements);
  void read(const Extent& start, const Extent& count, void* elements) const;
  void flush();
  // How many chunks of it lie in the file. HDF5 walks the whole index of them and reads none.
  std::uint64_t chunks() const;

 private:
  std::string path_;
  Id id_, type_;  // type_: of the elements in memory
  std::size_t width_ = 0;
};

// All bytes of a dataset as they stand in the file, in row-major order; a Trouble if there is no such
// dataset, or its texts are of no fixed length.
std::vector<std::byte> bytes_of(hid_t file, const std::string& path);

class File {
 public:
  File() = default;
  static File create(const std::filesystem::path& path);
  // For reading, also while a writer is at work or after one was killed.
  static File open(const std::filesystem::path& path);

  // A finished file, for more groups and datasets.
  static File open_to_add(const std::filesystem::path& path);

  // A new file, for datasets that grow while it is written. SIGKILL ends a write between two pages of memory;
  // what is made from here on, and then written again, never lies on both sides of such a seam.
  static File open_to_grow(const std::filesystem::path& path);

  hid_t id() const { return id_; }
  bool has(const std::string& path) const;  // a group or dataset
  void make_group(const std::string& path);
  // Attributes of the root group.
  void set_attribute(const std::string& name, std::string_view text);
  void set_attribute(const std::string& name, std::uint64_t number);
  std::optional<std::string> text_attribute(const std::string& name) const;      // nothing if there is none
  std::optional<std::uint64_t> number_attribute(const std::string& name) const;  // likewise
  // From here on readers may look on, and no group, dataset or attribute can be made. No dataset may be open.
  void start_swmr();
  void flush();
  void close();  // all datasets must be closed before

 private:
  // Each thing that is made lies at a multiple of `alignment` bytes.
  static File open_to_write(const std::filesystem::path& path, hsize_t alignment);

  Id id_;
};

// "1.10.8": of the library that is linked.
std::string library_version();

}  // namespace reprise::h5
