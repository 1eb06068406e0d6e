#include "pomona/serve/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Says what it got, at once or when it is let.
class Echo : public HttpService {
 public:
  explicit Echo(bool hold = false) : hold_(hold) {}
  /// Whoever answers ends before the server does.
  void End() {
    Let();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
  }

  std::optional<HttpReply> AtOnce(const HttpRequest& head) override {
    if (head.method == "GET") return HttpReply{.content_type = "text/plain", .body = head.path};
    return std::nullopt;
  }
  void Answer(HttpRequest request, Respond respond) override {
    std::lock_guard lock(mutex_);
    asked_ = true;
    changed_.notify_all();
    threads_.emplace_back([this, request, respond] {
      std::unique_lock waiting(mutex_);
      changed_.wait(waiting, [this] { return !hold_; });
      waiting.unlock();
      respond({.content_type = "text/plain", .body = std::string(request.text())});
    });
  }
  void Finish(const HttpRequest&, double, HttpReply*) override {}

  void WaitForRequest() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return asked_; });
  }
  void Let() {
    std::lock_guard lock(mutex_);
    hold_ = false;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool hold_ = false;
  bool asked_ = false;
  std::vector<std::thread> threads_;
};

std::unique_ptr<HttpServer> Serve(HttpService& service, const HttpLimits& limits = {}) {
  auto server = HttpServer::Open("127.0.0.1", 0, limits, std::nullopt);
  return server.ok() && (*server)->Start(service).ok() ? *std::move(server) : nullptr;
}

/// A connection that says what it is told.
class Client {
 public:
  explicit Client(const HttpServer& server) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in there{};
    there.sin_family = AF_INET;
    there.sin_port = htons(static_cast<uint16_t>(server.port()));
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&there), sizeof(there)), 0);
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Say(const std::string& text) { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  void Post(const std::string& body) {
    Say("POST /x HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// All until `end` has come, or the server has closed it.
  std::string Hear(const std::string& end) {
    std::string heard;
    char piece[4096];
    while (heard.find(end) == std::string::npos) {
      const ssize_t got = ::recv(socket_, piece, sizeof(piece), 0);
      if (got <= 0) break;
      heard.append(piece, static_cast<size_t>(got));
    }
    return heard;
  }
  std::string HearAll() { return Hear(std::string(1, '\0') + "never"); }

 private:
  const int socket_;
};

TEST(HttpServerTest, clients_are_answered_from_any_thread) {
  Echo service;
  const auto server = Serve(service);
  ASSERT_NE(server, nullptr);
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      Client client(*server);
      for (int i = 0; i < 10; ++i) {
        const std::string body = "<" + std::to_string(100 * c + i) + ">";
        client.Post(body);
        EXPECT_THAT(client.Hear(body), StartsWith("HTTP/1.1 200 "));
        client.Say("GET /get HTTP/1.1\r\n\r\n");
        EXPECT_THAT(client.Hear("/get"), StartsWith("HTTP/1.1 200 "));
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_TRUE(server->Drain(std::chrono::seconds(60)));
  server->Stop();
  service.End();
}

TEST(HttpServerTest, a_drain_waits_for_the_answers_under_way) {
  Echo service(/*hold=*/true);
  const auto server = Serve(service);
  ASSERT_NE(server, nullptr);
  Client waiting(*server);
  Client asking(*server);
  asking.Post("photo");
  service.WaitForRequest();
  EXPECT_FALSE(server->Drain(std::chrono::milliseconds(1)));
  EXPECT_EQ(waiting.HearAll(), "");
  service.Let();
  const std::string answer = asking.HearAll();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, HasSubstr("photo"));
  server->Stop();
  service.End();
}

TEST(HttpServerTest, answers_after_its_end_are_lost) {
  Echo service(/*hold=*/true);
  const auto server = Serve(service);
  ASSERT_NE(server, nullptr);
  Client asking(*server);
  asking.Post("photo");
  service.WaitForRequest();
  server->Stop();
  service.End();
}

TEST(HttpServerTest, what_is_too_much_is_refused) {
  Echo service(/*hold=*/true);
  HttpLimits limits;
  limits.body_bytes = 100;
  limits.held_bytes = 150;
  const auto server = Serve(service, limits);
  ASSERT_NE(server, nullptr);
  Client large(*server);
  large.Say("POST /x HTTP/1.1\r\nContent-Length: 101\r\n\r\n");
  EXPECT_THAT(large.HearAll(), StartsWith("HTTP/1.1 413 "));
  Client first(*server);
  first.Post(std::string(100, 'x'));
  service.WaitForRequest();
  Client second(*server);
  second.Post(std::string(100, 'y'));
  const std::string refused = second.Hear("\"busy\"");
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(refused, HasSubstr("Retry-After: 1"));
  service.Let();
  EXPECT_THAT(first.Hear("xxx"), StartsWith("HTTP/1.1 200 "));
  server->Stop();
  service.End();
}

TEST(HttpServerTest, who_trickles_is_cut) {
  Echo service;
  HttpLimits limits;
  limits.head = std::chrono::milliseconds(50);
  limits.request = std::chrono::milliseconds(50);
  const auto server = Serve(service, limits);
  ASSERT_NE(server, nullptr);
  for (const char* begun : {"GET / HT", "POST /x HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"}) {
    Client slow(*server);
    slow.Say(begun);
    EXPECT_EQ(slow.HearAll(), "") << begun;
  }
  server->Stop();
  service.End();
}

}  // namespace
}  // namespace pomona
