// What a stream of one image costs over its inference: the price of a request to a server.
//
//   one_image_bench IMAGE [--seconds S] [--threads N]
//
// prints one JSON object: the median milliseconds of one image read as a stream of its own
// (Extractor::ExtractImages) and of the engine alone, taken in turns, and their ratio.

#include <arrow/api.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pomona/extract.h"
#include "pomona/model/engine.h"

namespace {

using Clock = std::chrono::steady_clock;

template <typename Work>
arrow::Result<double> Milliseconds(Work work) {
  const auto start = Clock::now();
  ARROW_RETURN_NOT_OK(work());
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double Median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> Cell(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (bytes.empty()) return arrow::Status::IOError("cannot read ", path);
  arrow::BinaryBuilder cells;
  ARROW_RETURN_NOT_OK(cells.Append(bytes));
  ARROW_ASSIGN_OR_RAISE(auto column, cells.Finish());
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("image", arrow::binary())}), 1,
                                  {column});
}

arrow::Status ExtractOne(pomona::Extractor& extractor,
                         const std::shared_ptr<arrow::RecordBatch>& cell) {
  ARROW_ASSIGN_OR_RAISE(auto images, arrow::RecordBatchReader::Make({cell}));
  ARROW_ASSIGN_OR_RAISE(const auto stream, extractor.ExtractImages(std::move(images)));
  ARROW_ASSIGN_OR_RAISE(const auto rows, stream->ToTable());
  return stream->counters().images == 1 ? arrow::Status::OK()
                                        : arrow::Status::Invalid("the image was rejected");
}

arrow::Status InferOne(pomona::Engine& engine) {
  std::promise<arrow::Status> done;
  engine.request(0).Start([&](arrow::Status status) { done.set_value(std::move(status)); });
  return done.get_future().get();
}

arrow::Status Bench(const std::string& path, double seconds, pomona::ExtractOptions options) {
  ARROW_ASSIGN_OR_RAISE(const auto cell, Cell(path));
  ARROW_ASSIGN_OR_RAISE(const auto extractor, pomona::Extractor::Load(options));
  pomona::EngineOptions alone;
  alone.threads = options.threads;
  alone.pin_threads = !options.share_cores;
  ARROW_ASSIGN_OR_RAISE(const auto engine, pomona::Engine::Load(extractor->model(), alone));
  std::vector<double> stream_ms;
  std::vector<double> engine_ms;
  ARROW_RETURN_NOT_OK(ExtractOne(*extractor, cell));
  ARROW_RETURN_NOT_OK(InferOne(*engine));
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  do {
    ARROW_ASSIGN_OR_RAISE(const double one, Milliseconds([&] { return InferOne(*engine); }));
    engine_ms.push_back(one);
    ARROW_ASSIGN_OR_RAISE(const double read,
                          Milliseconds([&] { return ExtractOne(*extractor, cell); }));
    stream_ms.push_back(read);
  } while (Clock::now() < end);
  const double stream = Median(stream_ms);
  const double infer = Median(engine_ms);
  std::cout << nlohmann::ordered_json{{"images", stream_ms.size()},
                                      {"stream_ms", stream},
                                      {"engine_ms", infer},
                                      {"ratio", stream / infer}}
            << '\n';
  return arrow::Status::OK();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures a stream of one image beside the inference engine alone.");
  std::string path;
  double seconds = 5;
  pomona::ExtractOptions options;
  app.add_option("image", path, "An encoded image")->required();
  app.add_option("--seconds", seconds, "Time to measure");
  app.add_option("--threads", options.threads, "Cores to use; 0: all");
  CLI11_PARSE(app, argc, argv);
  const arrow::Status status = Bench(path, seconds, options);
  if (!status.ok()) {
    std::fprintf(stderr, "error: %s\n", status.message().c_str());
    return 1;
  }
  return 0;
}
