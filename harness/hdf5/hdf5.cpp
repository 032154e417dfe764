// SPDX-License-Identifier: Apache-2.0
#include "harness/hdf5/hdf5.h"

#include <fmt/format.h>

#include <algorithm>

namespace reprise::h5 {

// Each thread has an error stack of its own that would print; at exit HDF5 would touch files that are not
// closed.
void prepare() {
  static const herr_t once = H5dont_atexit();
  thread_local const herr_t quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(once);
  static_cast<void>(quiet);
}

namespace {

// The innermost complaint without the parts that change from run to run (times, addresses).
herr_t innermost(unsigned depth, const H5E_error2_t* error, void* out) {
  if (depth != 0 || error->desc == nullptr) return 0;
  const std::string_view text = error->desc;
  constexpr std::string_view mark = "error message = '";
  std::string_view said = text.substr(0, text.find(": time = "));
  if (const auto at = text.find(mark); at != text.npos) {
    said = text.substr(at + mark.size());
    said = said.substr(0, said.find('\''));
  }
  *static_cast<std::string*>(out) = said;
  return 0;
}

[[noreturn]] void complain(const std::string& doing) {
  std::string why;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &why);
  H5Eclear2(H5E_DEFAULT);
  throw Trouble(fmt::format("{} ({})", why.empty() ? "unknown trouble" : why, doing));
}

// For calls that give back an identifier, a count or a status: all are negative on failure.
template <class T>
T checked(T result, const std::string& doing) {
  if (result < 0) complain(doing);
  return result;
}

Id type_of(Element element, std::size_t width) {
  switch (element) {
    case Element::u8:
      return Id(H5Tcopy(H5T_STD_U8LE));
    case Element::u64:
      return Id(H5Tcopy(H5T_STD_U64LE));
    case Element::f64:
      return Id(H5Tcopy(H5T_IEEE_F64LE));
    case Element::text:
      break;
  }
  Id type(checked(H5Tcopy(H5T_C_S1), "text type"));
  checked(H5Tset_size(type, width), "text width");
  checked(H5Tset_strpad(type, H5T_STR_NULLPAD), "text padding");
  checked(H5Tset_cset(type, H5T_CSET_UTF8), "text characters");
  return type;
}

Id space_of(const Extent& size, const Extent& limit = {}) {
  if (size.empty()) return Id(checked(H5Screate(H5S_SCALAR), "scalar space"));
  return Id(checked(
      H5Screate_simple(static_cast<int>(size.size()), size.data(), limit.empty() ? nullptr : limit.data()),
      "space"));
}

Id access_list() {
  Id list(checked(H5Pcreate(H5P_FILE_ACCESS), "file access"));
  checked(H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110), "library version");
  // Some file systems have no locks, and a lock that a killed writer held must not shut readers out.
  checked(H5Pset_file_locking(list, false, true), "file locking");
  return list;
}

void write_attribute(hid_t file, const std::string& name, const Id& type, const void* value) {
  const Id space = space_of({});
  const Id attribute(checked(H5Acreate2(file, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), name));
  checked(H5Awrite(attribute, type, value), name);
}

}  // namespace

Id::~Id() {
  if (id_ >= 0) H5Idec_ref(id_);
}

Dataset Dataset::make(hid_t file, const std::string& path, const Layout& layout) {
  Dataset made;
  made.path_ = path;
  made.type_ = type_of(layout.element, layout.width);
  made.width_ = H5Tget_size(made.type_);
  const Id space = space_of(layout.size, layout.limit);
  const Id list(checked(H5Pcreate(H5P_DATASET_CREATE), path));
  checked(H5Pset_obj_track_times(list, false), path);
  checked(H5Pset_fill_time(list, H5D_FILL_TIME_ALLOC), path);
  if (layout.chunk.empty())
    checked(H5Pset_alloc_time(list, H5D_ALLOC_TIME_EARLY), path);
  else
    checked(H5Pset_chunk(list, static_cast<int>(layout.chunk.size()), layout.chunk.data()), path);
  made.id_ =
      Id(checked(H5Dcreate2(file, path.c_str(), made.type_, space, H5P_DEFAULT, list, H5P_DEFAULT), path));
  return made;
}

namespace {

// A trace has plain links alone: another kind could show the values of some other file as those of this one.
void refuse_links(hid_t file, const std::string& path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const std::string part = path.substr(0, end);
    H5L_info_t about{};
    checked(H5Lget_info(file, part.c_str(), &about, H5P_DEFAULT), part);
    if (about.type != H5L_TYPE_HARD) throw Trouble(fmt::format("{} is a link, which no trace has", part));
    if (end == path.npos) return;
  }
}

// What HDF5 would take memory for, beyond what is read.
void refuse_large_chunk(hid_t file, const Id& list, std::size_t element, const std::string& path) {
  constexpr std::uint64_t always = std::uint64_t{64} << 20;
  Extent chunk(H5S_MAX_RANK);
  chunk.resize(static_cast<std::size_t>(checked(H5Pget_chunk(list, H5S_MAX_RANK, chunk.data()), path)));
  std::uint64_t bytes = element;
  hsize_t all = 0;
  checked(H5Fget_filesize(file, &all), path);
  for (const hsize_t size : chunk)
    if (__builtin_mul_overflow(bytes, size, &bytes)) bytes = UINT64_MAX;
  if (bytes > std::max<std::uint64_t>(always, all)) throw Trouble(path + " has chunks larger than the file");
}

// Opens it as a reader of strangers' files must: its values lie in this file, as they are.
Id opened_dataset(hid_t file, const std::string& path, hid_t access) {
  refuse_links(file, path);
  Id dataset(checked(H5Dopen2(file, path.c_str(), access), path));
  const Id list(checked(H5Dget_create_plist(dataset), path));
  const Id type(checked(H5Dget_type(dataset), path));
  const auto layout = checked(H5Pget_layout(list), path);
  if (layout == H5D_VIRTUAL || checked(H5Pget_external_count(list), path) != 0)
    throw Trouble(path + " has its values in other files, as no trace has");
  if (checked(H5Pget_nfilters(list), path) != 0)
    throw Trouble(path + " is packed by a filter, as no trace is");
  if (layout == H5D_CHUNKED) refuse_large_chunk(file, list, H5Tget_size(type), path);
  return dataset;
}

}  // namespace

Dataset Dataset::open(hid_t file, const std::string& path, Element element, std::size_t axes,
                      std::size_t cache_bytes) {
  constexpr std::size_t slots = 10007;  // a prime well above the number of chunks kept
  prepare();
  Dataset opened;
  opened.path_ = path;
  const Id list(checked(H5Pcreate(H5P_DATASET_ACCESS), path));
  if (cache_bytes > 0)
    checked(H5Pset_chunk_cache(list, slots, cache_bytes, H5D_CHUNK_CACHE_W0_DEFAULT), path);
  opened.id_ = opened_dataset(file, path, list);
  const Id stored(checked(H5Dget_type(opened.id_), path));
  const H5T_class_t wanted = element == Element::text  ? H5T_STRING
                             : element == Element::f64 ? H5T_FLOAT
                                                       : H5T_INTEGER;
  if (H5Tget_class(stored) != wanted || H5Tis_variable_str(stored) > 0)
    throw Trouble(fmt::format("{} holds elements of another type", path));
  opened.type_ = type_of(element, H5Tget_size(stored));
  opened.width_ = H5Tget_size(opened.type_);
  if (opened.width_ != H5Tget_size(stored))
    throw Trouble(fmt::format("{} holds elements of another type", path));
  if (opened.extent().size() != axes) throw Trouble(fmt::format("{} has not {} axes", path, axes));
  return opened;
}

Extent Dataset::extent() const {
  const Id space(checked(H5Dget_space(id_), path_));
  Extent size(static_cast<std::size_t>(checked(H5Sget_simple_extent_ndims(space), path_)));
  if (!size.empty()) checked(H5Sget_simple_extent_dims(space, size.data(), nullptr), path_);
  return size;
}

void Dataset::grow(const Extent& size) { checked(H5Dset_extent(id_, size.data()), path_); }

void Dataset::write(const Extent& start, const Extent& count, const void* elements) {
  prepare();
  const Id space(checked(H5Dget_space(id_), path_));
  const Id memory = space_of(count);
  if (!count.empty())
    checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), path_);
  checked(H5Dwrite(id_, type_, memory, space, H5P_DEFAULT, elements), path_);
}

void Dataset::read(const Extent& start, const Extent& count, void* elements) const {
  prepare();
  const Id space(checked(H5Dget_space(id_), path_));
  const Id memory = space_of(count);
  if (!count.empty())
    checked(H5Sselect_hyperslab(space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr), path_);
  checked(H5Dread(id_, type_, memory, space, H5P_DEFAULT, elements), path_);
}

void Dataset::flush() { checked(H5Dflush(id_), path_); }

std::uint64_t Dataset::chunks() const {
  hsize_t count = 0;
  const Id space(checked(H5Dget_space(id_), path_));
  checked(H5Dget_num_chunks(id_, space, &count), path_);
  return count;
}

std::vector<std::byte> bytes_of(hid_t file, const std::string& path) {
  prepare();
  const Id from = opened_dataset(file, path, H5P_DEFAULT);
  const Id type(checked(H5Dget_type(from), path));
  const Id space(checked(H5Dget_space(from), path));
  if (H5Tis_variable_str(type) > 0) throw Trouble(fmt::format("{} holds elements of another type", path));
  const auto count = static_cast<std::size_t>(checked(H5Sget_simple_extent_npoints(space), path));
  std::size_t size = 0;
  hsize_t all = 0;
  checked(H5Fget_filesize(file, &all), path);
  if (__builtin_mul_overflow(count, H5Tget_size(type), &size) || size > all)
    throw Trouble(fmt::format("{} is larger than the file", path));
  std::vector<std::byte> bytes(size);
  if (size > 0) checked(H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), path);
  return bytes;
}

File File::create(const std::filesystem::path& path) {
  prepare();
  const Id access = access_list();
  const Id list(checked(H5Pcreate(H5P_FILE_CREATE), "file"));
  checked(H5Pset_obj_track_times(list, false), "file");
  File file;
  file.id_ = Id(checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, list, access), "making the file"));
  return file;
}

File File::open(const std::filesystem::path& path) {
  prepare();
  const Id access = access_list();
  // HDF5 reads a block whose checksum is wrong again, as its writer may be at work, and doubles its wait each
  // time: 24 attempts are 16 ms. Its own choice of 100 would never end on a damaged file.
  constexpr unsigned attempts = 24;
  checked(H5Pset_metadata_read_attempts(access, attempts), "read attempts");
  checked(H5Pset_evict_on_close(access, true), "memory of closed datasets");  // a thousand files may be open
  File file;
  // A file whose writer is at work, or was killed, carries a mark that shuts out plain reading.
  hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  if (id < 0) id = H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access);
  file.id_ = Id(checked(id, "opening the file"));
  return file;
}

File File::open_to_write(const std::filesystem::path& path, hsize_t alignment) {
  prepare();
  const Id access = access_list();
  checked(H5Pset_alignment(access, 1, alignment), "alignment");
  File file;
  file.id_ = Id(checked(H5Fopen(path.c_str(), H5F_ACC_RDWR, access), "opening the file"));
  return file;
}

File File::open_to_add(const std::filesystem::path& path) { return open_to_write(path, 1); }

// The blocks that HDF5 writes again and again have at most 2048 bytes (trace_tables.cpp), so none of them
// crosses a page of memory. HDF5 has pages of its own, but notes the time in a file that has them.
File File::open_to_grow(const std::filesystem::path& path) { return open_to_write(path, 2048); }

bool File::has(const std::string& path) const {
  if (const auto group = path.rfind('/'); group != 0 && group != path.npos) {
    if (!has(path.substr(0, group))) return false;
    refuse_links(id_, path.substr(0, group));
  }
  return checked(H5Lexists(id_, path.c_str(), H5P_DEFAULT), path) > 0;
}

void File::make_group(const std::string& path) {
  const Id list(checked(H5Pcreate(H5P_GROUP_CREATE), path));
  checked(H5Pset_obj_track_times(list, false), path);
  const Id group(checked(H5Gcreate2(id_, path.c_str(), H5P_DEFAULT, list, H5P_DEFAULT), path));
}

void File::set_attribute(const std::string& name, std::string_view text) {
  const std::string value(text);
  write_attribute(id_, name, type_of(Element::text, value.size()), value.data());
}

void File::set_attribute(const std::string& name, std::uint64_t number) {
  write_attribute(id_, name, type_of(Element::u64, 0), &number);
}

std::optional<std::string> File::text_attribute(const std::string& name) const {
  constexpr std::size_t longest_attribute = 65536;  // of HDF5's own, where they lie in the head of an object
  if (checked(H5Aexists(id_, name.c_str()), name) == 0) return std::nullopt;
  const Id attribute(checked(H5Aopen(id_, name.c_str(), H5P_DEFAULT), name));
  const Id stored(checked(H5Aget_type(attribute), name));
  const Id space(checked(H5Aget_space(attribute), name));
  if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) > 0 ||
      H5Sget_simple_extent_npoints(space) != 1 || H5Tget_size(stored) > longest_attribute)
    return std::nullopt;
  std::string text(H5Tget_size(stored), '\0');
  checked(H5Aread(attribute, type_of(Element::text, text.size()), text.data()), name);
  return text.substr(0, text.find('\0'));
}

std::optional<std::uint64_t> File::number_attribute(const std::string& name) const {
  if (checked(H5Aexists(id_, name.c_str()), name) == 0) return std::nullopt;
  const Id attribute(checked(H5Aopen(id_, name.c_str(), H5P_DEFAULT), name));
  const Id stored(checked(H5Aget_type(attribute), name));
  const Id space(checked(H5Aget_space(attribute), name));
  if (H5Tget_class(stored) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1) return std::nullopt;
  std::uint64_t number = 0;
  checked(H5Aread(attribute, type_of(Element::u64, 0), &number), name);
  return number;
}

void File::start_swmr() { checked(H5Fstart_swmr_write(id_), "opening the file to readers"); }

void File::flush() { checked(H5Fflush(id_, H5F_SCOPE_LOCAL), "flushing"); }

void File::close() {
  flush();
  const hid_t closing = std::exchange(id_, Id()).release();
  checked(H5Fclose(closing), "closing the file");
}

std::string library_version() {
  unsigned major = 0, minor = 0, release = 0;
  checked(H5get_libversion(&major, &minor, &release), "version");
  return fmt::format("{}.{}.{}", major, minor, release);
}

}  // namespace reprise::h5
