// SPDX-License-Identifier: Apache-2.0
// Every call to the CUDA run-time library fails once: the product's library answers with a sentence, or goes
// on, and whatever digest it gives is right.
#include <iostream>
#include <map>
#include <sstream>

#include "fake_cuda/tests/product_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

std::map<std::string, int> calls_of_a_run(const Scratch& scratch) {
  const std::string summary = (scratch / "summary").string();
  REQUIRE(right(drive(scratch, {"whole"}, on("7.5/4", 1, true, "FAKE_CUDA_SUMMARY=" + summary))));
  std::map<std::string, int> calls;
  std::istringstream in(content_of(summary));
  for (std::string word, name; in >> word;) {
    int count = 0;
    if (word == "call" && in >> name >> count) calls[name] = count;
  }
  return calls;
}

// right, refused (with a sentence) or failed (a call of the program's own): nothing else is an answer.
std::string answer(const Printed& printed) {
  INFO(printed.out << printed.err);
  if (right(printed)) return "right";
  if (printed.code == 4 && printed.out.starts_with("failed ")) return "failed";
  REQUIRE(printed.code == 3);
  REQUIRE(printed.out.starts_with("refused "));
  REQUIRE((contains(printed.out, "wanted") || contains(printed.out, "are wrong")));
  return "refused";
}

int code_of(const Printed& printed) { return printed.code == 3 ? std::atoi(printed.out.c_str() + 8) : 0; }

constexpr int all_of = 10;  // of the calls of one name so many are tried, spread evenly

}  // namespace

TEST_CASE("each call fails once, by an error of its own and by a device that is lost") {
  const Scratch scratch;
  std::map<std::string, int> answers;
  int injected = 0;
  for (const auto& [name, count] : calls_of_a_run(scratch)) {
    const int step = std::max(1, count / all_of);
    for (int nth = 1; nth <= count; nth += step) {
      const bool lost = nth / step % 4 == 2;
      const int code = lost ? 719 : contains(name, "Malloc") || contains(name, "Alloc") ? 2 : 999;
      const std::string fail =
          "FAKE_CUDA_FAIL=" + name + ":" + std::to_string(nth) + ":" + std::to_string(code);
      INFO(fail);
      ++answers[answer(drive(scratch, {"whole"}, on("7.5/4", 1, true, fail)))];
      ++injected;
    }
  }
  std::cout << "injected failures: " << injected << "; right all the same " << answers["right"]
            << ", refused with a sentence " << answers["refused"] << ", calls of the program itself "
            << answers["failed"] << '\n';
  REQUIRE(answers["refused"] > 50);
}

TEST_CASE("a machine without a driver, without a device, or with one too old is told apart") {
  const Scratch scratch;
  const auto code = [&](const std::string& devices, const std::string& fail) {
    return code_of(
        drive(scratch, {"answers"}, on(devices, 1, false, fail.empty() ? "" : "FAKE_CUDA_FAIL=" + fail)));
  };
  REQUIRE(code("none", "") == 2);  // REPRISE_CUDA_NO_DEVICE
  REQUIRE(code("7.5/4", "cudaGetDeviceCount:1:35") ==
          1);  // cudaErrorInsufficientDriver: REPRISE_CUDA_NO_DRIVER
  REQUIRE(code("7.5/4", "cudaGetDeviceCount:1:100") == 2);  // cudaErrorNoDevice
  REQUIRE(code("7.0/4", "") == 3);                          // REPRISE_CUDA_TOO_OLD
  REQUIRE(code("6.1/4", "") == 3);
  REQUIRE(code("7.5/4", "cudaHostAlloc:1:2") == 4);       // REPRISE_CUDA_OUT_OF_MEMORY
  REQUIRE(code("7.5/4", "cudaLaunchKernel:1:719") == 5);  // REPRISE_CUDA_LOST
  REQUIRE(code("7.5/4", "cudaLaunchKernel:1:98") == 6);   // REPRISE_CUDA_FAILED
}

TEST_CASE("whatever memory the device has, no digest is wrong") {
  const Scratch scratch;
  std::map<std::string, int> answers;
  for (std::size_t bytes = 1000; bytes < 1500000; bytes = bytes * 12 / 11) {
    INFO(bytes << " bytes");
    ++answers[answer(
        drive(scratch, {"whole"}, on("7.5/4", 3, true, "FAKE_CUDA_MEMORY=" + std::to_string(bytes))))];
  }
  REQUIRE(answers["right"] > 0);
  REQUIRE(answers["refused"] > 0);
}

TEST_CASE("two devices: a session works on the device it was opened for") {
  const Scratch scratch;
  for (const std::string devices : {"7.5/4,12.0/8", "12.0/1,7.5/132"}) {
    const Printed printed = drive(scratch, {"whole"}, on(devices));
    INFO(printed.out << printed.err);
    REQUIRE(right(printed));
  }
}
