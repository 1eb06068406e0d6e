#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/metrics.h"
#include "pomona/metrics/metrics_file.h"
#include "pomona/metrics/metrics_server.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The number behind `series`; NaN if it is not there.
double Value(const std::string& text, const std::string& series) {
  const std::string line = "\n" + series + " ";
  const size_t at = text.find(line);
  return at == std::string::npos ? std::nan("") : std::stod(text.substr(at + line.size()));
}

struct Answer {
  long status = 0;
  std::string body;
};

Answer Get(const std::string& url) {
  Answer answer;
  CURL* curl = curl_easy_init();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char* bytes, size_t size, size_t count, void* body) {
        static_cast<std::string*>(body)->append(bytes, size * count);
        return size * count;
      });
  EXPECT_EQ(curl_easy_perform(curl), CURLE_OK) << url;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_easy_cleanup(curl);
  return answer;
}

RunProgress Images(int64_t count) {
  RunProgress progress;
  progress.images = count;
  progress.counters.images = count;
  return progress;
}

class RunMetricsTest : public testing::Test {
 protected:
  std::string file() const { return folder_.string() + "/fruits.prom"; }
  MetricsOptions FileOptions() const {
    MetricsOptions options;
    options.file = file();
    options.file_every = std::chrono::milliseconds(1);
    return options;
  }
  static MetricsOptions PortOptions(const std::string& address = "127.0.0.1") {
    MetricsOptions options;
    options.port = 0;
    options.address = address;
    return options;
  }
  /// Updates until the file has it: it is written every millisecond at most.
  void UpdateUntilWritten(RunMetrics& metrics, int64_t images) const {
    do {
      metrics.Update(Images(images));
    } while (Value(ReadFile(file()), "pomona_images_total{run=\"fruits\"}") !=
             static_cast<double>(images));
  }

  TempFolder folder_;
};

TEST_F(RunMetricsTest, TheFileIsThereFromTheStart) {
  const auto metrics = RunMetrics::Open(FileOptions()).ValueOrDie();
  const std::string text = ReadFile(file());
  EXPECT_EQ(Value(text, "pomona_images_total{run=\"fruits\"}"), 0);
  EXPECT_EQ(Value(text, "pomona_run_finished{run=\"fruits\"}"), 0);
  EXPECT_EQ(Value(text, "pomona_last_progress_timestamp_seconds{run=\"fruits\"}"),
            Value(text, "pomona_run_start_timestamp_seconds{run=\"fruits\"}"));
  EXPECT_EQ(metrics->url(), "");
}

TEST_F(RunMetricsTest, ProgressIsWhatMovesItsTimestamp) {
  const auto metrics = RunMetrics::Open(FileOptions()).ValueOrDie();
  const std::string series = "pomona_last_progress_timestamp_seconds{run=\"fruits\"}";
  const double start = Value(ReadFile(file()), series);
  UpdateUntilWritten(*metrics, 5);
  const double moved = Value(ReadFile(file()), series);
  EXPECT_GT(moved, start);
  for (int i = 0; i < 10; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    metrics->Update(Images(5));
  }
  EXPECT_EQ(Value(ReadFile(file()), series), moved);
}

TEST_F(RunMetricsTest, TheLastWordIsTheReports) {
  MetricsOptions options = FileOptions();
  options.file_every = std::chrono::hours(1);
  const auto metrics = RunMetrics::Open(options).ValueOrDie();
  metrics->Update(Images(5));
  RunReport report;
  report.images = report.counters.images = 40;
  report.rejects = {{"corrupt", 2}};
  report.references = 50;
  report.unchanged = 8;
  report.parts_written = 3;
  ASSERT_TRUE(metrics->Finish(report).ok());
  const std::string text = ReadFile(file());
  EXPECT_EQ(Value(text, "pomona_images_total{run=\"fruits\"}"), 40);
  EXPECT_EQ(Value(text, "pomona_rejects_total{reason=\"corrupt\",run=\"fruits\"}"), 2);
  EXPECT_EQ(Value(text, "pomona_references{run=\"fruits\"}"), 50);
  EXPECT_EQ(Value(text, "pomona_unchanged{run=\"fruits\"}"), 8);
  EXPECT_EQ(Value(text, "pomona_parts_total{run=\"fruits\"}"), 3);
  EXPECT_EQ(Value(text, "pomona_run_finished{run=\"fruits\"}"), 1);
  EXPECT_EQ(Value(text, "pomona_run_failed{run=\"fruits\"}"), 0);
  EXPECT_FALSE(std::filesystem::exists(file() + ".tmp"));
}

TEST_F(RunMetricsTest, AFailureKeepsWhatWasCounted) {
  const auto metrics = RunMetrics::Open(FileOptions()).ValueOrDie();
  metrics->Update(Images(5));
  ASSERT_TRUE(metrics->Finish(arrow::Status::IOError("gone")).ok());
  const std::string text = ReadFile(file());
  EXPECT_EQ(Value(text, "pomona_images_total{run=\"fruits\"}"), 5);
  EXPECT_EQ(Value(text, "pomona_run_finished{run=\"fruits\"}"), 0);
  EXPECT_EQ(Value(text, "pomona_run_failed{run=\"fruits\"}"), 1);
}

TEST_F(RunMetricsTest, AFileThatVanishesWithItsFolderIsSaidAtTheEnd) {
  const TempFolder inner;
  MetricsOptions options;
  options.file = inner.string() + "/fruits.prom";
  const auto metrics = RunMetrics::Open(options).ValueOrDie();
  std::filesystem::remove_all(inner.path());
  metrics->Update(Images(5));
  const arrow::Status status = metrics->Finish(RunReport{});
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), AllOf(HasSubstr(options.file), HasSubstr("No such file")));
}

TEST_F(RunMetricsTest, AFileThatCannotBeIsRefused) {
  MetricsOptions options;
  options.file = folder_.string() + "/nowhere/fruits.prom";
  const arrow::Status status = RunMetrics::Open(options).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(StartsWith("metrics-file: "), HasSubstr(options.file),
                                      HasSubstr("No such file"), HasSubstr("\nhint: ")));
}

TEST_F(RunMetricsTest, ThePortAnswersMetricsAndNothingElse) {
  const auto metrics = RunMetrics::Open(PortOptions()).ValueOrDie();
  ASSERT_THAT(metrics->url(), StartsWith("http://127.0.0.1:"));
  EXPECT_EQ(Value(Get(metrics->url()).body, "pomona_images_total"), 0);
  metrics->Update(Images(12));
  const Answer answer = Get(metrics->url());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Value(answer.body, "pomona_images_total"), 12);
  const std::string root = metrics->url().substr(0, metrics->url().rfind('/') + 1);
  EXPECT_EQ(Get(root).status, 404);
  EXPECT_EQ(Get(root + "etc/passwd").status, 404);
}

/// A client that connects, and says `words`.
class Client {
 public:
  Client(const std::string& url, std::string_view words) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    Say(words);
  }
  Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  ~Client() {
    if (socket_ >= 0) ::close(socket_);
  }
  void Say(std::string_view words) const {
    (void)!::send(socket_, words.data(), words.size(), MSG_NOSIGNAL);
  }
  /// All that comes until the other side closes.
  std::string Hear() const {
    std::string heard;
    char piece[4096];
    for (ssize_t got; (got = ::recv(socket_, piece, sizeof(piece), 0)) > 0;) {
      heard.append(piece, static_cast<size_t>(got));
    }
    return heard;
  }

 private:
  int socket_;
};

int OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<int>(std::distance(begin(all), end(all)));
}

TEST_F(RunMetricsTest, SilentConnectionsTakeNoDescriptorsAndNobodysTurn) {
  const auto metrics = RunMetrics::Open(PortOptions()).ValueOrDie();
  constexpr int kClients = 200;
  const int before = OpenDescriptors();
  std::vector<Client> clients;
  for (int i = 0; i < kClients; ++i) clients.emplace_back(metrics->url(), "");
  EXPECT_EQ(Get(metrics->url()).status, 200);
  EXPECT_LE(OpenDescriptors() - before - kClients,
            static_cast<int>(MetricsServer::kMostConnections));
}

TEST_F(RunMetricsTest, AClientThatDribblesDoesNotKeepTheProcess) {
  auto metrics = RunMetrics::Open(PortOptions()).ValueOrDie();
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) clients.emplace_back(metrics->url(), "G");
  // Its turn comes after theirs, so they are held now.
  EXPECT_EQ(Get(metrics->url()).status, 200);
  metrics.reset();
  for (const Client& client : clients) EXPECT_EQ(client.Hear(), "");
}

TEST_F(RunMetricsTest, ARequestWithoutAnEndIsCutOff) {
  const auto metrics = RunMetrics::Open(PortOptions()).ValueOrDie();
  const Client client(metrics->url(), "GET /metrics HTTP/1.1\r\n");
  const std::string header = "X: " + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 100; ++i) client.Say(header);
  EXPECT_EQ(client.Hear(), "");
}

TEST_F(RunMetricsTest, OddRequestsAreAnsweredOrCutOff) {
  const auto metrics = RunMetrics::Open(PortOptions()).ValueOrDie();
  const auto answer = [&](std::string_view words) { return Client(metrics->url(), words).Hear(); };
  EXPECT_THAT(answer("GET /metrics?x=1 HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer("HEAD /metrics HTTP/1.1\r\n\r\n"), testing::EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer("POST /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer("\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer(std::string_view("\0\0 \r\n\r\n", 7)), StartsWith("HTTP/1.1 405 "));
  EXPECT_THAT(answer("GET\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_EQ(Get(metrics->url()).status, 200);
}

TEST_F(RunMetricsTest, AnIPv6AddressIsServed) {
  const auto metrics = RunMetrics::Open(PortOptions("::1"));
  if (!metrics.ok()) GTEST_SKIP() << "no IPv6 here: " << metrics.status().ToString();
  ASSERT_THAT((*metrics)->url(), StartsWith("http://[::1]:"));
  EXPECT_EQ(Get((*metrics)->url()).status, 200);
}

TEST_F(RunMetricsTest, ATakenPortIsRefused) {
  const auto first = RunMetrics::Open(PortOptions()).ValueOrDie();
  const std::string url = first->url();
  MetricsOptions options = PortOptions();
  options.port = std::stoi(url.substr(url.rfind(':') + 1));
  const arrow::Status status = RunMetrics::Open(options).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), AllOf(HasSubstr("metrics-port " + std::to_string(*options.port)),
                                      HasSubstr("127.0.0.1"), HasSubstr("\nhint: ")));
}

TEST_F(RunMetricsTest, AbsurdOptionsAreRefusedByName) {
  for (const int port : {-1, 65'536}) {
    MetricsOptions options;
    options.port = port;
    const auto status = options.Validate();
    EXPECT_TRUE(status.IsInvalid());
    EXPECT_THAT(status.message(), HasSubstr("metrics-port"));
  }
  for (const char* address : {"", "localhost", "127.0.0.1:80", "0.0.0.0,1", "[::1]", "0.0.0.0/0"}) {
    const auto status = PortOptions(address).Validate();
    EXPECT_TRUE(status.IsInvalid()) << address;
    EXPECT_THAT(status.message(), HasSubstr("metrics-address"));
  }
}

TEST_F(RunMetricsTest, AReaderNeverSeesAPartOfAFile) {
  const std::string small(10, 'a');
  const std::string large(1 << 20, 'b');
  ASSERT_TRUE(ReplaceFile(file(), small).ok());
  std::atomic<bool> ending{false};
  std::thread writer([&] {
    while (!ending) {
      EXPECT_TRUE(ReplaceFile(file(), large).ok());
      EXPECT_TRUE(ReplaceFile(file(), small).ok());
    }
  });
  int smalls = 0;
  int larges = 0;
  while (smalls < 20 || larges < 20) {
    const std::string seen = ReadFile(file());
    if (seen != small && seen != large) {
      ADD_FAILURE() << seen.size() << " bytes";
      break;
    }
    ++(seen == small ? smalls : larges);
  }
  ending = true;
  writer.join();
}

}  // namespace
}  // namespace pomona
