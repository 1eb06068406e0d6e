#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/doctor/doctor_topics.h"
#include "pomona/extract/cache_folder.h"
#include "pomona/extract/preset.h"
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

/// `options`: complete. The engine looks once at an image and once at each of its views.
arrow::Result<SpeedFigure> Measure(const Model& model, const ExtractOptions& options,
                                   Clock::duration time) {
  EngineOptions network;
  network.features = options.features;
  network.input_size = options.input_size;
  network.precision = *options.precision;
  network.cache_dir = options.cache_dir;
  ARROW_ASSIGN_OR_RAISE(auto engine, Engine::Load(model, network));
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
  ARROW_ASSIGN_OR_RAISE(const double looks, FullLoad(*engine).Run(time - time / 10));
  SpeedFigure figure;
  figure.model = model.card.name;
  figure.preset = options.preset;
  figure.precision = engine->precision();
  figure.input_size = engine->width();
  figure.looks = 1 + static_cast<int>(options.views->size());
  figure.images_per_second = looks / figure.looks;
  figure.cores = AvailableCores();
  return figure;
}

std::string Told(const SpeedFigure& figure) {
  const double rate = figure.images_per_second;
  return fmt::format("{:.0f} images/s, {:.0f} a core: {:.1f} hours a million ({}, {} px{})", rate,
                     rate / figure.cores, 1e6 / rate / 3600, PrecisionName(figure.precision),
                     figure.input_size,
                     figure.looks > 1                 ? fmt::format(", {} looks", figure.looks)
                     : figure.preset == Preset::kFast ? "; faster where photos are small"
                                                      : "");
}

}  // namespace

std::vector<Finding> ExamineSpeed(const DoctorOptions& options, std::vector<SpeedFigure>* speeds) {
  const auto model = FindModel(options.model);
  if (!model.ok() || !FindEngineFacts().ok()) return {};  // a problem of another topic already
  constexpr std::array kPresets = {Preset::kSame, Preset::kFast, Preset::kRich};

  std::vector<Finding> findings;
  for (const Preset preset : kPresets) {
    ExtractOptions wanted;
    wanted.model = options.model;
    wanted.preset = preset;
    wanted.cache_dir = options.cache_dir.empty() ? DefaultCacheFolder() : options.cache_dir;
    const auto figure = [&]() -> arrow::Result<SpeedFigure> {
      ARROW_ASSIGN_OR_RAISE(const auto complete, WithPreset(wanted, std::nullopt));
      return Measure(*model, complete, options.speed_test / kPresets.size());
    }();
    const std::string name(PresetName(preset));
    if (figure.ok()) {
      findings.push_back({"speed", name, Told(*figure), FindingLevel::kOk, ""});
      speeds->push_back(*figure);
      continue;
    }
    // A network without maps is as well without `rich`.
    findings.push_back({"speed", name, figure.status().message(),
                        preset == Preset::kRich ? FindingLevel::kNote : FindingLevel::kProblem,
                        "pomona model show " + options.model + " tells more about the model"});
  }
  return findings;
}

}  // namespace pomona
