// How fast the inference engine alone is: the ceiling of `pomona extract`.
//
//   engine_bench [--model NAME|PATH] [--precision f32|bf16|int8|auto] [--features F]
//                [--input-size N] [--threads N]
//                [--requests N] [--seconds S] [--cache DIR] [--no-pin]
//
// prints one JSON object: images/s, and the milliseconds to load, to the first feature
// and per image of one request alone.

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>

#include "pomona/model/engine.h"

namespace {

using Clock = std::chrono::steady_clock;

double Seconds(Clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

/// Keeps the first `requests` slots of an engine running until a time is reached.
class Load {
 public:
  Load(pomona::Engine* engine, int requests) : engine_(engine), running_(requests) {}

  /// Images per second.
  double Run(double seconds) {
    const auto start = Clock::now();
    end_ =
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    const int requests = running_;
    for (int i = 0; i < requests; ++i) Again(i);
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [&] { return running_ == 0; });
    return images_ / Seconds(Clock::now() - start);
  }

 private:
  void Again(int slot) {
    engine_->request(slot).Start([this, slot](const arrow::Status& status) {
      if (!status.ok()) status.Abort("inference");
      ++images_;
      if (Clock::now() < end_) return Again(slot);
      const std::lock_guard lock(mutex_);
      if (--running_ == 0) stopped_.notify_one();
    });
  }

  pomona::Engine* engine_;
  Clock::time_point end_;
  std::atomic<int64_t> images_ = 0;
  std::mutex mutex_;
  std::condition_variable stopped_;
  int running_;
};

arrow::Status Bench(const std::string& name, const std::string& precision, int requests,
                    double seconds, pomona::EngineOptions options) {
  const auto start = Clock::now();
  ARROW_ASSIGN_OR_RAISE(options.precision, pomona::ParsePrecision(precision));
  ARROW_ASSIGN_OR_RAISE(const auto model, pomona::FindModel(name));
  const auto found = Clock::now();
  ARROW_ASSIGN_OR_RAISE(const auto engine, pomona::Engine::Load(model, options));
  const auto loaded = Clock::now();
  if (requests == 0) requests = engine->request_count();
  if (requests < 0 || requests > engine->request_count()) {
    return arrow::Status::Invalid("--requests is 1 to ", engine->request_count());
  }
  const int64_t pixels = int64_t{engine->height()} * engine->width() * 3;
  for (int slot = 0; slot < engine->request_count(); ++slot) {
    uint8_t* out = engine->request(slot).pixels();
    for (int64_t i = 0; i < pixels; ++i) out[i] = static_cast<uint8_t>((i * 2654435761U) >> 16);
  }
  Load(engine.get(), 1).Run(0);
  const auto first = Clock::now();
  const double alone = Load(engine.get(), 1).Run(seconds / 4);
  const double rate = Load(engine.get(), requests).Run(seconds);
  std::cout << nlohmann::ordered_json{{"model", model.card.name},
                                      {"precision", pomona::PrecisionName(engine->precision())},
                                      {"requests", requests},
                                      {"images_per_second", rate},
                                      {"ms_per_image_alone", 1e3 / alone},
                                      {"find_ms", 1e3 * Seconds(found - start)},
                                      {"load_ms", 1e3 * Seconds(loaded - found)},
                                      {"first_feature_ms", 1e3 * Seconds(first - start)}}
            << '\n';
  return arrow::Status::OK();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures the inference engine alone.");
  std::string model = "efficientnet-lite0";
  std::string precision = "f32";
  int requests = 0;
  double seconds = 5;
  pomona::EngineOptions options;
  bool no_pin = false;
  app.add_option("--model", model, "Catalogue name or path");
  app.add_option("--precision", precision, "f32, bf16, int8 or auto");
  app.add_option("--features", options.features, "Tensors, last or levels");
  app.add_option("--input-size", options.input_size, "Side of the image; 0: the network's own");
  app.add_option("--threads", options.threads, "Cores to use; 0: all");
  app.add_option("--requests", requests, "Requests kept running; 0: all that the engine has");
  app.add_option("--seconds", seconds, "Time to measure");
  app.add_option("--cache", options.cache_dir, "Folder of compiled models");
  app.add_flag("--no-pin", no_pin, "Let threads move between cores");
  CLI11_PARSE(app, argc, argv);
  options.pin_threads = !no_pin;
  const arrow::Status status = Bench(model, precision, requests, seconds, options);
  if (!status.ok()) {
    std::fprintf(stderr, "error: %s\n", status.message().c_str());
    return 1;
  }
  return 0;
}
