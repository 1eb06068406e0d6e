#include "pomona/image/pnm_header.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "pomona/reject.h"

namespace pomona::image {
namespace {

constexpr std::string_view kWhitespace = " \t\n\v\f\r";
constexpr size_t kMaxNumber = 10;    // digits, as in Pillow
constexpr size_t kMaxPamLine = 256;  // far more than a line has that means anything

struct TupleType {
  std::string_view name;
  PnmPixel pixel;
};
// The first of each depth is taken where no type is named.
constexpr std::array kTupleTypes = {
    TupleType{"GRAYSCALE", PnmPixel::kGrey}, TupleType{"GRAYSCALE_ALPHA", PnmPixel::kGreyAlpha},
    TupleType{"RGB", PnmPixel::kRgb},        TupleType{"RGB_ALPHA", PnmPixel::kRgba},
    TupleType{"BGR", PnmPixel::kBgr},        TupleType{"BGR_ALPHA", PnmPixel::kBgra},
};

arrow::Status Truncated() {
  return Rejected(RejectReason::kTruncated, "PNM ends inside its header");
}

arrow::Status Corrupt(std::string_view what) {
  return Rejected(RejectReason::kCorrupt, fmt::format("PNM header has {}", what));
}

arrow::Result<int64_t> Number(std::string_view text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || text.size() > kMaxNumber || error != std::errc() || stop != end ||
      number < 1) {
    return Corrupt("a number that is none");
  }
  return number;
}

arrow::Result<int> Maxval(int64_t value) {
  if (value > 65535) return Corrupt("a maxval above 65535");
  if (value > 255) {
    return Rejected(RejectReason::kUnsupportedFormat, "PNM has more than 8 bits a sample");
  }
  return static_cast<int>(value);
}

/// Pillow's way to the next number: a comment ends with its line, but does not end a token.
arrow::Result<int64_t> NextNumber(std::string_view data, size_t* at) {
  std::string token;
  while (token.size() <= kMaxNumber && *at < data.size()) {
    const char c = data[(*at)++];
    if (kWhitespace.find(c) != std::string_view::npos) {
      if (!token.empty()) break;
    } else if (c == '#') {
      *at = std::min(data.find_first_of("\r\n", *at), data.size() - 1) + 1;
    } else {
      token += c;
    }
  }
  if (token.empty()) return Truncated();
  return Number(token);
}

arrow::Result<PnmHeader> ParsePgmOrPpm(std::string_view data) {
  PnmHeader header;
  header.pixel = data[1] == '5' ? PnmPixel::kGrey : PnmPixel::kRgb;
  header.size = 3;  // the magic and a white space
  ARROW_ASSIGN_OR_RAISE(header.width, NextNumber(data, &header.size));
  ARROW_ASSIGN_OR_RAISE(header.height, NextNumber(data, &header.size));
  ARROW_ASSIGN_OR_RAISE(const int64_t maxval, NextNumber(data, &header.size));
  ARROW_ASSIGN_OR_RAISE(header.maxval, Maxval(maxval));
  return header;
}

arrow::Result<PnmPixel> PixelOf(int64_t depth, std::string_view type) {
  for (const TupleType& known : kTupleTypes) {
    if (PnmChannels(known.pixel) == depth && (type.empty() || type == known.name)) {
      return known.pixel;
    }
  }
  return Rejected(RejectReason::kUnsupportedFormat,
                  fmt::format("PAM has depth {} and a tuple type that is not read with it", depth));
}

arrow::Result<PnmHeader> ParsePam(std::string_view data) {
  PnmHeader header;
  int64_t maxval = 0;
  int64_t depth = 0;
  std::string_view type;
  header.size = 3;
  for (;;) {
    const size_t end = data.find('\n', header.size);
    if (end == std::string_view::npos) {
      if (data.size() - header.size > kMaxPamLine) return Corrupt("a line without an end");
      return Truncated();
    }
    const std::string_view line = data.substr(header.size, end - header.size);
    header.size = end + 1;
    const size_t name_end = std::min(line.find_first_of(kWhitespace), line.size());
    const std::string_view name = line.substr(0, name_end);
    const size_t first = std::min(line.find_first_not_of(kWhitespace, name_end), line.size());
    const size_t last = line.find_last_not_of(kWhitespace);
    const std::string_view value =
        first == line.size() ? std::string_view() : line.substr(first, last + 1 - first);
    if (name == "ENDHDR") break;
    if (name.empty() || name.starts_with('#')) continue;
    if (name == "WIDTH") {
      ARROW_ASSIGN_OR_RAISE(header.width, Number(value));
    } else if (name == "HEIGHT") {
      ARROW_ASSIGN_OR_RAISE(header.height, Number(value));
    } else if (name == "DEPTH") {
      ARROW_ASSIGN_OR_RAISE(depth, Number(value));
    } else if (name == "MAXVAL") {
      ARROW_ASSIGN_OR_RAISE(maxval, Number(value));
    } else if (name == "TUPLTYPE") {
      type = value;
    } else {
      return Corrupt("a line that PAM does not have");
    }
  }
  if (header.width == 0 || header.height == 0 || depth == 0 || maxval == 0) {
    return Corrupt("no WIDTH, HEIGHT, DEPTH or MAXVAL");
  }
  ARROW_ASSIGN_OR_RAISE(header.maxval, Maxval(maxval));
  ARROW_ASSIGN_OR_RAISE(header.pixel, PixelOf(depth, type));
  return header;
}

}  // namespace

int PnmChannels(PnmPixel pixel) {
  switch (pixel) {
    case PnmPixel::kGrey:
      return 1;
    case PnmPixel::kGreyAlpha:
      return 2;
    case PnmPixel::kRgb:
    case PnmPixel::kBgr:
      return 3;
    case PnmPixel::kRgba:
    case PnmPixel::kBgra:
      return 4;
  }
  return 0;
}

arrow::Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> encoded) {
  const std::string_view data(reinterpret_cast<const char*>(encoded.data()), encoded.size());
  if (data.size() < 3) return Truncated();
  return data[1] == '7' ? ParsePam(data) : ParsePgmOrPpm(data);
}

}  // namespace pomona::image
