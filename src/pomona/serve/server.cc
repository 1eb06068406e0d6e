#include <fmt/format.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pomona/base/file_text.h"
#include "pomona/base/hex.h"
#include "pomona/serve.h"
#include "pomona/serve/endpoints.h"
#include "pomona/serve/http_server.h"
#include "pomona/serve/own_certificate.h"
#include "pomona/serve/served_model.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kLeastToken = 16;
/// Bodies of so many requests of the largest size may be held at once.
constexpr int64_t kHeldBodies = 8;

Result<std::string> TokenIn(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(std::string token, FileText(path));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  const bool word = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (word && token.size() >= kLeastToken) return token;
  return Status::Invalid("option `auth_token_file`: ", ShownUri(path),
                         " does not hold one word of ", kLeastToken, " characters or more");
}

Result<std::string> NewToken() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) {
    return Status::ExecutionError("the system gives no random numbers");
  }
  std::string token;
  for (const unsigned char byte : bytes) AppendHex(byte, &token);
  return token;
}

Result<std::optional<PemPair>> TlsOf(const ServeOptions& options, const std::string& address) {
  if (options.tls_cert.empty()) {
    if (!options.lan) return std::nullopt;
    return MakeOwnCertificate(address);
  }
  PemPair pair;
  ARROW_ASSIGN_OR_RAISE(pair.certificate, FileText(options.tls_cert));
  ARROW_ASSIGN_OR_RAISE(pair.key, FileText(options.tls_key));
  return pair;
}

class RunningServer : public Server {
 public:
  explicit RunningServer(const ServeOptions& options) : options_(options) {}

  ~RunningServer() override {
    if (http_) http_->Stop();
    endpoints_.reset();  // its threads answer to http_
  }

  Status Start() {
    std::string address = options_.host;
    if (options_.lan) ARROW_RETURN_NOT_OK(LanAddress().Value(&address));
    if (!options_.auth_token_file.empty()) {
      ARROW_RETURN_NOT_OK(TokenIn(options_.auth_token_file).Value(&token_));
    } else if (options_.lan) {
      ARROW_RETURN_NOT_OK(NewToken().Value(&token_));
    }
    ARROW_ASSIGN_OR_RAISE(const auto tls, TlsOf(options_, address));
    // The port before the network: that it is taken shows at once.
    ARROW_ASSIGN_OR_RAISE(http_, HttpServer::Open(options_.lan ? "0.0.0.0" : options_.host,
                                                  options_.port, Limits(), tls));
    ARROW_ASSIGN_OR_RAISE(auto model, ServedModel::Load(options_, nullptr));
    ARROW_ASSIGN_OR_RAISE(endpoints_,
                          Endpoints::Start({.name = options_.name,
                                            .token = token_,
                                            .allow_origins = options_.allow_origins,
                                            .keep = options_.keep,
                                            .queue = static_cast<size_t>(options_.queue),
                                            .request_timeout = options_.request_timeout,
                                            .files = {}},
                                           std::move(model)));
    endpoints_->Show(*http_);
    const bool v6 = address.find(':') != std::string::npos;
    url_ = fmt::format("{}://{}{}{}:{}", tls ? "https" : "http", v6 ? "[" : "", address,
                       v6 ? "]" : "", http_->port());
    return http_->Start(*endpoints_);
  }

  const std::string& url() const override { return url_; }
  const std::string& token() const override { return token_; }

  std::string description() const override {
    const auto model = endpoints_->model();
    int64_t labels = 0;
    for (const Classifier& one : model->classifiers()) labels += one.classes();
    std::string text =
        fmt::format("{} labels, {}, {}", labels, ShownText(model->extractor().model().card.name),
                    PrecisionName(model->extractor().precision()));
    if (model->has_table()) text += fmt::format(", {} rows to look in", model->table_rows());
    return text;
  }

  Status Reload() override {
    auto model = ServedModel::Load(options_, endpoints_->model().get());
    endpoints_->Reload(model.ok() ? *model : nullptr);
    ARROW_RETURN_NOT_OK(model.status());
    if (options_.tls_cert.empty()) return Status::OK();
    ARROW_ASSIGN_OR_RAISE(const auto tls, TlsOf(options_, ""));
    return http_->SetTls(*tls);
  }

  bool Drain() override {
    endpoints_->Drain();
    return http_->Drain(options_.drain_timeout);
  }

 private:
  HttpLimits Limits() const {
    HttpLimits limits;
    limits.connections = options_.max_connections;
    limits.body_bytes = options_.max_body;
    limits.held_bytes = kHeldBodies * options_.max_body;
    limits.request = options_.request_timeout;
    limits.head = std::min(limits.head, options_.request_timeout);
    return limits;
  }

  const ServeOptions options_;
  std::string token_, url_;
  std::unique_ptr<HttpServer> http_;
  std::unique_ptr<Endpoints> endpoints_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Open(const ServeOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  auto server = std::make_unique<RunningServer>(options);
  ARROW_RETURN_NOT_OK(server->Start());
  return server;
}

}  // namespace pomona
