#include "pomona/serve/endpoints.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/base/json.h"
#include "pomona/serve/infer_reply.h"
#include "pomona/serve/openapi.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;

/// What has no endpoint is counted together.
constexpr char kOther[] = "other";
constexpr std::string_view kBearer = "Bearer ";

HttpReply JsonReply(const Json& json) { return {.body = CompactJson(json) + "\n"}; }

/// In a time that does not tell how much of it is right.
bool HasToken(const HttpRequest& head, const std::string& token) {
  std::string_view given = head.header("Authorization");
  if (!given.starts_with(kBearer)) return false;
  given.remove_prefix(kBearer.size());
  return given.size() == token.size() &&
         CRYPTO_memcmp(given.data(), token.data(), token.size()) == 0;
}

/// A page of our own: the origin's host and port are those that the client asked for.
bool IsSameOrigin(std::string_view origin, const HttpRequest& head) {
  const size_t host = origin.find("://");
  return host != std::string_view::npos && origin.substr(host + 3) == head.header("Host");
}

}  // namespace

Result<std::unique_ptr<Endpoints>> Endpoints::Start(EndpointOptions options,
                                                    std::shared_ptr<const ServedModel> model) {
  // Two a core keep the network busy, as one decodes while another is computed; one more is at
  // neither.
  const int threads = 2 * model->extractor().options().threads + 1;
  const size_t most = options.queue;
  std::unique_ptr<Endpoints> endpoints(new Endpoints(std::move(options), std::move(model)));
  ARROW_ASSIGN_OR_RAISE(endpoints->queue_, WorkQueue::Start(threads, most));
  return endpoints;
}

Endpoints::Endpoints(EndpointOptions options, std::shared_ptr<const ServedModel> model)
    : options_(std::move(options)), kept_(options_.keep), model_(std::move(model)) {
  AddRoutes();
  AddInferenceRoutes();
}

void Endpoints::AddRoutes() {
  routes_["/healthz"] = {.get = [this] { return Ready(); }, .post = {}, .open = true};
  routes_["/openapi.json"].get = [] { return HttpReply{.body = std::string(OpenApiDocument())}; };
  routes_["/metrics"].get = [this] { return Metrics(); };
  routes_["/classify"].post = Classify;
  routes_["/features"].post = Features;
  routes_["/similar"].post = Similar;
}

/// https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
void Endpoints::AddInferenceRoutes() {
  const std::string& name = options_.name;
  routes_["/v2"].get = [] {
    return JsonReply(
        {{"name", "pomona"}, {"version", kVersion}, {"extensions", {"binary_tensor_data"}}});
  };
  routes_["/v2/health/live"] = {.get =
                                    [] {
                                      return JsonReply({{"live", true}});
                                    },
                                .post = {},
                                .open = true};
  routes_["/v2/health/ready"] = {.get = [this] { return Ready(); }, .post = {}, .open = true};
  for (const char* version : {"", "/versions/1"}) {
    const std::string at = "/v2/models/" + name + version;
    routes_[at].get = [this, name] { return HttpReply{.body = ModelMetadata(name, *model())}; };
    routes_[at + "/ready"].get = [this] { return Ready(); };
    routes_[at + "/infer"].post = [name](const PhotoWork& work) { return Infer(work, name); };
  }
}

std::shared_ptr<const ServedModel> Endpoints::model() const {
  std::lock_guard lock(mutex_);
  return model_;
}

void Endpoints::Reload(std::shared_ptr<const ServedModel> model) {
  metrics_.Reloaded(model != nullptr);
  if (model == nullptr) return;
  std::lock_guard lock(mutex_);
  model_.swap(model);
}

HttpReply Endpoints::Ready() const {
  if (!draining_) return JsonReply({{"ready", true}});
  return ErrorReply(503, "draining", "the server is about to end");
}

HttpReply Endpoints::Metrics() {
  const auto served = model();
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.Text({.connections = server_->connections(),
                                 .waiting = static_cast<int64_t>(queue_->waiting()),
                                 .extractor = served->extractor(),
                                 .classifier_digest = served->digest()})};
}

bool Endpoints::AllowsOrigin(std::string_view origin) const {
  return std::ranges::any_of(options_.allow_origins, [&](const std::string& allowed) {
    return allowed == "*" || allowed == origin;
  });
}

/// Of a page that may not ask; and the question that a browser asks before it lets one.
std::optional<HttpReply> Endpoints::RefuseOrigin(const HttpRequest& head) const {
  const std::string_view origin = head.header("Origin");
  if (origin.empty() || IsSameOrigin(origin, head)) return std::nullopt;
  if (!AllowsOrigin(origin)) {
    return ErrorReply(403, "origin",
                      "pages of " + ShownText(origin) +
                          " may not ask here\nhint: pomona serve --allow-origin names who may");
  }
  if (head.method != "OPTIONS") return std::nullopt;
  return HttpReply{.status = 204,
                   .headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                               {"Access-Control-Allow-Headers",
                                "Authorization, Content-Type, Inference-Header-Content-Length"},
                               {"Access-Control-Max-Age", "600"}}};
}

/// What can be known of a request before its body.
std::optional<HttpReply> Endpoints::RefusePost(const HttpRequest& head) const {
  if (const auto coding = head.header("Content-Encoding");
      !coding.empty() && coding != "identity") {
    return ErrorReply(415, "content_encoding",
                      "bodies are not compressed here: photos are already");
  }
  if (queue_->full()) return BusyReply("too many requests wait for a core");
  return std::nullopt;
}

std::optional<HttpReply> Endpoints::AtOnce(const HttpRequest& head) {
  if (auto refusal = RefuseOrigin(head)) return refusal;
  const bool get = head.method == "GET" || head.method == "HEAD";
  const auto found = routes_.find(head.path);
  if (found == routes_.end()) {
    if (get && options_.files) {
      if (auto file = options_.files(head)) return file;
    }
    return ErrorReply(
        404, "not_found",
        "there is no " + ShownText(head.path) + " here\nhint: /openapi.json says what is");
  }
  const Route& route = found->second;
  if (!(get && route.get) && !(head.method == "POST" && route.post)) {
    const char* allowed = route.get ? "GET, HEAD" : "POST";
    HttpReply reply = ErrorReply(405, "method", ShownText(head.path) + " is for " + allowed);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
  }
  if (!route.open && !options_.token.empty() && !HasToken(head, options_.token)) {
    HttpReply reply = ErrorReply(401, "token", "a token is asked for here, and this is none");
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
  }
  if (get) return route.get();
  return RefusePost(head);
}

void Endpoints::Answer(HttpRequest request, Respond respond) {
  const auto begun = Clock::now();
  const auto& post = routes_.at(request.path).post;
  const auto whole = std::make_shared<const HttpRequest>(std::move(request));
  const bool waits = queue_->Push([this, whole, respond, begun, &post] {
    if (Clock::now() - begun > options_.request_timeout) {
      return respond(BusyReply("no core was free in time"));
    }
    const auto served = model();
    auto reply = Guarded([&]() -> Result<HttpReply> {
      return post({.request = *whole,
                   .model = *served,
                   .kept = kept_,
                   .metrics = metrics_,
                   .begun = begun});
    });
    respond(reply.ok() ? *std::move(reply) : ReplyOf(reply.status()));
  });
  if (!waits) respond(BusyReply("too many requests wait for a core"));
}

void Endpoints::Finish(const HttpRequest& request, double seconds, HttpReply* reply) {
  metrics_.Replied(routes_.contains(request.path) ? request.path : kOther, reply->status, seconds);
  if (const auto origin = request.header("Origin"); !origin.empty() && AllowsOrigin(origin)) {
    reply->headers.emplace_back("Access-Control-Allow-Origin", std::string(origin));
    reply->headers.emplace_back("Access-Control-Expose-Headers",
                                "Inference-Header-Content-Length, Retry-After");
    reply->headers.emplace_back("Vary", "Origin");
  }
  const auto is_cache = [](const auto& one) { return one.first == "Cache-Control"; };
  if (std::ranges::none_of(reply->headers, is_cache)) {
    reply->headers.emplace_back("Cache-Control", "no-store");
  }
}

}  // namespace pomona
