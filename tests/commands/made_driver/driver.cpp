// SPDX-License-Identifier: Apache-2.0
// A libcuda.so.1 with two GPUs that are not there: enough for `reprise` to list them. $MADE_DRIVER_START is
// what cuInit answers, $MADE_DRIVER_GPUS how many there are, $MADE_DRIVER_ACTIVE whether the first is in use.
#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace {

int number(const char* name, int otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::atoi(text) : otherwise;
}

}  // namespace

extern "C" {

int cuInit(unsigned) { return number("MADE_DRIVER_START", 0); }
int cuDriverGetVersion(int* cuda) {
  *cuda = 13000;
  return 0;
}
int cuDeviceGetCount(int* count) {
  *count = number("MADE_DRIVER_GPUS", 2);
  return 0;
}
int cuDeviceGet(int* device, int index) {
  *device = index;
  return 0;
}
int cuDeviceGetName(char* text, int size, int device) {
  std::strncpy(text, device == 0 ? "Made A10G" : "Made L4", static_cast<std::size_t>(size));
  return 0;
}
int cuDeviceGetUuid_v2(unsigned char* bytes, int device) {
  std::memset(bytes, 0x10 + device, 16);
  return 0;
}
int cuDeviceGetAttribute(int* value, int which, int device) {
  *value = which == 75   ? 8
           : which == 76 ? (device == 0 ? 6 : 9)
           : which == 16 ? (device == 0 ? 80 : 58)
           : which == 39 ? 1536
                         : 1;
  return 0;
}
int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active) {
  *flags = 0;
  *active = device == 0 ? number("MADE_DRIVER_ACTIVE", 0) : 0;
  return 0;
}
int cuCtxSynchronize() { return 0; }
int cuDeviceTotalMem_v2(std::size_t* bytes, int) {
  *bytes = std::size_t{24} << 30;
  return 0;
}
}
