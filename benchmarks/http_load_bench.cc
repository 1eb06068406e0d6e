// Clients of a server that cost it little: each a thread that sends the same request again and
// again over one connection, and reads no more of the answer than where it ends.
//
//   http_load_bench PORT IMAGE [--path /classify] [--clients N] [--seconds S]
//
// prints one JSON object: answers a second with status 200, counts by status, connections that
// broke, and percentiles of the milliseconds of those with 200.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Seen {
  std::map<std::string, int64_t> statuses;
  std::vector<double> milliseconds;  ///< of 200
  int64_t broken = 0;
};

int Connect(int port) {
  const int one = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
  const int yes = 1;
  setsockopt(one, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  if (::connect(one, reinterpret_cast<sockaddr*>(&there), sizeof(there)) == 0) return one;
  ::close(one);
  return -1;
}

bool SendAll(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

/// The answer with its head; empty: the connection broke.
std::string ReadAnswer(int socket) {
  constexpr std::string_view kLength = "Content-Length: ";
  std::string answer;
  size_t whole = std::string::npos;
  char piece[16384];
  while (answer.size() < whole) {
    const ssize_t got = ::recv(socket, piece, sizeof(piece), 0);
    if (got <= 0) return "";
    answer.append(piece, static_cast<size_t>(got));
    const size_t head = answer.find("\r\n\r\n");
    const size_t length = answer.find(kLength);
    if (whole != std::string::npos || head == std::string::npos || length > head) continue;
    whole = head + 4 + std::stoul(answer.substr(length + kLength.size()));
  }
  return answer;
}

void Ask(int port, const std::string& request, Clock::time_point end, Seen* seen) {
  int socket = Connect(port);
  while (Clock::now() < end) {
    const auto begun = Clock::now();
    const std::string answer = SendAll(socket, request) ? ReadAnswer(socket) : "";
    if (answer.empty()) ++seen->broken;
    if (answer.size() > 12) {
      const std::string status = answer.substr(9, 3);
      ++seen->statuses[status];
      if (status == "200") {
        seen->milliseconds.push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - begun).count());
      }
    }
    if (answer.empty() || answer.find("Connection: close") != std::string::npos) {
      ::close(socket);
      socket = Connect(port);
    }
  }
  ::close(socket);
}

double Percentile(std::vector<double>& sorted, double share) {
  return sorted.empty()
             ? 0
             : sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Asks a server as fast as it answers.");
  int port = 0;
  std::string image;
  std::string path = "/classify";
  int clients = 1;
  double seconds = 5;
  app.add_option("port", port, "Of 127.0.0.1")->required();
  app.add_option("image", image, "What is sent")->required();
  app.add_option("--path", path, "Address that it is sent to");
  app.add_option("--clients", clients, "Connections, and requests at once");
  app.add_option("--seconds", seconds, "Time to measure");
  CLI11_PARSE(app, argc, argv);
  std::ifstream file(image, std::ios::binary);
  const std::string body{std::istreambuf_iterator<char>(file), {}};
  const std::string request = "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body;
  const auto start = Clock::now();
  const auto end =
      start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  std::vector<Seen> seen(static_cast<size_t>(clients));
  std::vector<std::thread> threads;
  for (Seen& one : seen) threads.emplace_back([&] { Ask(port, request, end, &one); });
  for (std::thread& one : threads) one.join();
  const double took = std::chrono::duration<double>(Clock::now() - start).count();
  Seen all;
  for (Seen& one : seen) {
    for (const auto& [status, count] : one.statuses) all.statuses[status] += count;
    all.milliseconds.insert(all.milliseconds.end(), one.milliseconds.begin(),
                            one.milliseconds.end());
    all.broken += one.broken;
  }
  std::sort(all.milliseconds.begin(), all.milliseconds.end());
  std::cout << nlohmann::ordered_json{{"answers_per_second",
                                       static_cast<double>(all.milliseconds.size()) / took},
                                      {"statuses", all.statuses},
                                      {"broken", all.broken},
                                      {"p50_ms", Percentile(all.milliseconds, 0.5)},
                                      {"p99_ms", Percentile(all.milliseconds, 0.99)}}
            << '\n';
  return 0;
}
