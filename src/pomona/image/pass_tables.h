#pragma once

#include <cstring>

#include "pomona/image/resample_passes.h"

namespace pomona::image {

/// Lets the per-target functions, which lie in a namespace each, at the tables.
struct HorizontalTables {
  using Kind = HorizontalPass::Layout;
  static auto& Layout(HorizontalPass& p) { return p.layout_; }
  static auto& OutSize(HorizontalPass& p) { return p.out_size_; }
  static auto& Quads(HorizontalPass& p) { return p.quads_; }
  static auto& Offsets(HorizontalPass& p) { return p.offsets_; }
  static uint8_t* Allocate(HorizontalPass& p, size_t bytes) {
    p.table_ = hwy::AllocateAligned<uint8_t>(bytes);
    p.table_bytes_ = bytes;
    std::memset(p.table_.get(), 0, bytes);
    return p.table_.get();
  }
  static auto Layout(const HorizontalPass& p) { return p.layout_; }
  static int OutSize(const HorizontalPass& p) { return p.out_size_; }
  static int Quads(const HorizontalPass& p) { return p.quads_; }
  static const int32_t* Offsets(const HorizontalPass& p) { return p.offsets_.data(); }
  static const uint8_t* Table(const HorizontalPass& p) { return p.table_.get(); }
};

/// Lets the per-target functions, which lie in a namespace each, at the table.
struct VerticalTables {
  static auto& Window(VerticalPass& p) { return p.window_; }
  static auto& First(VerticalPass& p) { return p.first_; }
  static auto& Words(VerticalPass& p) { return p.words_; }
  static const int32_t* Words(const VerticalPass& p) { return p.words_.data(); }
};

}  // namespace pomona::image
