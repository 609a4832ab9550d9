// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Kernels that run along the bit lines. A vector's worth of bit lines is turned by transposing small blocks in registers, so
// that lines stand side by side while the recursion runs down them.
namespace szilard::wires {
namespace {

void make_bit_pivots(const double* input, const WireGrid* grid, float* bit_pivots) {
  const size_t padded_rows = grid->panels * kLanes;
  for (size_t first = 0; first < grid->padded_columns; first += kLanes) {
    float* const out = bit_pivots + first * padded_rows;
    const size_t lanes = first >= grid->columns ? 0 : grid->columns - first < kLanes ? grid->columns - first : kLanes;
    float flow[kLanes];
    for (size_t k = 0; k < kLanes; ++k) flow[k] = static_cast<float>(grid->bit_first_end);
    for (size_t i = 0; i < padded_rows; ++i) {
      float value[kLanes] = {};
      if (i >= grid->rows) {
        for (size_t k = 0; k < kLanes; ++k) out[i * kLanes + k] = 0;
        continue;
      }
      const double* const row = input + i * grid->columns + first;
      if (lanes == kLanes)
        for (size_t k = 0; k < kLanes; ++k) value[k] = static_cast<float>(grid->bit_ohm * row[k]);
      else
        for (size_t k = 0; k < lanes; ++k) value[k] = static_cast<float>(grid->bit_ohm * row[k]);
      const float rest = i + 1 == grid->rows ? static_cast<float>(grid->bit_last_end) : 1.0f;
      for (size_t k = 0; k < kLanes; ++k) {
        const float excess = value[k] + flow[k];
        const float inverse = 1.0f / (excess + rest);
        flow[k] = excess * inverse;
        out[i * kLanes + k] = inverse;
      }
    }
    for (size_t i = 0; i < grid->rows; ++i)
      for (size_t k = lanes; k < kLanes; ++k) out[i * kLanes + k] = 0;
  }
}

double step(const WireGrid* grid, double alpha, const float* p, const double* q, size_t first_x_panel, double* x, double* r,
            float* r_single) {
  const size_t panel = grid->padded_columns * kLanes, size = grid->panels * panel, first_x = first_x_panel * panel;
  Double squares[2] = {};
  const auto residual_at = [&](size_t at) {
    Double rest[2];
    for (int half = 0; half < 2; ++half) {
      const size_t here = at + half * kDoubles;
      rest[half] = load(r + here) - alpha * load(q + here);
      store(r + here, rest[half]);
      squares[half] += rest[half] * rest[half];
    }
    store(r_single + at, narrow(rest[0], rest[1]));
  };
  for (size_t at = 0; at < first_x; at += kSingles) residual_at(at);
  for (size_t at = first_x; at < size; at += kSingles) {
    residual_at(at);
    for (int half = 0; half < 2; ++half) {
      const size_t here = at + half * kDoubles;
      store(x + here, load(x + here) + alpha * load_widened(p + here));
    }
  }
  return sum(squares[0]) + sum(squares[1]);
}

void columns_down(const WireGrid& grid, size_t column, const float* r, const CoarseRows& coarse_rows, float* coarse,
                  float* work) {
  const size_t padded_rows = grid.panels * kLanes;
  const float* const pivots = grid.bit_pivots + column / kLanes * kLanes * padded_rows + column % kLanes;
  Single y = {};
  for (size_t panel = 0; panel < grid.panels; ++panel) {
    Single whole = {}, weighted = {};
    for (int block = 0; block < kSingleVectors; ++block) {
      Single rows[kSingles];
      for (int c = 0; c < kSingles; ++c)
        rows[c] = load(r + (panel * grid.padded_columns + column + c) * kLanes + block * kSingles);
      transpose(rows);
      for (int k = 0; k < kSingles; ++k) {
        const size_t i = panel * kLanes + block * kSingles + k;
        const Single pivot = load(pivots + i * kLanes);
        y = pivot * rows[k] + pivot * y;
        store(work + i * kSingles, y);
        if (coarse_rows.knots > 0) {
          whole += rows[k];
          weighted += coarse_rows.weight[i] * rows[k];
        }
      }
    }
    if (coarse_rows.knots == 0) continue;
    float* const first = coarse + coarse_rows.interval[panel] * grid.padded_columns + column;
    store(first, load(first) + (whole - weighted));
    if (coarse_rows.knots == 1) continue;
    float* const second = first + grid.padded_columns;
    store(second, load(second) + weighted);
  }
}

void columns_up(const WireGrid& grid, size_t column, const float* r, float* z, const float* work, Double* products) {
  const size_t padded_rows = grid.panels * kLanes;
  const float* const pivots = grid.bit_pivots + column / kLanes * kLanes * padded_rows + column % kLanes;
  Single value = {};
  for (size_t panel = grid.panels; panel-- > 0;)
    for (int block = kSingleVectors; block-- > 0;) {
      Single rows[kSingles], product = {};
      for (int k = kSingles; k-- > 0;) {
        const size_t i = panel * kLanes + block * kSingles + k;
        const Single own = load(work + i * kSingles);
        value = i + 1 == grid.rows ? own : own + load(pivots + i * kLanes) * value;
        rows[k] = value;
      }
      transpose(rows);
      for (int c = 0; c < kSingles; ++c) {
        const size_t at = (panel * grid.padded_columns + column + c) * kLanes + block * kSingles;
        store(z + at, rows[c]);
        product += rows[c] * load(r + at);
      }
      for (int half = 0; half < 2; ++half) products[half] += widen(product, half);
    }
}

double bit_pass(const WireGrid* grid, const float* r, float* z, const CoarseRows* coarse_rows, float* coarse, float* work) {
  for (size_t k = 0; k < coarse_rows->knots * grid->padded_columns; ++k) coarse[k] = 0;
  Double products[2] = {};
  for (size_t column = 0; column < grid->padded_columns; column += kSingles) {
    columns_down(*grid, column, r, *coarse_rows, coarse, work);
    columns_up(*grid, column, r, z, work, products);
  }
  return sum(products[0]) + sum(products[1]);
}

void direction(const WireGrid* grid, const float* z, const CoarseRows* coarse_rows, const float* coarse, double beta, float* p) {
  const float factor = static_cast<float>(beta);
  for (size_t panel = 0; panel < grid->panels; ++panel) {
    const size_t base = panel * grid->padded_columns * kLanes;
    if (coarse_rows->knots == 0) {
      for (size_t at = base; at < base + grid->padded_columns * kLanes; at += kSingles)
        store(p + at, load(z + at) + factor * load(p + at));
      continue;
    }
    const float* const first = coarse + coarse_rows->interval[panel] * grid->padded_columns;
    const float* const second = coarse_rows->knots > 1 ? first + grid->padded_columns : first;
    Single weight[kSingleVectors] = {}, inside[kSingleVectors] = {};
    for (int f = 0; f < kSingleVectors; ++f)
      for (int k = 0; k < kSingles; ++k) {
        const size_t i = panel * kLanes + f * kSingles + k;
        inside[f][k] = i < grid->rows ? 1.0f : 0.0f;
        weight[f][k] = i < grid->rows ? coarse_rows->weight[i] : 0.0f;
      }
    for (size_t j = 0; j < grid->columns; ++j)
      for (int f = 0; f < kSingleVectors; ++f) {
        const size_t at = base + j * kLanes + f * kSingles;
        const Single correction = inside[f] * first[j] + weight[f] * (second[j] - first[j]);
        store(p + at, load(z + at) + correction + factor * load(p + at));
      }
  }
}

}  // namespace
}  // namespace szilard::wires
