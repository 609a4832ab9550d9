// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
// Included by translation units of different instruction sets, each with its own SZILARD_GATE_KERNELS.
#include <cstring>

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "rtl/gate_level/kernels.hpp"

namespace szilard::gate_level {
namespace {

using Word = std::uint64_t;

template <typename F, std::size_t... I>
inline void run_gates(F f, const std::uint32_t* operands, std::size_t count, const Word* values, Word* out,
                      std::integer_sequence<std::size_t, I...>) {
  for (std::size_t k = 0; k < count; ++k) out[k] = f(values[operands[I * count + k]]...);
}

#define SZILARD_GATE(INPUTS, EXPRESSION)                                                \
  [](const std::uint32_t* operands, std::size_t count, const Word* values, Word* out) { \
    run_gates(                                                                          \
        [](auto... word) {                                                              \
          const Word w[] = {word...};                                                   \
          return Word(EXPRESSION);                                                      \
        },                                                                              \
        operands, count, values, out, std::make_index_sequence<INPUTS>());              \
  }

constexpr Word a = 0xaaaa, b = 0xcccc, c = 0xf0f0, d = 0xff00;

/// The truth table follows from the expression, evaluated on the words that count through all combinations.
#define SZILARD_ENTRY(INPUTS, EXPRESSION) \
  {                                       \
    INPUTS,                               \
        [] {                              \
          const Word w[] = {a, b, c, d};  \
          (void)w;                        \
          return Word(EXPRESSION);        \
        }() &                             \
            mask(INPUTS),                 \
        SZILARD_GATE(INPUTS, EXPRESSION)  \
  }

constexpr Word mask(unsigned inputs) { return inputs >= 6 ? ~Word{0} : (Word{1} << (1u << inputs)) - 1; }

const GateKernelEntry kEntries[] = {
    SZILARD_ENTRY(1, w[0]),
    SZILARD_ENTRY(1, ~w[0]),
    SZILARD_ENTRY(2, w[0] & w[1]),
    SZILARD_ENTRY(2, ~(w[0] & w[1])),
    SZILARD_ENTRY(2, w[0] | w[1]),
    SZILARD_ENTRY(2, ~(w[0] | w[1])),
    SZILARD_ENTRY(2, w[0] ^ w[1]),
    SZILARD_ENTRY(2, ~(w[0] ^ w[1])),
    SZILARD_ENTRY(2, w[0] & ~w[1]),
    SZILARD_ENTRY(2, w[0] | ~w[1]),
    SZILARD_ENTRY(3, w[0] & w[1] & w[2]),
    SZILARD_ENTRY(3, ~(w[0] & w[1] & w[2])),
    SZILARD_ENTRY(3, w[0] | w[1] | w[2]),
    SZILARD_ENTRY(3, ~(w[0] | w[1] | w[2])),
    SZILARD_ENTRY(3, (w[0] & w[1]) | w[2]),
    SZILARD_ENTRY(3, ~((w[0] & w[1]) | w[2])),
    SZILARD_ENTRY(3, (w[0] | w[1]) & w[2]),
    SZILARD_ENTRY(3, ~((w[0] | w[1]) & w[2])),
    SZILARD_ENTRY(3, (w[2] & w[0]) | (~w[2] & w[1])),
    SZILARD_ENTRY(3, ~((w[2] & w[0]) | (~w[2] & w[1]))),
    SZILARD_ENTRY(3, w[0] ^ w[1] ^ w[2]),
    SZILARD_ENTRY(3, ~(w[0] ^ w[1] ^ w[2])),
    SZILARD_ENTRY(3, (w[0] & w[1]) | (w[2] & (w[0] | w[1]))),
    SZILARD_ENTRY(3, ~((w[0] & w[1]) | (w[2] & (w[0] | w[1])))),
    SZILARD_ENTRY(4, w[0] & w[1] & w[2] & w[3]),
    SZILARD_ENTRY(4, ~(w[0] & w[1] & w[2] & w[3])),
    SZILARD_ENTRY(4, w[0] | w[1] | w[2] | w[3]),
    SZILARD_ENTRY(4, ~(w[0] | w[1] | w[2] | w[3])),
    SZILARD_ENTRY(4, ~((w[0] & w[1]) | (w[2] & w[3]))),
    SZILARD_ENTRY(4, ~((w[0] | w[1]) & (w[2] | w[3]))),
    SZILARD_ENTRY(4, (w[0] & w[1]) | (w[2] & w[3])),
    SZILARD_ENTRY(4, (w[0] | w[1]) & (w[2] | w[3])),
    SZILARD_ENTRY(4, ~((w[0] & w[1]) | w[2] | w[3])),
    SZILARD_ENTRY(4, ~((w[0] | w[1]) & w[2] & w[3])),
};

constexpr std::size_t kChunk = 16, kStack = BooleanFunction::kMostDepth + 1;

void program(const ProgramRun& run, const Word* values, Word* out) {
  using Operation = BooleanFunction::Operation;
  Word stack[kStack][kChunk];
  for (std::size_t first = 0; first < run.count; first += kChunk) {
    const std::size_t n = run.count - first < kChunk ? run.count - first : kChunk;
    std::size_t top = 0;
    for (std::size_t s = 0; s < run.step_count; ++s) {
      const BooleanFunction::Step step = run.steps[s];
      Word* x = stack[top];
      Word* left = top >= 2 ? stack[top - 2] : nullptr;
      Word* right = top >= 1 ? stack[top - 1] : nullptr;
      switch (step.operation) {
        case Operation::input:
          for (std::size_t k = 0; k < n; ++k) x[k] = values[run.operands[step.input * run.count + first + k]];
          ++top;
          break;
        case Operation::zero:
          std::memset(x, 0, sizeof stack[0]);
          ++top;
          break;
        case Operation::one:
          std::memset(x, 0xff, sizeof stack[0]);
          ++top;
          break;
        case Operation::invert:
          for (std::size_t k = 0; k < kChunk; ++k) right[k] = ~right[k];
          break;
        case Operation::both:
          for (std::size_t k = 0; k < kChunk; ++k) left[k] &= right[k];
          --top;
          break;
        case Operation::either:
          for (std::size_t k = 0; k < kChunk; ++k) left[k] |= right[k];
          --top;
          break;
        case Operation::differ:
          for (std::size_t k = 0; k < kChunk; ++k) left[k] ^= right[k];
          --top;
          break;
      }
    }
    std::memcpy(out + first, stack[0], n * sizeof(Word));
  }
}

/// A lane whose unknown bit is set has value bit 0.
void program_unknown(const ProgramRun& run, const Word* values, const Word* unknown, Word* out, Word* out_unknown) {
  using Operation = BooleanFunction::Operation;
  Word value[kStack], x[kStack];
  for (std::size_t k = 0; k < run.count; ++k) {
    std::size_t top = 0;
    for (std::size_t s = 0; s < run.step_count; ++s) {
      const BooleanFunction::Step step = run.steps[s];
      if (step.operation == Operation::input) {
        const std::uint32_t slot = run.operands[step.input * run.count + k];
        value[top] = values[slot];
        x[top++] = unknown[slot];
        continue;
      }
      if (step.operation == Operation::zero || step.operation == Operation::one) {
        value[top] = step.operation == Operation::one ? ~Word{0} : 0;
        x[top++] = 0;
        continue;
      }
      if (step.operation == Operation::invert) {
        value[top - 1] = ~(value[top - 1] | x[top - 1]);
        continue;
      }
      const Word rv = value[top - 1], rx = x[top - 1];
      --top;
      Word &lv = value[top - 1], &lx = x[top - 1];
      if (step.operation == Operation::differ) {
        lx |= rx;
        lv = (lv ^ rv) & ~lx;
      } else if (step.operation == Operation::both) {
        const Word zero = (~lv & ~lx) | (~rv & ~rx);
        lv &= rv;
        lx = ~(lv | zero);
      } else {
        const Word one = lv | rv, zero = ~lv & ~lx & ~rv & ~rx;
        lv = one;
        lx = ~(one | zero);
      }
    }
    out[k] = value[0];
    out_unknown[k] = x[0];
  }
}

struct LaneSums {
  explicit LaneSums(std::int64_t* sums) : sums_(sums) {}
#if defined(__AVX512F__)
  void add(Word lanes, std::int64_t energy) {
    const __m512i wide = _mm512_set1_epi64(energy);
    for (unsigned i = 0; i < 8; ++i) {
      const __m512i sum = _mm512_loadu_si512(sums_ + 8 * i);
      _mm512_storeu_si512(sums_ + 8 * i, _mm512_mask_add_epi64(sum, __mmask8(lanes >> 8 * i), sum, wide));
    }
  }
#else
  void add(Word lanes, std::int64_t energy) {
    for (; lanes; lanes &= lanes - 1) sums_[__builtin_ctzll(lanes)] += energy;
  }
#endif
  std::int64_t* sums_;
};

template <bool kStream, bool kUnknown, bool kEnergy>
void count_as(const CountRun& run) {
  LaneSums sums(run.lane_energy);
  for (std::size_t s = 0; s < run.slots; ++s) {
    const Word value = run.values[s];
    const Word unknown = kUnknown ? run.unknown[s] : 0;
    Word before = run.before[s], before_unknown = kUnknown ? run.before_unknown[s] : 0;
    if (kStream) {
      run.before[s] = value >> run.last_lane & 1;
      before |= value << 1;
      if (kUnknown) {
        run.before_unknown[s] = unknown >> run.last_lane & 1;
        before_unknown |= unknown << 1;
      }
    } else {
      run.before[s] = value;
      if (kUnknown) run.before_unknown[s] = unknown;
    }
    Word toggled = (value ^ before) & run.pairs, one = value & run.valid;
    if (kUnknown) {
      toggled &= ~(unknown | before_unknown);
      one &= ~unknown;
      run.unknowns[s] += static_cast<Word>(__builtin_popcountll(unknown & run.valid));
    }
    run.toggles[s] += static_cast<Word>(__builtin_popcountll(toggled));
    run.ones[s] += static_cast<Word>(__builtin_popcountll(one));
    if (kEnergy) {
      if (toggled && run.toggle_energy[s] != 0) sums.add(toggled, run.toggle_energy[s]);
      if (one && run.one_energy[s] != 0) sums.add(one, run.one_energy[s]);
    }
  }
}

void count(const CountRun& run) {
  const bool energy = run.toggle_energy != nullptr;
  using Function = void (*)(const CountRun&);
  static constexpr Function kFunctions[] = {count_as<false, false, false>, count_as<false, false, true>,
                                            count_as<false, true, false>,  count_as<false, true, true>,
                                            count_as<true, false, false>,  count_as<true, false, true>,
                                            count_as<true, true, false>,   count_as<true, true, true>};
  kFunctions[4 * run.stream + 2 * (run.unknown != nullptr) + energy](run);
}

}  // namespace

Kernels SZILARD_GATE_KERNELS() {
  return {kEntries, sizeof kEntries / sizeof kEntries[0], program, program_unknown, count};
}

}  // namespace szilard::gate_level
