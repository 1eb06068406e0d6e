// Runs the engine on raw pixels, for tests in other languages.
//
//   engine_dump [--model NAME|PATH] [--features TENSOR] [--precision P] [--preprocess PRESET]
//               [--threads N] [--cache DIR] [--input-size N]
//
// stdin: images of height * width * 3 uint8 RGB, one after the other.
// stdout: feature_dim float32 each, in the same order. stderr: errors. --info prints
// "width height feature_dim tensor precision" instead and reads nothing.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <mutex>
#include <vector>

#include "pomona/model/engine.h"

namespace {

/// Features of image i, in request i % n: rows must not depend on the slot.
arrow::Status Dump(pomona::Engine* engine, const std::vector<uint8_t>& input) {
  const size_t image = static_cast<size_t>(engine->height() * engine->width() * 3);
  const auto dim = static_cast<size_t>(engine->feature_dim());
  if (input.size() % image != 0) {
    return arrow::Status::Invalid("input of ", input.size(), " bytes is not a multiple of ", image);
  }
  const size_t count = input.size() / image;
  std::vector<float> features(count * dim);
  const auto slots = static_cast<size_t>(engine->request_count());
  for (size_t first = 0; first < count; first += slots) {
    const size_t batch = std::min(slots, count - first);
    std::mutex mutex;
    std::condition_variable changed;
    size_t running = batch;
    arrow::Status failed;
    for (size_t slot = 0; slot < batch; ++slot) {
      auto& request = engine->request(static_cast<int>(slot));
      std::copy_n(input.data() + (first + slot) * image, image, request.pixels());
      request.Start([&, slot](const arrow::Status& status) {
        const std::lock_guard lock(mutex);
        failed &= status;
        std::copy_n(request.features(), dim, features.data() + (first + slot) * dim);
        if (--running == 0) changed.notify_one();
      });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running == 0; });
    ARROW_RETURN_NOT_OK(failed);
  }
  std::fwrite(features.data(), sizeof(float), features.size(), stdout);
  return arrow::Status::OK();
}

arrow::Status Run(int argc, char** argv) {
  CLI::App app;
  std::string name = "efficientnet-lite0";
  std::string precision = "f32";
  std::string preprocess;
  bool info = false;
  pomona::EngineOptions options;
  app.add_option("--model", name);
  app.add_option("--features", options.features);
  app.add_option("--precision", precision);
  app.add_option("--preprocess", preprocess);
  app.add_option("--threads", options.threads);
  app.add_option("--cache", options.cache_dir);
  app.add_option("--input-size", options.input_size);
  app.add_flag("--info", info);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return arrow::Status::Invalid(error.what());
  }
  ARROW_ASSIGN_OR_RAISE(options.precision, pomona::ParsePrecision(precision));
  ARROW_ASSIGN_OR_RAISE(pomona::Model model, pomona::FindModel(name));
  if (!preprocess.empty()) {
    ARROW_ASSIGN_OR_RAISE(model.card.normalisation, pomona::PreprocessPreset(preprocess));
  }
  ARROW_ASSIGN_OR_RAISE(const auto engine, pomona::Engine::Load(model, options));
  if (info) {
    std::cout << engine->width() << ' ' << engine->height() << ' ' << engine->feature_dim() << ' '
              << engine->feature_tensor() << ' ' << pomona::PrecisionName(engine->precision())
              << '\n';
    return arrow::Status::OK();
  }
  const std::vector<uint8_t> input{std::istreambuf_iterator<char>(std::cin), {}};
  return Dump(engine.get(), input);
}

}  // namespace

int main(int argc, char** argv) {
  const arrow::Status status = Run(argc, argv);
  if (!status.ok()) std::fprintf(stderr, "error: %s\n", status.message().c_str());
  return status.ok() ? 0 : 1;
}
