// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/support/constants.hpp"
#include "models/support/parameter.hpp"

/// Converters between numbers and analog signals: what one is (Converter), many of them at work (ConverterBank), and
/// their accounts in the ledger (ConverterAccounts, converter_accounts.hpp).
namespace szilard::electronic {

/// A uniform quantiser of `bits`. Unsigned: codes 0 .. 2^bits - 1 over [0, full_scale]. Signed: codes -(2^(bits-1) - 1)
/// .. 2^(bits-1) - 1 over [-full_scale, full_scale]. Rounds half away from zero, clips outside. bits = 0: no
/// quantisation and no clipping (an ideal converter; step 1, the code of a value is the value). Law: code = round(value
/// x highest code / full_scale), value = code x step, step = full_scale / highest code. Signed with one bit it is a
/// comparator: codes -1 below 0 and 1 above, step full_scale; ADCs only, with offset, gain error and noise but without
/// mismatch.
struct Quantiser {
  int bits = 0;
  double full_scale = 1;
  bool is_signed = false;

  bool is_comparator() const { return is_signed && bits == 1; }
  double highest_code() const;  ///< 2^bits - 1 or 2^(bits-1) - 1; 1 for a comparator, 0 for an ideal converter
  double lowest_code() const { return is_signed ? -highest_code() : 0.0; }
  double step() const;
  double code(double value) const;  ///< an integer as double
  double value(double code) const { return code * step(); }
  void quantise(const double* in, std::size_t n, double* out) const;  ///< value(code(in)), vectorised
  /// Throws std::invalid_argument that names the field: bits 0 .. 24, full_scale finite and > 0.
  void check() const;
};

/// Which elements of a converter differ from one another.
enum class Mismatch {
  none,
  unit_steps,      ///< equal elements in a row (ladder, ramp, counted charges): every step has an error of its own
  binary_weights,  ///< elements of weight 2^b (capacitor array of a SAR converter): errors of sqrt(2^b) times a unit's
  independent,     ///< every threshold (comparator of a flash converter) or level has an error of its own
};

/// Where a converter departs from its quantiser. All 0: nowhere. LSB is the quantiser's step.
///
/// Laws. ADC: u = (1 + gain) value / step + offset + noise z, code = lowest code + number of thresholds t_k <= u, where
/// ideally t_k = k - 1/2. DAC: value = step [(1 + gain) level(code) + offset + noise z], ideally level(code) = code.
/// offset and gain are `offset_lsb` and `gain_error` plus a Gaussian of the converter's own with the stated spread; z
/// is a Gaussian of the conversion. With mismatch thresholds (or levels) stand at t_k = k - 1/2 + INL_k, so that the
/// step from t_k to t_k+1 is 1 + DNL_k LSB and INL_k = INL_1 + sum of DNL below k (IEEE Std 1241-2010,
/// DOI 10.1109/IEEESTD.2011.5692956).
/// - unit_steps: steps 1 + s z, not below 0, scaled so that the first and last threshold are ideal (end-point fit: what
///   is taken away is gain and offset). DNL has standard deviation s, INL s sqrt(k (N - k) / N), a bridge.
/// - binary_weights: weights 2^b (1 + s z_b / sqrt(2^b)), end-point fit. A SAR converter finds its code by bisection,
///   whose result rises with its input always; where a weight is short a code is missing.
/// - independent: t_k = k - 1/2 + s z_k, no fit; the comparators' outputs are counted, which amounts to sorting them.
/// So an ADC is monotonic whatever its errors. A DAC is where `monotonic` says so: steps below 0 are 0. s is
/// mismatch_lsb. A converter's curve is drawn once, from the numbers (seed, STREAM_NAME/mismatch, converter).
///
/// Left out: errors that follow the signal's slope (aperture, slew), hysteresis, drift, crosstalk between columns.
struct Imperfections {
  support::Parameter offset_lsb;         ///< [LSB] of every converter
  support::Parameter offset_spread_lsb;  ///< [LSB] >= 0, standard deviation from converter to converter
  support::Parameter gain_error;         ///< of every converter, relative, > -1
  support::Parameter gain_spread;        ///< >= 0, standard deviation from converter to converter
  Mismatch mismatch = Mismatch::none;
  support::Parameter mismatch_lsb;  ///< [LSB] >= 0, standard deviation s
  bool monotonic = false;           ///< of DACs
  support::Parameter noise_lsb;     ///< [LSB rms] >= 0 of each conversion, input-referred (ADC) or of the output (DAC)

  bool any() const;
  void check(const Quantiser& quantiser) const;
};

/// What a conversion costs and how long it takes. Steps of sar, flash and ramp: Maloberti, Data Converters, Springer
/// (2007).
enum class EnergyModel {
  cited,     ///< energy_per_conversion, conversion_time
  walden,    ///< E = F 2^ENOB, F in J a conversion step: Walden, IEEE J. Sel. Areas Commun. 17, 539 (1999),
             ///< DOI 10.1109/49.761034
  schreier,  ///< E = P / (2 B) = 1/2 10^((SNDR - F) / 10) J at the Nyquist rate, F = SNDR + 10 log10(B / P) in dB (B in
             ///< Hz, P in W), SNDR = 6.02 ENOB + 1.76 dB: Schreier and Temes, Understanding Delta-Sigma Data
             ///< Converters, Wiley (2005)
  survey,  ///< as schreier, with the best figure that converters of this rate have reached: F = min(F_max, F_1 - s ln(f
           ///< / Hz)),
  ///< f = 1 / conversion time. Where f is low noise sets it, beyond a corner speed costs: B. Murmann, ADC Performance
  ///< Survey 1997-2024 (github.com/bmurmann/ADC-survey), with the trend fitted by T. Andrulis et al., Modeling
  ///< Analog-Digital-Converter Energy and Area for Compute-In-Memory Accelerator Design, arXiv:2404.06553 (2024)
  sar,                            ///< n steps; steps' energy + capacitor array
  flash,                          ///< 2^n - 1 comparators in one step
  single_slope_ramp,              ///< 2^n steps of a counter while a ramp rises; or as many as the code asks for
  current_controlled_oscillator,  ///< counts |code| periods in a window of as many steps as the highest code:
                                  ///< Khaddam-Aljameh et al., IEEE J. Solid-State Circuits 57, 1027 (2022),
                                  ///< DOI 10.1109/JSSC.2022.3140414
  charge_decrement,  ///< packets of charge are taken from or added to what was integrated: equal ones until the sign
                     ///< changes, |code| + 1 steps; or, with binary_search, each half the one before, in the
                     ///< direction of the last comparison, a step a bit: Wan et al., Nature 608, 504 (2022), DOI
                     ///< 10.1038/s41586-022-04992-8
};

/// Order in which a SAR converter switches its differential, binary-weighted array; energies by conservation of charge.
enum class CapacitorSwitching {
  conventional,  ///< trial up, back down: on average sum_i 2^(n+1-2i) (2^i - 1) C V^2
  monotonic,     ///< the higher side steps down: on average sum_i 2^(n-2-i) C V^2, i < n. Both: Liu et al., IEEE J.
                 ///< Solid-State Circuits 45, 731 (2010), DOI 10.1109/JSSC.2010.2042254
};

/// Of the models that work in steps (sar .. charge_decrement): a conversion takes fixed_time + steps x step_time at
/// most and fixed_energy + steps x energy_per_step, + the array's energy in a SAR converter. Each converter stops
/// counting at its own code, the next stage waits for the slowest: latency is that of the most steps.
struct Architecture {
  support::Parameter energy_per_step_j;  ///< [J] >= 0: comparison and logic, or count
  support::Parameter step_time_s;        ///< [s] >= 0
  support::Parameter fixed_energy_j;     ///< [J] >= 0, a conversion beside its steps: sampling, encoding, shift and add
  support::Parameter fixed_time_s;       ///< [s] >= 0
  CapacitorSwitching switching = CapacitorSwitching::monotonic;
  support::Parameter unit_capacitance_f;   ///< [F] >= 0, sar
  support::Parameter reference_voltage_v;  ///< [V] >= 0, sar
  bool stops_early = false;                ///< single_slope_ramp: a column's counter stops at its code
  bool binary_search = false;              ///< charge_decrement
  support::Parameter shared_power_w;  ///< [W] >= 0, single_slope_ramp: of the ramp, one a column tile, while it runs
};

/// A capacitor that holds an ADC's input. Law: its noise is kT / C (V^2), drawn with the converter's own as one
/// Gaussian; filling it takes C V^2 a conversion, V the voltage that stands for the range of all codes, 2^bits steps.
/// With C = 12 kT 4^bits / V^2 the noise is that of ideal quantisation, step / sqrt(12) (Johnson, Phys. Rev. 32, 97
/// (1928), DOI 10.1103/PhysRev.32.97, for kT / C).
struct Sampling {
  support::Parameter capacitance_f;  ///< [F] >= 0; 0: none
  support::Parameter voltage_v;      ///< [V] > 0
  double temperature_k = 300;        ///< [K] > 0
};
inline double quantisation_limited_capacitance_f(int bits, double voltage_v, double temperature_k) {
  return 12 * support::kBoltzmann_J_per_K * temperature_k * std::ldexp(1.0, 2 * bits) / (voltage_v * voltage_v);
}

/// Best figures of merit against rate, EnergyModel::survey.
struct SurveyTrend {
  support::Parameter ceiling_db;    ///< F_max
  support::Parameter intercept_db;  ///< F_1, of a rate of 1 Hz
  support::Parameter slope_db;      ///< s >= 0, of a rate e times as high

  double figure_db(double rate_hz) const { return std::fmin(ceiling_db, intercept_db - slope_db * std::log(rate_hz)); }
};

/// The amplifier in front of a converter that holds a column at its voltage while it integrates, by what it has to
/// settle.
///
/// Law. One pole: within the time t to half a step of n bits, tau = t / ((n + 1) ln 2). Its transconductance is C /
/// tau, its current that over the efficiency g = gm / I, and its power branches x I x V_dd, drawn as static power. g is
/// at most q / kT, 38.7 / V at 300 K, of a transistor in weak inversion (1 / (slope factor x kT / q), 25 to 30 / V),
/// and 5 to 15 / V where a transistor has to be fast.
/// Left out: slewing, bias circuits shared by many, the output stage beyond `branches`.
/// Sources: W. M. C. Sansen, Analog Design Essentials, Springer (2006); F. Silveira, D. Flandre, P. G. A. Jespers, IEEE
/// J. Solid-State Circuits 31, 1314 (1996), DOI 10.1109/4.535416 (gm / I; recall).
struct SettlingAmplifier {
  support::Parameter load_f;            ///< [F] > 0, C
  support::Parameter time_s;            ///< [s] > 0, t
  double bits = 0;                      ///< n > 0
  support::Parameter efficiency_per_v;  ///< [1/V] > 0, g
  support::Parameter supply_v;          ///< [V] > 0
  double branches = 2;                  ///< > 0, that carry the current

  double time_constant_s() const { return time_s / ((bits + 1) * std::log(2.0)); }
  double transconductance_s() const { return load_f / time_constant_s(); }
  double power_w() const { return branches * transconductance_s() / efficiency_per_v * supply_v; }
  /// Throws std::invalid_argument that names the field.
  void check(double temperature_k) const;
};

/// A DAC or ADC: a quantiser with its imperfections, energy and time.
struct Converter {
  Quantiser quantiser;
  support::Parameter energy_per_conversion_j;  ///< [J] >= 0, cited
  support::Parameter conversion_time_s;        ///< [s] >= 0, cited, walden, schreier; > 0, survey
  Imperfections imperfections = {};
  EnergyModel energy_model = EnergyModel::cited;
  support::Parameter figure_of_merit = {};  ///< walden: [J] > 0; schreier: [dB]
  support::Parameter effective_bits = {};   ///< ENOB as given; 0: expected_effective_bits()
  SurveyTrend survey = {};
  Architecture architecture = {};
  support::Parameter static_power_w = {};  ///< [W] >= 0 of one converter, drawn as long as its stage is busy
  std::size_t columns_per_converter = 1;   ///< ADC: columns that it converts one after another
  Sampling sampling = {};                  ///< ADC

  void check() const;  ///< throws std::invalid_argument that names the field

  /// Rms of all noise of a conversion, LSB.
  double noise_lsb() const;
  bool has_errors() const { return imperfections.any() || sampling.capacitance_f > 0; }
  bool has_steps() const { return energy_model >= EnergyModel::sar; }
  /// One conversion at its longest, s.
  double time_s() const;
  double most_steps() const;           ///< of a conversion; 0 without steps. In flash comparisons, all at one time
  double steps(double code) const;     ///< of a conversion that ends at this code
  double energy_j(double code) const;  ///< dynamic, of a conversion that ends at this code
  /// Whether energy_j() depends on the code.
  bool energy_follows_code() const;
  /// ENOB that bits, noise and mismatch leave: bits - 1/2 log2(1 + 12 (noise^2 + <INL^2>)), <INL^2> the expected mean
  /// square over codes. Offset and gain do not count (IEEE Std 1241).
  double expected_effective_bits() const;
  double enob() const { return effective_bits > 0 ? effective_bits.value : expected_effective_bits(); }
};

/// Converters of one kind at work, each with errors of its own. Results are functions of (seed, stream, converter,
/// sample, conversion) and the input, whatever the block.
class ConverterBank {
 public:
  enum class Direction { to_analog, to_digital };

  /// Checks the converter: std::invalid_argument. Numbers of the streams STREAM_NAME/mismatch and STREAM_NAME/noise.
  ConverterBank(const Converter& converter, Direction direction, std::size_t converters, std::uint64_t seed,
                const std::string& stream_name);
  ~ConverterBank();
  ConverterBank(ConverterBank&&) noexcept;
  ConverterBank& operator=(ConverterBank&&) noexcept;

  const Converter& converter() const;
  std::size_t converters() const;
  /// A conversion is rounding and no more, and costs the same whatever its code: callers may use rounding_of() in loops
  /// of their own.
  bool is_plain() const;

  /// Before convert(): the samples that come next, first_sample .. first_sample + lanes - 1. Sets their energy to 0.
  void start(std::uint64_t first_sample, std::size_t lanes);
  /// One signal in each of these samples: out = value(code), in == out is well. `conversion` numbers the conversions of
  /// one sample: each has noise of its own.
  void convert(std::size_t converter, std::uint32_t conversion, const double* in, double* out);
  /// Dynamic energy of each sample since start(), J; null where no code decides it.
  const double* energies_j() const;

  double offset_lsb(std::size_t converter) const;
  double gain(std::size_t converter) const;  ///< 1 + gain error
  /// ADC: thresholds from the lowest upwards, LSB; DAC: levels from the lowest code on, LSB. Empty without mismatch.
  std::vector<double> curve_lsb(std::size_t converter) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace szilard::electronic
