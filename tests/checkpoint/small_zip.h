// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zip archives made by hand, so that each of their fields can lie; and pickles, opcode by opcode.
#include <cstring>
#include <string>
#include <vector>

namespace reprise {

template <class Number>
std::string little(Number number) {
  return std::string(reinterpret_cast<const char*>(&number), sizeof number);
}

struct SmallRecord {
  std::string name, content;
  std::uint16_t method = 0;
  std::uint32_t declared = 0;  // bytes when unpacked; 0: as many as there are
  std::uint16_t flags = 0;
  std::string directory_name{};  // another name in the directory
  std::int32_t moved = 0;        // how far the directory's offset is off
};

inline std::string small_zip(const std::vector<SmallRecord>& records) {
  using U16 = std::uint16_t;
  using U32 = std::uint32_t;
  std::string file, directory;
  for (const auto& record : records) {
    const U32 packed = static_cast<U32>(record.content.size()),
              size = record.declared != 0 ? record.declared : packed;
    const std::string shared = little<U16>(record.flags) + little<U16>(record.method) + little<U32>(0) +
                               little<U32>(0) + little(packed) + little(size);
    const std::string& told = record.directory_name.empty() ? record.name : record.directory_name;
    directory += "PK\1\2" + little<U16>(20) + little<U16>(20) + shared +
                 little(static_cast<U16>(told.size())) + std::string(12, '\0') +
                 little(static_cast<U32>(static_cast<std::int64_t>(file.size()) + record.moved)) + told;
    file += "PK\3\4" + little<U16>(20) + shared + little(static_cast<U16>(record.name.size())) +
            little<U16>(0) + record.name + record.content;
  }
  const U16 count = static_cast<U16>(records.size());
  return file + directory + "PK\5\6" + little<U32>(0) + little(count) + little(count) +
         little(static_cast<U32>(directory.size())) + little(static_cast<U32>(file.size())) + little<U16>(0);
}

inline std::string pickled_text(const std::string& text) {
  return "X" + little(static_cast<std::uint32_t>(text.size())) + text;
}
inline std::string pickled_whole(std::int64_t number) { return "\x8a\x08" + little(number); }
inline std::string pickled_sizes(const std::vector<std::int64_t>& sizes) {
  std::string text = "(";
  for (const auto size : sizes) text += pickled_whole(size);
  return text + "t";
}

// A call of _rebuild_tensor_v2 with a float storage "0".
inline std::string pickled_tensor(std::int64_t elements, std::int64_t offset,
                                  const std::vector<std::int64_t>& shape,
                                  const std::vector<std::int64_t>& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled_text("storage") + "ctorch\nFloatStorage\n" +
         pickled_text("0") + pickled_text("cpu") + pickled_whole(elements) + "tQ" + pickled_whole(offset) +
         pickled_sizes(shape) + pickled_sizes(strides) +
         "\x89"
         "NtR";
}

inline std::string pickled(const std::string& body) { return "\x80\x02" + body + "."; }

// What torch.save would have written around such a pickle, with one storage.
inline std::string small_pt(const std::string& body, const std::string& storage = std::string(16, '\1')) {
  return small_zip({{"a/data.pkl", pickled(body)}, {"a/data/0", storage}, {"a/version", "3\n"}});
}

}  // namespace reprise
