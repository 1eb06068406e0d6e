// Logistic regression of rows in memory, as `pomona train --method logistic` learns it: the
// statistics, the principal axes, the rows in them, the minimum; and a path of penalties.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>
#include <vector>

#include "pomona/base/clock.h"
#include "pomona/classify/class_moments.h"
#include "pomona/classify/class_statistics.h"
#include "pomona/classify/principal_rows.h"
#include "pomona/linalg/logistic.h"

namespace {

template <class T>
std::vector<T> Read(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::vector<T> values(static_cast<size_t>(in.tellg()) / sizeof(T));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()),
          static_cast<std::streamsize>(values.size() * sizeof(T)));
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Logistic regression of rows in memory");
  std::string rows_file, labels_file;
  int64_t dim = 0;
  int threads = 2;
  double tolerance = 1e-6;
  std::vector<double> penalties;
  app.add_option("rows", rows_file, "float32, row-major")->required();
  app.add_option("labels", labels_file, "int32, 0 to classes - 1")->required();
  app.add_option("dim", dim)->required();
  app.add_option("--penalty", penalties, "One, or a path of them, the strongest first")->required();
  app.add_option("--tolerance", tolerance);
  app.add_option("--threads", threads);
  CLI11_PARSE(app, argc, argv);

  const auto rows = Read<float>(rows_file);
  const auto labels = Read<int32_t>(labels_file);
  const int classes = *std::max_element(labels.begin(), labels.end()) + 1;
  const auto start = pomona::Clock::now();
  pomona::ThreadTeam team(threads);
  pomona::ClassStatistics statistics(dim, classes, threads);
  statistics.Add(rows.data(), labels);
  statistics.Finish();
  std::vector<int64_t> features(static_cast<size_t>(dim));
  std::iota(features.begin(), features.end(), int64_t{0});
  const std::vector<double> factors(static_cast<size_t>(dim), 1.0);
  const pomona::PrincipalAxes axes(pomona::ClassMoments::Of(statistics), features, factors, dim);
  pomona::RowPanels panels(dim);
  constexpr int64_t kRows = 4096;
  const auto count = static_cast<int64_t>(labels.size());
  for (int64_t first = 0; first < count; first += kRows) {
    axes.Append(rows.data() + first * dim, std::min(kRows, count - first), team, &panels);
  }
  const double prepared = pomona::SecondsSince(start);
  const pomona::SoftmaxLoss loss(
      {{&panels, labels}}, std::vector<double>(static_cast<size_t>(classes), 1.0), team, threads);
  nlohmann::json fits = nlohmann::json::array();
  pomona::LogisticPath path;
  for (const double penalty : penalties) {
    const auto& fit = path.Next(loss, axes.variances(), penalty * axes.mean_variance(), tolerance,
                                arrow::StopToken::Unstoppable());
    fits.push_back({{"penalty", penalty},
                    {"objective", fit.objective},
                    {"gap", fit.gap},
                    {"evaluations", fit.evaluations},
                    {"seconds", pomona::SecondsSince(start)}});
  }
  std::cout << nlohmann::json{{"prepared", prepared},
                              {"mean_variance", axes.mean_variance()},
                              {"fits", fits}}
            << "\n";
  return 0;
}
