#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "cli/commands.h"
#include "cli/option_arguments.h"
#include "cli/qr_code.h"
#include "cli/spelling.h"
#include "cli/terminal.h"
#include "pomona/options.h"
#include "pomona/serve.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

/// How pixels become features is the classifier's; what is read from stores is a file or two.
bool IsServed(const Option& option) {
  static const std::set<std::string_view> others = {"memory", "fetches", "max_bytes"};
  return !option.makes_features && !others.contains(option.name);
}

struct ServeArguments {
  ServeOptions options;
  OptionArguments of_run = {{OptionGroup::kImages, OptionGroup::kResources, OptionGroup::kStorage},
                            IsServed};
  double request_seconds = 30, drain_seconds = 30;
  bool quiet = false;

  arrow::Result<ServeOptions> Resolve() const {
    ServeOptions resolved = options;
    ARROW_ASSIGN_OR_RAISE(const RunOptions run, of_run.Resolve());
    resolved.extract = run.extract;
    resolved.request_timeout =
        std::chrono::milliseconds(static_cast<int64_t>(request_seconds * 1e3));
    resolved.drain_timeout = std::chrono::milliseconds(static_cast<int64_t>(drain_seconds * 1e3));
    ARROW_RETURN_NOT_OK(resolved.Validate());
    return resolved;
  }
};

/// What the process waits for. Threads that are started later get none of them.
sigset_t BlockSignals() {
  sigset_t waited;
  sigemptyset(&waited);
  for (const int one : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) sigaddset(&waited, one);
  pthread_sigmask(SIG_BLOCK, &waited, nullptr);
  return waited;
}

int NextSignal(const sigset_t& waited) {
  int one = 0;
  while (sigwait(&waited, &one) != 0) {
  }
  return one;
}

void PrintWhere(const Server& server) {
  fmt::print(stderr, "{} {} at {}\n", Green("serving", stderr), server.description(), server.url());
}

void PrintLan(const Server& server) {
  // Behind the hash: no browser sends it to a server, and no log has it.
  const std::string address = server.url() + "/#token=" + server.token();
  fmt::print(stderr, "  token     {}\n  phones    {}\n{}", server.token(), address,
             QrCode(address, IsTerminal(stderr)));
}

/// Cancelled: a signal came before it was open.
arrow::Result<std::unique_ptr<Server>> OpenServer(ServeOptions options, const sigset_t& waited) {
  arrow::StopSource stop;
  options.extract.stop = stop.token();
  auto opening = std::async(std::launch::async, [&] {
    auto server = Server::Open(options);
    ::kill(::getpid(), SIGUSR1);
    return server;
  });
  bool stopped = false;
  for (int one = 0; one != SIGUSR1;) {
    one = NextSignal(waited);
    if (one == SIGINT || one == SIGTERM) {
      stopped = true;
      stop.RequestStop();
    }
  }
  auto server = opening.get();
  if (stopped) return arrow::Status::Cancelled("stopped while it was opened");
  return server;
}

void ReloadServer(Server& server, bool quiet) {
  if (const auto status = server.Reload(); !status.ok()) {
    Report(status);
    fmt::print(stderr, "the old classifier stays\n");
  } else if (!quiet) {
    fmt::print(stderr, "reloaded: {}\n", server.description());
  }
}

ExitCode Serve(const ServeArguments& arguments) {
  const auto options = arguments.Resolve();
  if (!options.ok()) return Report(options.status());
  const sigset_t waited = BlockSignals();
  const auto server = OpenServer(*options, waited);
  if (server.status().IsCancelled()) {
    fmt::print(stderr, "interrupted before anything was served\n");
    return kInterrupted;
  }
  if (!server.ok()) return Report(server.status());
  if (!arguments.quiet) PrintWhere(**server);
  if (options->lan) PrintLan(**server);
  while (true) {
    const int one = NextSignal(waited);
    if (one == SIGHUP) ReloadServer(**server, arguments.quiet);
    if (one == SIGINT || one == SIGTERM) break;
  }
  const bool drained = (*server)->Drain();
  if (!drained) fmt::print(stderr, "some requests were not answered within --drain-timeout\n");
  return drained ? kOk : kFailed;
}

}  // namespace

void AddServeCommand(Command all) {
  Command command =
      all.AddCommand("serve", "Answer photos over HTTP: names, how sure that is, neighbours");
  auto arguments = std::make_shared<ServeArguments>();
  ServeOptions& options = arguments->options;
  command.Add("CLASSIFIER", options.classifier, "The file that pomona train wrote").Required();
  command.Add("--table", options.table,
              "A feature table of the same network, in which neighbours are looked up");
  command.Add("--index", options.index,
              "A file of this machine that keeps that table ready (default: made at each start)");
  command.Add("--model", options.model,
              "The network that the classifier's features are of (default: by its name in the "
              "catalogue)");
  command.Add("--name", options.name, "What the Open Inference Protocol calls the model")
      .ShowDefault();
  command.AddFlag("--quiet", arguments->quiet, "Say nothing but errors");
  const auto server = [&](const std::string& name, auto& value, const std::string& help) {
    return command.Add(name, value, help).Group("Server");
  };
  server("--host", options.host, "Listen on this IPv4 or IPv6 address").ShowDefault();
  server("--port", options.port, "Listen on this port; 0 takes one that is free and says which")
      .ShowDefault();
  command
      .AddFlag("--lan", options.lan,
               "For the phones of this network: listen on all addresses, with a token and TLS, "
               "both made here unless files have them, and show a QR code")
      .Group("Server");
  server("--tls-cert", options.tls_cert, "Speak TLS with the certificate of this file (PEM)");
  server("--tls-key", options.tls_key, "Its key (PEM)");
  server("--auth-token-file", options.auth_token_file,
         "Answer only who sends the word of this file: Authorization: Bearer WORD");
  server("--allow-origin", options.allow_origins,
         "Pages of this origin may ask, or * for all. Repeatable (default: only the server's own)")
      .Repeatable();
  server("--keep", options.keep,
         "Keep each photo that was answered in this folder (default: photos are not stored)");
  server("--max-body", options.max_body, "Requests with a larger body are refused")
      .Bytes()
      .ShowDefault("32MiB");
  server("--max-connections", options.max_connections, "More connections are refused")
      .ShowDefault();
  server("--queue", options.queue, "Requests that may wait for a core; more are refused")
      .ShowDefault();
  server("--request-timeout", arguments->request_seconds,
         "Seconds for a request to come, to wait for a core, and for its answer to be taken: each")
      .ShowDefault();
  server("--drain-timeout", arguments->drain_seconds,
         "Seconds that answers under way have once SIGTERM or Ctrl-C has come")
      .ShowDefault();
  arguments->of_run.AddTo(command);
  command.Footer(
      "curl --data-binary @photo.jpg http://127.0.0.1:8080/classify\n"
      "EXIF is obeyed. /openapi.json says what else there is; Triton's and KServe's clients find\n"
      "their protocol at /v2. SIGTERM and Ctrl-C let answers under way go out, then it ends; "
      "SIGHUP\n"
      "reads the classifier again, and keeps the old one where the new one is bad.");
  command.Does([arguments] { return Serve(*arguments); });
}

}  // namespace pomona::cli
