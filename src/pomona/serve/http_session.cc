#include "pomona/serve/http_session.h"

#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "pomona/base/clock.h"
#include "pomona/version.h"

namespace pomona {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Error = beast::error_code;
using Tcp = beast::basic_stream<asio::ip::tcp, asio::io_context::executor_type>;
using Tls = beast::ssl_stream<Tcp>;

constexpr uint32_t kMostHeadBytes = 16 * 1024;
/// A client that sends what is not wanted gets its answer only if we still listen for a while.
constexpr std::chrono::seconds kLinger{2};

template <typename Stream>
constexpr bool kIsTls = std::is_same_v<Stream, Tls>;

HttpReply ReplyOf(const Error& error) {
  if (error == http::error::body_limit) {
    return ErrorReply(413, "body_too_large", "the body is larger than is allowed");
  }
  if (error == http::error::header_limit) {
    return ErrorReply(431, "head_too_large", "the head of the request is larger than 16 KiB");
  }
  return ErrorReply(400, "bad_http", "this is no HTTP/1.1 request: " + error.message());
}

/// Of the HTTP parser, and not of the network or the clock.
bool IsOfParser(const Error& error) {
  static const auto& category = make_error_code(http::error::bad_method).category();
  return error.category() == category && error != http::error::end_of_stream &&
         error != http::error::partial_message;
}

template <typename Stream>
class Session : public HttpSession, public std::enable_shared_from_this<Session<Stream>> {
 public:
  template <typename... Rest>
  Session(std::shared_ptr<asio::ssl::context> tls, HttpSessions& sessions, Rest&&... rest)
      : tls_(std::move(tls)), stream_(std::forward<Rest>(rest)...), sessions_(sessions) {
    sessions_.open.insert(this);
  }

  ~Session() override {
    sessions_.held_bytes -= held_;
    sessions_.open.erase(this);
    if (sessions_.ended) sessions_.ended();
  }

  void Start() override {
    socket().expires_after(sessions_.limits.head);
    if constexpr (kIsTls<Stream>) {
      stream_.async_handshake(asio::ssl::stream_base::server, Then([this](const Error& error) {
                                if (!error) ReadHead(sessions_.limits.head);
                              }));
    } else {
      ReadHead(sessions_.limits.head);
    }
  }

  void Drain() override {
    if (waiting_) Close();
  }

  void Close() override { socket().close(); }

 private:
  Tcp& socket() { return beast::get_lowest_layer(stream_); }

  /// Keeps the session until `next` was called.
  template <typename Next>
  auto Then(Next next) {
    return [self = this->shared_from_this(), next](const Error& error, auto&&...) { next(error); };
  }

  void ReadHead(std::chrono::milliseconds most) {
    waiting_ = true;
    // A client that has sent a photo and waits costs no more than one that has not.
    buffer_.shrink_to_fit();
    parser_.emplace();
    parser_->header_limit(kMostHeadBytes);
    parser_->body_limit(static_cast<uint64_t>(sessions_.limits.body_bytes));
    request_ = {};
    socket().expires_after(most);
    http::async_read_header(stream_, buffer_, *parser_,
                            Then([this](const Error& error) { HeadIsHere(error); }));
  }

  void HeadIsHere(const Error& error) {
    waiting_ = false;
    started_ = Clock::now();
    if (error) return Broken(error);
    const auto& head = parser_->get();
    request_.method = std::string(head.method_string());
    for (const auto& field : head) {
      request_.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    const auto target = head.target();
    if (const auto status = request_.SetTarget({target.data(), target.size()}); !status.ok()) {
      return Reply(ErrorReply(400, "bad_address", status.message()));
    }
    if (auto reply = sessions_.service->AtOnce(request_)) return Reply(*std::move(reply));
    socket().expires_after(sessions_.limits.request);
    if (beast::iequals(head[http::field::expect], "100-continue")) return Invite();
    ReadBody();
  }

  /// The client wants to be asked for the body.
  void Invite() {
    invitation_.emplace(http::status::continue_, 11);
    http::async_write(stream_, *invitation_, Then([this](const Error& error) {
                        if (!error) ReadBody();
                      }));
  }

  void ReadBody() {
    if (!Hold(static_cast<int64_t>(parser_->get().body().size()))) {
      return Reply(BusyReply("other requests hold all memory that bodies may take"));
    }
    if (parser_->is_done()) return Ask();
    http::async_read_some(stream_, buffer_, *parser_, Then([this](const Error& error) {
                            if (error) return Broken(error);
                            ReadBody();
                          }));
  }

  /// False: there is no room for a body of so many bytes.
  bool Hold(int64_t bytes) {
    sessions_.held_bytes += bytes - held_;
    held_ = bytes;
    return sessions_.held_bytes <= sessions_.limits.held_bytes;
  }

  void Broken(const Error& error) {
    // Else the client is gone, or was too slow.
    if (IsOfParser(error)) Reply(ReplyOf(error));
  }

  void Ask() {
    socket().expires_never();
    HttpRequest whole = request_;
    whole.body = arrow::Buffer::FromString(std::move(parser_->get().body()));
    sessions_.service->Answer(
        std::move(whole), [self = this->shared_from_this()](HttpReply reply) mutable {
          const auto executor = self->executor_;
          // Moved, so that the last of the session is seen by the server's thread.
          asio::post(executor, [self = std::move(self), reply = std::move(reply)]() mutable {
            self->Reply(std::move(reply));
          });
        });
  }

  void Reply(HttpReply reply) {
    sessions_.service->Finish(request_, SecondsSince(started_), &reply);
    const bool whole = parser_->is_done();
    const bool stays = whole && parser_->get().keep_alive() && !sessions_.draining;
    reply_.emplace();
    reply_->result(static_cast<unsigned>(reply.status));
    reply_->set(http::field::server, std::string("pomona/") + kVersion);
    reply_->set(http::field::content_type, reply.content_type);
    reply_->set("X-Content-Type-Options", "nosniff");
    for (const auto& [name, value] : reply.headers) reply_->set(name, value);
    reply_->keep_alive(stays);
    reply_->content_length(reply.body.size());
    if (request_.method != "HEAD") reply_->body() = std::move(reply.body);
    socket().expires_after(sessions_.limits.request);
    http::async_write(stream_, *reply_, Then([this, stays, whole](const Error& error) {
                        reply_.reset();
                        parser_.reset();
                        ARROW_UNUSED(Hold(0));
                        if (error) return;
                        if (stays) return ReadHead(sessions_.limits.idle);
                        socket().expires_after(kLinger);
                        SayGoodbye(whole);
                      }));
  }

  void SayGoodbye(bool whole) {
    if constexpr (kIsTls<Stream>) {
      stream_.async_shutdown(Then([](const Error&) {}));
    } else {
      Error ignored;
      socket().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
      if (!whole) Discard();
    }
  }

  void Discard() {
    buffer_.clear();
    socket().async_read_some(buffer_.prepare(kMostHeadBytes), Then([this](const Error& error) {
                               if (!error) Discard();
                             }));
  }

  const std::shared_ptr<asio::ssl::context> tls_;  ///< that the stream is of
  Stream stream_;
  const asio::io_context::executor_type executor_ = stream_.get_executor();
  HttpSessions& sessions_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::empty_body>> invitation_;
  std::optional<http::response<http::string_body>> reply_;
  HttpRequest request_;  ///< without its body
  Clock::time_point started_;
  int64_t held_ = 0;
  bool waiting_ = true;  ///< for a request
};

}  // namespace

std::shared_ptr<HttpSession> MakeHttpSession(HttpSocket socket,
                                             std::shared_ptr<asio::ssl::context> tls,
                                             HttpSessions& sessions) {
  if (tls == nullptr) {
    return std::make_shared<Session<Tcp>>(nullptr, sessions, std::move(socket));
  }
  auto& context = *tls;
  return std::make_shared<Session<Tls>>(std::move(tls), sessions, std::move(socket), context);
}

}  // namespace pomona
