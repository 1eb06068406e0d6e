#pragma once

#include <arrow/result.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/base/clock.h"
#include "pomona/serve/http_server.h"
#include "pomona/serve/photo_work.h"
#include "pomona/serve/work_queue.h"

namespace pomona {

/// Who is answered, and as what.
struct EndpointOptions {
  std::string name;   ///< of the model, for the Open Inference Protocol
  std::string token;  ///< empty: none is asked for
  std::vector<std::string> allow_origins;
  std::string keep;  ///< folder; empty: none
  size_t queue = 64;
  std::chrono::milliseconds request_timeout{30'000};
  /// Answers GETs of addresses that no endpoint has, such as the files of a page; no token is asked
  /// for. Nothing: there is no such file. Called by the server's thread: it must not wait.
  std::function<std::optional<HttpReply>(const HttpRequest&)> files;
};

/// The addresses that a server has, and what is behind them: docs/format/openapi.json. Requests
/// with photos wait in one queue for the threads that compute.
class Endpoints : public HttpService {
 public:
  /// OutOfMemory: there are no threads.
  static arrow::Result<std::unique_ptr<Endpoints>> Start(EndpointOptions options,
                                                         std::shared_ptr<const ServedModel> model);

  /// For /metrics; before the first request.
  void Show(const HttpServer& server) { server_ = &server; }
  std::shared_ptr<const ServedModel> model() const;
  /// From now on. Null: reading it failed, and the old one stays. Thread-safe.
  void Reload(std::shared_ptr<const ServedModel> model);
  /// Says that it is not ready any more. Thread-safe.
  void Drain() { draining_ = true; }

  std::optional<HttpReply> AtOnce(const HttpRequest& head) override;
  void Answer(HttpRequest request, Respond respond) override;
  void Finish(const HttpRequest& request, double seconds, HttpReply* reply) override;

 private:
  struct Route {
    std::function<HttpReply()> get;
    std::function<arrow::Result<HttpReply>(const PhotoWork&)> post;  ///< in a thread that computes
    bool open = false;                                               ///< needs no token
  };

  Endpoints(EndpointOptions options, std::shared_ptr<const ServedModel> model);
  void AddRoutes();
  void AddInferenceRoutes();
  HttpReply Ready() const;
  HttpReply Metrics();
  bool AllowsOrigin(std::string_view origin) const;
  std::optional<HttpReply> RefuseOrigin(const HttpRequest& head) const;
  std::optional<HttpReply> RefusePost(const HttpRequest& head) const;

  const EndpointOptions options_;
  const KeptPhotos kept_;
  ServeMetrics metrics_;
  std::map<std::string, Route> routes_;
  std::atomic<bool> draining_ = false;
  const HttpServer* server_ = nullptr;
  mutable std::mutex mutex_;  ///< of model_
  std::shared_ptr<const ServedModel> model_;
  std::unique_ptr<WorkQueue> queue_;  ///< the last: its threads use all of the above
};

}  // namespace pomona
