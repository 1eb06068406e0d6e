#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/doctor/doctor_topics.h"
#include "pomona/extract/cache_folder.h"
#include "pomona/model/engine.h"
#include "pomona/model/engine_facts.h"

namespace pomona {
namespace {

/// Keeps every request of an engine running until a time is reached. For one Run.
class FullLoad {
 public:
  explicit FullLoad(Engine& engine) : engine_(engine), running_(engine.request_count()) {}

  /// Images per second.
  arrow::Result<double> Run(Clock::duration time) {
    const auto start = Clock::now();
    end_ = start + time;
    const int requests = running_;
    for (int i = 0; i < requests; ++i) Again(i);
    std::unique_lock lock(mutex_);
    stopped_.wait(lock, [&] { return running_ == 0; });
    ARROW_RETURN_NOT_OK(status_);
    return static_cast<double>(images_) / SecondsSince(start);
  }

 private:
  void Again(int slot) {
    engine_.request(slot).Start([this, slot](const arrow::Status& status) {
      if (status.ok()) {
        ++images_;
        if (Clock::now() < end_) return Again(slot);
      }
      const std::lock_guard lock(mutex_);
      status_ &= status;
      if (--running_ == 0) stopped_.notify_one();
    });
  }

  Engine& engine_;
  Clock::time_point end_;
  std::atomic<int64_t> images_ = 0;
  std::mutex mutex_;
  std::condition_variable stopped_;
  int running_;
  arrow::Status status_;
};

arrow::Result<SpeedFigure> Measure(const Model& model, Precision precision,
                                   const std::string& cache_dir, Clock::duration time) {
  EngineOptions options;
  options.precision = precision;
  options.cache_dir = cache_dir;
  ARROW_ASSIGN_OR_RAISE(auto engine, Engine::Load(model, options));
  const int64_t bytes = int64_t{3} * engine->height() * engine->width();
  for (int slot = 0; slot < engine->request_count(); ++slot) {
    // Any pixels will do, but zeros might be computed faster than a picture.
    uint32_t state = static_cast<uint32_t>(slot);
    std::generate_n(engine->request(slot).pixels(), bytes, [&] {
      state = state * 1664525U + 1013904223U;
      return static_cast<uint8_t>(state >> 24);
    });
  }
  ARROW_RETURN_NOT_OK(FullLoad(*engine).Run(time / 10).status());  // caches and clocks warm up
  ARROW_ASSIGN_OR_RAISE(const double rate, FullLoad(*engine).Run(time - time / 10));
  return SpeedFigure{model.card.name, engine->precision(), rate, AvailableCores()};
}

}  // namespace

std::vector<Finding> ExamineSpeed(const DoctorOptions& options, std::vector<SpeedFigure>* speeds) {
  const auto model = FindModel(options.model);
  const auto facts = FindEngineFacts();
  if (!model.ok() || !facts.ok()) return {};  // a problem of another topic already
  std::vector<Precision> precisions = {Precision::kF32};
  if (facts->auto_precision != Precision::kF32) precisions.push_back(facts->auto_precision);
  const std::string cache_dir =
      options.cache_dir.empty() ? DefaultCacheFolder() : options.cache_dir;

  std::vector<Finding> findings;
  for (const Precision precision : precisions) {
    const std::string name(PrecisionName(precision));
    const auto figure =
        Measure(*model, precision, cache_dir, options.speed_test / precisions.size());
    if (!figure.ok()) {
      findings.push_back({"speed", name, figure.status().message(), FindingLevel::kProblem,
                          "pomona model show " + options.model + " tells more about the model"});
      continue;
    }
    const double rate = figure->images_per_second;
    findings.push_back({"speed", name,
                        fmt::format("{:.0f} images/s, {:.0f} a core: {:.1f} hours a million", rate,
                                    rate / figure->cores, 1e6 / rate / 3600),
                        FindingLevel::kOk, ""});
    speeds->push_back(*figure);
  }
  return findings;
}

}  // namespace pomona
