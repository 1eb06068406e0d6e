#pragma once

#include <arrow/result.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pomona/extract.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// A classifier behind HTTP: docs/guides/serve.md.
struct ServeOptions {
  /// The file that `pomona train` wrote: a path or URI.
  std::string classifier;

  /// The network of its features: its path. Empty: by its name in the catalogue, which the
  /// classifier knows.
  std::string model;

  /// What the Open Inference Protocol calls the model: letters, digits, "-", "_" and ".".
  std::string name = "pomona";

  /// A feature table of the same network, in which neighbours are looked up. Empty: none.
  std::string table;

  /// A file of this machine that keeps the table ready (NeighborIndex). Empty: it is made anew at
  /// each start, which reads the table, and lies in the folder for temporary files.
  std::string index;

  /// IPv4 or IPv6 address to listen on.
  std::string host = "127.0.0.1";

  /// 0: any that is free.
  int port = 8080;

  /// For the phones of this network: listens on all addresses of IPv4, asks for a token, which is
  /// made if no file has one, and speaks TLS, with a certificate of its own if no file has one.
  bool lan = false;

  /// Files of PEM text: the server's certificate, with those that vouch for it behind it, and its
  /// key. Empty: no TLS.
  std::string tls_cert, tls_key;

  /// A file with one word of 16 characters or more, which clients send as "Authorization: Bearer
  /// WORD". Empty: everybody is answered.
  std::string auth_token_file;

  /// Web pages of these origins ("https://example.org") may ask as well; "*" is all of them. None:
  /// only pages that the server has itself.
  std::vector<std::string> allow_origins;

  /// A folder in which each photo that was answered is kept, under its SHA-256. Empty: photos are
  /// neither stored nor logged.
  std::string keep;

  /// The body of a request, in bytes; a larger one is refused. All bodies that are held at once
  /// take eight times that at most.
  int64_t max_body = int64_t{32} << 20;

  /// Connections at once; one more is refused.
  int max_connections = 1024;

  /// Requests that wait for a core; one more is refused.
  int queue = 64;

  /// For a request to come, to wait for a core, and for its answer to be taken: each.
  std::chrono::milliseconds request_timeout{30'000};

  /// How long Drain waits for answers that are under way.
  std::chrono::milliseconds drain_timeout{30'000};

  /// How features are computed, and what an image may cost. What makes features is the
  /// classifier's.
  ExtractOptions extract;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// A server that is running. Its functions are for one thread.
class Server {
 public:
  /// Loads what is to be served, and serves it from threads of its own: one for all clients, and
  /// two a core and one that wait for the network.
  /// Errors: those of ServeOptions::Validate; Invalid: the port is taken; a certificate or token
  /// that is none; a classifier or a table of other features than can be made here. KeyError: the
  /// network. DamagedData: no classifier, no index. IOError, OutOfMemory, Cancelled.
  static arrow::Result<std::unique_ptr<Server>> Open(const ServeOptions& options);
  /// Ends it at once; answers that are under way are lost.
  virtual ~Server() = default;

  /// Where it is, "https://192.168.1.5:8080"; of `lan` as others reach it.
  virtual const std::string& url() const = 0;
  /// What clients must send; empty: nothing.
  virtual const std::string& token() const = 0;
  /// What it serves, for people: "81 labels, efficientnet-lite0, f32".
  virtual std::string description() const = 0;

  /// Reads the classifier again, and the certificate. Requests that came before have the old one.
  /// Where it fails, the old ones stay. Errors: those of Open.
  virtual arrow::Status Reload() = 0;

  /// Takes no more requests, and waits for answers that are under way. True: all were given.
  virtual bool Drain() = 0;
};

}  // namespace pomona
