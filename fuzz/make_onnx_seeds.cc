// Writes the seed corpus of fuzz_onnx: graphs with tensors in every kind of place.
// Usage: make_onnx_seeds DIRECTORY

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "test_onnx.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_onnx_seeds DIRECTORY\n");
    return 2;
  }
  using namespace pomona::test_onnx;  // NOLINT
  const std::string tensor = External("t", {1}, "a");
  std::map<std::string, std::string> seeds;
  seeds["classifier"] = Classifier("sub/weights.bin");
  seeds["sparse"] = Model(Field(15, Field(1, tensor) + Field(2, tensor)));
  seeds["attribute"] = Model(Field(1, Field(5, Field(5, tensor) + Field(10, tensor))));
  seeds["subgraph"] = Model(Field(1, Field(5, Field(6, Field(5, tensor)))));
  seeds["function"] = Model("") + Field(25, Field(7, Field(5, Field(5, tensor))));
  seeds["training"] = Model("") + Field(20, Field(1, Field(5, tensor)));
  seeds["inside"] = Model(Field(5, Field(9, "raw data")));
  seeds["no-place"] = Model(Field(5, Number(14, 1)));

  const std::filesystem::path directory(argv[1]);
  std::filesystem::create_directories(directory);
  for (const auto& [name, bytes] : seeds) {
    std::ofstream file(directory / name, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file) {
      std::fprintf(stderr, "error: cannot write %s\n", (directory / name).c_str());
      return 1;
    }
  }
  return 0;
}
